package apply_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// failsLate lets the next update of the service's stack fail when the service was updated.
func failsLate(t *testing.T, cloud *applytest.Cloud, b *bundle.Bundle) {
	t.Helper()
	template(t, b, "service.yml").Add(&cfn.Resource{ID: "Late", Type: "AWS::SSM::Parameter", DependsOn: []string{"Service"}, Properties: cfn.Object{
		cfn.Prop("Name", cfn.String("/late")), cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.String("x")),
	}})
	cloud.FailResource(applytest.ResourceFault{Stack: serviceStack, Resource: "Late", Reason: "not authorized"})
}

// stackStatus is the status of the service's stack.
func stackStatus(cloud *applytest.Cloud) string {
	for _, s := range cloud.Snapshot().Stacks {
		if s.Name == serviceStack {
			return s.Status
		}
	}
	return ""
}

// badSidecar gives the task definition a container that does not stay up.
func badSidecar(cloud *applytest.Cloud, b *bundle.Bundle) {
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	d.ContainerDefinitions = append(d.ContainerDefinitions, taskdef.Container{Name: "sidecar", Image: "public.ecr.aws/x/bad:1"})
	cloud.ScriptTasks(applytest.Tasks{Image: "bad:1", Do: applytest.TaskCrashes, After: time.Second, ExitCode: 7})
}

// An update that fails leaves the number of tasks that ran, and the roll back does not go
// through another one.
func TestRollbackKeepsCount(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(10 * time.Minute)
	least := 5
	a := on(cloud, apply.Options{Events: func(apply.Event) { least = min(least, service(t, cloud).Desired) }})
	reworked(t, b, "Service")
	failsLate(t, cloud, b)
	wantError(t, attempt(t, a, b), "the stack is in UPDATE_ROLLBACK_COMPLETE")
	if got := service(t, cloud).Desired; got != 5 || least != 5 {
		t.Errorf("5 tasks ran, %d run, and %d did meanwhile", got, least)
	}
	if err := attempt(t, a, b); err != nil || service(t, cloud).Desired != 5 {
		t.Errorf("then %d run, error %v", service(t, cloud).Desired, err)
	}
}

// Where the stack cannot note what runs without taking an image back, the number is given
// again.
func TestRollbackToNone(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := ownTask(t, cloud, cfn.Ref("Task"))
	a := on(cloud, apply.Options{Allow: apply.Allow{ImageRollback: true}})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	template(t, b, "service.yml").Resource("Task").Set("Memory", cfn.String("1024"))
	failsLate(t, cloud, b)
	wantError(t, attempt(t, a, b), "the stack is in UPDATE_ROLLBACK_COMPLETE")
	cloud.Advance(10 * time.Minute)
	if got := service(t, cloud); got.Desired != 1 || got.Running != 1 {
		t.Errorf("the service is %+v", got)
	}
}

// A task definition that does not stay up, with a change of the service in the same apply,
// fails by itself: the stack is fine, and what ran runs.
func TestBadRevisionAndService(t *testing.T) {
	for _, breaker := range []bool{true, false} {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		b := minimal(t)
		if !breaker {
			noBreaker(t, b)
		}
		a := on(cloud, apply.Options{})
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		before := images(cloud)
		badSidecar(cloud, b)
		reworked(t, b, "Service")
		begin := cloud.Now()
		wantError(t, attempt(t, a, b), "service DockerCiCdAppCluster/"+serviceName, "exit code 7")
		if took := cloud.Now().Sub(begin); took > 15*time.Minute || stackStatus(cloud) != "UPDATE_COMPLETE" {
			t.Errorf("it took %v, and the stack is in %s", took, stackStatus(cloud))
		}
		if breaker && images(cloud)[serviceName] != before[serviceName] {
			t.Errorf("%v ran, and %v run", before, images(cloud))
		}
	}
}

