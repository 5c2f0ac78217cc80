package cli_test

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A failure is told whole, to people and to machines.
func TestFailure(t *testing.T) {
	u := newUser(t)
	u.cloud.Fail(applytest.Fault{Operation: "cloudformation:ExecuteChangeSet", Times: -1, Kind: applytest.AccessDenied})
	_, stderr := u.types(1, "apply", "--yes", minimal(t))
	contains(t, stderr, "[1/7] stack docker-cicd-formation failed after ",
		"\nslipway: error: stack docker-cicd-formation: cloudformation:ExecuteChangeSet: AccessDenied: User: ", "\n    what to do: allow cloudformation:ExecuteChangeSet on ")
	stdout, stderr := u.types(1, "apply", "--yes", "--format", "json", minimal(t))
	contains(t, stderr, "slipway: error: stack docker-cicd-formation: ")
	got := lines(t, stdout)
	last := got[len(got)-1]
	errs := list(t, last, "errors")
	if last["event"] != "failed" || len(errs) != 1 || errs[0]["call"] != "cloudformation:ExecuteChangeSet" ||
		object(t, errs[0], "subject")["name"] != "docker-cicd-formation" || errs[0]["message"] == "" || errs[0]["remedy"] == "" {
		t.Errorf("got last event %v", last)
	}
	u.untouchedStacks(minimal(t))
}

// untouchedStacks makes sure that there are no stacks.
func (u *user) untouchedStacks(args ...string) {
	u.t.Helper()
	stdout, _ := u.types(0, append([]string{"status"}, args...)...)
	contains(u.t, stdout, "stack docker-cicd-formation: does not exist")
}

// Whom AWS does not answer could not run; nothing is wrong with what was asked.
func TestDenied(t *testing.T) {
	for _, command := range [][]string{{"plan"}, {"status"}, {"apply", "--yes"}, {"destroy", "--yes"}} {
		u := newUser(t)
		u.cloud.Fail(applytest.Fault{Operation: "sts:GetCallerIdentity", Kind: applytest.APIError, Code: "ExpiredToken", Message: "The security token included in the request is expired"})
		_, stderr := u.types(2, append(command, minimal(t))...)
		contains(t, stderr, "slipway: error: sts:GetCallerIdentity: ExpiredToken: The security token included in the request is expired\n    what to do: the credentials are not valid or have expired: sign in again")
		_, stderr = u.types(2, append(command, minimal(t), "--account", "999999999999")...)
		contains(t, stderr, "the credentials are of account 123456789012, and 999999999999 was asked for")
	}
}

// An interrupt ends a command, says what goes on, and lets the next run go on.
func TestInterruptApply(t *testing.T) {
	for _, test := range []struct {
		command, at, stopping string
	}{
		{"plan", "cloudformation:DescribeChangeSet", "stopping: whatever was written for the plan is removed\n"},
		{"apply", "cloudformation:DescribeChangeSet", "stopping: whatever was written for the plan is removed\n"},
		{"apply", "cloudformation:DescribeStackEvents", "stopping: what AWS has begun goes on there (a second interrupt ends this program at once)\n"},
	} {
		u := newUser(t)
		u.cloud.Push("gitlab-mirror-repo", "master")
		ctx, cancel := context.WithCancel(t.Context())
		u.cloud.OnCall(func(c applytest.Call) {
			if c.Operation == test.at && c.Done {
				cancel()
			}
		})
		u.ctx = ctx
		args := []string{test.command, minimal(t)}
		if test.command == "apply" {
			args = append(args, "--yes")
		}
		_, stderr := u.types(2, args...)
		contains(t, stderr, test.stopping, "interrupted\n")
		if n := strings.Count(stderr, "slipway: error: "); n != 1 {
			t.Errorf("it is told %d times:\n%s", n, stderr)
		}
		u.ctx = t.Context()
		if u.called("cloudformation:ExecuteChangeSet") == 0 {
			u.untouched(minimal(t))
		}
		u.types(0, "apply", "--yes", minimal(t))
	}
}

