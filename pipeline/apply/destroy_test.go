package apply_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// everythingGoes allows Destroy to delete data.
var everythingGoes = apply.Options{Allow: apply.Allow{EmptyBuckets: true, DeleteImages: true}}

func TestDestroy(t *testing.T) {
	cloud, a, b := delivered(t, everythingGoes)
	calls := len(cloud.Calls())
	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if ops := writes(cloud, calls); len(ops) > 0 {
		t.Errorf("listing calls %q", ops)
	}
	var steps []string
	for _, s := range d.Steps {
		steps = append(steps, string(s.Action)+" "+s.Subject.String())
	}
	want := []string{
		"delete pipeline docker-cicd-pipeline", "delete stack docker-cicd-app-service", "delete task definition docker-cicd-app-fargate",
		"delete stack docker-cicd-app-platform", "delete stack docker-cicd-formation",
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if err := a.Destroy(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	left := cloud.Snapshot()
	for i := range left.Revisions {
		if left.Revisions[i].Status == "ACTIVE" {
			t.Errorf("revision %d is still active", left.Revisions[i].Revision)
		}
	}
	left.Revisions = nil
	if diff := diffStates(&applytest.State{}, emptied(left)); diff != "" {
		t.Errorf("something is left (-nothing +left):\n%s", diff)
	}
	// A second time there is nothing to delete.
	calls = len(cloud.Calls())
	if d, err = a.PlanDestroy(t.Context(), b); err != nil || d.HasChanges() {
		t.Fatalf("%v\n%s", err, d)
	}
	if err := a.Destroy(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if ops := writes(cloud, calls); len(ops) > 0 {
		t.Errorf("the second time it calls %q", ops)
	}
}

// emptied makes nil of what is empty.
func emptied(s *applytest.State) *applytest.State {
	out := &applytest.State{}
	if len(s.Stacks)+len(s.Exports)+len(s.Clusters)+len(s.Pipelines)+len(s.Roles)+len(s.Repositories)+len(s.Buckets)+len(s.LogGroups)+len(s.Parameters)+len(s.Things) > 0 {
		out = s
	}
	return out
}

// What holds data goes only when that was said, and then nothing else goes either.
func TestDestroyBlocked(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	cloud.Protect(networkStack, true)
	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	before := cloud.Normalized()
	err = a.Destroy(t.Context(), d)
	if !errors.Is(err, apply.ErrBlocked) {
		t.Errorf("the error is %v", err)
	}
	wantError(t, err, "gitlab-pipeline-repo", "holds 1 image", "--delete-images", "versions of objects", "--empty-bucket",
		"termination protection is on", "--stack-name "+networkStack)
	if diff := diffStates(before, cloud.Normalized()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
}

// A network on which others stand stays.
func TestDestroySharedNetwork(t *testing.T) {
	cloud, a, b := delivered(t, everythingGoes)
	other := minimal(t, "network.yml")
	other.Artifacts[0].Stack = "other"
	n := template(t, other, "network.yml")
	n.Resources = []*cfn.Resource{{ID: "Note", Type: "AWS::SSM::Parameter", Properties: cfn.Object{
		cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.ImportValue{Name: cfn.String(networkStack + "-VpcId")}),
	}}}
	n.Outputs = nil
	if err := attempt(t, a, other); err != nil {
		t.Fatal(err)
	}
	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(d.Left, func(s string) bool {
		return strings.Contains(s, "stack "+networkStack) && strings.Contains(s, "(other)")
	}) {
		t.Errorf("what stays is %q", d.Left)
	}
	if err := a.Destroy(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range cloud.Snapshot().Stacks {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{networkStack, "other"}, names); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// What a template keeps is said to stay.
func TestDestroyRetained(t *testing.T) {
	cloud, a, b := delivered(t, everythingGoes)
	template(t, b, "platform.yml").Resource("Repository").DeletionPolicy = cfn.String("Retain")
	template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE")) // takes the policy along
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.String(), "Repository (AWS::ECR::Repository) gitlab-pipeline-repo: its template says so (DeletionPolicy)") {
		t.Errorf("the list does not say that the repository stays:\n%s", d)
	}
	if err := a.Destroy(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if r := cloud.Snapshot().Repositories; len(r) != 1 || len(r[0].Images) != 1 {
		t.Errorf("the repositories are %+v", r)
	}
}

// A deletion that fails names its cause, and the next one goes on.
func TestDestroyFails(t *testing.T) {
	cloud, a, b := delivered(t, everythingGoes)
	cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "Cluster", On: applytest.OnDelete, Reason: "The Cluster cannot be deleted while Services are active."})
	destroy := func() error {
		d, err := a.PlanDestroy(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		return a.Destroy(t.Context(), d)
	}
	wantError(t, destroy(), "stack "+platformStack, "Cluster (AWS::ECS::Cluster)", "DELETE_FAILED", "Services are active")
	if err := destroy(); err != nil {
		t.Fatal(err)
	}
	if s := cloud.Snapshot().Stacks; len(s) > 0 {
		t.Errorf("the stacks are %+v", s)
	}
}

// stackWith makes a stack of one parameter, whose value is imported, and an export.
func stackWith(t *testing.T, a *apply.Applier, name, imports string) {
	t.Helper()
	b := minimal(t, "network.yml")
	b.Artifacts[0].Stack = name
	n := template(t, b, "network.yml")
	n.Resources = []*cfn.Resource{{ID: "Note", Type: "AWS::SSM::Parameter", Properties: cfn.Object{
		cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.ImportValue{Name: cfn.String(imports)}),
	}}}
	n.Outputs = nil
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
}

// What a stack stands on that stays, stays too, and so does what delivers to it.
func TestDestroyStays(t *testing.T) {
	t.Run("a chain", func(t *testing.T) {
		cloud, a, b := delivered(t, everythingGoes)
		p := template(t, b, "platform.yml")
		p.Outputs = append(p.Outputs, &cfn.Output{Name: "Cl", Value: cfn.Ref("Cluster"), Export: cfn.String("the-cluster")})
		p.Add(&cfn.Resource{ID: "Note", Type: "AWS::SSM::Parameter", Properties: cfn.Object{
			cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.ImportValue{Name: cfn.String(networkStack + "-VpcId")}),
		}})
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		stackWith(t, a, "other", "the-cluster")
		if err := destroy(t.Context(), a, b); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range cloud.Snapshot().Stacks {
			names = append(names, s.Name)
		}
		if diff := cmp.Diff([]string{platformStack, networkStack, "other"}, names); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
		if r := cloud.Snapshot().Repositories; len(r) != 1 || len(r[0].Images) != 1 {
			t.Errorf("the repositories are %+v", r)
		}
	})
	t.Run("a service", func(t *testing.T) {
		cloud, a, b := delivered(t, everythingGoes)
		s := template(t, b, "service.yml")
		s.Outputs = append(s.Outputs, &cfn.Output{Name: "Name", Value: cfn.Att("Service", "Name"), Export: cfn.String("the-service")})
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		stackWith(t, a, "other", "the-service")
		before := cloud.Normalized()
		d, err := a.PlanDestroy(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if d.HasChanges() || len(d.Left) < 5 {
			t.Errorf("something would be deleted:\n%s", d)
		}
		if err := a.Destroy(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if diff := diffStates(before, cloud.Normalized()); diff != "" {
			t.Errorf("something has changed (-before +after):\n%s", diff)
		}
	})
}

// What has come since the list was made goes too, when all may go.
func TestDestroyWhatHasCome(t *testing.T) {
	cloud, a, b := delivered(t, everythingGoes)
	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(30 * time.Minute)
	if n := len(cloud.Snapshot().Repositories[0].Images); n != 2 {
		t.Fatalf("there are %d images", n)
	}
	if err := a.Destroy(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if s := cloud.Snapshot().Stacks; len(s) > 0 {
		t.Errorf("the stacks are %+v", s)
	}
}
