package scalar_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/scalar/scalartest"
)

// candidates returns every short string of the characters that numbers, words
// and dates are made of, and many longer ones.
func candidates() []string {
	const letters = "0179:._-+eExbon~=<T, #aA"
	var all, last []string
	last = []string{""}
	for range 3 {
		var next []string
		for _, s := range last {
			for _, c := range letters {
				next = append(next, s+string(c))
			}
		}
		all, last = append(all, next...), next
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{letters, "01:5._", "0123456789_", "019.eE+-", "-+0xbof17_", "2001-T: 0", "nullyesofftrueNULL", "-+.infINFnaNAN"} {
		for range 5000 {
			s := make([]byte, 4+random.IntN(9))
			for i := range s {
				s[i] = alphabet[random.IntN(len(alphabet))]
			}
			all = append(all, string(s))
		}
	}
	for _, s := range append(scalartest.Hard(), scalartest.Bare()...) {
		if len(s) < 100 {
			all = append(all, s)
		}
	}
	return all
}

// resolver writes a letter for what PyYAML resolves each string to, and for a
// whole number what it is.
const resolver = `
import json, sys, yaml
short = {"null": "n", "bool": "b", "int": "#", "float": "#", "str": "s"}
def resolve(s, loader=yaml.SafeLoader("")):
    tag = loader.resolve(yaml.ScalarNode, s, (True, False))
    value = ""
    if tag.endswith(":int"):
        try:
            value = str(loader.construct_yaml_int(yaml.ScalarNode(tag, s)))
        except ValueError:
            pass
    return [short.get(tag.rpartition(":")[2], "?"), value]
json.dump([resolve(s) for s in json.load(sys.stdin)], sys.stdout)
`

// Resolve, Int and IsPlain agree with PyYAML on each of them.
func TestPyYAML(t *testing.T) {
	all := candidates()
	var got [][2]string
	runPython(t, resolver, all, &got)
	if len(got) != len(all) {
		t.Fatalf("%d answers for %d strings", len(got), len(all))
	}
	letters := map[scalar.Class]string{scalar.Null: "n", scalar.Bool: "b", scalar.Number: "#", scalar.String: "s"}
	for i, s := range all {
		want := got[i][0]
		if scalar.IsPlain(s) && want != "s" {
			t.Errorf("%q is plain, and %s to PyYAML", s, want)
		}
		if want == "?" { // a date, = or <<
			want = "s"
		}
		if class := scalar.Resolve(s); letters[class] != want {
			t.Errorf("Resolve(%q) = %v, PyYAML says %s", s, class, want)
		}
	}
	for i, s := range all {
		want, err := strconv.ParseInt(got[i][1], 10, 64)
		if n, ok := scalar.Int(s); ok != (err == nil) || n != want && ok {
			t.Errorf("Int(%q) = %d, %t, PyYAML says %q", s, n, ok, got[i][1])
		}
	}
	t.Logf("%d strings", len(all))
}

// What is plain reads back by yaml/v4.
func TestYAML(t *testing.T) {
	plain := 0
	for _, s := range candidates() {
		if !scalar.IsPlain(s) {
			continue
		}
		plain++
		var got map[string]any
		if err := yaml.Load([]byte(s+": "+s+"\n"), &got); err != nil || len(got) != 1 || got[s] != s {
			t.Errorf("%q reads back as %v, %v", s, got, err)
		}
	}
	t.Logf("%d plain strings", plain)
}

// runPython runs a script that reads in as JSON from its standard input and writes
// out as JSON to its standard output.
func runPython(t *testing.T, script string, in, out any) {
	t.Helper()
	input, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(oracle.Python(t), "-c", script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(output, out); err != nil {
		t.Fatal(err)
	}
}
