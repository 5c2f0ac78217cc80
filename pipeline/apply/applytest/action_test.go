package applytest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What an action needs can be missing.
func TestActionsNeed(t *testing.T) {
	const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/gitlab-pipeline-repo"
	tests := []struct {
		name   string
		change func(*types.PipelineDeclaration)
		script applytest.Build
		want   string
	}{
		{"the project", func(p *types.PipelineDeclaration) { p.Stages[1].Actions[0].Configuration["ProjectName"] = "none" }, applytest.Build{},
			"Build Failed ConfigurationError: Error calling startBuild: Project cannot be found: arn:aws:codebuild:us-east-1:123456789012:project/none"},
		{"the bucket", func(p *types.PipelineDeclaration) { p.ArtifactStore.Location = aws.String("none") }, applytest.Build{},
			"Source Failed PermissionError: The artifact bucket"},
		{"a bucket of this region", func(p *types.PipelineDeclaration) {
			p.ArtifactStores, p.ArtifactStore = map[string]types.ArtifactStore{"eu-west-1": *p.ArtifactStore}, nil
		}, applytest.Build{}, "Source Failed PermissionError: The artifact bucket"},
		{"the service", func(p *types.PipelineDeclaration) { p.Stages[2].Actions[0].Configuration["ServiceName"] = "none" }, applytest.Build{},
			"Deploy Failed ConfigurationError: Service not found."},
		{"the cluster", func(p *types.PipelineDeclaration) { p.Stages[2].Actions[0].Configuration["ClusterName"] = "none" }, applytest.Build{},
			"Deploy Failed ConfigurationError: Service not found."},
		{"a branch of the connection", func(p *types.PipelineDeclaration) {
			a := &p.Stages[0].Actions[0]
			a.ActionTypeId.Provider = aws.String("CodeStarSourceConnection")
			a.Configuration = map[string]string{"ConnectionArn": "x", "FullRepositoryId": "team/app", "BranchName": "dev"}
		}, applytest.Build{}, "Source Failed ConfigurationError: [GitHub] No Branch [dev] found for FullRepositoryName [team/app]"},
		{"a tag that is free", nil, applytest.Build{Tag: "taken"}, "Build Failed JobFailed: Build terminated with state: FAILED. Phase: BUILD, Code: " +
			"COMMAND_EXECUTION_ERROR, Message: Error while executing command: docker push \"$IMAGE\". Reason: exit status 1"},
		{"nothing before the build", nil, applytest.Build{Phase: "PRE_BUILD", Fail: "docker login", ExitStatus: 7}, "Phase: PRE_BUILD, Code: " +
			"COMMAND_EXECUTION_ERROR, Message: Error while executing command: docker login. Reason: exit status 7"},
		{"nothing after it", nil, applytest.Build{Phase: "POST_BUILD", Fail: "report"}, "Phase: POST_BUILD"},
		{"an image that it makes elsewhere", nil, applytest.Build{Repository: "other"}, "Deploy Failed ConfigurationError: Did not find the image definition file"},
		{"nothing", nil, applytest.Build{Containers: map[string]string{"docker-cicd-app-task": image + ":build-1"}, Tag: "build-1"}, "Succeeded\nSource Succeeded\nBuild Succeeded\nDeploy Succeeded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			m := loadMinimal(w.cloud)
			if test.change != nil {
				test.change(m.pipeline.Pipeline)
			}
			w.cloud.ScriptBuilds(test.script)
			w.cloud.Push(repository, "master")
			w.deploy("other", "Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: other}}}", nil)
			w.up(m)
			w.cloud.PushImage("gitlab-pipeline-repo", "taken")
			if got := w.tell(w.execution()); !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Actions of providers that the cloud knows nothing of succeed; those of version 1 of
// GitHub are read.
func TestOtherActions(t *testing.T) {
	w := delivered(t, func(m *minimal) {
		p := m.pipeline.Pipeline
		source := &p.Stages[0].Actions[0]
		source.ActionTypeId = &types.ActionTypeId{Category: types.ActionCategorySource, Owner: types.ActionOwnerThirdParty, Provider: aws.String("GitHub"), Version: aws.String("1")}
		source.Configuration = map[string]string{"Owner": "team", "Repo": "app", "Branch": "main", "OAuthToken": "secret"}
		call := types.ActionDeclaration{
			Name: aws.String("Call"), OutputArtifacts: []types.OutputArtifact{{Name: aws.String("Answer")}},
			ActionTypeId: &types.ActionTypeId{Category: types.ActionCategoryInvoke, Owner: types.ActionOwnerAws, Provider: aws.String("Lambda"), Version: aws.String("1")},
		}
		p.Stages[1].Actions = append(p.Stages[1].Actions, call)
	})
	commit := w.cloud.Push("team/app", "main")
	w.sleep(time.Minute)
	e := checkTold(t, w, "Succeeded\nSource Succeeded\nBuild Succeeded\nCall Succeeded\nDeploy Succeeded")
	if len(e.SourceRevisions) != 1 || *e.SourceRevisions[0].RevisionId != commit {
		t.Errorf("got revisions %v, want %s", e.SourceRevisions, commit)
	}
}

// The rule and the project of a stack are what the stack says of them now.
func TestPlatformUpdates(t *testing.T) {
	w := delivered(t, nil)
	w.execution()
	update := func(old, new string) {
		t.Helper()
		body := strings.Replace(loadMinimal(w.cloud).platform, old, new, 1)
		if status := w.deploy(platformStack, body, nil); status != "UPDATE_COMPLETE" {
			t.Fatal(w.story(platformStack))
		}
	}
	push := func() int {
		before := len(w.cloud.Snapshot().Pipelines[0].Executions)
		w.cloud.Push(repository, "master")
		w.sleep(time.Minute)
		w.execution()
		return len(w.cloud.Snapshot().Pipelines[0].Executions) - before
	}
	update("State: ENABLED", "State: DISABLED")
	if n := push(); n != 0 {
		t.Errorf("got %d executions of a rule that is disabled", n)
	}
	update("            - master\n", "            - main\n")
	if n := push(); n != 0 {
		t.Errorf("got %d executions of a rule for another branch", n)
	}
	update("Status: DISABLED", "Status: ENABLED")
	if n := push(); n != 1 {
		t.Errorf("got %d executions, want one", n)
	}
	if got := w.cloud.Snapshot().LogGroups; len(got) != 1 {
		t.Errorf("got log groups %v, want that of the build", got)
	}
	update("codebuild.amazonaws.com", "other.amazonaws.com")
	in := loadMinimal(w.cloud).pipeline
	in.Pipeline.Name = aws.String("other")
	in.Pipeline.RoleArn = aws.String("arn:aws:iam::123456789012:role/docker-cicd-app-build-us-east-1")
	_, err := w.CodePipeline.CreatePipeline(t.Context(), in)
	checkAnswer(t, "InvalidStructureException: CodePipeline is not authorized to perform AssumeRole on role "+*in.Pipeline.RoleArn, err)
	update("codebuild.amazonaws.com", "codepipeline.amazonaws.com")
	if _, err := w.CodePipeline.CreatePipeline(t.Context(), in); err != nil {
		t.Errorf("the role does not trust the pipeline: %v", err)
	}
}
