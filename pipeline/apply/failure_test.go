package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

const (
	networkStack  = "docker-cicd-formation"
	platformStack = "docker-cicd-app-platform"
	serviceStack  = "docker-cicd-app-service"
)

// wantError checks that an error says all of the texts.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("there is no error, want one that says %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not say %q:\n%v", text, err)
		}
	}
	var e *apply.Error
	if !errors.As(err, &e) {
		t.Errorf("the error is no *apply.Error: %v", err)
	} else if !errors.Is(err, apply.ErrBlocked) && e.Remedy == "" { // what is blocked says it itself
		t.Errorf("the error does not say what to do: %v", err)
	}
}

// attempt plans and applies.
func attempt(t *testing.T, a *apply.Applier, b *bundle.Bundle) error {
	t.Helper()
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		return err
	}
	return a.Apply(t.Context(), plan)
}

// A failure names its first cause, and what to do.
func TestFirstCause(t *testing.T) {
	tests := []struct {
		name   string
		script func(*applytest.Cloud)
		change func(*testing.T, *bundle.Bundle)
		want   []string
	}{
		{
			name: "a resource",
			script: func(c *applytest.Cloud) {
				c.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "Repository", Reason: "Resource of type 'AWS::ECR::Repository' with identifier 'gitlab-pipeline-repo' already exists."})
			},
			want: []string{"stack " + platformStack, "Repository (AWS::ECR::Repository)", "CREATE_FAILED", "already exists", "ROLLBACK_COMPLETE",
				"import it into the stack", "--replace-failed"},
		},
		{
			name: "a name that is taken",
			script: func(c *applytest.Cloud) {
				other, err := delivery.Service{Name: "other", Source: pipeline.CodeCommitSource{Repository: "o", Branch: "b"}, Deploy: delivery.Deploy{Cluster: cluster}}.Bundle()
				if err != nil {
					panic(err)
				}
				other.Artifacts = other.Artifacts[1:2]
				if err := deploy(context.Background(), on(c, apply.Options{}), other); err != nil {
					panic(err)
				}
			},
			want: []string{"stack " + platformStack, "Cluster (AWS::ECS::Cluster)", "'" + cluster + "' already exists", "import it into the stack"},
		},
		{
			name: "a command of the build",
			script: func(c *applytest.Cloud) {
				c.ScriptBuilds(applytest.Build{Fail: `docker build --tag "$IMAGE" .`, ExitStatus: 17, Log: []string{"Step 1/3 : FROM scratch", "failed to read dockerfile: open Dockerfile: no such file"}})
			},
			want: []string{"first delivery " + pipelineName, "Build/Build", `docker build --tag "$IMAGE" .`, "exit status 17", "mend that, push it, and run again"},
		},
		{
			name: "the output of the build",
			script: func(c *applytest.Cloud) {
				c.ScriptBuilds(applytest.Build{Fail: "docker push", Log: []string{"denied: no such repository", "password=hunter2"}})
			},
			change: func(t *testing.T, b *bundle.Bundle) {
				p := template(t, b, "platform.yml")
				p.Resource("BuildProject").Set("LogsConfig", nil)
				p.Add(&cfn.Resource{ID: "BuildLogs", Type: "AWS::Logs::LogGroup", Properties: cfn.Object{cfn.Prop("LogGroupName", cfn.String("/aws/codebuild/docker-cicd-app-project"))}})
			},
			want: []string{"docker push", "denied: no such repository", "password=(hidden)"},
		},
		{
			name: "a task that crashes",
			script: func(c *applytest.Cloud) {
				c.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, ExitCode: 3, Log: []string{"cannot open /config"}})
			},
			change: func(t *testing.T, b *bundle.Bundle) {
				task, _, _ := bundle.Find[*taskdef.Definition](b)
				task.ContainerDefinitions[0].LogConfiguration = &taskdef.LogConfiguration{
					LogDriver: taskdef.LogDriverAwslogs,
					Options:   map[string]string{"awslogs-group": "/ecs/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"},
				}
				template(t, b, "platform.yml").Add(&cfn.Resource{ID: "TaskLogs", Type: "AWS::Logs::LogGroup", Properties: cfn.Object{cfn.Prop("LogGroupName", cfn.String("/ecs/app"))}})
			},
			want: []string{"task count", "3 tasks of docker-cicd-app-fargate:2 have stopped", "Essential container in task exited", "exit code 3", "| cannot open /config"},
		},
		{
			name:   "an image that cannot be pulled",
			script: func(c *applytest.Cloud) { c.ScriptTasks(applytest.Tasks{Do: applytest.TaskCannotPull}) },
			want:   []string{"task count", "CannotPullContainerError", "see that the image is there"},
		},
		{
			name: "out of memory",
			script: func(c *applytest.Cloud) {
				c.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Reason: "OutOfMemoryError: Container killed due to memory usage"})
			},
			want: []string{"OutOfMemoryError", "give the container more memory"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cloud := applytest.New(applytest.Options{})
			cloud.Push(sourceRepository, sourceBranch)
			tt.script(cloud)
			b := minimal(t)
			if tt.change != nil {
				tt.change(t, b)
			}
			err := attempt(t, on(cloud, apply.Options{}), b)
			wantError(t, err, tt.want...)
			if strings.Contains(fmt.Sprint(err), "hunter2") {
				t.Errorf("the error has a secret: %v", err)
			}
		})
	}
}

