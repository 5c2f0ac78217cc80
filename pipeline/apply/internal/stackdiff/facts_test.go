package stackdiff_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

var update = flag.Bool("update", false, "write what the tests find into testdata, and the facts")

// facts are what the files say of one type.
type facts struct {
	Always, Maybe, Never []string
}

// renderFacts writes facts as the files hold them.
func renderFacts(header string, types map[string]*facts) string {
	var b strings.Builder
	for line := range strings.Lines(header) {
		b.WriteString("# " + line)
	}
	for _, typ := range slices.Sorted(maps.Keys(types)) {
		fmt.Fprintln(&b, typ)
		f := types[typ]
		for _, row := range []struct {
			word  string
			paths []string
		}{{"always", f.Always}, {"maybe", f.Maybe}, {"never", f.Never}} {
			if len(row.paths) > 0 {
				slices.Sort(row.paths)
				fmt.Fprintf(&b, "  %s %s\n", row.word, strings.Join(row.paths, " "))
			}
		}
	}
	return b.String()
}

// golden compares a file with what it should be.
func golden(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s: mismatch (-want +got):\n%s", name, diff)
	}
}

// TestReplacementFacts holds the table to the collected schemas of the resource types.
func TestReplacementFacts(t *testing.T) {
	data, err := os.ReadFile(oracle.Shared(t, "rules", "cfn-properties.txt"))
	if err != nil {
		t.Fatal(err)
	}
	header := fmt.Sprintf(`What the change of a property does to a resource: a type, and the properties whose change
replaces it always, may replace it, or never does. All top-level properties of a type are
here; of the others those that replace, where the one around them does not.
Origin: CloudFormation's registry schemas, collected 2026-11-23.
Extracted by TestReplacementFacts from a listing with sha256
%x; go test -update writes it anew.
`, sha256.Sum256(data))
	golden(t, "replacement.txt", renderFacts(header, collected(t, data)))
}

// A property is one of a listed type: TargetGroups: [<TargetGroupTuple>] REPL=yes.
type property struct{ name, typ, replaces string }

var (
	headLine     = regexp.MustCompile(`^=== (\S+) `)
	nestedLine   = regexp.MustCompile(`^  --(\w+)$`)
	propertyLine = regexp.MustCompile(`^ +(\w+)\*?: (.*?)(?: REPL=(yes|maybe))?$`)
	typeName     = regexp.MustCompile(`<(\w+)>`)
)

// collected reads the listing.
func collected(t *testing.T, data []byte) map[string]*facts {
	t.Helper()
	types := map[string]*facts{}
	nested := map[string][]property{} // those of the resource itself have no name
	typ, in := "", ""
	end := func() {
		if typ != "" {
			f := &facts{}
			f.collect("", nested[""], nested, nil)
			types[typ] = f
		}
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case headLine.MatchString(line):
			end()
			typ, in, nested = headLine.FindStringSubmatch(line)[1], "", map[string][]property{}
		case nestedLine.MatchString(line):
			in = nestedLine.FindStringSubmatch(line)[1]
		default:
			m := propertyLine.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("what is this? %q", line)
			}
			nested[in] = append(nested[in], property{m[1], m[2], m[3]})
		}
	}
	end()
	return types
}

// collect adds the properties of one type. What lies in one that replaces says nothing
// more.
func (f *facts) collect(prefix string, properties []property, nested map[string][]property, above []string) {
	for _, p := range properties {
		path := prefix + p.name
		switch {
		case p.replaces == "yes":
			f.Always = append(f.Always, path)
			continue
		case p.replaces == "maybe":
			f.Maybe = append(f.Maybe, path)
			continue
		case prefix == "":
			f.Never = append(f.Never, path)
		}
		for _, m := range typeName.FindAllStringSubmatch(p.typ, -1) {
			if inner := m[1]; !slices.Contains(above, inner) {
				f.collect(path+".", nested[inner], nested, append(slices.Clip(above), inner))
			}
		}
	}
}

