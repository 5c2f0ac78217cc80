package apply_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// sdk returns the SDK's own clients for an emulator.
func sdk(url string, client aws.HTTPClient) apply.Clients {
	cfg := aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(url), RetryMaxAttempts: 1, HTTPClient: client,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}
	return apply.Clients{
		Region: cfg.Region, STS: sts.NewFromConfig(cfg), CloudFormation: cloudformation.NewFromConfig(cfg), ECS: ecs.NewFromConfig(cfg),
		CodePipeline: codepipeline.NewFromConfig(cfg), CodeBuild: codebuild.NewFromConfig(cfg), Logs: cloudwatchlogs.NewFromConfig(cfg),
		ECR: ecr.NewFromConfig(cfg), S3: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
	}
}

// minimal returns the bundle of examples/minimal, or those of its files that are named.
func minimal(t testing.TB, files ...string) *bundle.Bundle {
	t.Helper()
	b, err := bundle.Load(os.DirFS("../../examples/minimal"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) > 0 {
		b.Artifacts = slices.DeleteFunc(b.Artifacts, func(a bundle.Artifact) bool { return !slices.Contains(files, a.Path) })
	}
	return b
}

// template returns the template of a file of a bundle, to be changed.
func template(t testing.TB, b *bundle.Bundle, file string) *cfn.Template {
	t.Helper()
	for _, a := range b.Artifacts {
		if m, ok := a.Model.(*cfn.Template); ok && a.Path == file {
			return m
		}
	}
	t.Fatalf("the bundle has no template %s", file)
	return nil
}

// A recorder keeps events.
type recorder struct {
	mu     sync.Mutex
	events []apply.Event
}

func (r *recorder) record(e apply.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// reset returns the events since the last time.
func (r *recorder) reset() []apply.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

// planned plans and checks what the plan does with each subject.
func planned(t *testing.T, a *apply.Applier, b *bundle.Bundle, want map[string]apply.Action) *apply.Plan {
	t.Helper()
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plan.Steps {
		subject := s.Subject.String()
		if w, ok := want[subject]; ok && w != s.Action || !ok && s.Action != apply.Nothing {
			t.Errorf("the plan is to %s %s, want to %s\n%s", s.Action, subject, w, plan)
		}
		delete(want, subject)
	}
	for subject, action := range want {
		if action != apply.Nothing {
			t.Errorf("the plan does not %s %s\n%s", action, subject, plan)
		}
	}
	return plan
}

func mustApply(t *testing.T, a *apply.Applier, plan *apply.Plan) {
	t.Helper()
	if err := a.Apply(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
}

// awsCLI asks the AWS CLI for JSON.
func awsCLI(t *testing.T, url string, out any, args ...string) {
	t.Helper()
	data, err := oracle.AWS(t, append([]string{"--endpoint-url", url, "--region", "eu-central-1", "--output", "json"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, data)
	}
}

// lacks lists in the output of the test what an emulator cannot do, and how the test
// bends around it.
func lacks(t *testing.T, emulator string, what ...string) {
	t.Helper()
	for _, w := range what {
		t.Logf("%s lacks: %s", emulator, w)
	}
}

// checkEvents checks that the events of a stack are in order: the stack first and last,
// every resource begun before it is complete, and none before what it stands on.
func checkEvents(t *testing.T, events []apply.Event, stack string, after map[string]string) {
	t.Helper()
	var list []apply.StackEvent
	for _, e := range events {
		if s, ok := e.(apply.StackEvent); ok && s.Stack == stack {
			list = append(list, s)
		}
	}
	if len(list) < 2 {
		t.Fatalf("%d events of stack %s", len(list), stack)
	}
	if first, last := list[0], list[len(list)-1]; first.Resource != stack || last.Resource != stack || !strings.HasSuffix(last.Status, "_COMPLETE") {
		t.Errorf("the events begin with %v and end with %v", first, last)
	}
	at := func(resource, status string) int {
		return slices.IndexFunc(list, func(e apply.StackEvent) bool { return e.Resource == resource && strings.HasSuffix(e.Status, status) })
	}
	for _, e := range list {
		if begun, done := at(e.Resource, "_IN_PROGRESS"), at(e.Resource, "_COMPLETE"); begun < 0 || done < begun {
			t.Errorf("%s begins as event %d and is complete as event %d", e.Resource, begun, done)
		}
	}
	for resource, base := range after {
		if at(resource, "_IN_PROGRESS") < at(base, "_COMPLETE") {
			t.Errorf("%s begins before %s is complete", resource, base)
		}
	}
	for i := 1; i < len(list); i++ {
		if list[i].Time.Before(list[i-1].Time) {
			t.Errorf("event %v comes after %v", list[i], list[i-1])
		}
	}
}

// quick lets tests against emulators look often.
const quick = 60 * time.Millisecond

func status(t *testing.T, url, stack string) string {
	t.Helper()
	var out struct {
		Stacks []struct{ StackStatus string }
	}
	awsCLI(t, url, &out, "cloudformation", "describe-stacks", "--stack-name", stack)
	return out.Stacks[0].StackStatus
}

func itoa(n int) string { return strconv.Itoa(n) }
