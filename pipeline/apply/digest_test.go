package apply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Whatever would be done otherwise has another digest, also what a plan does not show.
func TestDigestTellsApart(t *testing.T) {
	nothing := func(*testing.T, *bundle.Bundle) {}
	tests := []struct {
		name   string
		change func(*testing.T, *bundle.Bundle)
		opts   apply.Options
	}{
		{name: "plain", change: nothing},
		{name: "a policy", change: func(t *testing.T, b *bundle.Bundle) {
			template(t, b, "platform.yml").Resource("BuildRole").Set("ManagedPolicyArns", cfn.Strings("arn:aws:iam::aws:policy/AdministratorAccess"))
		}},
		{name: "a long value", change: func(t *testing.T, b *bundle.Bundle) {
			template(t, b, "platform.yml").Resource("Repository").Set("RepositoryPolicyText", cfn.String(strings.Repeat("x", 300)+"a"))
		}},
		{name: "another long value", change: func(t *testing.T, b *bundle.Bundle) {
			template(t, b, "platform.yml").Resource("Repository").Set("RepositoryPolicyText", cfn.String(strings.Repeat("x", 300)+"b"))
		}},
		{name: "memory", change: func(_ *testing.T, b *bundle.Bundle) { memory(b, "4 GB") }},
		{name: "a variable", change: func(t *testing.T, b *bundle.Bundle) { variable(b, "one") }},
		{name: "another value of it", change: func(t *testing.T, b *bundle.Bundle) { variable(b, "two") }},
		{name: "the pipeline", change: func(t *testing.T, b *bundle.Bundle) { setDeployTimeout(t, b, "3") }},
		{name: "tags", change: nothing, opts: apply.Options{Tags: map[string]string{"a": "1"}}},
		{name: "other tags", change: nothing, opts: apply.Options{Tags: map[string]string{"a": "2"}}},
		{name: "a role", change: nothing, opts: apply.Options{StackRole: "arn:aws:iam::123456789012:role/x"}},
		{name: "a count", change: nothing, opts: apply.Options{DesiredCount: 3}},
	}
	for _, stage := range []string{"first", "change"} {
		seen := make(map[string]string)
		for _, tt := range tests {
			var cloud *applytest.Cloud
			b := minimal(t)
			if stage == "first" {
				cloud = applytest.New(applytest.Options{})
			} else if cloud, _, b = delivered(t, apply.Options{}); tt.opts.StackRole != "" || tt.opts.DesiredCount > 0 {
				continue // of no effect by themselves
			}
			tt.change(t, b)
			a := on(cloud, tt.opts)
			digest := planDigest(t, a, b)
			if again := planDigest(t, a, b); again != digest || len(digest) != 32 {
				t.Errorf("%s, %s: the digest is %s, and again %s", stage, tt.name, digest, again)
			}
			if other, ok := seen[digest]; ok {
				t.Errorf("%s: %s and %s have the digest %s", stage, tt.name, other, digest)
			}
			seen[digest] = tt.name
		}
	}
}

func variable(b *bundle.Bundle, value string) {
	task, _, _ := bundle.Find[*taskdef.Definition](b)
	task.ContainerDefinitions[0].Environment = []taskdef.KeyValue{{Name: "MODE", Value: &value}}
}

func planDigest(t *testing.T, a *apply.Applier, b *bundle.Bundle) string {
	t.Helper()
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Discard(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	return plan.Digest()
}

// What goes on by itself between a plan and its repetition has no part in the digest: how
// many tasks run, and that the pipeline has delivered.
func TestDigestOfWhatGoesOn(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	memory(b, "4 GB")
	template(t, b, "service.yml").Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	want := planDigest(t, a, b)
	cloud.Scale(cluster, serviceName, 4)
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(20 * time.Minute)
	if got := planDigest(t, a, b); got != want {
		t.Errorf("the digest was %s and is %s", want, got)
	}
	if strings.Contains(image(t, cloud), ":build-1-") {
		t.Error("the pipeline has not delivered")
	}
}
