package apply_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// rights returns what docs/apply.md says each command needs: the sections of the table,
// each with the actions of those before it.
func rights(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/apply.md")
	if err != nil {
		t.Fatal(err)
	}
	table := make(map[string][]string)
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		name := strings.Trim(cells[1], " `")
		table[name] = append(table[name], strings.FieldsFunc(cells[2], func(r rune) bool { return strings.ContainsRune("`, ", r) })...)
		slices.Sort(table[name])
	}
	return table
}

// used returns the actions that calls need.
func used(calls []applytest.Call, not ...[]string) (ops []string) {
	actions := map[string]string{"s3:ListObjectVersions": "s3:ListBucketVersions", "s3:DeleteObject": "s3:DeleteObjectVersion", "s3:DeleteObjects": "s3:DeleteObjectVersion"}
	for _, c := range calls {
		op := cmp.Or(actions[c.Operation], c.Operation)
		if !slices.Contains(ops, op) && !slices.ContainsFunc(not, func(list []string) bool { return slices.Contains(list, op) }) {
			ops = append(ops, op)
		}
	}
	slices.Sort(ops)
	return ops
}

// What the documentation says that a policy has to allow is what is called: no more,
// and no less.
func TestRights(t *testing.T) {
	table := rights(t)
	check := func(name string, got []string) {
		t.Helper()
		if diff := gocmp.Diff(table[name], got); diff != "" {
			t.Errorf("docs/apply.md, %s: mismatch (-documented +called):\n%s", name, diff)
		}
	}

	// Reading: plans without changes to make, and the state, of clouds in every condition.
	var reading, planning, applying, destroying []applytest.Call
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	b := minimal(t)
	record := func(into *[]applytest.Call, f func() error) {
		t.Helper()
		before := len(cloud.Calls())
		if err := f(); err != nil {
			t.Fatal(err)
		}
		*into = append(*into, cloud.Calls()[before:]...)
	}
	broken := applytest.New(applytest.Options{}) // whose first stack was never created
	broken.FailResource(applytest.ResourceFault{Stack: networkStack, Resource: "VPC"})
	_ = attempt(t, on(broken, apply.Options{}), b)
	before := len(broken.Calls())
	if _, err := on(broken, apply.Options{ReadOnly: true}).Plan(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	reading = broken.Calls()[before:]
	reader := on(cloud, apply.Options{ReadOnly: true})
	read := func() error {
		if _, err := reader.Plan(t.Context(), b); err != nil {
			return err
		}
		_, err := reader.Status(t.Context(), b)
		return err
	}
	opts := everythingGoes
	opts.Allow.ReplaceFailed, opts.Allow.ContinueRollback = true, true
	writer := on(cloud, opts)
	plan := func() error {
		p, err := writer.Plan(t.Context(), b)
		if err != nil {
			return err
		}
		return writer.Discard(t.Context(), p)
	}
	do := func() error { return attempt(t, writer, b) }

	record(&reading, read)
	record(&planning, plan)
	record(&applying, do)
	record(&reading, read)
	record(&planning, func() error { // the names of another delivery are taken: CloudFormation finds it
		second := minimal(t, "platform.yml")
		second.Artifacts[0].Stack = "second"
		if _, err := writer.Plan(t.Context(), second); err == nil {
			t.Error("there is no error")
		}
		return nil
	})

	// A change of everything, tags too, with a template that is too large for a call.
	change(b)
	enlarge(t, b, "platform.yml")
	task, _, _ := bundle.Find[*taskdef.Definition](b)
	p, _, _ := bundle.Find[*pipeline.Definition](b)
	p.Tags = []pipeline.Tag{{Key: "team", Value: new("shop")}}
	record(&reading, read)
	record(&planning, plan)
	record(&applying, do)
	task.Tags = []taskdef.Tag{{Key: "team", Value: new("shop")}}
	record(&applying, do)
	memory(b, "8 GB")
	record(&applying, do)

	// Failures: a stack that is stuck, tasks that crash, a build and an execution that are
	// explained and begun again.
	template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE", "FARGATE_SPOT"))
	template(t, b, "platform.yml").Resource("BuildProject").Set("TimeoutInMinutes", cfn.Int(30))
	cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "BuildProject", On: applytest.OnUpdate})
	cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "Cluster", On: applytest.OnRollback})
	failing := func() error { _ = do(); return nil }
	record(&applying, failing)
	record(&applying, do)
	record(&destroying, func() error {
		d, err := writer.PlanDestroy(t.Context(), b)
		if err != nil {
			return err
		}
		return writer.Destroy(t.Context(), d)
	})
	b = minimal(t)
	task, _, _ = bundle.Find[*taskdef.Definition](b)
	task.ContainerDefinitions[0].LogConfiguration = &taskdef.LogConfiguration{LogDriver: taskdef.LogDriverAwslogs, Options: map[string]string{
		"awslogs-group": "/ecs/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app",
	}}
	template(t, b, "platform.yml").Add(&cfn.Resource{ID: "TaskLogs", Type: "AWS::Logs::LogGroup", Properties: cfn.Object{cfn.Prop("LogGroupName", cfn.String("/ecs/app"))}})
	cloud.ScriptBuilds(applytest.Build{Fail: "docker build", Times: 1})
	record(&applying, failing)
	record(&reading, read)
	cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Log: []string{"no"}})
	record(&applying, failing)

	check("plan --read-only", used(reading))
	check("plan", used(planning, table["plan --read-only"]))
	check("apply", used(applying, table["plan --read-only"], table["plan"]))
	check("destroy", used(destroying, table["plan --read-only"]))
}
