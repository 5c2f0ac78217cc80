package cli_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// onFirst calls do once, when an operation is called for the first time.
func (u *user) onFirst(operation string, do func()) {
	var once sync.Once
	u.cloud.OnCall(func(c applytest.Call) {
		if c.Operation == operation {
			once.Do(do)
		}
	})
}

// Services whose turn has not come when it ends are said to be untouched, and are: what
// was written for their plans is gone.
func TestNotBegun(t *testing.T) {
	for _, parallel := range []string{"1", "2"} {
		u := newUser(t, service("shop"), service("cart"), service("till"))
		ctx, cancel := context.WithCancel(t.Context())
		u.ctx = ctx
		u.onFirst("cloudformation:ExecuteChangeSet", cancel)
		_, stderr := u.types(2, "apply", "--yes", "--parallel", parallel)
		contains(t, stderr, "-network: interrupted\n    what to do: run again: it goes on from here\n", "slipway: till: error: interrupted: not begun\n")
		if strings.Contains(stderr, "till: [") {
			t.Errorf("till was begun:\n%s", stderr)
		}
		for _, s := range u.cloud.Snapshot().Stacks {
			if !strings.HasPrefix(s.Name, "shop-") && !(parallel == "2" && strings.HasPrefix(s.Name, "cart-")) {
				t.Errorf("%s is left in %s", s.Name, s.Status)
			}
		}
	}
}

// One at a time, the services are done in their order.
func TestOrder(t *testing.T) {
	u := newUser(t, service("till"), service("cart"), service("shop"))
	_, stderr := u.types(0, "status", "--parallel", "1")
	if stderr != "" {
		t.Error(stderr)
	}
	var order []string
	for _, c := range u.cloud.Calls() {
		name, ok := strings.CutSuffix(strings.TrimPrefix(c.Resource, "stack "), "-network")
		if ok && (len(order) == 0 || order[len(order)-1] != name) {
			order = append(order, name)
		}
	}
	if got := strings.Join(order, " "); got != "till cart shop" {
		t.Errorf("got %s", got)
	}
}

// The end of the time is no interrupt: it is said what was tried last, and what goes on.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		u.onFirst("cloudformation:DescribeStackEvents", func() { time.Sleep(time.Hour) })
		_, stderr := u.types(2, "apply", "--yes", minimal(t), "--timeout", "20m")
		contains(t, stderr, "\nstopping: what AWS has begun goes on there\n", "\n[1/7] stack docker-cicd-formation out of time after ",
			"slipway: error: stack docker-cicd-formation: the time of --timeout is over\n    what to do: run again: it goes on from here\n")
		if strings.Contains(stderr, "interrupt") {
			t.Errorf("nobody has interrupted it:\n%s", stderr)
		}
		u = newUser(t)
		u.onFirst("cloudformation:DescribeStackEvents", func() { time.Sleep(time.Hour) })
		stdout, _ := u.types(2, "apply", "--yes", minimal(t), "--timeout", "20m", "--format", "json")
		got := lines(t, stdout)
		step, last := got[len(got)-2], got[len(got)-1]
		if step["status"] != "interrupted" || list(t, step, "errors")[0]["code"] != "timeout" || list(t, last, "errors")[0]["code"] != "timeout" {
			t.Errorf("got %v, %v", step, last)
		}
	})
	u := newUser(t)
	_, stderr := u.types(2, "plan", minimal(t), "--timeout", "1ns")
	contains(t, stderr, "slipway: error: the time of --timeout is over\n")
	u.untouched(minimal(t))
}

// What was tried again until the end stays in sight.
func TestLastRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		u.cloud.Fail(applytest.Fault{Operation: "sts:GetCallerIdentity", Kind: applytest.Throttling, Times: -1})
		calls := 0
		u.cloud.OnCall(func(applytest.Call) {
			if calls++; calls == 5 {
				time.Sleep(time.Hour)
			}
		})
		_, stderr := u.types(2, "plan", minimal(t), "--timeout", "20m", "--quiet")
		contains(t, stderr, "slipway: error: the time of --timeout is over; last: sts:GetCallerIdentity: Throttling: Rate exceeded\n")
	})
}