// A service whose tasks crash is given up in minutes, and its stack is as it was: the
// next run goes on from there.
func TestCrashIsCancelled(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
	var rec recorder
	a := on(cloud, apply.Options{Events: rec.record})
	b := minimal(t)
	begin := cloud.Now()
	wantError(t, attempt(t, a, b), "have stopped")
	last := ""
	for _, e := range rec.reset() {
		if s, ok := e.(apply.StackEvent); ok && s.Stack == serviceStack {
			last = s.Status
		}
	}
	if last != "UPDATE_ROLLBACK_COMPLETE" {
		t.Errorf("the last event of the stack is %s", last)
	}
	if took := cloud.Now().Sub(begin); took > 20*time.Minute {
		t.Errorf("it took %v", took)
	}
	for _, s := range cloud.Snapshot().Stacks {
		if s.Name == serviceStack && s.Status != "UPDATE_ROLLBACK_COMPLETE" {
			t.Errorf("the stack is in %s", s.Status)
		}
	}
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if s := service(t, cloud); s.Running != 1 {
		t.Errorf("the service is %+v", s)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// An update that may not be cancelled goes on, which is said.
func TestCancelDenied(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	noBreaker(t, b)
	a := on(cloud, apply.Options{})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
	cloud.Fail(applytest.Fault{Operation: "cloudformation:CancelUpdateStack", Times: -1, Kind: applytest.AccessDenied})
	template(t, b, "service.yml").Resource("Service").Set("EnableExecuteCommand", cfn.Bool(true))
	memory(b, "4 GB")
	wantError(t, attempt(t, a, b), "have stopped by themselves", "cloudformation:CancelUpdateStack", "allow cloudformation:CancelUpdateStack on")
}

// A deployment is a success only when the new revision is what runs.
func TestRolledBackIsNoSuccess(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	was := service(t, cloud).TaskDefinition
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskUnhealthy})
	memory(b, "4 GB")
	err := attempt(t, a, b)
	wantError(t, err, "service DockerCiCdAppCluster/docker-cicd-app-service", "docker-cicd-app-fargate:3", "circuit breaker", "runs "+was+" again")
	if now := service(t, cloud).TaskDefinition; now != was {
		t.Errorf("the service runs %s, want %s", now, was)
	}
	// The next attempt deploys the revision that is registered, and does not register another one.
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if now := service(t, cloud).TaskDefinition; now != "docker-cicd-app-fargate:3" {
		t.Errorf("the service runs %s", now)
	}
}

// somebodyDeploys lets somebody else deploy a revision of the task definition.
func somebodyDeploys(t *testing.T, cloud *applytest.Cloud, revision string) {
	t.Helper()
	_, err := cloud.Clients().ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String(cluster), Service: aws.String(serviceName), TaskDefinition: aws.String("docker-cicd-app-fargate:" + revision),
	})
	if err != nil {
		t.Error(err)
	}
}

