package apply_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// revisions are the revisions that services run, by their names.
func revisions(cloud *applytest.Cloud) map[string]string {
	found := make(map[string]string)
	for _, c := range cloud.Snapshot().Clusters {
		for _, s := range c.Services {
			found[s.Name] = s.TaskDefinition
		}
	}
	return found
}

// images are the images that services run, by their names.
func images(cloud *applytest.Cloud) map[string]string {
	found := make(map[string]string)
	for name, revision := range revisions(cloud) {
		for _, r := range cloud.Snapshot().Revisions {
			if revision == r.Family+":"+itoa(r.Revision) {
				found[name] = r.Images[0]
			}
		}
	}
	return found
}

// deployActions are the actions of a bundle's pipeline that deploy to ECS.
func deployActions(b *bundle.Bundle, change func(stage *pipeline.Stage, a *pipeline.Action)) {
	d, _, _ := bundle.Find[*pipeline.Definition](b)
	for i := range d.Stages {
		for j := range d.Stages[i].Actions {
			if a := &d.Stages[i].Actions[j]; a.ActionTypeID.Provider == "ECS" {
				change(&d.Stages[i], a)
				return
			}
		}
	}
}

// twoServices is the minimal bundle with a second service of the same family, to which the
// pipeline deploys after the first.
func twoServices(t *testing.T) *bundle.Bundle {
	t.Helper()
	b := minimal(t)
	s := template(t, b, "service.yml")
	one := s.Resource("Service")
	two := &cfn.Resource{ID: "Worker", Type: one.Type, Properties: append(cfn.Object{}, one.Properties...)}
	two.Set("ServiceName", cfn.String("worker"))
	two.Set("DesiredCount", cfn.Ref("WorkerCount"))
	s.Parameters = append(s.Parameters, &cfn.Parameter{Name: "WorkerCount", Type: "Number", Default: cfn.Int(0)})
	s.Add(two)
	deployActions(b, func(stage *pipeline.Stage, a *pipeline.Action) {
		worker := *a
		worker.Name, worker.RunOrder = "DeployWorker", new(2)
		worker.Configuration = maps.Clone(a.Configuration)
		worker.Configuration["ServiceName"] = "worker"
		stage.Actions = append(stage.Actions, worker)
	})
	return b
}

// deploys lets a service run a revision of the task definition, as somebody would by hand.
func deploys(t *testing.T, cloud *applytest.Cloud, service, revision string) {
	t.Helper()
	if _, err := cloud.Clients().ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String(cluster), Service: &service, TaskDefinition: &revision,
	}); err != nil {
		t.Fatal(err)
	}
	cloud.Advance(10 * time.Minute)
}

// Services that share a family are completed by one run, keep their own images, and are
// then left alone.
func TestTwoServices(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a, b := on(cloud, apply.Options{}), twoServices(t)
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	planned(t, a, b, map[string]apply.Action{})
	got := images(cloud)
	if got[serviceName] != got["worker"] || !strings.Contains(got["worker"], ":build-1-") {
		t.Errorf("the services run %q", got)
	}

	// One of them was rolled back by hand: that is not undone, not even by a change.
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(20 * time.Minute)
	old := map[string]string{serviceName: images(cloud)[serviceName]}
	deploys(t, cloud, "worker", "docker-cicd-app-fargate:3")
	old["worker"] = images(cloud)["worker"]
	if old["worker"] == old[serviceName] {
		t.Fatalf("both services run %s", old["worker"])
	}
	planned(t, a, b, map[string]apply.Action{})
	memory(b, "4 GB")
	s := template(t, b, "service.yml")
	s.Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	// CloudFormation could only give both the same image.
	s.Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(160))
	s.Resource("Worker").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	wantError(t, attempt(t, a, b), "an update of both Service and Worker gives both the latest revision", "change one at a time")
	s.Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if now := images(cloud); !maps.Equal(now, old) {
		t.Errorf("the services ran %q and run %q", old, now)
	}
	planned(t, a, b, map[string]apply.Action{})
	for name, revision := range revisions(cloud) {
		out, err := cloud.Clients().ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &revision})
		if err != nil || aws.ToString(out.TaskDefinition.Memory) != "4096" {
			t.Errorf("%s runs %s with %s MiB, error %v", name, revision, aws.ToString(out.TaskDefinition.Memory), err)
		}
	}
}

