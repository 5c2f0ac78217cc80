package oracle

import (
	"fmt"
	"strings"
	"testing"
)

// A Finding is one complaint of a judge.
type Finding struct {
	File    string // the absolute path of the template; empty outside cfn-lint
	Line    int    // line in File, starting at 1; 0 outside cfn-lint
	Column  int    // column in File, starting at 1; 0 outside cfn-lint
	Path    string // where in the value: containerDefinitions[0].name
	Kind    string // cfn-lint's rule (E3012), or unknown, required, type, enum, pattern, min, max, union
	Level   Level  // cfn-lint's; always [Error] elsewhere
	Message string
}

// A Level is cfn-lint's severity of a finding.
type Level string

// The levels of cfn-lint.
const (
	Error         Level = "error"
	Warning       Level = "warning"
	Informational Level = "informational"
)

// String returns the finding on one line.
func (f Finding) String() string {
	var b strings.Builder
	if f.File != "" {
		fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Column)
	}
	fmt.Fprintf(&b, "%s: %s: %s", f.Kind, f.Path, f.Message)
	return b.String()
}

// Regions are those that [CfnLint] looks at: they differ in what they offer.
var Regions = [...]string{"us-east-1", "ap-northeast-1", "eu-central-1", "us-gov-west-1", "cn-north-1"}

// CfnLint returns what cfn-lint finds in templates, for all of [Regions] and at all
// levels. One call with many files is fastest.
func CfnLint(t testing.TB, files ...string) []Finding {
	t.Helper()
	abs := make([]string, len(files))
	for i, file := range files {
		abs[i] = absolute(t, file)
	}
	var found []Finding
	if err := ask(t, "lint", map[string]any{"files": abs, "regions": Regions}, &found); err != nil {
		t.Fatalf("oracle: cfn-lint: %v", err)
	}
	return found
}