// Neither is one in whose place something else was deployed meanwhile.
func TestDeployedOver(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	memory(b, "4 GB")
	a := on(cloud, apply.Options{Events: func(e apply.Event) {
		if d, ok := e.(apply.DeploymentChanged); ok && d.TaskDefinition == "docker-cicd-app-fargate:3" && d.Rollout == "IN_PROGRESS" {
			somebodyDeploys(t, cloud, "2")
		}
	}})
	wantError(t, attempt(t, a, b), "the service runs docker-cicd-app-fargate:2, not docker-cicd-app-fargate:3")
}

// An execution that reports success is none when its revision was rolled back.
func TestDeliveryRolledBack(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a := on(cloud, apply.Options{Events: func(e apply.Event) {
		if c, ok := e.(apply.ActionChanged); ok && c.Stage == "Deploy" && c.Status == "Succeeded" {
			somebodyDeploys(t, cloud, "1")
		}
	}})
	wantError(t, attempt(t, a, minimal(t)), "first delivery "+pipelineName, "the pipeline reports success",
		"runs docker-cicd-app-fargate:1, which is older")
}

// After a delivery that failed, the next run starts another one.
func TestSecondDelivery(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	cloud.ScriptBuilds(applytest.Build{Fail: "docker build", Times: 1})
	a, b := on(cloud, apply.Options{}), minimal(t)
	wantError(t, attempt(t, a, b), "docker build")
	plan := planned(t, a, b, map[string]apply.Action{
		"first delivery docker-cicd-pipeline": apply.Await, "task count DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
	})
	if reason := plan.Step(apply.ExecutionSubject, pipelineName).Reason; !strings.Contains(reason, "one is started") {
		t.Errorf("the reason is %q", reason)
	}
	mustApply(t, a, plan)
	if n := len(cloud.Snapshot().Pipelines[0].Executions); n != 2 {
		t.Errorf("there are %d executions", n)
	}
	if s := service(t, cloud); s.Running != 1 {
		t.Errorf("the service is %+v", s)
	}
}

// retried is a CodePipeline whose executions somebody tries again when they have failed,
// with success: they keep their id.
type retried struct {
	apply.CodePipeline
	looks int
}

func (r *retried) ListPipelineExecutions(ctx context.Context, in *codepipeline.ListPipelineExecutionsInput, o ...func(*codepipeline.Options)) (*codepipeline.ListPipelineExecutionsOutput, error) {
	out, err := r.CodePipeline.ListPipelineExecutions(ctx, in, o...)
	if err != nil || len(out.PipelineExecutionSummaries) == 0 || out.PipelineExecutionSummaries[0].Status != cptypes.PipelineExecutionStatusFailed {
		return out, err
	}
	r.looks++
	switch e := &out.PipelineExecutionSummaries[0]; {
	case r.looks > 10:
		e.Status = cptypes.PipelineExecutionStatusSucceeded
	case r.looks > 5:
		e.Status = cptypes.PipelineExecutionStatusInProgress
	}
	return out, err
}

// A revision that was registered and not deployed is not registered again.
func TestRegisteredAlready(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	memory(b, "4 GB")
	cloud.Fail(applytest.Fault{Operation: "ecs:UpdateService", Kind: applytest.AccessDenied})
	wantError(t, attempt(t, a, b), "ecs:UpdateService")
	n := len(cloud.Snapshot().Revisions)
	plan := planned(t, a, b, map[string]apply.Action{
		"task definition docker-cicd-app-fargate": apply.Update, "service DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
	})
	if text := plan.String(); !strings.Contains(text, "docker-cicd-app-fargate:3 is registered already, and not deployed yet") {
		t.Errorf("the plan does not say that the revision is there:\n%s", text)
	}
	mustApply(t, a, plan)
	if got := len(cloud.Snapshot().Revisions) - n; got != 0 {
		t.Errorf("%d more revisions were registered", got)
	}
}

// An execution without a source that is tried again by hand is followed.
func TestRetriedExecution(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	a := with(cloud, apply.Options{}, func(c *apply.Clients) { c.CodePipeline = &retried{CodePipeline: c.CodePipeline} })
	var e *apply.Error
	err := attempt(t, a, minimal(t)) // the cloud has delivered nothing to the service
	if !errors.As(err, &e) || e.Subject.Kind == apply.ExecutionSubject && strings.Contains(e.Message, "the source has taken longer") {
		t.Errorf("the error is %v", err)
	}
}

