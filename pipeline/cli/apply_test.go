package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// A user types command lines in a cloud.
type user struct {
	t        *testing.T
	ctx      context.Context
	cloud    *applytest.Cloud
	services []delivery.Service
}

func newUser(t *testing.T, services ...delivery.Service) *user {
	t.Helper()
	return &user{t, t.Context(), applytest.New(applytest.Options{}), services}
}

// types runs a command line that must end with that status, and returns its output.
func (u *user) types(want int, args ...string) (stdout, stderr string) {
	u.t.Helper()
	var out, err bytes.Buffer
	dial := func(context.Context, connect.Options) (apply.Clients, apply.Clock, error) {
		return u.cloud.Clients(), u.cloud.Clock(), nil
	}
	status := cli.RunIn(dial, u.ctx, append([]string{"slipway"}, args...), strings.NewReader(""), &out, &err, u.services...)
	if status != want {
		u.t.Fatalf("%s: got status %d, want %d\n%s%s", args, status, want, &out, &err)
	}
	return out.String(), err.String()
}

// called returns how often an operation was called.
func (u *user) called(operation string) (n int) {
	for _, c := range u.cloud.Calls() {
		if c.Operation == operation {
			n++
		}
	}
	return n
}

// untouched makes sure that nothing stands in the cloud.
func (u *user) untouched(args ...string) {
	u.t.Helper()
	stdout, _ := u.types(0, append([]string{"status"}, args...)...)
	for line := range strings.Lines(stdout) {
		if strings.HasPrefix(line, "stack ") && !strings.HasSuffix(line, ": does not exist\n") {
			u.t.Errorf("something is left: %s", line)
		}
	}
	if n := u.called("cloudformation:ExecuteChangeSet"); n > 0 {
		u.t.Errorf("%d change sets were executed", n)
	}
}

// contains makes sure that a text has all of the parts.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// minimal is the directory of examples/minimal.
func minimal(t testing.TB) string { return filepath.Join(oracle.Root(t), "examples", "minimal") }

// The demonstration applies examples/minimal, though cli does not know the examples.
func TestDemoService(t *testing.T) {
	b, err := cli.DemoService.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		want, err := os.ReadFile(filepath.Join(minimal(t), f.Path))
		if err != nil || !bytes.Equal(want, f.Data) {
			t.Errorf("%s is not that of examples/minimal (%v)", f.Path, err)
		}
	}
}

// From the beginning to the end, as a user goes through it.
func TestLife(t *testing.T) {
	u := newUser(t)
	dir := minimal(t)
	stdout, stderr := u.types(0, "plan", dir)
	contains(t, stdout, "+ create stack docker-cicd-formation (10 resources)", "5 to create, 1 to update, 1 to await", "to apply exactly this: slipway apply "+dir+" --plan ")
	if stderr != "" {
		t.Errorf("plan: got %s", stderr)
	}
	u.types(1, "plan", "--check", dir)
	u.untouched(dir)

	u.cloud.Push("gitlab-mirror-repo", "master")
	stdout, stderr = u.types(0, "apply", "--yes", dir)
	contains(t, stdout, "5 to create", "\napplied in ")
	contains(t, stderr, "[1/7] create stack docker-cicd-formation (10 resources)\n", "\ndocker-cicd-pipeline  Build/Build  Succeeded\n",
		"[7/7] task count DockerCiCdAppCluster/docker-cicd-app-service done in ")

	stdout, _ = u.types(0, "plan", "--check", dir)
	contains(t, stdout, "\nnothing to do\n")
	stdout, stderr = u.types(0, "apply", dir) // nobody has to be asked
	contains(t, stdout, "\nnothing to do\n")
	if stderr != "" || strings.Contains(stdout, "\napplied") {
		t.Errorf("nothing to do: got %s%s", stdout, stderr)
	}
	stdout, _ = u.types(0, "status", dir)
	contains(t, stdout, "ACTIVE, 1 of 1 task running", "differences between the files and AWS: none")

	_, stderr = u.types(1, "destroy", "--yes", dir)
	contains(t, stderr, "slipway: error: stack docker-cicd-app-platform: ", "--delete-images", "--empty-bucket")
	stdout, stderr = u.types(2, "destroy", "--empty-bucket", "--delete-images", dir)
	contains(t, stderr, "there is nobody to ask: standard input is no terminal\n    what to do: agree with --yes\n")
	contains(t, stdout, "- delete stack docker-cicd-formation")
	stdout, stderr = u.types(0, "destroy", "--yes", "--empty-bucket", "--delete-images", dir)
	contains(t, stdout, "5 to delete\ndeleted in ", "what stays:\n    inactive revisions of docker-cicd-app-fargate")
	contains(t, stderr, "[1/5] delete pipeline docker-cicd-pipeline\n")
	stdout, _ = u.types(0, "destroy", dir)
	contains(t, stdout, "\nnothing to delete\n")
}

// Where nobody can be asked nothing is done without a word of consent, and nothing left.
func TestNobodyToAsk(t *testing.T) {
	u := newUser(t)
	stdout, stderr := u.types(2, "apply", minimal(t))
	contains(t, stdout, "5 to create")
	contains(t, stderr, "slipway: error: there is nobody to ask: standard input is no terminal\n    what to do: agree with --yes, or with --plan ")
	u.untouched(minimal(t))
}

