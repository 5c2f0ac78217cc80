package pipeline_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/fill"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// TestProviderRendering holds each provider to the whole action that it makes.
func TestProviderRendering(t *testing.T) {
	aws := func(category pipeline.ActionCategory, provider string) *pipeline.ActionType {
		return &pipeline.ActionType{Category: category, Owner: pipeline.ActionOwnerAWS, Provider: provider, Version: "1"}
	}
	in := func(names ...string) (list []pipeline.InputArtifact) {
		for _, name := range names {
			list = append(list, pipeline.InputArtifact{Name: name})
		}
		return list
	}
	out := func(names ...string) (list []pipeline.OutputArtifact) {
		for _, name := range names {
			list = append(list, pipeline.OutputArtifact{Name: name})
		}
		return list
	}
	for _, tt := range []struct {
		name string
		got  pipeline.Provider
		want pipeline.Action
	}{
		{"CodeCommit", pipeline.CodeCommitSource{Name: "S", Repository: "app", Branch: "main", Output: "Src"}, pipeline.Action{
			ActionTypeID: aws("Source", "CodeCommit"), OutputArtifacts: out("Src"),
			Configuration: map[string]string{"RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": "false"},
		}},
		{"CodeCommit, clone and poll", pipeline.CodeCommitSource{Name: "S", Repository: "app", Branch: "main", Output: "Src", Poll: true, FullClone: true}, pipeline.Action{
			ActionTypeID: aws("Source", "CodeCommit"), OutputArtifacts: out("Src"), Configuration: map[string]string{
				"RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": "true", "OutputArtifactFormat": "CODEBUILD_CLONE_REF",
			},
		}},
		{"connection", pipeline.ConnectionSource{Name: "S", ConnectionARN: "arn", Repository: "o/app", Branch: "main", Output: "Src", DetectChanges: new(bool), Namespace: "NS"}, pipeline.Action{
			ActionTypeID: aws("Source", "CodeStarSourceConnection"), OutputArtifacts: out("Src"), Namespace: "NS",
			Configuration: map[string]string{"ConnectionArn": "arn", "FullRepositoryId": "o/app", "BranchName": "main", "DetectChanges": "false"},
		}},
		{"S3 source", pipeline.S3Source{Name: "S", Bucket: "b", Key: "k.zip", Output: "Src", AllowKeyOverride: true}, pipeline.Action{
			ActionTypeID: aws("Source", "S3"), OutputArtifacts: out("Src"), Configuration: map[string]string{
				"S3Bucket": "b", "S3ObjectKey": "k.zip", "PollForSourceChanges": "false", "AllowOverrideForS3ObjectKey": "true",
			},
		}},
		{"ECR", pipeline.ECRSource{Name: "S", Repository: "app", Tag: "v1", Output: "Image"}, pipeline.Action{
			ActionTypeID: aws("Source", "ECR"), OutputArtifacts: out("Image"), Configuration: map[string]string{"RepositoryName": "app", "ImageTag": "v1"},
		}},
		{"CodeBuild", pipeline.CodeBuild{Name: "S", Project: "app", Input: "Src", ExtraInputs: []string{"More", "Src"}, Output: "A", ExtraOutputs: []string{"B"},
			Environment: []pipeline.BuildVariable{{Name: "A", Value: `"1"`}, {Name: "B", Value: "/app/b", Type: "PARAMETER_STORE"}}, RunOrder: 2, Region: "us-east-1"}, pipeline.Action{
			ActionTypeID: aws("Build", "CodeBuild"), InputArtifacts: in("Src", "More"), OutputArtifacts: out("A", "B"), RunOrder: new(2), Region: "us-east-1",
			Configuration: map[string]string{
				"ProjectName": "app", "PrimarySource": "Src",
				"EnvironmentVariables": `[{"name":"A","value":"\"1\""},{"name":"B","value":"/app/b","type":"PARAMETER_STORE"}]`,
			},
		}},
		{"CodeBuild test", pipeline.CodeBuild{Name: "S", Project: "app", Input: "Src", Test: true, Batch: true, Combine: true, Buildspec: "test.yml"}, pipeline.Action{
			ActionTypeID: aws("Test", "CodeBuild"), InputArtifacts: in("Src"),
			Configuration: map[string]string{"ProjectName": "app", "BuildspecOverride": "test.yml", "BatchEnabled": "true", "CombineArtifacts": "true"},
		}},
		{"ECRBuildAndPublish", pipeline.ECRBuildAndPublish{Name: "S", Repository: "app", Input: "Src", Tags: []string{"a", "b"}, Public: true}, pipeline.Action{
			ActionTypeID: aws("Build", "ECRBuildAndPublish"), InputArtifacts: in("Src"),
			Configuration: map[string]string{"ECRRepositoryName": "app", "ImageTags": "a,b", "RegistryType": "public"},
		}},
		{"Commands", pipeline.Commands{Name: "S", Commands: []string{"make"}, Input: "Src", Output: "Out", Files: []string{"**/*"}}, pipeline.Action{
			ActionTypeID: aws("Compute", "Commands"), InputArtifacts: in("Src"), Commands: []string{"make"},
			OutputArtifacts: []pipeline.OutputArtifact{{Name: "Out", Files: []string{"**/*"}}},
		}},
		{"approval", pipeline.ManualApproval{Name: "S", Message: "go?", TimeoutMinutes: 60}, pipeline.Action{
			ActionTypeID: aws("Approval", "Manual"), Configuration: map[string]string{"CustomData": "go?"}, TimeoutInMinutes: new(60),
		}},
		{"ECS", pipeline.ECSDeploy{Name: "S", Cluster: "c", Service: "s", Input: "Build", TimeoutMinutes: 15}, pipeline.Action{
			ActionTypeID: aws("Deploy", "ECS"), InputArtifacts: in("Build"),
			Configuration: map[string]string{"ClusterName": "c", "ServiceName": "s", "DeploymentTimeout": "15"},
		}},
		{"CodeDeployToECS", pipeline.CodeDeployToECS{Name: "S", Application: "a", DeploymentGroup: "g",
			TaskDefinition: pipeline.ArtifactFile{Artifact: "Src"}, AppSpec: pipeline.ArtifactFile{Artifact: "Src", Path: "deploy/appspec.yaml"},
			Images: []pipeline.TaskImage{{Artifact: "Image", Placeholder: "IMAGE1_NAME"}}}, pipeline.Action{
			ActionTypeID: aws("Deploy", "CodeDeployToECS"), InputArtifacts: in("Src", "Image"), Configuration: map[string]string{
				"ApplicationName": "a", "DeploymentGroupName": "g", "TaskDefinitionTemplateArtifact": "Src",
				"AppSpecTemplateArtifact": "Src", "AppSpecTemplatePath": "deploy/appspec.yaml",
				"Image1ArtifactName": "Image", "Image1ContainerName": "IMAGE1_NAME",
			},
		}},
		{"CodeDeploy", pipeline.CodeDeploy{Name: "S", Application: "a", DeploymentGroup: "g", Input: "Src"}, pipeline.Action{
			ActionTypeID: aws("Deploy", "CodeDeploy"), InputArtifacts: in("Src"),
			Configuration: map[string]string{"ApplicationName": "a", "DeploymentGroupName": "g"},
		}},
		{"CloudFormation", pipeline.CloudFormation{Name: "S", Mode: pipeline.ChangeSetReplace, Stack: "app", ChangeSet: "next", StackRoleARN: "role",
			Template: pipeline.ArtifactFile{Artifact: "Src", Path: "a.yml"}, Capabilities: []string{"CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"},
			Parameters: map[string]string{"Tag": "#{S.CommitId}", "Count": "1"},
			ArtifactParameters: map[string]pipeline.ArtifactParameter{
				"Bucket": {Artifact: "Code", Key: "BucketName"}, "Image": {Artifact: "Build", File: "image.json", Key: "uri"},
			}}, pipeline.Action{
			ActionTypeID: aws("Deploy", "CloudFormation"), InputArtifacts: in("Src", "Code", "Build"), Configuration: map[string]string{
				"ActionMode": "CHANGE_SET_REPLACE", "StackName": "app", "ChangeSetName": "next", "RoleArn": "role", "TemplatePath": "Src::a.yml",
				"Capabilities":       "CAPABILITY_IAM,CAPABILITY_AUTO_EXPAND",
				"ParameterOverrides": `{"Bucket":{"Fn::GetArtifactAtt":["Code","BucketName"]},"Count":"1","Image":{"Fn::GetParam":["Build","image.json","uri"]},"Tag":"#{S.CommitId}"}`,
			},
		}},
		{"S3 deploy", pipeline.S3Deploy{Name: "S", Bucket: "b", Input: "Src", KeepZipped: true, Key: "a.zip"}, pipeline.Action{
			ActionTypeID: aws("Deploy", "S3"), InputArtifacts: in("Src"), Configuration: map[string]string{"BucketName": "b", "Extract": "false", "ObjectKey": "a.zip"},
		}},
		{"Lambda deploy", pipeline.LambdaDeploy{Name: "S", Function: "f", Input: "Src", Alias: "live", Strategy: "AllAtOnce", Alarms: []string{"a", "b"}}, pipeline.Action{
			ActionTypeID: aws("Deploy", "Lambda"), InputArtifacts: in("Src"),
			Configuration: map[string]string{"FunctionName": "f", "FunctionAlias": "live", "DeployStrategy": "AllAtOnce", "Alarms": "a,b"},
		}},
		{"Lambda invoke", pipeline.LambdaInvoke{Name: "S", Function: "f", UserParameters: "{}", Inputs: []string{"A"}, Outputs: []string{"B"}}, pipeline.Action{
			ActionTypeID: aws("Invoke", "Lambda"), InputArtifacts: in("A"), OutputArtifacts: out("B"),
			Configuration: map[string]string{"FunctionName": "f", "UserParameters": "{}"},
		}},
	} {
		tt.want.Name = "S"
		if diff := cmp.Diff(tt.want, tt.got.Action()); diff != "" {
			t.Errorf("%s: mismatch (-want +got)\n%s", tt.name, diff)
		}
	}
}

