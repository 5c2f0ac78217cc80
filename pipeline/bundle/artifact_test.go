package bundle_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"

	"github.com/seed-b1f00840/slipway/buildspec"
)

// kinds returns what each artifact of a file system is.
func kinds(t *testing.T, fsys fstest.MapFS) map[string]string {
	t.Helper()
	b, err := bundle.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range b.Artifacts {
		switch a.Model.(type) {
		case *cfn.Template:
			got[a.Path] = "template"
		case *taskdef.Definition:
			got[a.Path] = "taskdef"
		case *buildspec.Spec:
			got[a.Path] = "buildspec"
		case *pipeline.Definition:
			got[a.Path] = "pipeline"
		case *handover.ImageDefinitions:
			got[a.Path] = "images"
		case *handover.ImageDetail:
			got[a.Path] = "detail"
		case *handover.AppSpec:
			got[a.Path] = "appspec"
		}
	}
	return got
}

const appSpecText = "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n"

func TestLoadHandover(t *testing.T) {
	got := kinds(t, fstest.MapFS{
		"imagedefinitions.json":     file(`[{"name": "web", "imageUri": "nginx"}]`),
		"dist/images.json":          file(`[{"name": "web", "imageUri": "nginx"}]`),
		"imagedefinitions-api.json": file(`[]`),
		"imageDetail.json":          file(`{"ImageURI": "nginx"}`),
		"dist/detail.json":          file(`{"ImageURI": "nginx"}`),
		"appspec.yaml":              file(appSpecText),
		"appspec.json":              file(`{"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service"}}]}`),
		"deploy/blue.yml":           file(appSpecText),
	})
	want := map[string]string{
		"imagedefinitions.json": "images", "dist/images.json": "images", "imagedefinitions-api.json": "images",
		"imageDetail.json": "detail", "dist/detail.json": "detail",
		"appspec.yaml": "appspec", "appspec.json": "appspec", "deploy/blue.yml": "appspec",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// Files of other tools have much in common with artifacts.
func TestLoadLeavesOthersOut(t *testing.T) {
	got := kinds(t, fstest.MapFS{
		"ec2/appspec.yml":         file("version: 0.0\nos: linux\nfiles:\n  - source: /\n    destination: /srv\n"),
		"lambda/appspec.yml":      file("version: 0.0\nResources:\n  - f:\n      Type: AWS::Lambda::Function\n"),
		"testspec.yml":            file("version: 0.1\nphases:\n  test:\n    commands: [make]\n"),
		"component.yml":           file("version: 1\nphases:\n  - name: build\n"),
		"amplify.yml":             file("version: 1\nfrontend:\n  phases:\n    build:\n      commands: [make]\n"),
		".gitlab-ci.yml":          file("stages: [build]\n"),
		"harness.yaml":            file("pipeline:\n  stages:\n    - stage: {name: x}\n  roleArn: x\n"),
		"gocd.json":               file(`{"pipeline": {"name": "x", "stages": [{"name": "a", "jobs": []}]}}`),
		"adf/pipeline.json":       file(`{"name": "copy", "properties": {"activities": []}}`),
		"spinnaker.json":          file(`{"name": "x", "stages": [{"type": "deploy"}]}`),
		"ecs-params.yml":          file("containerDefinitions:\n  - name: web\n"),
		"serverless.yml":          file("resources:\n  Resources:\n    T:\n      Type: AWS::SNS::Topic\n"),
		"kustomization.yaml":      file("Resources:\n  - a.yaml\n"),
		"ros.yml":                 file("ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  V:\n    Type: ALIYUN::ECS::VPC\n"),
		"nginx.conf.template":     file("server { listen ${PORT}; }\n"),
		"images.json":             file(`[{"name": "web", "uri": "x", "imageUri2": 1}]`),
		"list.json":               file(`["imageUri"]`),
		"taskdef.template.json":   file("{\"cpu\": $CPU,\n$MORE}\n"),
		"taskdef-filled.json":     file("{\"cpu\": {{ .Cpu }}}\n"),
		"k8s/job.yml":             file("apiVersion: batch/v1\nversion: 1\nbatch:\n  size: 3\n"),
		"chart/templates/svc.yml": file("{{- if .Values.x }}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n{{- end }}\n"),
	})
	if diff := cmp.Diff(map[string]string{}, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// A buildspec is one by its name, or by what it holds.
func TestLoadBuildspecs(t *testing.T) {
	got := kinds(t, fstest.MapFS{
		"prod-buildspec.yml": file("version: 0.2\n"),
		"ci/batch.yml":       file("version: 0.2\nbatch:\n  build-list:\n    - identifier: a\n"),
		".aws/build.yml":     file("\ufeffversion: 0.2\nphases:\n  build:\n    commands: [make]\n"),
		".idea/build.yml":    file(buildspecText),
		"ci/build.json":      file(`{"version": 0.2, "phases": {"build": {"commands": ["make"]}}}`),
	})
	want := map[string]string{"prod-buildspec.yml": "buildspec", "ci/batch.yml": "buildspec", ".aws/build.yml": "buildspec", "ci/build.json": "buildspec"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// A template that cannot be read is reported, whatever its name; what another program
// is to fill in first is not.
func TestLoadBrokenTemplates(t *testing.T) {
	const broken = "Resources:\n  T:\n    Type: 'AWS::SNS::Topic'\n   Properties: {}\n"
	b, err := bundle.Load(fstest.MapFS{
		"stack.yml":   file(broken + "# {{resolve:ssm:/x}}\n"),
		"chart.yml":   file(broken + "# {{ .Values.x }}\n"),
		"other.json":  file("{\"Resources\": "),
		"stack2.yaml": file("\ufeffResources:\n  T:\n    Type: AWS::SNS::Topic\n"),
	})
	want := "stack.yml:4:4: this does not go on with the map that begins at 2:3; mend the indentation or the quotes (file/syntax)"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if len(b.Artifacts) != 1 || b.Artifacts[0].Path != "stack2.yaml" {
		t.Errorf("loaded %v, want stack2.yaml", b.Artifacts)
	}
}

func TestTree(t *testing.T) {
	b, err := bundle.Load(fstest.MapFS{
		"Dockerfile":              file("FROM scratch\n"),
		"ci/build.sh":             file("make\n"),
		"taskdef.tpl":             file("{}\n"),
		"src/main.go":             file("package main\n"),
		"node_modules/x/index.js": file("x\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Dockerfile", "ci/build.sh", "src/main.go", "taskdef.tpl"}, b.Tree.Names()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name       string
		has, known bool
	}{
		{"src/main.go", true, true},
		{"src/other.go", false, true},
		{"src", false, true},
		{"node_modules/x/index.js", false, false},
		{"../outside", false, false},
		{"", false, false},
	} {
		if has, known := b.Tree.Has(tt.name); has != tt.has || known != tt.known {
			t.Errorf("Has(%q) is %v, %v, want %v, %v", tt.name, has, known, tt.has, tt.known)
		}
	}
	for name, want := range map[string]string{"Dockerfile": "FROM scratch\n", "ci/build.sh": "make\n", "taskdef.tpl": "{}\n", "src/main.go": ""} {
		if got := string(b.Tree.Text(name)); got != want {
			t.Errorf("Text(%q) is %q, want %q", name, got, want)
		}
	}
	var none *bundle.Tree
	if has, known := none.Has("x"); has || known || none.Names() != nil || none.Text("x") != nil {
		t.Error("a nil tree knows something")
	}
}