// Where a service needs the new revision for its change, both go together; a roll back
// then takes what ran.
func TestBadRevisionWithService(t *testing.T) {
	for _, breaker := range []bool{true, false} {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		b := minimal(t)
		if !breaker {
			noBreaker(t, b)
		}
		a := on(cloud, apply.Options{})
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		d, _, _ := bundle.Find[*taskdef.Definition](b)
		good := d.ContainerDefinitions
		badSidecar(cloud, b)
		s := template(t, b, "service.yml").Resource("Service")
		s.Set("PlatformVersion", cfn.String("1.4.0"))
		begin := cloud.Now()
		wantError(t, attempt(t, a, b), "stack "+serviceStack, "exit code 7")
		if took := cloud.Now().Sub(begin); took > 15*time.Minute {
			t.Errorf("with a breaker: %t: it took %v", breaker, took)
		}
		cloud.Advance(4 * time.Hour)
		d.ContainerDefinitions = good
		again := on(cloud, apply.Options{Allow: apply.Allow{ContinueRollback: true}})
		if err := attempt(t, again, b); err != nil {
			t.Errorf("with a breaker: %t: %v", breaker, err)
		}
		if got := service(t, cloud); stackStatus(cloud) != "UPDATE_COMPLETE" || got.Running != 1 {
			t.Errorf("the stack is in %s, the service is %+v", stackStatus(cloud), got)
		}
	}
}

// A revision that was given up, in the file too, does not come back with the next change
// of the service.
func TestRevisionTakenBack(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	good := d.ContainerDefinitions
	badSidecar(cloud, b)
	wantError(t, attempt(t, a, b), "exit code 7")
	cloud.Advance(time.Hour)
	d.ContainerDefinitions = good
	reworked(t, b, "Service")
	plan := planned(t, a, b, map[string]apply.Action{"stack " + serviceStack: apply.Update})
	if text := plan.String(); !strings.Contains(text, "the latest revision, docker-cicd-app-fargate:3, differs from docker-cicd-app-fargate:2") {
		t.Errorf("the plan does not say that a copy is registered:\n%s", text)
	}
	mustApply(t, a, plan)
	planned(t, a, b, map[string]apply.Action{})

	memory(b, "4 GB") // one that works
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	deploys(t, cloud, serviceName, "docker-cicd-app-fargate:2")
	memory(b, "3 GB")
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(200))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// A stack keeps the number that it has noted where nothing of the service changes: the
// service is not touched for it.
func TestCountIsNoReason(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := ownTask(t, cloud, cfn.Ref("Task")) // an update of the service would take the image back
	s := template(t, b, "service.yml")
	s.Add(&cfn.Resource{ID: "Logs", Type: "AWS::Logs::LogGroup", Properties: cfn.Object{cfn.Prop("LogGroupName", cfn.String("/x")), cfn.Prop("RetentionInDays", cfn.Int(7))}})
	a := on(cloud, apply.Options{})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	s.Resource("Logs").Set("RetentionInDays", cfn.Int(14))
	plan := planned(t, a, b, map[string]apply.Action{"stack " + serviceStack: apply.Update})
	if strings.Contains(plan.String(), "AWS::ECS::Service") {
		t.Errorf("the service is touched:\n%s", plan)
	}
	mustApply(t, a, plan)
	if got := service(t, cloud); got.Desired != 1 || images(cloud)[serviceName] != "public.ecr.aws/nginx/nginx:2" {
		t.Errorf("the service is %+v, and runs %s", got, images(cloud)[serviceName])
	}
}

// The limits of the parameter count.
func TestCountHasLimits(t *testing.T) {
	for _, p := range []*cfn.Parameter{
		{Name: "DesiredCount", Type: "Number", Default: cfn.Int(1), MinValue: cfn.Int(1)},
		{Name: "DesiredCount", Type: "Number", Default: cfn.Int(1), AllowedValues: cfn.List{cfn.Int(1), cfn.Int(2)}},
	} {
		cloud := applytest.New(applytest.Options{})
		b := minimal(t)
		template(t, b, "service.yml").Parameters = []*cfn.Parameter{p}
		err := attempt(t, on(cloud, apply.Options{}), b)
		if wantError(t, err, "give its DesiredCount by a parameter"); !errors.Is(err, apply.ErrBlocked) || len(cloud.Snapshot().Stacks) > 0 {
			t.Errorf("there are %v, error %v", cloud.Snapshot().Stacks, err)
		}
	}
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a, b := on(cloud, apply.Options{}), minimal(t)
	s := template(t, b, "service.yml")
	s.Parameters[0].MaxValue = cfn.Int(4)
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	cloud.Scale(cluster, serviceName, 6)
	cloud.Advance(10 * time.Minute)
	reworked(t, b, "Service")
	wantError(t, attempt(t, a, b), "sets 1 task, and 6 run")
	given := on(cloud, apply.Options{Parameters: map[string]map[string]string{serviceStack: {"DesiredCount": "4"}}})
	if err := attempt(t, given, b); err != nil || service(t, cloud).Desired != 4 {
		t.Errorf("%d tasks are to run, error %v", service(t, cloud).Desired, err)
	}
}