// Several services are planned, shown, agreed to and applied together.
func TestSeveralServices(t *testing.T) {
	for _, parallel := range []string{"1", "4"} {
		u := newUser(t, service("shop"), service("cart"))
		for _, name := range []string{"shop", "cart"} {
			u.cloud.Push(name, "main")
		}
		stdout, _ := u.types(0, "plan")
		contains(t, stdout, "shop: account 123456789012, region us-east-1\n", "\n\ncart: account 123456789012")
		if n := strings.Count(stdout, "to apply exactly this"); n != 1 {
			t.Errorf("got %d digests, want one for all", n)
		}
		stdout, stderr := u.types(0, "apply", "--yes", "--parallel", parallel)
		contains(t, stdout, "\napplied in ")
		contains(t, stderr, "shop: [1/7] create stack shop-network", "cart: [1/7] create stack cart-network", "shop: [7/7] ", "cart: [7/7] ")
		for line := range strings.Lines(stderr) {
			if !strings.HasPrefix(line, "shop: ") && !strings.HasPrefix(line, "cart: ") {
				t.Errorf("a line of nobody: %s", line)
			}
		}
		stdout, _ = u.types(0, "plan", "--format", "json", "cart")
		var all map[string]any
		if err := json.Unmarshal([]byte(stdout), &all); err != nil {
			t.Fatal(err)
		}
		if d := list(t, all, "deliveries"); len(d) != 1 || d[0]["name"] != "cart" || object(t, d[0], "plan")["summary"] != "nothing to do" {
			t.Errorf("got %s", stdout)
		}
		stdout, _ = u.types(0, "destroy", "--yes", "--empty-bucket", "--delete-images", "--format", "json", "shop")
		got := lines(t, stdout)
		if got[0]["delivery"] != "shop" || got[len(got)-1]["event"] != "done" {
			t.Errorf("got %v to %v", got[0], got[len(got)-1])
		}
		stdout, _ = u.types(0, "status")
		contains(t, stdout, "stack shop-network: does not exist", "stack cart-network: CREATE_COMPLETE")
	}
}

// One that fails does not keep the others, and says whose failure it is.
func TestOneOfSeveralFails(t *testing.T) {
	u := newUser(t, service("shop"), service("cart"))
	u.cloud.Push("cart", "main")
	u.cloud.OnCall(func(c applytest.Call) {
		if c.Operation == "ecs:RegisterTaskDefinition" && c.Resource == "shop" && !c.Done {
			u.cloud.Fail(applytest.Fault{Call: c.Number, Kind: applytest.AccessDenied})
		}
	})
	_, stderr := u.types(1, "apply", "--yes")
	contains(t, stderr, "slipway: shop: error: task definition shop: ecs:RegisterTaskDefinition: AccessDeniedException", "cart: [7/7] task count")
	if strings.Contains(stderr, "slipway: cart: ") {
		t.Errorf("cart has not failed:\n%s", stderr)
	}
}

// Of a build that fails it is said where to read about it.
func TestFailedBuild(t *testing.T) {
	u := newUser(t, service("shop"))
	u.cloud.Push("shop", "main")
	u.cloud.ScriptBuilds(applytest.Build{Fail: "docker build .", ExitStatus: 17, Log: []string{"failed to read dockerfile"}})
	_, stderr := u.types(1, "apply", "--yes")
	if !regexp.MustCompile(`(?m)^shop  Build/Build  Failed  .*  https://\S+$`).MatchString(stderr) {
		t.Errorf("there is no link in\n%s", stderr)
	}
	contains(t, stderr, "slipway: error: first delivery shop: ", "failed to read dockerfile\n    | ", "\n    what to do: ")
	stdout, _ := u.types(1, "apply", "--yes", "--format", "json")
	got := lines(t, stdout)
	if errs := list(t, got[len(got)-1], "errors"); len(errs) != 1 || errs[0]["code"] != "failed" || errs[0]["log"] == nil {
		t.Errorf("got %v", errs)
	}
}

// Nothing that is secret is shown, in any format.
func TestNoSecrets(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hunter2-key")
	t.Setenv("AWS_SESSION_TOKEN", "hunter2-token")
	with := func(password string) delivery.Service {
		s := service("shop")
		s.Task.ContainerDefinitions = []taskdef.Container{{
			Name: "shop", Essential: new(true), PortMappings: []taskdef.PortMapping{{ContainerPort: new(80)}},
			Environment: []taskdef.KeyValue{{Name: "DB_PASSWORD", Value: new(password)}, {Name: "MODE", Value: new(password[len(password)-1:])}},
		}}
		return s
	}
	u := newUser(t, with("hunter2-a"))
	u.cloud.Push("shop", "main")
	var shown []string
	note := func(stdout, stderr string) { shown = append(shown, stdout, stderr) }
	note(u.types(0, "apply", "--yes"))
	u.services = []delivery.Service{with("hunter2-b")}
	stdout, stderr := u.types(0, "plan")
	contains(t, stdout, "environment.DB_PASSWORD.value: (hidden)\n", "environment.MODE.value: (hidden)\n")
	note(stdout, stderr)
	note(u.types(0, "plan", "--format", "json"))
	note(u.types(0, "status"))
	note(u.types(0, "status", "--format", "json"))
	note(u.types(0, "apply", "--yes", "--format", "json"))
	note(u.types(1, "plan", "--parameter", "shop-service:DbPassword=hunter2-c"))
	note(u.types(2, "plan", "--parameter", "hunter2-c"))
	note(u.types(2, "plan", "--parameter", "x=hunter2-c"))
	note(u.types(1, "destroy"))
	note(u.types(0, "destroy", "--yes", "--empty-bucket", "--delete-images"))
	if i := slices.IndexFunc(shown, func(s string) bool { return strings.Contains(s, "hunter2") }); i >= 0 {
		t.Errorf("a secret is in\n%s", shown[i])
	}
}
