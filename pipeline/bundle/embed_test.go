package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// embedded returns what is found of parts inside of templates, without what the rules
// of templates find.
func embedded(t *testing.T, files []txtar.File) string {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	b, err := bundle.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var found slipway.Problems
	for _, p := range b.Parts().Check() {
		if !strings.HasPrefix(p.Rule, "cfn/") {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return found.Error() + "\n"
}

// TestEmbedded checks the templates of testdata/embedded; FOUND is what must be found.
func TestEmbedded(t *testing.T) {
	names, err := filepath.Glob("testdata/embedded/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files, want := archive.Files, ""
		if last := len(files) - 1; files[last].Name == "FOUND" {
			files, want = files[:last], string(files[last].Data)
		}
		got := embedded(t, files)
		if *update {
			archive.Files = append(files, txtar.File{Name: "FOUND", Data: []byte(got)})
			if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", name, diff)
		}
	}
}

// What stands in a template reads as the same model that a file of its own gives.
func TestEmbeddedModel(t *testing.T) {
	b, err := bundle.Load(fstest.MapFS{"t.yml": file(`Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      Cpu: 256
      ContainerDefinitions:
        - Name: web
          Image: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/${Repository}
          Essential: 'true'
          Command: serve
          DockerLabels: {Upper.Case: yes it is}
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: !Ref Logs, mode: non-blocking}
      Volumes:
        - Name: data
          EFSVolumeConfiguration: {FilesystemId: fs-1}
`)})
	if err != nil {
		t.Fatal(err)
	}
	got := b.Parts().Tasks[0]
	want, err := taskdef.ParseLax("", []byte(`{"family": "web", "cpu": "256", "containerDefinitions": [{
		"name": "web", "image": "${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.amazonaws.com/${Repository}", "essential": true,
		"command": ["serve"], "dockerLabels": {"Upper.Case": "yes it is"},
		"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "${Logs}", "mode": "non-blocking"}}}],
		"volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Model); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	for path, want := range map[string]slipway.Place{
		"":                                     {File: "t.yml", Pos: slipway.Position{Line: 4, Column: 5}, Path: "Resources.Task.Properties"},
		"containerDefinitions[0].image":        {File: "t.yml", Pos: slipway.Position{Line: 9, Column: 11}, Path: "Resources.Task.Properties.ContainerDefinitions[0].Image"},
		"containerDefinitions[0].command[0]":   {File: "t.yml", Pos: slipway.Position{Line: 11, Column: 11}, Path: "Resources.Task.Properties.ContainerDefinitions[0].Command"},
		"containerDefinitions[0].portMappings": {File: "t.yml", Pos: slipway.Position{Line: 8, Column: 11}, Path: "Resources.Task.Properties.ContainerDefinitions[0].PortMappings"},
		"volumes[0].efsVolumeConfiguration.fileSystemId": {File: "t.yml", Pos: slipway.Position{Line: 18, Column: 36}, Path: "Resources.Task.Properties.Volumes[0].EFSVolumeConfiguration.FilesystemId"},
	} {
		if diff := cmp.Diff(want, got.Place(path, "")); diff != "" {
			t.Errorf("place of %q: mismatch (-want +got):\n%s", path, diff)
		}
	}
}

// The views of resources tell what is known from what is not.
func TestViews(t *testing.T) {
	b, err := bundle.Load(fstest.MapFS{"t.yml": file(`Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties:
      Name: !Sub ${AWS::StackName}-build
      Source: {Type: CODEPIPELINE}
      Artifacts: {Type: CODEPIPELINE}
      SecondaryArtifacts: [{ArtifactIdentifier: one}, {ArtifactIdentifier: !Ref Two}]
      Environment:
        Image: aws/codebuild/standard:7.0
        PrivilegedMode: 'true'
        EnvironmentVariables:
          - {Name: A, Value: 1}
          - !If [C, {Name: B, Value: 2}, !Ref AWS::NoValue]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      DesiredCount: "2"
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: !Ref Subnets, AssignPublicIp: ENABLED}}
      LoadBalancers:
        - {ContainerName: web, ContainerPort: 80, TargetGroupArn: !Ref Target}
  Target:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: ip, Port: 80}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      DefaultActions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref Target}]}}]