// typed returns the words of the command line that a plan ends with.
func typed(t *testing.T, stdout string) []string {
	t.Helper()
	_, line, ok := strings.Cut(stdout, "\nto apply exactly this: slipway ")
	if !ok {
		t.Fatalf("it is not said what to type:\n%s", stdout)
	}
	return strings.Fields(line)
}

// A digest agrees to one plan and to no other. Nothing to do is no other plan.
func TestDigest(t *testing.T) {
	u := newUser(t)
	u.cloud.Push("gitlab-mirror-repo", "master")
	stdout, _ := u.types(0, "plan", minimal(t))
	agreed := typed(t, stdout)
	digest := agreed[len(agreed)-1]
	stdout, stderr := u.types(1, append(agreed, "--count", "2")...)
	contains(t, stderr, "the plan is ", ", and "+digest+" was agreed to: something has changed since\n    what to do: read the plan above; "+
		"if it is what you want: slipway apply "+minimal(t)+" --count 2 --plan ")
	contains(t, stdout, "desiredCount: 0 -> 2")
	u.untouched(minimal(t))
	u.types(0, agreed...)
	stdout, _ = u.types(0, agreed...)
	contains(t, stdout, "nothing to do")
}

// The digest of a plan for programs is the one for people; without a change set there is
// none.
func TestDigestAsJSON(t *testing.T) {
	for _, services := range [][]delivery.Service{{service("shop")}, {service("shop"), service("cart")}} {
		u := newUser(t, services...)
		stdout, _ := u.types(0, "plan")
		agreed := typed(t, stdout)
		for _, readOnly := range []bool{false, true} {
			stdout, _ := u.types(0, "plan", "--format", "json", "--read-only="+strconv.FormatBool(readOnly))
			var plan map[string]any
			if err := json.Unmarshal([]byte(stdout), &plan); err != nil {
				t.Fatal(err)
			}
			if got, ok := plan["digest"]; ok == readOnly || ok && got != agreed[len(agreed)-1] {
				t.Errorf("read only %t: got digest %v, want that of %s", readOnly, got, agreed)
			}
		}
	}
}

// lines reads JSON lines.
func lines(t *testing.T, text string) (out []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, v)
	}
	return out
}

func TestJSONLines(t *testing.T) {
	u := newUser(t)
	u.cloud.Push("gitlab-mirror-repo", "master")
	stdout, stderr := u.types(0, "apply", "--yes", "--format", "json", minimal(t))
	if stderr != "" {
		t.Errorf("got %s", stderr)
	}
	got := lines(t, stdout)
	kinds := make(map[any]int)
	for _, e := range got {
		kinds[e["event"]]++
		if _, ok := e["delivery"]; ok {
			t.Errorf("there is only one delivery: %v", e)
		}
	}
	if got[0]["event"] != "plan" || got[len(got)-1]["event"] != "done" || kinds["step-started"] != 7 || kinds["step-ended"] != 7 || kinds["stack-event"] < 40 {
		t.Errorf("got events %v, from %v to %v", kinds, got[0], got[len(got)-1])
	}
	if plan := object(t, got[0], "plan"); plan["version"] != 1.0 || len(list(t, plan, "steps")) != 7 {
		t.Errorf("got plan %v", plan)
	}
	if e := got[1]; e["number"] != 1.0 || e["of"] != 7.0 || e["action"] != "create" ||
		object(t, e, "subject")["kind"] != "stack" || object(t, e, "subject")["name"] != "docker-cicd-formation" {
		t.Errorf("got first step %v", e)
	}

	stdout, _ = u.types(0, "plan", "--format", "json", minimal(t))
	var plan map[string]any
	if err := json.Unmarshal([]byte(stdout), &plan); err != nil || plan["summary"] != "nothing to do" {
		t.Errorf("plan: got %v, %v", err, plan)
	}
	stdout, _ = u.types(0, "status", "--format", "json", minimal(t))
	var status map[string]any
	if err := json.Unmarshal([]byte(stdout), &status); err != nil || len(list(t, status, "stacks")) != 3 {
		t.Errorf("status: got %v, %v", err, status)
	}
}

// What would lose something is refused before anybody is asked, and done with the flag
// that the refusal names.
func TestNotAllowed(t *testing.T) {
	u := newUser(t, service("shop"))
	u.cloud.Push("shop", "main")
	u.types(0, "apply", "--yes")
	u.services[0].Repository.Name = "other"
	stdout, _ := u.types(0, "plan")
	contains(t, stdout, "LOSES ", "; it needs to be allowed: data loss\n", "slipway apply --allow-data-loss --plan ")
	agreed := typed(t, stdout)
	before := u.called("cloudformation:ExecuteChangeSet")
	_, stderr := u.types(1, "apply")
	contains(t, stderr, "slipway: error: stack shop-platform: the plan loses data: Repository (AWS::ECR::Repository) loses ", "\n    what to do: allow it with --allow-data-loss\n")
	stdout, _ = u.types(1, "apply", "--yes", "--format", "json")
	got := lines(t, stdout)
	if code := list(t, got[len(got)-1], "errors")[0]["code"]; code != "not-allowed" {
		t.Errorf("got code %v", code)
	}
	if n := u.called("cloudformation:ExecuteChangeSet") - before; n > 0 {
		t.Errorf("%d change sets were executed", n)
	}
	_, stderr = u.types(2, "apply", "--allow-data-loss") // and then asked
	contains(t, stderr, "there is nobody to ask")
	u.types(0, agreed...)
	stdout, _ = u.types(0, "plan")
	contains(t, stdout, "nothing to do")
}
