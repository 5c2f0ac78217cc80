package scalar_test

import (
	"math/rand/v2"
	"testing"

	"go.yaml.in/yaml/v4"

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

// resolver writes a letter for what PyYAML resolves each string to.
const resolver = `
import json, sys, yaml
loader = yaml.SafeLoader("")
short = {"null": "n", "bool": "b", "int": "#", "float": "#", "str": "s"}
tags = [loader.resolve(yaml.ScalarNode, s, (True, False)) for s in json.load(sys.stdin)]
json.dump([short.get(tag.rpartition(":")[2], "?") for tag in tags], sys.stdout)
`

// Resolve and IsPlain agree with PyYAML on each of them.
func TestPyYAML(t *testing.T) {
	all := candidates()
	var got []string
	scalartest.RunPython(t, resolver, all, &got)
	if len(got) != len(all) {
		t.Fatalf("%d answers for %d strings", len(got), len(all))
	}
	letters := map[scalar.Class]string{scalar.Null: "n", scalar.Bool: "b", scalar.Number: "#", scalar.String: "s"}
	for i, s := range all {
		want := got[i]
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