// A source that the pipeline cannot read is not waited for.
func TestSourceIsDenied(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	d, _, _ := bundle.Find[*pipeline.Definition](b)
	d.ArtifactStore.Location = "some-other-bucket"
	begin := cloud.Now()
	wantError(t, attempt(t, on(cloud, apply.Options{}), b), "Source/", "the role may not write to it")
	if took := cloud.Now().Sub(begin); took > 5*time.Minute {
		t.Errorf("it took %v", took)
	}
}

// Where only the mark on the pipeline is left to be removed, nothing is delivered again.
func TestOnlyTheMark(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a, b := on(cloud, apply.Options{}), minimal(t)
	cloud.Fail(applytest.Fault{Operation: "codepipeline:UntagResource", Kind: applytest.AccessDenied})
	wantError(t, attempt(t, a, b), "UntagResource")
	cloud.ScriptBuilds(applytest.Build{Fail: "docker build", Times: 1})
	cloud.Push(sourceRepository, sourceBranch) // the newest execution has failed
	cloud.Advance(time.Hour)
	plan := planned(t, a, b, map[string]apply.Action{"first delivery docker-cicd-pipeline": apply.Update})
	calls := len(cloud.Calls())
	mustApply(t, a, plan)
	if got := writes(cloud, calls); len(got) != 1 || got[0] != "codepipeline:UntagResource" {
		t.Errorf("the calls that write are %q", got)
	}
}

// A role that was created a moment ago is not known everywhere at once.
func TestRoleNotKnownYet(t *testing.T) {
	denied := applytest.Fault{
		Operation: "codepipeline:CreatePipeline", Times: 3, Code: "InvalidStructureException",
		Message: "CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::123456789012:role/docker-cicd-app-pipeline-us-east-1",
	}
	notValid := applytest.Fault{
		Operation: "ecs:RegisterTaskDefinition", Times: 3, Code: "ClientException", Message: "Role is not valid",
	}
	start := func(f applytest.Fault) error {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		cloud.Fail(f)
		return attempt(t, on(cloud, apply.Options{}), minimal(t))
	}
	for _, f := range []applytest.Fault{denied, notValid} {
		if err := start(f); err != nil {
			t.Fatal(err)
		}
	}
	cloud, a, b := delivered(t, apply.Options{})
	update := denied
	update.Operation = "codepipeline:UpdatePipeline"
	cloud.Fail(update)
	d, _, _ := bundle.Find[*pipeline.Definition](b)
	d.RoleARN += "-2"
	other := *template(t, b, "platform.yml").Resource("PipelineRole")
	other.ID, other.Properties = "OtherRole", append(cfn.Object{}, other.Properties...)
	other.Set("RoleName", cfn.Sub("docker-cicd-app-pipeline-${AWS::Region}-2"))
	template(t, b, "platform.yml").Add(&other)
	if err := attempt(t, a, b); err != nil {
		t.Error(err)
	}
	denied.Times, notValid.Times = -1, -1
	wantError(t, start(notValid), "task definition docker-cicd-app-fargate", "ecs:RegisterTaskDefinition", "Role is not valid")
	wantError(t, start(denied), "pipeline "+pipelineName, "codepipeline:CreatePipeline", "not authorized to perform AssumeRole")
}

// A change set whose execution was heard of by nobody is not there any more to be
// executed a second time: that is no failure.
func TestExecutedUnheard(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	const op = "cloudformation:ExecuteChangeSet"
	cloud.Fail(applytest.Fault{Operation: op, Kind: applytest.LostResponse})
	cloud.Fail(applytest.Fault{Operation: op, Nth: 2, Code: "InvalidChangeSetStatus", Message: "ChangeSet [x] cannot be executed in its current status of [EXECUTE_IN_PROGRESS]"})
	if err := attempt(t, on(cloud, apply.Options{}), minimal(t)); err != nil {
		t.Fatal(err)
	}
	if left := cloud.Unfired(); len(left) > 0 {
		t.Errorf("nothing met %+v", left)
	}
}

