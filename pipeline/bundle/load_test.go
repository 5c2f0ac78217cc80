package bundle_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

const (
	templateText  = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
	taskdefText   = `{"family": "app", "containerDefinitions": [{"name": "app", "image": "nginx"}]}`
	buildspecText = "version: 0.2\nphases:\n  build:\n    commands:\n      - make\n"
	pipelineText  = `{"pipeline": {"name": "app", "roleArn": "arn:aws:iam::123456789012:role/p", "stages": []}}`
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }

func TestLoad(t *testing.T) {
	fsys := fstest.MapFS{
		"infra/anything.yaml":             file(templateText),
		"infra/stack.json":                file(`{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`),
		"ecs/web.json":                    file(taskdefText),
		"ecs/described.json":              file(`{"taskDefinition": ` + taskdefText + `}`),
		"ci/build.yml":                    file(buildspecText),
		"buildspec-test.yml":              file("phases:\n  build:\n    commands: [make]\n"),
		"ci/delivery.json":                file(pipelineText),
		"ci/bare.json":                    file(`{"name": "p", "roleArn": "r", "stages": []}`),
		"README.md":                       file("Resources: containerDefinitions phases stages\n"),
		"docker-compose.yml":              file("services: {}\n"),
		"package.json":                    file(`{"name": "x"}`),
		".github/workflows/buildspec.yml": file(buildspecText),
		"node_modules/x/buildspec.yml":    file(buildspecText),
		"vendor/x/taskdef.json":           file(taskdefText),
		"prose.yml":                       file("about: the phases of the moon, its Resources and stages\n"),
	}
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
		}
	}
	want := map[string]string{
		"infra/anything.yaml": "template", "infra/stack.json": "template",
		"ecs/web.json": "taskdef", "ecs/described.json": "taskdef",
		"ci/build.yml": "buildspec", "buildspec-test.yml": "buildspec",
		"ci/delivery.json": "pipeline", "ci/bare.json": "pipeline",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// What cannot be read is reported when its name says that it is an artifact; the
// others are loaded all the same.
func TestLoadReportsUnreadable(t *testing.T) {
	b, err := bundle.Load(fstest.MapFS{
		"buildspec.yml":   file("version: 0.2\nphases: [\n"),
		"taskdef.json":    file(`{"family": `),
		"app/config.json": file(`{"family": `),
		"stack.yml":       file(templateText),
		"pipeline.json":   {Data: make([]byte, 2<<20), Mode: 0o644},
		"b/pipeline.json": file("\x00\x01\xff"),
		"c/pipeline.json": file(`{"pipeline": {"name": "cut`),
		"d/pipeline.json": file(`{"application": "of another tool", `),
	})
	var problem *slipway.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("error is %v", err)
	}
	for _, want := range []string{"buildspec.yml:", "taskdef.json:1:", "pipeline.json: the file has 2097152 bytes", "b/pipeline.json:1:1:", "c/pipeline.json:1:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "config.json") || strings.Contains(err.Error(), "d/pipeline.json") {
		t.Errorf("a file that is no artifact is reported:\n%v", err)
	}
	if len(b.Artifacts) != 1 || b.Artifacts[0].Path != "stack.yml" {
		t.Errorf("loaded %v, want stack.yml", b.Artifacts)
	}
}

func TestLoadDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "buildspec.yml"), []byte(buildspecText), 0o644); err != nil {
		t.Fatal(err)
	}
	symlink(t, ".", filepath.Join(dir, "loop"))
	b, err := bundle.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Artifacts) != 1 {
		t.Errorf("loaded %d artifacts, want 1: links are not followed", len(b.Artifacts))
	}
	if _, err := bundle.Load(os.DirFS(filepath.Join(dir, "missing"))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error of a missing directory is %v", err)
	}
}

func TestBind(t *testing.T) {
	task := &taskdef.Definition{
		Family: "app",
		ContainerDefinitions: []taskdef.Container{{
			Name:        "app",
			Image:       bundle.Account + ".dkr.ecr." + bundle.Region + "." + bundle.URLSuffix + "/app:1",
			Command:     []string{"sh", "-c", "echo ${AWS_REGION}"},
			Environment: []taskdef.KeyValue{{Name: "HOME_URL", Value: new("${HOME_URL}")}},
		}},
		TaskRoleARN: "arn:" + bundle.Partition + ":iam::" + bundle.Account + ":role/app",
	}
	var b bundle.Bundle
	b.Add("taskdef.json", task)
	bound, err := b.Bind(bundle.Target{Account: "123456789012", Region: "us-gov-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	got := bound.Artifacts[0].Model.(*taskdef.Definition)
	want := &taskdef.Definition{
		Family: "app",
		ContainerDefinitions: []taskdef.Container{{
			Name:        "app",
			Image:       "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/app:1",
			Command:     []string{"sh", "-c", "echo ${AWS_REGION}"},
			Environment: []taskdef.KeyValue{{Name: "HOME_URL", Value: new("${HOME_URL}")}},
		}},
		TaskRoleARN: "arn:aws-us-gov:iam::123456789012:role/app",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(task.TaskRoleARN, "arn:${AWS_PARTITION}") {
		t.Error("Bind changed its receiver")
	}
}

func TestBindRefuses(t *testing.T) {
	var b bundle.Bundle
	b.Add("taskdef.json", &taskdef.Definition{Family: "${AWS_ACCOUNT}"})
	for _, tt := range []struct {
		target bundle.Target
		want   string
	}{
		{bundle.Target{Account: "12", Region: "eu-central-1"}, `Target.Account: found "12", an account id has 12 digits`},
		{bundle.Target{Account: "123456789012", Region: "Frankfurt"}, `Target.Region: found "Frankfurt"`},
		{bundle.Target{Account: "123456789012", Region: "eu-central-1", Partition: `aws"`}, "Target.Partition"},
		{bundle.Target{Account: "123456789012", Region: "eu-central-1", URLSuffix: "x"}, "Target.URLSuffix"},
		{bundle.Target{Account: "123456789012", Region: "eu-central-1"}, "taskdef.json: ${AWS_ACCOUNT} is no placeholder"},
	} {
		if _, err := b.Bind(tt.target); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: error is %v, want one with %q", tt.target, err, tt.want)
		}
	}
}