// others are the types that are not in the collected listing, and that this library
// writes or knows how to check.
var others = []string{
	"AWS::ApplicationAutoScaling::ScalableTarget",
	"AWS::ApplicationAutoScaling::ScalingPolicy",
	"AWS::CloudWatch::Alarm",
	"AWS::CodeStarNotifications::NotificationRule",
	"AWS::ECS::Cluster",
	"AWS::ElasticLoadBalancingV2::ListenerRule",
	"AWS::SNS::Topic",
	"AWS::SSM::Parameter",
}

// schemaFacts prints the facts of types, as the schemas in cfn-lint have them.
const schemaFacts = `
import json, os, sys, cfnlint
base = os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas")
load = lambda *names: json.load(open(os.path.join(base, *names)))
index, out = load("providers", "us-east-1.json"), {}
for name in json.load(sys.stdin):
    schema = load("resources", index[name] + ".json")
    paths = lambda key: [p.removeprefix("/properties/").replace("/*", "").replace("/properties/", ".").replace("/", ".")
        for p in schema.get(key, [])]
    always, maybe = paths("createOnlyProperties"), paths("conditionalCreateOnlyProperties")
    known = set(schema["properties"]) - set(paths("readOnlyProperties"))
    out[name] = {"Always": always, "Maybe": maybe, "Never": sorted(known - set(always) - set(maybe))}
print(json.dumps({"Date": load("version.json")["schema_date"], "Types": out}))
`

type schemas struct {
	Date  string
	Types map[string]*facts
}

func lintSchemas(t *testing.T, types []string) schemas {
	t.Helper()
	input, err := json.Marshal(types)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), oracle.Python(t), "-c", schemaFacts)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out schemas
	if err := json.Unmarshal(output, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestReplacementLint holds the rest of the table to the schemas in cfn-lint.
func TestReplacementLint(t *testing.T) {
	found := lintSchemas(t, others)
	header := fmt.Sprintf(`As replacement.txt, of more types.
Origin: CloudFormation's registry schemas of %s, as cfn-lint brings them.
Extracted by TestReplacementLint; go test -update writes it anew.
`, found.Date[:len("2026-10-20")])
	golden(t, "replacement_lint.txt", renderFacts(header, found.Types))
}

// disputed are the properties of which the collected schemas say more than the registry
// schemas alone: they take the documentation in. The worse of the two stays.
var disputed = map[string]string{
	"AWS::EC2::EIP Domain":                   "always, not never",
	"AWS::ECS::Service DeploymentController": "always, not never",
	"AWS::ECS::Service LaunchType":           "always, not maybe",
	"AWS::Events::Rule EventBusName":         "always, not maybe",
	"AWS::S3::Bucket ObjectLockEnabled":      "always, not never",
	"AWS::CodeCommit::Repository Triggers":   "maybe, not never",
}

// TestReplacementJudge asks cfn-lint's schemas of all that is in the collected ones.
func TestReplacementJudge(t *testing.T) {
	data, err := os.ReadFile("replacement.txt")
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "AWS::") {
			types = append(types, strings.TrimSpace(line))
		}
	}
	got := map[string]string{}
	for typ, f := range lintSchemas(t, types).Types {
		for want, paths := range [][]string{f.Never, f.Maybe, f.Always} {
			for _, path := range paths {
				r, want := stackdiff.ReplacementOf(typ, path), stackdiff.Replacement(want)
				inside := slices.ContainsFunc(f.Always, func(p string) bool { return strings.HasPrefix(p, path+".") })
				unknown := !strings.Contains(string(data), path) // added since
				if r != want && !inside && !unknown {
					got[typ+" "+path] = fmt.Sprintf("%v, not %v", r, want)
				}
			}
		}
	}
	if diff := cmp.Diff(disputed, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
