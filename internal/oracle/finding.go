package oracle

import (
	"encoding/json"
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

// CheckShape compares JSON, such as a task definition, with the input of an API
// operation as botocore describes it and returns the differences: unknown members
// (letter case counts), missing ones, wrong types, values outside an enumeration, a
// pattern or a range. The service has botocore's name (ecs, codepipeline), the
// operation the API's (RegisterTaskDefinition). Placeholders in the text are
// judged as the text that they are: bind them first.
func CheckShape(t testing.TB, service, operation string, data []byte) []Finding {
	t.Helper()
	return checkShape(t, map[string]any{
		"service": service, "operation": operation, "value": json.RawMessage(data),
	})
}

// A Shape names a part of an API operation's input, with which a property tree
// of a CloudFormation template is compared.
type Shape struct {
	Service   string // ecs
	Operation string // CreateService
	// Path leads to the part: member names, [] for the elements of a list and {}
	// for the values of a map (networkConfiguration.awsvpcConfiguration, or
	// environment.environmentVariables[]). Empty is the whole input.
	Path string
	// Names maps a property to the member that it becomes, where that is not the
	// same name or the name with a small first letter. A property that maps to ""
	// has no counterpart and is passed over.
	Names map[string]string
}

// CheckSubShape is [CheckShape] for the properties of a template, as JSON with
// intrinsics in their long form. An intrinsic agrees with everything, and scalars
// are converted as CloudFormation converts them: "80" is a number too.
func CheckSubShape(t testing.TB, shape Shape, data []byte) []Finding {
	t.Helper()
	if shape.Names == nil {
		shape.Names = map[string]string{}
	}
	return checkShape(t, map[string]any{
		"service": shape.Service, "operation": shape.Operation, "value": json.RawMessage(data),
		"path": shape.Path, "names": shape.Names,
	})
}

func checkShape(t testing.TB, args map[string]any) []Finding {
	t.Helper()
	var found []Finding
	if !json.Valid(args["value"].(json.RawMessage)) {
		t.Fatalf("oracle: no JSON: %.200s", args["value"])
	}
	if err := ask(t, "shape", args, &found); err != nil {
		t.Fatalf("oracle: botocore: %v", err)
	}
	for i := range found {
		found[i].Level = Error
	}
	return found
}

// Regions are those that [CfnLint] looks at: they differ in what they offer.
var Regions = [...]string{"us-east-1", "ap-northeast-1", "eu-central-1", "us-gov-west-1", "cn-north-1"}

// CfnLint returns what cfn-lint finds in templates, for all of [Regions] and at all
// levels; [AtLeast] leaves some out. One call with many files is fastest.
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

// AtLeast returns the findings of a level or a worse one.
func AtLeast(level Level, found []Finding) []Finding {
	rank := map[Level]int{Error: 2, Warning: 1, Informational: 0}
	var out []Finding
	for _, f := range found {
		if rank[f.Level] >= rank[level] {
			out = append(out, f)
		}
	}
	return out
}
