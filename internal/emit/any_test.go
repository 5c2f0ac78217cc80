package emit_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

func TestAnyNumbers(t *testing.T) {
	var docs []string
	var wants []any
	for _, test := range []struct {
		v          any
		yaml, json string // empty: an error
	}{
		{3, "3", "3"},
		{int64(-1) << 60, "-1152921504606846976", "-1152921504606846976"},
		{1.5, "1.5", "1.5"},
		{float64(80), "80", "80"},
		{1e21, "1.0e+21", "1e+21"},
		{json.Number("1e3"), "1.0e+3", "1e3"},
		{json.Number("1E-7"), "1.0e-7", "1E-7"},
		{json.Number("2.50"), "2.50", "2.50"},
		{json.Number("0x1F"), "0x1F", ""},
		{json.Number("12:30"), "12:30", ""},
		{json.Number(""), "", ""},
		{json.Number("1 2"), "", ""},
		{math.NaN(), "", ""},
		{math.Inf(1), "", ""},
		{uint8(1), "", ""},
	} {
		var y emit.YAML
		var j emit.JSON
		yamlErr, jsonErr := emit.Any(&y, test.v), emit.Any(&j, test.v)
		if got := strings.TrimSuffix(string(y.Buf), "\n"); got != test.yaml || (yamlErr == nil) != (test.yaml != "") {
			t.Errorf("YAML of %v is %q, %v, want %q", test.v, got, yamlErr, test.yaml)
		}
		if got := strings.TrimSuffix(string(j.Buf), "\n"); got != test.json || (jsonErr == nil) != (test.json != "") {
			t.Errorf("JSON of %v is %q, %v, want %q", test.v, got, jsonErr, test.json)
		}
		if test.yaml != "" && test.json != "" {
			var want any
			if err := json.Unmarshal(j.Buf, &want); err != nil {
				t.Error(err)
			}
			docs, wants = append(docs, string(y.Buf)), append(wants, want)
		}
	}
	for i, values := range pyYAML(t, docs) {
		for _, got := range values {
			if got != wants[i] {
				t.Errorf("PyYAML reads %s as %v", docs[i], got)
			}
		}
	}
}

func TestAnyError(t *testing.T) {
	var w emit.JSON
	err := emit.Any(&w, map[string]any{"a": []any{1, map[string]any{"b c": struct{}{}}}})
	const want = `"a": [1]: "b c": cannot write a value of type struct {}`
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// What is not UTF-8 becomes U+FFFD, as encoding/json has it.
func TestInvalid(t *testing.T) {
	for _, s := range []string{"\xff", "a\xffb", "\xc3", "a\nb\xed\xa0\x80\n", "'\xf0\x9f", "\ufffd\xff", "abcdefghijklmnop\xe3\x81"} {
		want := strings.ToValidUTF8(strings.Join(strings.Split(s, ""), "\x00"), "\ufffd") // each byte for itself
		want = strings.ReplaceAll(want, "\x00", "")
		for _, doc := range []string{yamlOf(t, s), jsonOf(t, s), yamlOf(t, map[string]any{s: s}), jsonOf(t, map[string]any{s: s})} {
			var got any
			if err := yaml.Load([]byte(doc), &got); err != nil {
				t.Fatalf("%q: %v", doc, err)
			}
			if m, ok := got.(map[string]any); ok {
				got = m[want]
			}
			if got != want {
				t.Errorf("%q is written as %q and reads back as %q, want %q", s, doc, got, want)
			}
		}
	}
}

// Every kind of nesting reads back, beyond the blanks that are kept ready, too.
func TestDeep(t *testing.T) {
	v := any("text\nof lines\n")
	for i := range 60 {
		if i%3 == 0 {
			v = []any{v, []any{}, "a"}
		} else {
			v = map[string]any{"a": v, "b": map[string]any{}, "c d": []any{v0(i)}}
		}
	}
	for _, doc := range []string{yamlOf(t, v), jsonOf(t, v)} {
		var got any
		if err := yaml.Load([]byte(doc), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(v, got) { // go-cmp takes 2^depth steps
			t.Errorf("reads back as something else: %s", doc)
		}
	}
}

func v0(i int) any { return map[string]any{"i": i, "t": i%2 == 0, "n": nil} }

func TestKeyOfAnyLength(t *testing.T) {
	var w emit.YAML
	long := strings.Repeat("k", 1025)
	w.BeginList()
	w.BeginMap()
	w.Key(long)
	w.BeginList()
	w.Int(1)
	w.EndList()
	w.Key(long + ":")
	w.BeginMap()
	w.EndMap()
	w.EndMap()
	w.EndList()
	want := "- ? " + long + "\n  :\n    - 1\n  ? '" + long + ":'\n  : {}\n"
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// Writers allocate nothing but their buffer.
func TestNoAllocation(t *testing.T) {
	all := resources()
	y, j := &emit.YAML{}, &emit.JSON{}
	run := func() {
		*y, *j = emit.YAML{Buf: y.Buf[:0]}, emit.JSON{Buf: j.Buf[:0]}
		appendAll(y, all)
		appendAll(j, all)
	}
	run()
	if n := testing.AllocsPerRun(10, run); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