// A number whose parameter has another use can be given.
func TestCountHasTwoUses(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a, b := on(cloud, apply.Options{}), minimal(t)
	s := template(t, b, "service.yml")
	s.Outputs = append(s.Outputs, &cfn.Output{Name: "Count", Value: cfn.Ref("DesiredCount")})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	cloud.Scale(cluster, serviceName, 3)
	cloud.Advance(10 * time.Minute)
	reworked(t, b, "Service")
	wantError(t, attempt(t, a, b), "or give the number each time with --parameter docker-cicd-app-service:DesiredCount=N")
	given := on(cloud, apply.Options{Parameters: map[string]map[string]string{serviceStack: {"DesiredCount": "5"}}})
	if err := attempt(t, given, b); err != nil || service(t, cloud).Desired != 5 {
		t.Errorf("%d tasks are to run, error %v", service(t, cloud).Desired, err)
	}
}

// Who has to approve what comes after a delivery finds it running.
func TestRaisedForApproval(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := twoServices(t)
	deployActions(b, func(stage *pipeline.Stage, a *pipeline.Action) {
		i := slices.IndexFunc(stage.Actions, func(x pipeline.Action) bool { return x.Name == "DeployWorker" })
		stage.Actions[i].RunOrder = new(3)
		stage.Actions = append(stage.Actions, pipeline.Action{
			Name: "Approve", ActionTypeID: &pipeline.ActionType{Category: "Approval", Owner: "AWS", Provider: "Manual", Version: "1"}, RunOrder: new(2),
		})
	})
	a := on(cloud, apply.Options{Timeouts: apply.Timeouts{Execution: 20 * time.Minute}})
	wantError(t, attempt(t, a, b), "first delivery "+pipelineName, "taken longer than 20m") // nobody approves
	if got := service(t, cloud); got.Running != 1 || images(cloud)["worker"] == images(cloud)[serviceName] {
		t.Errorf("before the approval the service is %+v, of %v", got, images(cloud))
	}
}

// Of a service that its condition leaves out nothing is said.
func TestLeftOut(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	s := template(t, b, "service.yml")
	one := s.Resource("Service")
	two := &cfn.Resource{ID: "Other", Type: one.Type, Condition: "Two", Properties: append(cfn.Object{}, one.Properties...)}
	two.Set("ServiceName", cfn.String("other"))
	two.Set("DesiredCount", cfn.Int(0))
	s.Add(two)
	s.Parameters = append(s.Parameters, &cfn.Parameter{Name: "Second", Type: "String", Default: cfn.String("no")})
	s.Conditions = cfn.Object{cfn.Prop("Two", cfn.Equals{Left: cfn.Ref("Second"), Right: cfn.String("yes")})}
	a := on(cloud, apply.Options{})
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if text := plan.String(); strings.Contains(text, "the service Other is created") {
		t.Errorf("the plan is about it:\n%s", text)
	}
	mustApply(t, a, plan)
	if got := service(t, cloud); got.Running != 1 {
		t.Errorf("the service is %+v", got)
	}
}

// A service that nobody here gives its tasks is said to have none.
func TestNobodyRaises(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	b := minimal(t)
	b.Artifacts = slices.DeleteFunc(b.Artifacts, func(a bundle.Artifact) bool { return a.Path == "pipeline.json" })
	plan, err := on(cloud, apply.Options{ReadOnly: true}).Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if text := plan.String(); !strings.Contains(text, "the service Service is created without a task, and no pipeline that is applied here delivers it") {
		t.Errorf("the plan does not say so:\n%s", text)
	}
}