// TestProvidersMatchSpecs fills every field of every provider, and finds each
// configuration key that is then written in the table, and all that are required.
func TestProvidersMatchSpecs(t *testing.T) {
	for _, p := range []any{
		&pipeline.CodeCommitSource{}, &pipeline.ConnectionSource{}, &pipeline.S3Source{}, &pipeline.ECRSource{},
		&pipeline.CodeBuild{}, &pipeline.ECRBuildAndPublish{}, &pipeline.Commands{}, &pipeline.ManualApproval{},
		&pipeline.ECSDeploy{}, &pipeline.CodeDeployToECS{}, &pipeline.CodeDeploy{}, &pipeline.CloudFormation{},
		&pipeline.S3Deploy{}, &pipeline.LambdaDeploy{}, &pipeline.LambdaInvoke{},
	} {
		fill.Value(p)
		a := p.(pipeline.Provider).Action()
		spec, ok := pipeline.LookupSpec(a.ActionTypeID)
		if !ok {
			t.Errorf("%T: the table has no %v", p, a.ActionTypeID)
			continue
		}
		for key := range a.Configuration {
			if !slices.Contains(spec.Required, key) && !slices.Contains(spec.Optional, key) {
				t.Errorf("%T writes the configuration key %s, which the table does not have", p, key)
			}
		}
		for _, key := range spec.Required {
			if a.Configuration[key] == "" {
				t.Errorf("%T does not write the configuration key %s, which is required", p, key)
			}
		}
		if n := len(a.InputArtifacts); n < spec.MinInputs || n > spec.MaxInputs {
			t.Errorf("%T has %d inputs, the table says %d to %d", p, n, spec.MinInputs, spec.MaxInputs)
		}
		if n := len(a.OutputArtifacts); n < spec.MinOutputs || n > spec.MaxOutputs {
			t.Errorf("%T has %d outputs, the table says %d to %d", p, n, spec.MinOutputs, spec.MaxOutputs)
		}
		if a.Name == "" || a.RunOrder == nil || a.RoleARN == "" {
			t.Errorf("%T forgets its name, run order or role: %+v", p, a)
		}
	}
}

