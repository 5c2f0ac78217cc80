package buildspec_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
)

// TestHostile gives input that is made to be slow or deep. Each must be answered,
// and a refusal must say where.
func TestHostile(t *testing.T) {
	var circle, exported strings.Builder
	circle.WriteString("version: 0.2\nbatch:\n  build-graph:\n")
	for i := range 12000 {
		fmt.Fprintf(&circle, "  - {identifier: b%d, depend-on: [b%d, b0, b1]}\n", i, i+1)
	}
	exported.WriteString("version: 0.2\nenv:\n  exported-variables:\n")
	for i := range 20000 {
		fmt.Fprintf(&exported, "  - NAME_%d\n", i)
	}
	exported.WriteString("  variables:\n")
	for i := range 20000 {
		fmt.Fprintf(&exported, "    NAMES_%d: x\n", i)
	}
	shell := func(text string) string {
		return "version: 0.2\nphases:\n  build:\n    commands: make\n  post_build:\n    commands:\n      - '" + text + "'\n"
	}
	for name, text := range map[string]string{
		"nothing":      "",
		"binary":       "\x00\x01\xff",
		"cut short":    "version: 0.2\nphases: {build: [",
		"huge":         strings.Repeat("a", 64<<20),
		"deep":         strings.Repeat("[", 100_000),
		"deep JSON":    strings.Repeat(`{"a":`, 100_000),
		"alias bomb":   "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
		"many circles": circle.String(),
		"many names":   exported.String(),
		"deep shell":   shell(strings.Repeat("$(", 8_000)),
		"deep shells":  shell(strings.Repeat(strings.Repeat("$(", 8_000)+"'\n      - '", 10)),
		"long shell":   shell(strings.Repeat("((", 400_000)),
	} {
		start := time.Now()
		spec, err := buildspec.ParseLax(name, []byte(text))
		if err == nil {
			spec.Check()
		} else {
			var problems slipway.Problems
			if !errors.As(err, &problems) || !problems[len(problems)-1].Pos.IsValid() {
				t.Errorf("%s: %v", name, err)
			}
		}
		t.Logf("%s: %v", name, time.Since(start).Round(time.Millisecond))
	}
}
