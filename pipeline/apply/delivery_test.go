package apply_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// The source of examples/minimal.
const (
	sourceRepository = "gitlab-mirror-repo"
	sourceBranch     = "master"
	cluster          = "DockerCiCdAppCluster"
	serviceName      = "docker-cicd-app-service"
	pipelineName     = "docker-cicd-pipeline"
)

// on returns an Applier of a cloud.
func on(cloud *applytest.Cloud, opts apply.Options) *apply.Applier {
	opts.Clock = cloud.Clock()
	return apply.New(cloud.Clients(), opts)
}

// delivered returns a cloud in which the minimal delivery stands, with its bundle, and
// an Applier of it.
func delivered(t *testing.T, opts apply.Options) (*applytest.Cloud, *apply.Applier, *bundle.Bundle) {
	t.Helper()
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	a := on(cloud, opts)
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	mustApply(t, a, plan)
	return cloud, a, b
}

// writes returns the writing calls since a number of calls.
func writes(cloud *applytest.Cloud, since int) (ops []string) {
	for _, c := range cloud.Calls()[since:] {
		if c.Write {
			ops = append(ops, c.Operation)
		}
	}
	return ops
}

// service returns the state of the service.
func service(t *testing.T, cloud *applytest.Cloud) applytest.ServiceState {
	t.Helper()
	for _, c := range cloud.Snapshot().Clusters {
		for _, s := range c.Services {
			if s.Name == serviceName {
				return s
			}
		}
	}
	t.Fatal("there is no service")
	return applytest.ServiceState{}
}

// image returns the image of the revision that the service runs.
func image(t *testing.T, cloud *applytest.Cloud) string {
	t.Helper()
	_, number, _ := strings.Cut(service(t, cloud).TaskDefinition, ":")
	for _, r := range cloud.Snapshot().Revisions {
		if number == itoa(r.Revision) {
			return r.Images[0]
		}
	}
	t.Fatalf("there is no revision %s", number)
	return ""
}

func memory(b *bundle.Bundle, size string) {
	task, _, _ := bundle.Find[*taskdef.Definition](b)
	task.Memory = size
}

// everyStep is the first deployment, step by step.
var everyStep = []string{
	"create stack docker-cicd-formation",
	"create stack docker-cicd-app-platform",
	"create task definition docker-cicd-app-fargate",
	"create stack docker-cicd-app-service",
	"create pipeline docker-cicd-pipeline",
	"await first delivery docker-cicd-pipeline",
	"update task count DockerCiCdAppCluster/docker-cicd-app-service",
}

