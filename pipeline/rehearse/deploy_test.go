package rehearse_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A small source is enough: the bundle brings its own buildspec.
var small = fstest.MapFS{"Dockerfile": file("FROM scratch\n")}

// change rehearses examples/minimal with its build phase changed.
func change(t *testing.T, f func(build *buildspec.Phase)) *rehearse.Report {
	t.Helper()
	b := load(t)
	spec, _, _ := bundle.Find[*buildspec.Spec](b)
	f(spec.Phases.Build)
	return run(t, b, rehearse.Options{Source: small})
}

func TestDeployECS(t *testing.T) {
	tests := []struct {
		name, write, want string // the command that writes the file, and the message of the deploy action
	}{
		{"good", `printf '[{"name":"docker-cicd-app-task","imageUri":"%s"}]' "$IMAGE" > imagedefinitions.json`, ""},
		{"other container", `printf '[{"name":"next-container-task","imageUri":"%s"}]' "$IMAGE" > imagedefinitions.json`,
			"Invalid action configuration: The AWS ECS container next-container-task does not exist"},
		{"broken JSON", `printf '[{"name":"docker-cicd-app-task","imageUri":"%s"]' "$IMAGE" > imagedefinitions.json`,
			"The image definition file imagedefinitions.json contents invalid JSON format"},
		{"no list", `echo '{}' > imagedefinitions.json`, "The image definition file imagedefinitions.json contents invalid JSON format"},
		{"no image", `echo '[{"name":"docker-cicd-app-task"}]' > imagedefinitions.json`,
			"The image definition file imagedefinitions.json contents invalid JSON format: an element needs name and imageUri"},
		{"empty list", `echo '[]' > imagedefinitions.json`, "The image definition file imagedefinitions.json is empty"},
		{"too large", `yes | head -n 60000 > imagedefinitions.json`, "The image definition file imagedefinitions.json is larger than 100 KB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report := change(t, func(p *buildspec.Phase) { p.Commands[2] = test.write })
			a := report.Action("Deploy", "Deploy")
			if a.Message != test.want || (a.State == rehearse.Failed) != (test.want != "") {
				t.Errorf("got %s, %q\nwant %q\n%s", a.State, a.Message, test.want, report)
			}
		})
	}
}

// A build that hands over another file than the deploy action reads.
func TestDeployOtherFile(t *testing.T) {
	b := load(t)
	spec, _, _ := bundle.Find[*buildspec.Spec](b)
	spec.Phases.Build.Commands[2] = strings.ReplaceAll(spec.Phases.Build.Commands[2], "imagedefinitions.json", "images.json")
	spec.Artifacts.Files = []string{"images.json"}
	a := run(t, b, rehearse.Options{Source: small}).Action("Deploy", "Deploy")
	want := "Did not find the image definition file imagedefinitions.json in the input artifacts ZIP file: the artifact Image does not have it"
	if a.Message != want {
		t.Errorf("got %q, want %q", a.Message, want)
	}
	if len(a.Problems) != 1 || a.Problems[0].Rule != "bundle/definition-file" {
		t.Errorf("got problems %v", a.Problems)
	}
}

// After a build has failed, nothing is pushed and nothing deployed.
func TestFailedBuild(t *testing.T) {
	report := change(t, func(p *buildspec.Phase) { p.Commands = slices.Insert(p.Commands, 0, "false") })
	build, deploy := report.Action("Build", "Build"), report.Action("Deploy", "Deploy")
	if len(build.Build.Pushed) > 0 || build.State != rehearse.Failed || deploy.State != rehearse.DidNotRun || report.State != rehearse.Failed {
		t.Errorf("got\n%s", report)
	}
}

// What stops a build at docker: no Dockerfile, and no right to have a daemon.
func TestDocker(t *testing.T) {
	report := run(t, load(t), rehearse.Options{Source: fstest.MapFS{"x": file("")}})
	if got := report.String(); !strings.Contains(got, "failed to read dockerfile") {
		t.Errorf("got\n%s", got)
	}
	b := load(t)
	for i, a := range b.Artifacts {
		if a.Path == "platform.yml" {
			platform := string(must(os.ReadFile(minimal + "/platform.yml")))
			b.Artifacts[i].Model = mustParse(t, strings.Replace(platform, "PrivilegedMode: true", "PrivilegedMode: false", 1))
		}
	}
	report = run(t, b, rehearse.Options{Source: small})
	if got := report.String(); !strings.Contains(got, "Cannot connect to the Docker daemon") || !strings.Contains(got, "(bundle/privileged-mode)") {
		t.Errorf("got\n%s", got)
	}
}

