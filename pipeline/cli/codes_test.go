package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What fails is of a kind, which has a code for programs and an exit status.
func TestCodes(t *testing.T) {
	const create = "cloudformation:CreateChangeSet"
	answer := func(code string) *applytest.Fault {
		return &applytest.Fault{Operation: create, Code: code, Message: "so it is"}
	}
	always := func(operation string, kind applytest.FaultKind) *applytest.Fault {
		return &applytest.Fault{Operation: operation, Kind: kind, Times: -1}
	}
	for _, test := range []struct {
		name  string
		fault *applytest.Fault // nil is none
		args  string
		want  int
		code  string
	}{
		{"refused template", answer("ValidationError"), "plan", 1, "refused"},
		{"expired", answer("ExpiredToken"), "plan", 2, "credentials"},
		{"forbidden", always(create, applytest.AccessDenied), "plan", 1, "denied"},
		{"throttled", always(create, applytest.Throttling), "plan", 2, "unavailable"},
		{"broken", always(create, applytest.InternalError), "plan", 2, "unavailable"},
		{"nobody there", always("sts:GetCallerIdentity", applytest.LostRequest), "status", 2, "unavailable"},
		{"refused step", &applytest.Fault{Operation: "cloudformation:ExecuteChangeSet", Code: "InsufficientCapabilitiesException"}, "apply --yes", 1, "refused"},
		{"nobody to ask", nil, "apply", 2, "unasked"},
		{"another plan", nil, "apply --plan 00000000000000000000000000000000", 1, "stale"},
		{"another account", nil, "plan --account 999999999999", 2, "credentials"},
		{"unknown stack", nil, "plan --parameter x:Y=z", 2, "usage"},
		{"two directories", nil, "plan .", 2, "usage"},
	} {
		t.Run(test.name, func(t *testing.T) {
			u := newUser(t)
			if test.fault != nil {
				u.cloud.Fail(*test.fault)
			}
			stdout, stderr := u.types(test.want, append(strings.Fields(test.args), "--format", "json", minimal(t))...)
			var last map[string]any
			for dec := json.NewDecoder(strings.NewReader(stdout)); dec.More(); {
				if err := dec.Decode(&last); err != nil {
					t.Fatal(err)
				}
			}
			errs := list(t, last, "errors")
			if len(errs) != 1 || errs[0]["code"] != test.code || errs[0]["message"] == "" {
				t.Errorf("got %v, want one of code %s", errs, test.code)
			}
			if n := strings.Count(stderr, "slipway: "); n != 1 {
				t.Errorf("it is told %d times:\n%s", n, stderr)
			}
		})
	}
}

// What AWS has said on several lines is set in: none of them passes for one of slipway's.
func TestLinesOfOthers(t *testing.T) {
	u := newUser(t)
	u.cloud.Fail(applytest.Fault{Operation: "cloudformation:CreateChangeSet", Code: "ValidationError", Message: "no\nslipway: all is well\r\n\x1b[2Jreally"})
	_, stderr := u.types(1, "plan", minimal(t))
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "slipway: error: ") && !strings.HasPrefix(line, "    ") || strings.ContainsAny(line, "\x1b\r") {
			t.Errorf("got the line %q", line)
		}
	}
	contains(t, stderr, "all is well", "really")
}
