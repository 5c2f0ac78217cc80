package applytest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// A deployment whose tasks fail is rolled back, and the action fails.
func TestDeployFails(t *testing.T) {
	w := delivered(t, nil)
	w.execution()
	w.deploy(serviceStack, loadMinimal(w.cloud).service, map[string]string{"DesiredCount": "1"})
	good := *w.service().TaskDefinition
	w.cloud.ScriptTasks(applytest.Tasks{Image: "build-2-", Do: applytest.TaskCrashes, ExitCode: 2})
	w.cloud.Push(repository, "master")
	e := w.execution()
	d := aws.ToString(w.actions(e.PipelineExecutionId)[0].Output.ExecutionResult.ExternalExecutionId)
	checkTold(t, w, "Failed\nSource Succeeded\nBuild Succeeded\nDeploy Failed JobFailed: (deployment "+d+") deployment failed: tasks failed to start.")
	w.until("rolled back", func() bool { return len(w.service().Deployments) == 1 })
	if got := *w.service().TaskDefinition; got != good {
		t.Errorf("got %s, want %s", got, good)
	}
}

// A deployment without a circuit breaker runs into its time limit.
func TestDeployTimesOut(t *testing.T) {
	w := delivered(t, func(m *minimal) {
		m.service = strings.Replace(m.service, "Enable: true", "Enable: false", 1)
		m.pipeline.Pipeline.Stages[2].Actions[0].Configuration["DeploymentTimeout"] = "10"
	})
	w.execution()
	w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
	w.cloud.Scale("DockerCiCdAppCluster", "docker-cicd-app-service", 1)
	w.cloud.Push(repository, "master")
	start := w.clock.Now()
	checkTold(t, w, "Failed\nSource Succeeded\nBuild Succeeded\nDeploy Failed JobFailed: The action timed out: the service docker-cicd-app-service did not become stable.")
	if d := w.clock.Now().Sub(start); d < 10*time.Minute || d > 15*time.Minute {
		t.Errorf("got %s", d)
	}
}

// What the build hands on can be wrong.
func TestDeployRefuses(t *testing.T) {
	tests := []struct {
		name   string
		script applytest.Build
		want   string
	}{
		{"another container", applytest.Build{Containers: map[string]string{"web": "x"}}, "Container named web does not exist in the task definition "},
		{"no file", applytest.Build{Containers: map[string]string{}}, "Did not find the image definition file imagedefinitions.json in the input artifacts ZIP file."},
	}
	for _, test := range tests {
		w := delivered(t, nil)
		w.execution()
		w.cloud.ScriptBuilds(test.script)
		w.cloud.Push(repository, "master")
		if got := w.tell(w.execution()); !strings.Contains(got, "Deploy Failed ConfigurationError: "+test.want) {
			t.Errorf("%s: got %s", test.name, got)
		}
	}
}

// An approval waits until somebody decides.
func TestApproval(t *testing.T) {
	for _, approve := range []bool{true, false} {
		w := delivered(t, func(m *minimal) {
			p := m.pipeline.Pipeline
			stage := types.StageDeclaration{Name: aws.String("Approve"), Actions: []types.ActionDeclaration{{
				Name: aws.String("Ask"), ActionTypeId: &types.ActionTypeId{Category: types.ActionCategoryApproval, Owner: types.ActionOwnerAws, Provider: aws.String("Manual"), Version: aws.String("1")},
			}}}
			p.Stages = []types.StageDeclaration{p.Stages[0], p.Stages[1], stage, p.Stages[2]}
		})
		w.sleep(10 * time.Minute)
		id := w.cloud.Snapshot().Pipelines[0].Executions[0].ID
		if got := w.actions(&id)[0]; *got.ActionName != "Ask" || got.Status != types.ActionExecutionStatusInProgress {
			t.Fatalf("got %s %s", *got.ActionName, got.Status)
		}
		want := "Succeeded\nSource Succeeded\nBuild Succeeded\nAsk Succeeded\nDeploy Succeeded"
		if approve {
			w.cloud.Approve(pipelineName, "go")
		} else {
			w.cloud.Reject(pipelineName, "not today")
			want = "Failed\nSource Succeeded\nBuild Succeeded\nAsk Failed ApprovalRejected: not today"
		}
		checkTold(t, w, want)
	}
}