// CloudFormation takes the latest revision of a family. Where that was rolled back, a copy
// of what runs is made the latest.
func TestLatestIsBad(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskUnhealthy, Times: 20})
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(time.Hour)
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
	want := image(t, cloud)
	if s := service(t, cloud); !strings.HasSuffix(s.TaskDefinition, ":2") {
		t.Fatalf("it was not rolled back: the service runs %s", s.TaskDefinition)
	}
	planned(t, a, b, map[string]apply.Action{})
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	plan := planned(t, a, b, map[string]apply.Action{"stack " + serviceStack: apply.Update})
	if text := plan.String(); !strings.Contains(text, "a copy of what runs is registered first") {
		t.Errorf("the plan does not say what it does:\n%s", text)
	}
	mustApply(t, a, plan)
	if got := image(t, cloud); got != want {
		t.Errorf("the service runs %s, want %s", got, want)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// A template that names a revision takes the image of that again.
func TestPinnedRevision(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	s := template(t, b, "service.yml").Resource("Service")
	s.Set("TaskDefinition", cfn.String("docker-cicd-app-fargate:1"))
	calls := len(cloud.Calls())
	err := attempt(t, a, b)
	wantError(t, err, "stack "+serviceStack, "the template takes docker-cicd-app-fargate:1, and docker-cicd-app-fargate:2 runs", "--allow-image-rollback")
	if !errors.Is(err, apply.ErrNotAllowed) {
		t.Errorf("the error is %v", err)
	}
	for _, op := range writes(cloud, calls) {
		if op != "cloudformation:CreateChangeSet" && op != "cloudformation:DeleteChangeSet" {
			t.Errorf("it calls %s", op)
		}
	}
	s.Set("TaskDefinition", cfn.String("docker-cicd-app-fargate:2"))
	if err := attempt(t, a, b); err != nil { // what runs may be named
		t.Error(err)
	}
}

// The names of a service are known from its template in whatever form, or by its stack.
func TestServiceNames(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, b *bundle.Bundle)
	}{
		{"a name with the stack's", func(t *testing.T, b *bundle.Bundle) {
			template(t, b, "service.yml").Resource("Service").Set("ServiceName", cfn.Sub("${AWS::StackName}-web"))
			deployActions(b, func(_ *pipeline.Stage, a *pipeline.Action) { a.Configuration["ServiceName"] = serviceStack + "-web" })
		}},
		{"a parameter", func(t *testing.T, b *bundle.Bundle) {
			s := template(t, b, "service.yml")
			s.Parameters = append(s.Parameters, &cfn.Parameter{Name: "ClusterName", Type: "String", Default: cfn.String(cluster)})
			s.Resource("Service").Set("Cluster", cfn.Ref("ClusterName"))
		}},
		{"an export", func(t *testing.T, b *bundle.Bundle) {
			p := template(t, b, "platform.yml")
			p.Outputs = append(p.Outputs, &cfn.Output{Name: "ClusterName", Value: cfn.Ref("Cluster"), Export: cfn.String("the-cluster")})
			template(t, b, "service.yml").Resource("Service").Set("Cluster", cfn.ImportValue{Name: cfn.String("the-cluster")})
		}},
		{"a cluster of the same stack", func(t *testing.T, b *bundle.Bundle) {
			s, p := template(t, b, "service.yml"), template(t, b, "platform.yml")
			s.Resources = append([]*cfn.Resource{p.Resource("Cluster")}, s.Resources...)
			for i, r := range p.Resources {
				if r.ID == "Cluster" {
					p.Resources = append(p.Resources[:i:i], p.Resources[i+1:]...)
					break
				}
			}
			s.Resource("Service").Set("Cluster", cfn.Ref("Cluster"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := applytest.New(applytest.Options{})
			cloud.Push(sourceRepository, sourceBranch)
			a, b := on(cloud, apply.Options{}), minimal(t)
			tt.change(t, b)
			if err := attempt(t, a, b); err != nil {
				t.Fatal(err)
			}
			planned(t, a, b, map[string]apply.Action{})
			for name, image := range images(cloud) {
				if !strings.Contains(image, ":build-1-") {
					t.Errorf("%s runs %s", name, image)
				}
			}
			for _, c := range cloud.Calls() {
				if c.Operation == "ecs:DescribeServices" && (c.Resource == "" || strings.ContainsAny(c.Resource, "{}$")) {
					t.Errorf("the service %q is described", c.Resource)
				}
			}
		})
	}
}

// A number of tasks in the template, as such or where it says more, would undo a scaling.
func TestCountOfTemplate(t *testing.T) {
	fixed := func(t *testing.T, b *bundle.Bundle) {
		s := template(t, b, "service.yml")
		s.Resource("Service").Set("DesiredCount", cfn.Int(2))
		s.Parameters = nil
	}
	// A first run could only fail.
	for _, change := range []func(*testing.T, *bundle.Bundle){fixed, func(t *testing.T, b *bundle.Bundle) {
		fixed(t, b)
		template(t, b, "service.yml").Resource("Service").Set("DesiredCount", nil)
	}} {
		cloud := applytest.New(applytest.Options{})
		b := minimal(t)
		change(t, b)
		err := attempt(t, on(cloud, apply.Options{}), b)
		wantError(t, err, "stack "+serviceStack, "there is no image before the pipeline has delivered one", "give its DesiredCount by a parameter")
		if !errors.Is(err, apply.ErrBlocked) || len(cloud.Snapshot().Stacks) > 0 {
			t.Errorf("there are %v, and the error is %v", cloud.Snapshot().Stacks, err)
		}
	}

	// An image that stands before the first delivery can run.
	public := applytest.New(applytest.Options{})
	public.Push(sourceRepository, sourceBranch)
	one := minimal(t)
	d, _, _ := bundle.Find[*taskdef.Definition](one)
	d.ContainerDefinitions[0].Image = "public.ecr.aws/nginx/nginx:1"
	public.ScriptBuilds(applytest.Build{Containers: map[string]string{d.ContainerDefinitions[0].Name: "public.ecr.aws/nginx/nginx:2"}})
	fixed(t, one)
	if err := attempt(t, on(public, apply.Options{}), one); err != nil {
		t.Fatal(err)
	}
	if s := service(t, public); s.Running != 2 || image(t, public) != "public.ecr.aws/nginx/nginx:2" {
		t.Errorf("the service is %+v, and runs %s", s, image(t, public))
	}

	// Where the pipeline has delivered before, there is an image.
	cloud, a, b := delivered(t, apply.Options{})
	if _, err := cloud.Clients().CloudFormation.DeleteStack(t.Context(), deleteOf(serviceStack)); err != nil {
		t.Fatal(err)
	}
	cloud.Advance(time.Hour)
	fixed(t, b)
	mustApply(t, a, planned(t, a, b, map[string]apply.Action{"stack " + serviceStack: apply.Create}))
	if s := service(t, cloud); s.Running != 2 || !strings.Contains(image(t, cloud), ":build-1-") {
		t.Errorf("the service is %+v, and runs %s", s, image(t, cloud))
	}

	// Scaled since: an update of anything else does not undo it.
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(10 * time.Minute)
	planned(t, a, b, map[string]apply.Action{})
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	err := attempt(t, a, b)
	wantError(t, err, "sets 2 tasks, and 5 run")
	if s := service(t, cloud); !errors.Is(err, apply.ErrBlocked) || s.Desired != 5 {
		t.Errorf("%d tasks run, and the error is %v", s.Desired, err)
	}
}

// A service that has no name of its own does not keep another one from a new name.
func TestRenameBesideUnnamed(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	s := template(t, b, "service.yml")
	one := s.Resource("Service")
	two := &cfn.Resource{ID: "Side", Type: one.Type, Properties: append(cfn.Object{}, one.Properties...)}
	two.Set("ServiceName", nil)
	two.Set("DesiredCount", cfn.Int(0))
	s.Add(two)
	a := on(cloud, apply.Options{})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	one.Set("ServiceName", cfn.String("renamed"))
	deployActions(b, func(_ *pipeline.Stage, a *pipeline.Action) { a.Configuration["ServiceName"] = "renamed" })
	memory(b, "4 GB")
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// A number that the caller gives is set.
func TestCountIsGiven(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(10 * time.Minute)
	a := on(cloud, apply.Options{Parameters: map[string]map[string]string{serviceStack: {"DesiredCount": "2"}}})
	mustApply(t, a, planned(t, a, b, map[string]apply.Action{"stack " + serviceStack: apply.Update}))
	if s := service(t, cloud); s.Desired != 2 {
		t.Errorf("%d tasks are to run, want 2", s.Desired)
	}
	plan, err := on(cloud, apply.Options{DesiredCount: 3}).Plan(t.Context(), b)
	if err != nil || plan.HasChanges() || !strings.Contains(plan.String(), "runs 2 tasks, which is kept: --count is for its first delivery") {
		t.Errorf("error %v, plan:\n%s", err, plan)
	}
}

// staleECS shows a service once more as it was before it was updated.
type staleECS struct {
	apply.ECS
	last  *ecs.DescribeServicesOutput
	stale int
}

func (s *staleECS) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput, opts ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	if s.stale > 0 {
		s.stale--
		return s.last, nil
	}
	out, err := s.ECS.DescribeServices(ctx, in, opts...)
	s.last = out
	return out, err
}

func (s *staleECS) UpdateService(ctx context.Context, in *ecs.UpdateServiceInput, opts ...func(*ecs.Options)) (*ecs.UpdateServiceOutput, error) {
	s.stale = 2
	return s.ECS.UpdateService(ctx, in, opts...)
}

// A read right after a write may show what was before it.
func TestStaleReads(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	clients := cloud.Clients()
	clients.ECS = &staleECS{ECS: clients.ECS}
	a := apply.New(clients, apply.Options{Clock: cloud.Clock()})
	memory(b, "4 GB")
	if err := attempt(t, a, b); err != nil {
		t.Errorf("a deployment: %v", err)
	}

	// Without a parameter, a service is scaled by itself: none of none is not all of it.
	cloud = applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	clients = cloud.Clients()
	clients.ECS = &staleECS{ECS: clients.ECS}
	b = minimal(t)
	s := template(t, b, "service.yml")
	s.Resource("Service").Set("DesiredCount", cfn.Int(0))
	s.Parameters = nil
	if err := attempt(t, apply.New(clients, apply.Options{Clock: cloud.Clock()}), b); err != nil {
		t.Fatal(err)
	}
	if s := service(t, cloud); s.Running != 1 {
		t.Errorf("it ends before the service runs: %+v", s)
	}
}

func noBreaker(t *testing.T, b *bundle.Bundle) {
	t.Helper()
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.DeploymentCircuitBreaker", nil)
}

// A deployment that gets nowhere is not waited for when what comes may mend it.
func TestMendBrokenDeployment(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	noBreaker(t, b)
	var rec recorder
	a := on(cloud, apply.Options{Events: rec.record})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, ExitCode: 3, Times: 1000})
	memory(b, "4 GB")
	wantError(t, attempt(t, a, b), "3 tasks of docker-cicd-app-fargate:3 have stopped by themselves", "exit code 3")
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
	memory(b, "5 GB")
	begin := cloud.Now()
	rec.reset()
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if took := cloud.Now().Sub(begin); took > 10*time.Minute {
		t.Errorf("it took %s", took)
	}
	for _, e := range rec.reset() {
		if w, ok := e.(apply.Waiting); ok {
			t.Errorf("it waits: %s", w)
		}
	}
}