// A stack can take a parameter of Systems Manager that another one makes.
func TestParameterOfOtherStack(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	b := minimal(t, "platform.yml")
	b.Artifacts = append([]bundle.Artifact{{Path: "alarm.yml", Stack: "alarm", Model: &cfn.Template{
		Parameters: []*cfn.Parameter{{Name: "Uri", Type: "AWS::SSM::Parameter::Value<String>", Default: cfn.String("/docker-cicd-app/repository-uri")}},
		Resources:  []*cfn.Resource{{ID: "Topic", Type: "AWS::SNS::Topic", Properties: cfn.Object{cfn.Prop("DisplayName", cfn.Ref("Uri"))}}},
	}}}, b.Artifacts...)
	a := on(cloud, apply.Options{})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// A deployment that an interrupted run has begun is awaited by the next one, which tells
// what becomes of it.
func TestDeploymentUnderWay(t *testing.T) {
	for _, stays := range []bool{true, false} {
		cloud, _, b := delivered(t, apply.Options{})
		if memory(b, "4 GB"); !stays {
			cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
		}
		ctx, cancel := context.WithCancel(t.Context())
		first := on(cloud, apply.Options{Events: func(e apply.Event) {
			if d, ok := e.(apply.DeploymentChanged); ok && d.Rollout == "IN_PROGRESS" {
				cancel()
			}
		}})
		plan, err := first.Plan(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Apply(ctx, plan); !errors.Is(err, apply.ErrInterrupted) {
			t.Fatalf("got error %v", err)
		}
		a := on(cloud, apply.Options{})
		plan = planned(t, a, b, map[string]apply.Action{"service DockerCiCdAppCluster/" + serviceName: apply.Await})
		if text := plan.String(); !strings.Contains(text, "its deployment of docker-cicd-app-fargate:3 is in progress") {
			t.Errorf("the plan does not say so:\n%s", text)
		}
		err = a.Apply(t.Context(), plan)
		if !stays {
			wantError(t, err, "service DockerCiCdAppCluster/"+serviceName, "the deployment of docker-cicd-app-fargate:3 has failed")
			continue
		}
		if got := service(t, cloud); err != nil || len(got.Deployments) != 1 {
			t.Errorf("got error %v, and the service is %+v", err, got)
		}
		if now := planned(t, a, b, map[string]apply.Action{}); now.Digest() != plan.Digest() {
			t.Error("a deployment in progress makes another digest")
		}
	}
}

// A roll back that is continued takes what ran, and leaves the number of tasks.
func TestContinuedRollback(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	good := d.ContainerDefinitions
	badSidecar(cloud, b)
	template(t, b, "service.yml").Resource("Service").Set("PlatformVersion", cfn.String("1.4.0"))
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody is there to prepare the first roll back.
	cut := on(cloud, apply.Options{Events: func(e apply.Event) {
		if s, ok := e.(apply.StackEvent); ok && s.Status == "UPDATE_ROLLBACK_IN_PROGRESS" {
			cloud.Fail(applytest.Fault{Operation: "ecs:RegisterTaskDefinition", Kind: applytest.AccessDenied})
		}
	}})
	if err := cut.Apply(t.Context(), plan); err == nil {
		t.Fatal("there is no error")
	}
	cloud.Advance(4 * time.Hour)
	if got := stackStatus(cloud); got != "UPDATE_ROLLBACK_FAILED" {
		t.Fatalf("the stack is in %s", got)
	}
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(10 * time.Minute)
	d.ContainerDefinitions = good
	if err := attempt(t, on(cloud, apply.Options{Allow: apply.Allow{ContinueRollback: true}}), b); err != nil {
		t.Error(err)
	}
	if got := service(t, cloud); got.Running != 5 || stackStatus(cloud) != "UPDATE_COMPLETE" {
		t.Errorf("the stack is in %s, the service is %+v", stackStatus(cloud), got)
	}
}

// The roll back of a renamed family needs no copy of what runs in the old one.
func TestRollbackOfFamily(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	d.Family = "other-family"
	template(t, b, "service.yml").Resource("Service").Set("TaskDefinition", cfn.String("other-family"))
	failsLate(t, cloud, b)
	wantError(t, attempt(t, a, b), "the stack is in UPDATE_ROLLBACK_COMPLETE")
	if got := revisions(cloud)[serviceName]; got != "docker-cicd-app-fargate:2" || len(cloud.Snapshot().Revisions) != 3 {
		t.Errorf("%s runs, of %v", got, cloud.Snapshot().Revisions)
	}
}