func TestFirstDeployment(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	var rec recorder
	a := on(cloud, apply.Options{Events: rec.record})
	b := minimal(t)
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	// Before anybody has agreed: change sets, and nothing else.
	for _, op := range writes(cloud, 0) {
		if op != "cloudformation:CreateChangeSet" {
			t.Errorf("planning calls %s", op)
		}
	}
	for _, s := range cloud.Snapshot().Stacks {
		if s.Status != "REVIEW_IN_PROGRESS" {
			t.Errorf("planning brings stack %s into %s", s.Name, s.Status)
		}
	}
	rec.reset()
	mustApply(t, a, plan)

	events := rec.reset()
	var steps []string
	for _, e := range events {
		if s, ok := e.(apply.StepStarted); ok {
			steps = append(steps, string(s.Action)+" "+s.Subject.String())
		}
	}
	if diff := cmp.Diff(everyStep, steps); diff != "" {
		t.Errorf("steps: mismatch (-want +got):\n%s", diff)
	}
	checkEvents(t, events, "docker-cicd-formation", map[string]string{"PublicSubnet1": "VPC", "PublicRoute": "InternetGatewayAttachment"})
	var actions []string
	for _, e := range events {
		if s, ok := e.(apply.ActionChanged); ok {
			actions = append(actions, s.Stage+" "+s.Status)
		}
	}
	want := []string{"Source InProgress", "Source Succeeded", "Build InProgress", "Build Succeeded", "Deploy InProgress", "Deploy Succeeded"}
	ended := slices.DeleteFunc(slices.Clone(actions), func(a string) bool { return strings.HasSuffix(a, "InProgress") })
	if diff := cmp.Diff([]string{"Source Succeeded", "Build Succeeded", "Deploy Succeeded"}, ended); diff != "" || !isPart(actions, want) {
		t.Errorf("actions %q: mismatch (-want +got):\n%s", actions, diff)
	}

	s := service(t, cloud)
	if s.Desired != 1 || s.Running != 1 || s.TaskDefinition != "docker-cicd-app-fargate:2" || len(s.Deployments) != 1 {
		t.Errorf("the service is %+v", s)
	}
	if !strings.Contains(image(t, cloud), ":build-1-") {
		t.Errorf("the image is %s", image(t, cloud))
	}
	state := cloud.Snapshot()
	if p := state.Pipelines[0]; p.Version != 1 || len(p.Tags) > 0 || len(p.Executions) != 1 {
		t.Errorf("the pipeline is %+v", p)
	}
	if orphans := state.Orphans(); len(orphans) > 0 {
		t.Errorf("nobody owns %v", orphans)
	}
	for _, s := range state.Stacks {
		if len(s.ChangeSets) > 0 {
			t.Errorf("stack %s still has %v", s.Name, s.ChangeSets)
		}
	}

	// A second time there is nothing to do, and nothing is written.
	calls := len(cloud.Calls())
	plan = planned(t, a, b, map[string]apply.Action{})
	mustApply(t, a, plan)
	if ops := writes(cloud, calls); len(ops) > 0 {
		t.Errorf("the second apply calls %q", ops)
	}
}

// isPart reports whether got has the elements of want in their order and no others; an
// action may end between two looks.
func isPart(got, want []string) bool {
	for _, g := range got {
		i := slices.Index(want, g)
		if i < 0 {
			return false
		}
		want = want[i+1:]
	}
	return true
}