// A change set that was made while the call was cut off is not left behind.
func TestChangeSetCutOff(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	const op = "cloudformation:CreateChangeSet"
	cloud.Fail(applytest.Fault{Operation: op, Kind: applytest.LostResponse})
	cloud.OnCall(func(c applytest.Call) {
		if c.Operation == op && c.Done {
			cancel()
		}
	})
	if _, err := on(cloud, apply.Options{}).Plan(ctx, minimal(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if s := cloud.Snapshot().Stacks; len(s) > 0 {
		t.Errorf("what is left: %+v", s)
	}
}

// Stacks in a state from which they cannot be updated are explained, and mended when
// that is allowed.
func TestStuckStacks(t *testing.T) {
	fail := func(on applytest.Phase, times int) applytest.ResourceFault {
		return applytest.ResourceFault{Stack: platformStack, Resource: "Cluster", On: on, Reason: "no cluster today", Times: times}
	}
	change := func(t *testing.T, b *bundle.Bundle) {
		template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
	}
	t.Run("ROLLBACK_COMPLETE", func(t *testing.T) {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		cloud.FailResource(fail(applytest.OnCreate, 0))
		b := minimal(t)
		wantError(t, attempt(t, on(cloud, apply.Options{}), b), "no cluster today", "--replace-failed")
		err := attempt(t, on(cloud, apply.Options{}), b)
		wantError(t, err, "ROLLBACK_COMPLETE", "Cluster (AWS::ECS::Cluster): no cluster today", "--replace-failed")
		if !errors.Is(err, apply.ErrNotAllowed) {
			t.Errorf("the error is %v", err)
		}
		allowed := on(cloud, apply.Options{Allow: apply.Allow{ReplaceFailed: true}})
		if err := attempt(t, allowed, b); err != nil {
			t.Fatal(err)
		}
		planned(t, allowed, b, map[string]apply.Action{})
	})
	t.Run("ROLLBACK_FAILED", func(t *testing.T) {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "BuildProject", On: applytest.OnCreate, Reason: "no project"})
		cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "Repository", On: applytest.OnDelete, Reason: "it will not go"})
		b := minimal(t)
		wantError(t, attempt(t, on(cloud, apply.Options{}), b), "no project", "ROLLBACK_FAILED")
		plan, err := on(cloud, apply.Options{}).Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if text := plan.String(); !strings.Contains(text, "- Repository (AWS::ECR::Repository) gitlab-pipeline-repo") || !strings.Contains(text, "LOSES its images") {
			t.Errorf("the plan does not say what is left in the stack:\n%s", text)
		}
		allowed := on(cloud, apply.Options{Allow: apply.Allow{ReplaceFailed: true, DataLoss: true}})
		if err := attempt(t, allowed, b); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("UPDATE_ROLLBACK_FAILED", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		change(t, b)
		template(t, b, "platform.yml").Resource("BuildProject").Set("TimeoutInMinutes", cfn.Int(30))
		cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "BuildProject", On: applytest.OnUpdate, Reason: "no project"})
		cloud.FailResource(fail(applytest.OnRollback, 0))
		wantError(t, attempt(t, a, b), "no project", "UPDATE_ROLLBACK_FAILED", "--continue-rollback")
		err := attempt(t, a, b)
		wantError(t, err, "UPDATE_ROLLBACK_FAILED", "--continue-rollback")
		allowed := on(cloud, apply.Options{Allow: apply.Allow{ContinueRollback: true}})
		if err := attempt(t, allowed, b); err != nil {
			t.Fatal(err)
		}
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("in progress", func(t *testing.T) {
		cloud, _, b := delivered(t, apply.Options{})
		var rec recorder
		a := on(cloud, apply.Options{Events: rec.record})
		change(t, b)
		cloud.Occupy(platformStack, 3*time.Minute)
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		waited := false
		for _, e := range rec.reset() {
			if w, ok := e.(apply.Waiting); ok && strings.Contains(w.For, platformStack+", which is in UPDATE_IN_PROGRESS") {
				waited = true
			}
		}
		if !waited {
			t.Error("nothing says that it waits")
		}
	})
	t.Run("in progress for ever", func(t *testing.T) {
		cloud, _, b := delivered(t, apply.Options{})
		a := on(cloud, apply.Options{Timeouts: apply.Timeouts{Busy: time.Minute}})
		cloud.Occupy(platformStack, 3*time.Hour)
		err := attempt(t, a, b)
		wantError(t, err, "stack "+platformStack, "taken longer than 1m0s")
		if !errors.Is(err, apply.ErrTimeout) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("failed update", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		change(t, b)
		cloud.FailResource(fail(applytest.OnUpdate, 0))
		wantError(t, attempt(t, a, b), "Cluster (AWS::ECS::Cluster)", "UPDATE_FAILED: no cluster today", "UPDATE_ROLLBACK_COMPLETE", "mend that; then run again: the stack is as it was before")
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
	})
}

