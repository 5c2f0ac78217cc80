package oracle_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// recorder is a testing.TB that notes a failure instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestEqualYAML(t *testing.T) {
	tests := []struct {
		text string
		want any
		good bool
	}{
		{`1`, 1, true},
		{`1`, "1", false},
		{`'1'`, "1", true},
		{`1.0`, 1, false},
		{`1.0`, 1.0, true},
		{`0.2`, 0.2, true},
		{`1.0e+16`, 1e16, true},
		{`1e16`, "1e16", true}, // YAML 1.1 wants a dot and a sign
		{`.inf`, oracle.Float("inf"), true},
		{`true`, true, true},
		{`true`, "true", false},
		{`yes`, true, true},
		{`12:30`, 750, true},
		{`0123`, 83, true},
		{`2001-01-01`, oracle.Time("2001-01-01"), true},
		{`2001-01-01`, "2001-01-01", false},
		{`null`, nil, true},
		{`""`, nil, false},
		{`!!binary aGk=`, oracle.Binary("aGk="), true},
		{`[a, 1]`, []any{"a", 1}, true},
		{`[a, b]`, []string{"a", "b"}, true},
		{`[a, b]`, []string{"b", "a"}, false},
		{`{a: {b: x}}`, map[string]any{"a": map[string]string{"b": "x"}}, true},
		{`{1: x}`, oracle.Pairs{{oracle.Int("1"), "x"}}, true},
		{`{1: x}`, map[string]any{"1": "x"}, false},
		{`{a: x, a: y}`, map[string]any{"a": "y"}, false},
		{`{"!int": "1"}`, map[string]any{"!int": "1"}, true},
		{`a: b: c`, nil, false},
		{`{a: &x {b: 1}, c: {<<: *x}}`, map[string]any{"a": map[string]any{"b": 1}, "c": map[string]any{"b": 1}}, true},
	}
	for _, test := range tests {
		r := recorder{TB: t}
		oracle.EqualYAML(&r, []byte(test.text), test.want)
		if r.failed == test.good {
			t.Errorf("%s is %#v: got %t, want %t", test.text, test.want, !r.failed, test.good)
		}
	}
}

func TestLoadTemplate(t *testing.T) {
	text := "Resources: {A: {Type: !Ref T, X: !GetAtt B.Arn, Y: !Sub '${A}-x', Z: 2010-09-09}}"
	got, err := oracle.LoadTemplate(t, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"Resources": map[string]any{"A": map[string]any{
		"Type": map[string]any{"Ref": "T"},
		"X":    map[string]any{"Fn::GetAtt": []any{"B", "Arn"}},
		"Y":    map[string]any{"Fn::Sub": "${A}-x"},
		"Z":    oracle.Time("2010-09-09"), // why a version is quoted
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if _, err := oracle.LoadTemplate(t, []byte("a: [")); err == nil {
		t.Error("no error for broken YAML")
	}
}

func TestCfnLint(t *testing.T) {
	if testing.Short() {
		t.Skip("loads cfn-lint's schemas")
	}
	const good = `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
`
	tests := []struct {
		name, text string
		want       []string // kind and level
	}{
		{"good.yml", good, nil},
		{"property.yml", strings.Replace(good, "CidrBlock:", "Cidr:", 1), []string{"E3002 error", "E3014 error"}},
		{"parameter.yml", "Parameters: {Unused: {Type: String}}\n" + good, []string{"W2001 warning"}},
		{"region.yml", good + "  Cloud9:\n    Type: AWS::Cloud9::EnvironmentEC2\n", []string{"E3006 error", "W3697 warning"}},
		{"broken.yml", "a: [", []string{"E0000 error"}},
	}
	dir := t.TempDir()
	var files []string
	for _, test := range tests {
		file := filepath.Join(dir, test.name)
		if err := os.WriteFile(file, []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	got := map[string][]string{}
	for _, f := range oracle.CfnLint(t, files...) {
		got[f.File] = append(got[f.File], f.Kind+" "+string(f.Level))
		if f.Line == 0 || f.Column == 0 || f.Message == "" {
			t.Errorf("incomplete: %#v", f)
		}
	}
	for i, test := range tests {
		found := got[files[i]]
		slices.Sort(found)
		if diff := cmp.Diff(test.want, slices.Compact(found)); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestAWS(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the AWS CLI")
	}
	register := func(input string) error {
		_, err := oracle.AWS(t, "ecs", "register-task-definition",
			"--cli-input-json", input, "--generate-cli-skeleton", "output")
		return err
	}
	if err := register(taskDefinition); err != nil {
		t.Error(err)
	}
	if err := register(strings.Replace(taskDefinition, "image", "picture", 1)); err == nil ||
		!strings.Contains(err.Error(), "picture") {
		t.Errorf("unknown member: got %v", err)
	}
	if _, err := oracle.AWS(t, "sts", "get-caller-identity"); err == nil {
		t.Error("the CLI found an endpoint")
	}
}