// Without permission to write, nothing is written, and the plan says the same.
func TestReadOnly(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	reader := on(cloud, apply.Options{ReadOnly: true})
	b := minimal(t)
	plan, err := reader.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if ops := writes(cloud, 0); len(ops) > 0 {
		t.Errorf("it calls %q", ops)
	}
	writer := on(cloud, apply.Options{})
	other, err := writer.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(other.String(), plan.String()); diff != "" {
		t.Errorf("mismatch (-by change set +read only):\n%s", diff)
	}
	if err := writer.Discard(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if stacks := cloud.Snapshot().Stacks; len(stacks) > 0 {
		t.Errorf("what is left of a plan: %+v", stacks)
	}
	// It can be applied too: what was only computed is then asked of CloudFormation.
	cloud.Push(sourceRepository, sourceBranch)
	mustApply(t, reader, plan)

	t.Run("update", func(t *testing.T) {
		template(t, b, "network.yml").Resource("SecurityGroup").Set("SecurityGroupIngress[0].CidrIp", cfn.String("10.0.0.0/8"))
		template(t, b, "platform.yml").Resource("Cluster").Set("ClusterName", cfn.String("Other"))
		calls := len(cloud.Calls())
		read, err := reader.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if ops := writes(cloud, calls); len(ops) > 0 {
			t.Errorf("it calls %q", ops)
		}
		asked, err := writer.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range asked.Steps { // only CloudFormation tells them
			for i := range s.Changes {
				s.Changes[i].Physical = ""
			}
		}
		if diff := cmp.Diff(asked.String(), read.String()); diff != "" {
			t.Errorf("mismatch (-by change set +read only):\n%s", diff)
		}
		if err := writer.Discard(t.Context(), asked); err != nil {
			t.Fatal(err)
		}
	})
}

// The source may be pushed while everything waits for it.
func TestSourceLater(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	var rec recorder
	a := on(cloud, apply.Options{Events: func(e apply.Event) {
		rec.record(e)
		if w, ok := e.(apply.Waiting); ok && w.Wait == apply.WaitSource {
			cloud.Push(sourceRepository, sourceBranch)
		}
	}})
	plan, err := a.Plan(t.Context(), minimal(t))
	if err != nil {
		t.Fatal(err)
	}
	mustApply(t, a, plan)
	if s := service(t, cloud); s.Running != 1 {
		t.Errorf("the service is %+v", s)
	}
	waited := slices.ContainsFunc(rec.reset(), func(e apply.Event) bool { _, ok := e.(apply.Waiting); return ok })
	if !waited {
		t.Error("nobody was told to push the source")
	}
}

// Without a source it is given up in the end, and a later run completes what was begun.
func TestNoSource(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	a := on(cloud, apply.Options{Timeouts: apply.Timeouts{Source: 2 * time.Minute}})
	b := minimal(t)
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	err = a.Apply(t.Context(), plan)
	if !errors.Is(err, apply.ErrTimeout) || !strings.Contains(err.Error(), "push the source, and run again") {
		t.Fatalf("the error is %v", err)
	}
	cloud.Push(sourceRepository, sourceBranch)
	plan = planned(t, a, b, map[string]apply.Action{
		"first delivery docker-cicd-pipeline": apply.Await, "task count DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
	})
	mustApply(t, a, plan)
	if s := service(t, cloud); s.Running != 1 {
		t.Errorf("the service is %+v", s)
	}
}

// What the pipeline has deployed since stays, whatever changes around it.
func TestImageIsKept(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(10 * time.Minute)
	second := image(t, cloud)
	if !strings.Contains(second, ":build-2-") {
		t.Fatalf("the image is %s", second)
	}
	planned(t, a, b, map[string]apply.Action{})

	steps := []struct {
		name   string
		change func()
		want   map[string]apply.Action
	}{
		{"the task definition", func() { memory(b, "4 GB") }, map[string]apply.Action{
			"task definition docker-cicd-app-fargate":              apply.Update,
			"service DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
		}},
		{"the service", func() {
			template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
		}, map[string]apply.Action{"stack docker-cicd-app-service": apply.Update}},
		{"both", func() {
			memory(b, "5 GB")
			template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(200))
		}, map[string]apply.Action{
			"stack docker-cicd-app-service": apply.Update, "task definition docker-cicd-app-fargate": apply.Update,
			"service DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
		}},
	}
	for _, step := range steps {
		step.change()
		mustApply(t, a, planned(t, a, b, step.want))
		if got := image(t, cloud); got != second {
			t.Errorf("%s: the image is %s, want %s", step.name, got, second)
		}
		if s := service(t, cloud); s.Running != 1 || len(s.Deployments) != 1 {
			t.Errorf("%s: the service is %+v", step.name, s)
		}
		planned(t, a, b, map[string]apply.Action{})
	}
	// The pipeline goes on from what was changed.
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(10 * time.Minute)
	if got := image(t, cloud); !strings.Contains(got, ":build-3-") {
		t.Errorf("the image is %s", got)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// An image that arrives between plan and apply is kept too, and is no reason to plan
// again.
func TestImageArrivesMeanwhile(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	memory(b, "4 GB")
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(10 * time.Minute)
	mustApply(t, a, plan)
	if got := image(t, cloud); !strings.Contains(got, ":build-2-") {
		t.Errorf("the image is %s", got)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// An image that arrives while a revision waits to be deployed is not lost either: another
// revision takes it along.
func TestImageArrivesLate(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	memory(b, "4 GB")
	a := on(cloud, apply.Options{Events: func(e apply.Event) {
		if s, ok := e.(apply.StepEnded); ok && s.Subject.Kind == apply.TaskSubject {
			cloud.Push(sourceRepository, sourceBranch)
			cloud.Advance(10 * time.Minute)
		}
	}})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if got := image(t, cloud); !strings.Contains(got, ":build-2-") {
		t.Errorf("the image is %s", got)
	}
	planned(t, a, b, map[string]apply.Action{})
}

// How many tasks run is nobody's business but that of whoever has scaled.
func TestCountIsKept(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(5 * time.Minute)
	calls := len(cloud.Calls())
	planned(t, a, b, map[string]apply.Action{})
	if ops := writes(cloud, calls); len(ops) > 0 {
		t.Errorf("planning calls %q", ops)
	}
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	plan := planned(t, a, b, map[string]apply.Action{"stack docker-cicd-app-service": apply.Update})
	cloud.Scale(cluster, serviceName, 3) // after the plan was made
	cloud.Advance(5 * time.Minute)
	mustApply(t, a, plan)
	if s := service(t, cloud); s.Desired != 3 || s.Running != 3 {
		t.Errorf("the service is %+v", s)
	}
	// None is a number too.
	cloud.Scale(cluster, serviceName, 0)
	cloud.Advance(5 * time.Minute)
	planned(t, a, b, map[string]apply.Action{})
	memory(b, "4 GB")
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	mustApply(t, a, plan)
	if s := service(t, cloud); s.Desired != 0 {
		t.Errorf("the service is %+v", s)
	}
}

// A rolesRecorder keeps the roles that CloudFormation is given.
type rolesRecorder struct {
	apply.CloudFormation
	roles []string
}

func (r *rolesRecorder) CreateChangeSet(ctx context.Context, in *cloudformation.CreateChangeSetInput, opts ...func(*cloudformation.Options)) (*cloudformation.CreateChangeSetOutput, error) {
	r.roles = append(r.roles, aws.ToString(in.RoleARN))
	return r.CloudFormation.CreateChangeSet(ctx, in, opts...)
}

func (r *rolesRecorder) DeleteStack(ctx context.Context, in *cloudformation.DeleteStackInput, opts ...func(*cloudformation.Options)) (*cloudformation.DeleteStackOutput, error) {
	r.roles = append(r.roles, aws.ToString(in.RoleARN))
	return r.CloudFormation.DeleteStack(ctx, in, opts...)
}

// CloudFormation works with the role that it is given, or with the one that it has.
func TestStackRole(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/stacks"
	for _, given := range []string{"", role} {
		cloud := applytest.New(applytest.Options{})
		clients := cloud.Clients()
		rec := &rolesRecorder{CloudFormation: clients.CloudFormation}
		clients.CloudFormation = rec
		a := apply.New(clients, apply.Options{Clock: cloud.Clock(), StackRole: given})
		b := minimal(t, "network.yml")
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		d, err := a.PlanDestroy(t.Context(), b)
		if err == nil {
			err = a.Destroy(t.Context(), d)
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{given, given}, rec.roles); diff != "" {
			t.Errorf("%q: mismatch (-want +got):\n%s", given, diff)
		}
	}
}

// A plan says the same for the same state, and other things for another.
func TestPlanIsDeterministic(t *testing.T) {
	var texts, digests []string
	for range 2 {
		cloud, a, b := delivered(t, apply.Options{})
		_ = cloud
		memory(b, "4 GB")
		template(t, b, "platform.yml").Resource("Repository").Set("ImageTagMutability", cfn.String("MUTABLE"))
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := plan.JSON()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, plan.String()+string(data))
		digests = append(digests, plan.Digest())
		memory(b, "5 GB")
		other, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if other.Digest() == plan.Digest() {
			t.Error("two plans that do different things have one digest")
		}
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Errorf("mismatch (-first +second):\n%s", diff)
	}
	if digests[0] != digests[1] {
		t.Errorf("the digests are %v", digests)
	}
}