`)})
	if err != nil {
		t.Fatal(err)
	}
	ps := b.Parts()
	build, service, listener := ps.Projects[0].Model, ps.Services[0].Model, ps.Listeners[0].Model
	known := func(s string) bundle.Field[string] { return bundle.Field[string]{Value: s, Status: bundle.Known} }
	unknown := func(s string) bundle.Field[string] { return bundle.Field[string]{Value: s, Status: bundle.Unknown} }
	got := []any{
		build.Name, build.Buildspec, build.Image, build.PrivilegedMode, build.SecondaryArtifacts, build.Variables,
		service.Name, service.TaskDefinition, service.DesiredCount, service.DependsOn, service.Network.Value, service.LoadBalancers,
		listener.TargetGroups,
	}
	want := []any{
		unknown("${AWS::StackName}-build"), bundle.Field[string]{}, known("aws/codebuild/standard:7.0"),
		bundle.Field[bool]{Value: true, Status: bundle.Known},
		bundle.Field[[]string]{Value: []string{"one", "${Two}"}, Status: bundle.Known},
		bundle.Field[[]bundle.ProjectVariable]{Status: bundle.Unknown, Value: []bundle.ProjectVariable{
			{Name: known("A"), Value: known("1")},
			{Name: bundle.Field[string]{Status: bundle.Unknown}, Value: bundle.Field[string]{Status: bundle.Unknown}, Type: bundle.Field[string]{Status: bundle.Unknown}},
		}},
		bundle.Field[string]{}, unknown("${Task}"), bundle.Field[int]{Value: 2, Status: bundle.Known}, []string{"Listener"},
		&bundle.AwsvpcConfiguration{Subnets: bundle.Field[[]string]{Status: bundle.Unknown}, AssignPublicIP: known("ENABLED")},
		bundle.Field[[]bundle.LoadBalancer]{Status: bundle.Known, Value: []bundle.LoadBalancer{{
			ContainerName: known("web"), ContainerPort: bundle.Field[int]{Value: 80, Status: bundle.Known}, TargetGroup: unknown("${Target}"),
		}}},
		bundle.Field[[]string]{Value: []string{"${Target}"}, Status: bundle.Known},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if target := ps.TargetOf(ps.Services[0].Template, "${Target}"); target != ps.Targets[0] {
		t.Errorf("the target group is %v", target)
	}
}

// ExporterOf finds the template that exports what another one imports.
func TestExporterOf(t *testing.T) {
	const export = "Resources: {V: {Type: AWS::EC2::VPC}}\nOutputs: {S: {Value: x, Export: {Name: %}}}\n"
	b, err := bundle.Load(fstest.MapFS{
		"use.yml":    file("Resources: {V: {Type: AWS::EC2::VPC}}\n"),
		"net.yml":    file(strings.Replace(export, "%", "!Sub '${AWS::StackName}-Subnets'", 1)),
		"other.yml":  file(strings.Replace(export, "%", "prod-Vpc", 1)),
		"region.yml": file(strings.Replace(export, "%", "!Sub 'vpc-${AWS::Region}'", 1)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ps := b.Parts()
	for name, want := range map[cfn.Value]string{
		cfn.String("prod-Subnets"):         "net.yml",
		cfn.Sub("${NetworkStack}-Subnets"): "net.yml",
		cfn.String("-Subnets"):             "",
		cfn.String("prod-Vpc"):             "other.yml",
		cfn.Sub("vpc-${AWS::Region}"):      "region.yml",
		cfn.String("prod-Gateway"):         "",
		cfn.Ref("Name"):                    "",
	} {
		got := ""
		for _, importer := range ps.Templates {
			if importer.File == "use.yml" {
				if from, output := ps.ExporterOf(importer, cfn.ImportValue{Name: name}); from != nil && output.Name == "S" {
					got = from.File
				}
			}
		}
		if got != want {
			t.Errorf("%v is exported by %q, want %q", name, got, want)
		}
	}
}