// An execution that waits is superseded by a later one; a token starts one execution once.
func TestExecutions(t *testing.T) {
	w := delivered(t, nil)
	w.execution()
	for range 3 {
		w.cloud.Push(repository, "master")
		w.sleep(10 * time.Second) // the first one builds, the next ones wait
	}
	w.sleep(20 * time.Minute)
	start := func(token string) string {
		return *must(w.CodePipeline.StartPipelineExecution(t.Context(), &codepipeline.StartPipelineExecutionInput{
			Name: aws.String(pipelineName), ClientRequestToken: &token,
		})).PipelineExecutionId
	}
	first := start("a")
	if again := start("a"); again != first || start("b") == first {
		t.Error("a token starts another execution, or two tokens start one")
	}
	w.execution()
	w.sleep(20 * time.Minute)
	var got []string
	for p := codepipeline.NewListPipelineExecutionsPaginator(w.CodePipeline.(*codepipeline.Client), &codepipeline.ListPipelineExecutionsInput{PipelineName: aws.String(pipelineName), MaxResults: aws.Int32(2)}); p.HasMorePages(); {
		for _, e := range must(p.NextPage(t.Context())).PipelineExecutionSummaries {
			got = append(got, string(e.Status)+" "+string(e.Trigger.TriggerType))
		}
	}
	want := []string{
		"Succeeded StartPipelineExecution", "Succeeded StartPipelineExecution", "Succeeded CloudWatchEvent", "Superseded CloudWatchEvent",
		"Succeeded CloudWatchEvent", "Succeeded CreatePipeline",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("executions mismatch (-want +got):\n%s", diff)
	}
}

// Pipelines that look for commits themselves.
func TestTriggers(t *testing.T) {
	connection := map[string]string{"ConnectionArn": "arn:aws:codeconnections:us-east-1:123456789012:connection/x", "FullRepositoryId": "team/app", "BranchName": "main"}
	tests := []struct {
		name, provider string
		conf           map[string]string
		repository     string
		want           []types.TriggerType
	}{
		{"polling", "CodeCommit", map[string]string{"RepositoryName": "app", "BranchName": "main"}, "app", []types.TriggerType{types.TriggerTypePollForSourceChanges}},
		{"no polling", "CodeCommit", map[string]string{"RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": "false"}, "app", nil},
		{"another branch", "CodeCommit", map[string]string{"RepositoryName": "app", "BranchName": "dev"}, "app", nil},
		{"a connection", "CodeStarSourceConnection", connection, "team/app", []types.TriggerType{types.TriggerTypeWebhookV2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := delivered(t, func(m *minimal) {
				a := &m.pipeline.Pipeline.Stages[0].Actions[0]
				a.ActionTypeId.Provider, a.Configuration = &test.provider, test.conf
			})
			w.execution()
			w.cloud.Push(test.repository, "main")
			w.sleep(2 * time.Minute)
			var got []types.TriggerType
			for _, e := range w.cloud.Snapshot().Pipelines[0].Executions[1:] {
				got = append(got, types.TriggerType(e.Trigger))
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Errorf("triggers mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// The artifacts of a pipeline stay in its bucket, and its images in the repository.
func TestWhatIsLeft(t *testing.T) {
	w := delivered(t, nil)
	w.execution()
	s := w.cloud.Snapshot()
	if len(s.Buckets) != 1 || len(s.Buckets[0].Objects) != 2 || len(s.Repositories[0].Images) != 1 {
		t.Fatalf("got %+v and %+v", s.Buckets, s.Repositories)
	}
	if key := s.Buckets[0].Objects[0].Key; !strings.HasPrefix(key, "docker-cicd-pipeline/Image/") {
		t.Errorf("got key %s", key)
	}
	if got := w.cloud.Deploy(pipelineName); got == "" || w.execution().Status != types.PipelineExecutionStatusSucceeded {
		t.Error("a scripted execution fails")
	}
	if got := fmt.Sprint(len(w.cloud.Snapshot().Repositories[0].Images)); got != "2" {
		t.Errorf("got %s images", got)
	}
}