// The values of the parameter store come from the templates, or from the caller.
func TestParameters(t *testing.T) {
	b := load(t)
	b.Artifacts = slices.DeleteFunc(b.Artifacts, func(a bundle.Artifact) bool { return a.Path == "platform.yml" })
	report := run(t, b, rehearse.Options{Source: small})
	want := "Parameter does not exist: /docker-cicd-app/repository-uri, for the variable REPOSITORY_URI, is in no template of the bundle; give it a value"
	if got := report.Action("Build", "Build").Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	uri := "111122223333.dkr.ecr.eu-west-1.amazonaws.com/other"
	report = run(t, b, rehearse.Options{Source: small, Parameters: map[string]string{"/docker-cicd-app/repository-uri": uri}})
	if report.State != rehearse.Succeeded || !strings.HasPrefix(report.Deployments()[0].Images[0].Image, uri) {
		t.Errorf("got\n%s", report)
	}
}

// The target of the caller is what the files are bound to.
func TestTarget(t *testing.T) {
	report := run(t, load(t), rehearse.Options{Source: small, Commit: "feedbeef", Target: bundle.Target{Account: "111122223333", Region: "cn-north-1"}})
	want := "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/gitlab-pipeline-repo:build-1-feedbeef"
	if got := report.Deployments()[0].Images[0].Image; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Blue and green: the image goes into taskdef.json, the revision into appspec.yaml.
func TestCodeDeploy(t *testing.T) {
	const (
		task    = `{"family":"web","containerDefinitions":[{"name":"web","image":"<IMAGE1_NAME>"}]}`
		appSpec = "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        TaskDefinition: <TASK_DEFINITION>\n"
		write   = `printf '{"ImageURI":"%s"}' example.com/web:1 > imageDetail.json`
		invalid = "Invalid action configuration: Exception while trying to read the "
	)
	deploy := pipeline.Stage{Name: "Deploy", Actions: pipeline.Actions(pipeline.CodeDeployToECS{
		Name: "Deploy", Application: "app", DeploymentGroup: "group",
		TaskDefinition: pipeline.ArtifactFile{Artifact: "Source"}, AppSpec: pipeline.ArtifactFile{Artifact: "Source"},
		Images: []pipeline.TaskImage{{Artifact: "Out", Placeholder: "IMAGE1_NAME"}},
	})}
	b := pipe(pipeline.CodeBuild{Name: "Build", Project: "p", Input: "Source", Output: "Out"}, deploy)
	src := source(commands(write) + "artifacts:\n  files: imageDetail.json\n")
	src["taskdef.json"], src["appspec.yaml"] = file(task), file(appSpec)
	report := run(t, b, rehearse.Options{Source: src})
	if report.State != rehearse.Succeeded {
		t.Fatal(report)
	}
	d := report.Deployments()[0]
	if got := d.Next.ContainerDefinitions[0].Image; got != "example.com/web:1" {
		t.Errorf("got image %s", got)
	}
	if !strings.Contains(d.AppSpec, "TaskDefinition: arn:aws:ecs:us-east-1:123456789012:task-definition/web:2") {
		t.Errorf("got appspec\n%s", d.AppSpec)
	}
	src["buildspec.yml"] = file(commands("echo '[]' > imagedefinitions.json") + "artifacts:\n  files: imagedefinitions.json\n")
	report = run(t, b, rehearse.Options{Source: src})
	if got, want := report.Action("Deploy", "Deploy").Message, invalid+"image artifact file from the artifact: Out: it has no imageDetail.json"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	delete(src, "taskdef.json")
	src["buildspec.yml"] = file(commands(write) + "artifacts:\n  files: imageDetail.json\n")
	report = run(t, b, rehearse.Options{Source: src})
	if got, want := report.Action("Deploy", "Deploy").Message, invalid+"task definition artifact file from: Source: it has no taskdef.json"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Approvals are passed, and what cannot be rehearsed is said to be so.
func TestOthers(t *testing.T) {
	more := pipeline.Stage{Name: "More", Actions: []pipeline.Action{
		pipeline.ManualApproval{Name: "Approve"}.Action(),
		pipeline.LambdaInvoke{Name: "Invoke", Function: "f", Outputs: []string{"Made"}, RunOrder: 1}.Action(),
		pipeline.ECSDeploy{Name: "Deploy", Cluster: "c", Service: "s", Input: "Made", RunOrder: 2}.Action(),
	}}
	report := run(t, pipe(pipeline.CodeBuild{}, more), rehearse.Options{Source: source(commands("echo"))})
	got := []rehearse.State{report.State, report.Action("More", "Approve").State, report.Action("More", "Invoke").State, report.Action("More", "Deploy").State}
	if diff := cmp.Diff([]rehearse.State{rehearse.Succeeded, rehearse.Succeeded, rehearse.NotRehearsed, rehearse.NotRehearsed}, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// The same input gives the same report, and neither bundle nor source change.
func TestDeterministic(t *testing.T) {
	b := load(t)
	before := must(b.Files())
	first := must(run(t, b, rehearse.Options{Source: os.DirFS(minimal)}).JSON())
	second := must(run(t, b, rehearse.Options{Source: os.DirFS(minimal)}).JSON())
	if diff := cmp.Diff(string(first), string(second)); diff != "" {
		t.Errorf("mismatch (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, must(b.Files())); diff != "" {
		t.Errorf("the bundle changed (-before +after):\n%s", diff)
	}
}

func TestEvents(t *testing.T) {
	var got []string
	run(t, load(t), rehearse.Options{Source: small, Events: func(e rehearse.Event) {
		switch e := e.(type) {
		case rehearse.ActionStarted:
			got = append(got, "start "+e.Action)
		case rehearse.CommandStarted:
			got = append(got, e.Phase+" "+strings.Fields(e.Text)[0])
		case rehearse.ActionEnded:
			got = append(got, "end "+e.Action.Name+" "+string(e.Action.State))
		}
	}})
	want := []string{"start Source", "end Source Succeeded", "start Build", `PRE_BUILD IMAGE="${REPOSITORY_URI:?}:build-$CODEBUILD_BUILD_NUMBER-$CODEBUILD_RESOLVED_SOURCE_VERSION"`,
		"PRE_BUILD aws", "BUILD docker", "BUILD docker", "BUILD printf", "end Build Succeeded", "start Deploy", "end Deploy Succeeded"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// Renaming the container in one place only makes the check and the rehearsal fail,
// and both say the same.
func TestSameExplanation(t *testing.T) {
	b := load(t)
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	d.ContainerDefinitions[0].Name = "renamed"
	a := run(t, b, rehearse.Options{Source: small}).Action("Deploy", "Deploy")
	if want := "Invalid action configuration: The AWS ECS container docker-cicd-app-task does not exist"; a.Message != want {
		t.Fatalf("got %q, want %q", a.Message, want)
	}
	if len(a.Problems) != 1 || a.Problems[0].Rule != "bundle/container-name" {
		t.Errorf("got problems %v", a.Problems)
	}
	if diff := cmp.Diff(b.Check().Errors().Error(), a.Problems.Error()); diff != "" {
		t.Errorf("the check and the rehearsal differ (-check +rehearsal):\n%s", diff)
	}
}

// A template that holds the pipeline, its project with the buildspec, the service
// and the task definition is rehearsed too.
func TestTemplate(t *testing.T) {
	template := mustParse(t, `
Parameters:
  Name: {Type: String, Default: web}
Resources:
  Repository: {Type: AWS::ECR::Repository, Properties: {RepositoryName: !Ref Name}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: web, ContainerDefinitions: [{Name: web, Image: nginx}]}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        Type: CODEPIPELINE
        BuildSpec: |
          version: 0.2
          phases:
            build:
              commands:
                - aws ecr get-login-password | docker login -u AWS --password-stdin $URI
                - docker build -t $URI:1 . && docker push $URI:1
                - printf '[{"name":"web","imageUri":"%s"}]' $URI:1 > imagedefinitions.json
          artifacts: {files: imagedefinitions.json}
      Environment:
        PrivilegedMode: true
        EnvironmentVariables: [{Name: URI, Value: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/${Repository}'}]
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: pipe
      RoleArn: arn:aws:iam::123456789012:role/pipe
      Stages:
        - Name: Source
          Actions:
            - Name: Source
              ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: '1'}
              Configuration: {RepositoryName: repo, BranchName: main}
              OutputArtifacts: [{Name: S}]
        - Name: Build
          Actions:
            - Name: Build
              ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}
              Configuration: {ProjectName: !Ref Project}
              InputArtifacts: [{Name: S}]
              OutputArtifacts: [{Name: B}]
        - Name: Deploy
          Actions:
            - Name: Deploy
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: ECS, Version: '1'}
              Configuration: {ClusterName: c, ServiceName: !GetAtt Service.Name}
              InputArtifacts: [{Name: B}]
`)
	b := new(bundle.Bundle)
	b.Add("template.yml", template)
	report := run(t, b, rehearse.Options{Source: small})
	if report.State != rehearse.Succeeded {
		t.Fatal(report)
	}
	want := []rehearse.ContainerImage{{Container: "web", Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"}}
	if diff := cmp.Diff(want, report.Deployments()[0].Images); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