// What a plan foresees is refused before anything is done.
func TestBlocked(t *testing.T) {
	tests := []struct {
		name   string
		script func(*applytest.Cloud)
		change func(*testing.T, *bundle.Bundle)
		want   []string
		is     error
	}{
		{
			name: "data loss",
			change: func(t *testing.T, b *bundle.Bundle) {
				n := template(t, b, "network.yml")
				n.Resource("VPC").Set("CidrBlock", cfn.String("10.1.0.0/16"))
				n.Resource("PublicSubnet1").Set("CidrBlock", cfn.String("10.1.0.0/24"))
				n.Resource("PublicSubnet2").Set("CidrBlock", cfn.String("10.1.1.0/24"))
			},
			want: []string{"stack " + networkStack, "VPC (AWS::EC2::VPC) loses everything in this network", "--allow-data-loss"}, is: apply.ErrNotAllowed,
		},
		{
			name: "a custom name",
			change: func(t *testing.T, b *bundle.Bundle) {
				template(t, b, "platform.yml").Resource("Repository").Set("EncryptionConfiguration.EncryptionType", cfn.String("KMS"))
			},
			want: []string{"Repository (AWS::ECR::Repository) has to be replaced and keeps its name", "give it another RepositoryName", "loses its images"}, is: apply.ErrBlocked,
		},
		{
			name: "the stack's policy",
			script: func(c *applytest.Cloud) {
				c.SetStackPolicy(platformStack, `{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "LogicalResourceId/Cluster"}]}`)
			},
			change: func(t *testing.T, b *bundle.Bundle) {
				template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
			},
			want: []string{"the policy of the stack does not allow to update Cluster", "set-stack-policy"}, is: apply.ErrBlocked,
		},
		{
			name: "a parameter without a value",
			change: func(t *testing.T, b *bundle.Bundle) {
				p := template(t, b, "network.yml")
				p.Parameters = append(p.Parameters, &cfn.Parameter{Name: "Team", Type: "String"})
				p.Resource("VPC").Set("Tags[0].Value", cfn.Ref("Team"))
			},
			want: []string{"the parameter Team has no value", "--parameter " + networkStack + ":Team=VALUE"}, is: apply.ErrBlocked,
		},
		{
			name: "another type",
			change: func(t *testing.T, b *bundle.Bundle) {
				r := template(t, b, "platform.yml").Resource("RepositoryUriParameter")
				r.Type, r.Properties = "AWS::SNS::Topic", nil
			},
			want: []string{"RepositoryUriParameter has another type", "give it another logical id"}, is: apply.ErrBlocked,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cloud, a, b := delivered(t, apply.Options{})
			if tt.script != nil {
				tt.script(cloud)
			}
			tt.change(t, b)
			before := cloud.Normalized()
			calls := len(cloud.Calls())
			err := attempt(t, a, b)
			wantError(t, err, tt.want...)
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("the error is %v", err)
			}
			for _, op := range writes(cloud, calls) {
				if op != "cloudformation:CreateChangeSet" && op != "cloudformation:DeleteChangeSet" {
					t.Errorf("it calls %s", op)
				}
			}
			if diff := diffStates(before, cloud.Normalized()); diff != "" {
				t.Errorf("something has changed (-before +after):\n%s", diff)
			}
		})
	}
}