// That tasks of the old revision crash is no reason to give up the one that mends it.
func TestOldRevisionCrashes(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	noBreaker(t, b)
	a := on(cloud, apply.Options{})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	for offset := time.Duration(0); offset < 2*time.Minute; offset += 10 * time.Second {
		cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, After: 20 * time.Minute, Times: 3})
		cloud.Scale(cluster, serviceName, 0)
		cloud.Advance(5 * time.Minute)
		cloud.Scale(cluster, serviceName, 3)
		cloud.Advance(18*time.Minute + offset)
		cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
		memory(b, itoa(4+int(offset/(10*time.Second))%2)+" GB")
		if err := attempt(t, a, b); err != nil {
			t.Errorf("%s before the tasks crash: %v", 2*time.Minute-offset, err)
		}
	}
}

// Whoever changes the pipeline while the stacks are worked on is not overruled.
func TestPipelineRace(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
	setDeployTimeout(t, b, "20")
	clients := cloud.Clients()
	get := func() *codepipeline.GetPipelineOutput {
		out, err := clients.CodePipeline.GetPipeline(t.Context(), &codepipeline.GetPipelineInput{Name: aws.String(pipelineName)})
		if err != nil {
			t.Error(err)
		}
		return out
	}
	a := on(cloud, apply.Options{Events: func(e apply.Event) {
		if s, ok := e.(apply.StepEnded); ok && s.Subject.Kind == apply.StackSubject {
			d := get().Pipeline
			d.Stages[2].Name = aws.String("Ship")
			if _, err := clients.CodePipeline.UpdatePipeline(t.Context(), &codepipeline.UpdatePipelineInput{Pipeline: d}); err != nil {
				t.Error(err)
			}
		}
	}})
	err := attempt(t, a, b)
	wantError(t, err, "pipeline "+pipelineName, "the pipeline had version 1 and has version 2")
	if d := get().Pipeline; !errors.Is(err, apply.ErrStale) || aws.ToString(d.Stages[2].Name) != "Ship" {
		t.Errorf("the stage is %s, and the error %v", aws.ToString(d.Stages[2].Name), err)
	}
}

func deleteOf(stack string) *cloudformation.DeleteStackInput {
	return &cloudformation.DeleteStackInput{StackName: &stack}
}