func TestBuildVariables(t *testing.T) {
	want := []pipeline.BuildVariable{{Name: "A", Value: "b\n\"c\""}, {Name: "B", Value: "x", Type: "SECRETS_MANAGER"}}
	a := pipeline.CodeBuild{Environment: want}.Action()
	got, err := a.BuildVariables()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
	a.Configuration["EnvironmentVariables"] = "A=b"
	if _, err := a.BuildVariables(); err == nil {
		t.Error("A=b is read as a JSON list of variables")
	}
	if got, err := (&pipeline.Action{}).BuildVariables(); got != nil || err != nil {
		t.Errorf("an action without variables has %v, %v", got, err)
	}
}

func TestLookupSpec(t *testing.T) {
	if _, ok := pipeline.LookupSpec(nil); ok {
		t.Error("nil has a spec")
	}
	if _, ok := pipeline.LookupSpec(&pipeline.ActionType{Category: "Build", Owner: "Custom", Provider: "CodeBuild", Version: "1"}); ok {
		t.Error("a custom action has a spec")
	}
	lambda, ok := pipeline.LookupSpec(&pipeline.ActionType{Category: "Deploy", Owner: "AWS", Provider: "Lambda", Version: "1"})
	if !ok || !lambda.V2 {
		t.Errorf("Deploy/AWS/Lambda is %+v", lambda)
	}
}