// A stack that owns the task definition would take the image back, with or without a
// pipeline in the bundle. One that no service takes is free.
func TestImageRollbackNeedsPermission(t *testing.T) {
	for _, left := range []string{"pipeline.json", "platform.yml"} {
		cloud := applytest.New(applytest.Options{})
		b := ownTask(t, cloud, cfn.Ref("Task"))
		s := template(t, b, "service.yml")
		cron := *s.Resource("Task")
		cron.ID, cron.Properties = "Cron", append(cfn.Object{}, cron.Properties...)
		cron.Set("Family", cfn.String("cron"))
		s.Add(&cron)
		cloud.Push(sourceRepository, sourceBranch)
		a := on(cloud, apply.Options{})
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		b.Artifacts = slices.DeleteFunc(b.Artifacts, func(a bundle.Artifact) bool { return a.Path == left })
		cron.Set("Memory", cfn.String("1024"))
		if err := attempt(t, a, b); err != nil {
			t.Error(err)
		}
		task := s.Resource("Task")
		task.Set("Memory", cfn.String("1024"))
		err := attempt(t, a, b)
		wantError(t, err, "Service (AWS::ECS::Service)", "the template takes docker-cicd-app-fargate:1, and docker-cicd-app-fargate:2 runs", "--allow-image-rollback")
		if !errors.Is(err, apply.ErrNotAllowed) {
			t.Errorf("the error is %v", err)
		}
		if got := images(cloud)[serviceName]; got != "public.ecr.aws/nginx/nginx:2" {
			t.Errorf("the service runs %s", got)
		}
		if left != "pipeline.json" {
			continue
		}
		list := task.Properties.Get("ContainerDefinitions").(cfn.List) // somebody who delivers by the template
		list[0].(cfn.Object)[1].Value = cfn.String("public.ecr.aws/nginx/nginx:3")
		if err := attempt(t, a, b); err != nil {
			t.Error(err)
		}
		if got := images(cloud)[serviceName]; got != "public.ecr.aws/nginx/nginx:3" {
			t.Errorf("the service runs %s", got)
		}
	}
}

// A plan is for what it was made on.
func TestStale(t *testing.T) {
	change := func(t *testing.T, b *bundle.Bundle) {
		memory(b, "4 GB")
		template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
	}
	tests := []struct {
		name  string
		other func(*testing.T, *applytest.Cloud, *bundle.Bundle) // what somebody else does
		want  string
	}{
		{"the stack was worked on", func(t *testing.T, c *applytest.Cloud, b *bundle.Bundle) {
			c.Occupy(platformStack, time.Minute)
			c.Advance(2 * time.Minute)
		}, "the stack has been worked on"},
		{"the stack is busy", func(t *testing.T, c *applytest.Cloud, b *bundle.Bundle) { c.Occupy(platformStack, time.Hour) }, "it is in UPDATE_IN_PROGRESS"},
		{"another revision runs", func(t *testing.T, c *applytest.Cloud, b *bundle.Bundle) {
			other := minimal(t)
			memory(other, "8 GB")
			if err := attempt(t, on(c, apply.Options{}), other); err != nil {
				t.Fatal(err)
			}
		}, "differs in more than its image"},
		{"another pipeline", func(t *testing.T, c *applytest.Cloud, b *bundle.Bundle) {
			other := minimal(t)
			setDeployTimeout(t, other, "20")
			if err := attempt(t, on(c, apply.Options{}), other); err != nil {
				t.Fatal(err)
			}
		}, "the pipeline had version 1 and has version 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cloud, a, b := delivered(t, apply.Options{})
			change(t, b)
			plan, err := a.Plan(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			tt.other(t, cloud, b)
			calls := len(cloud.Calls())
			err = a.Apply(t.Context(), plan)
			wantError(t, err, tt.want, "plan again")
			if !errors.Is(err, apply.ErrStale) {
				t.Errorf("the error is %v", err)
			}
			for _, op := range writes(cloud, calls) {
				if op != "cloudformation:DeleteChangeSet" {
					t.Errorf("it calls %s", op)
				}
			}
		})
	}
	t.Run("another account", func(t *testing.T) {
		_, a, b := delivered(t, apply.Options{})
		change(t, b)
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := on(applytest.New(applytest.Options{Account: "111122223333"}), apply.Options{})
		if err := elsewhere.Apply(t.Context(), plan); !errors.Is(err, apply.ErrStale) {
			t.Errorf("the error is %v", err)
		}
	})
}

// The account can be asked for.
func TestAccountGuard(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	a := on(cloud, apply.Options{Account: "111122223333"})
	_, err := a.Plan(t.Context(), minimal(t))
	wantError(t, err, "the credentials are of account 123456789012", "111122223333 was asked for")
	if n := len(cloud.Calls()); n != 1 {
		t.Errorf("%d calls were made", n)
	}
}
