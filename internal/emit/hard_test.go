package emit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/internal/scalar/scalartest"
)

// around returns documents in which s stands as everything that a string can be.
func around(s string) []any {
	return []any{
		s,
		[]any{s, []any{s}, s},
		map[string]any{s: s},
		map[string]any{s: map[string]any{s: []any{s}}},
		map[string]any{
			"key":   map[string]any{s: "value"},
			"list":  []any{s, map[string]any{s: s}, map[string]any{s: []any{}, "z": s}},
			"maps":  []any{map[string]any{"a": []any{s, map[string]any{"b": s, s + "c": 1.5}}, "z": s}},
			"value": s,
			"z":     true,
		},
	}
}

func yamlOf(t *testing.T, v any) string {
	t.Helper()
	var w emit.YAML
	if err := emit.Any(&w, v); err != nil {
		t.Fatal(err)
	}
	return string(w.Buf)
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	var w emit.JSON
	if err := emit.Any(&w, v); err != nil {
		t.Fatal(err)
	}
	return string(w.Buf)
}

func short(s string) string {
	if len(s) > 300 {
		return s[:300] + "..."
	}
	return s
}

// script reads a list of documents and writes what PyYAML makes of each, by its
// own loader and by the one of libyaml. What is no JSON value becomes its
// representation; a lone surrogate is an error.
const script = `
import json, sys, yaml
def load(text, loader):
    try:
        return json.loads(json.dumps(yaml.load(text.encode(), loader), ensure_ascii=False, default=repr).encode())
    except Exception as e:
        return {"error": str(e)}
loaders = [yaml.SafeLoader] + ([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])
json.dump([[load(doc, loader) for loader in loaders] for doc in json.load(sys.stdin)], sys.stdout)
`

// pyYAML returns what the loaders of PyYAML make of each document.
func pyYAML(t *testing.T, docs []string) (values [][]any) {
	t.Helper()
	runPython(t, script, docs, &values)
	if len(values) != len(docs) {
		t.Fatalf("%d values of %d documents", len(values), len(docs))
	}
	return values
}

// Every hard string reads back by PyYAML, from YAML and from JSON.
func TestHardPyYAML(t *testing.T) {
	var docs []string
	var wants []any
	for _, s := range scalartest.Hard() {
		all := around(s)
		if len(s) > 2000 {
			all = all[:3] // PyYAML is slow
		}
		for _, v := range all {
			docs, wants = append(docs, yamlOf(t, v)), append(wants, v)
			if len(jsonOf(t, s)) <= 1024 { // YAML has no longer keys without an indicator that JSON does not have
				docs, wants = append(docs, jsonOf(t, v)), append(wants, v)
			}
		}
	}
	for i, values := range pyYAML(t, docs) {
		for _, got := range values {
			if !cmp.Equal(wants[i], got) {
				t.Errorf("PyYAML reads %s\nas %s", short(docs[i]), short(cmp.Diff(wants[i], got)))
			}
		}
	}
	t.Logf("%d strings, %d documents", len(scalartest.Hard()), len(docs))
}

// Every hard string reads back by yaml/v4, from YAML and from JSON.
func TestHardYAML(t *testing.T) {
	for _, s := range scalartest.Hard() {
		for _, v := range around(s) {
			docs := []string{yamlOf(t, v)}
			if len(jsonOf(t, s)) <= 1024 {
				docs = append(docs, jsonOf(t, v))
			}
			for _, doc := range docs {
				var got any
				if err := yaml.Load([]byte(doc), &got); err != nil {
					t.Errorf("%v: yaml/v4 does not read %s", err, short(doc))
				} else if !cmp.Equal(v, got) {
					t.Errorf("yaml/v4 reads %s\nas %s", short(doc), short(cmp.Diff(v, got)))
				}
				if !strings.HasSuffix(doc, "\n") || strings.ContainsAny(doc, "\r\x00\x7f\u0085\u2028\u2029\ufeff") {
					t.Errorf("not a clean text: %q", short(doc))
				}
			}
		}
	}
}

// Every hard string reads back by encoding/json.
func TestHardJSON(t *testing.T) {
	for _, s := range scalartest.Hard() {
		for _, v := range around(s) {
			doc := jsonOf(t, v)
			var got any
			if err := json.Unmarshal([]byte(doc), &got); err != nil {
				t.Errorf("%v: encoding/json does not read %s", err, short(doc))
			} else if !cmp.Equal(v, got) {
				t.Errorf("encoding/json reads %s\nas %s", short(doc), short(cmp.Diff(v, got)))
			}
		}
	}
}

// A string that every reader reads back without quotes gets none.
func TestBare(t *testing.T) {
	var docs []string
	var wants []any
	for _, s := range scalartest.Bare() {
		want := s + ":\n  - " + s + "\n  - a: " + s + "\n"
		v := map[string]any{s: []any{s, map[string]any{"a": s}}}
		doc := yamlOf(t, v)
		if diff := cmp.Diff(want, doc); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
		var got any
		if err := yaml.Load([]byte(doc), &got); err != nil || !cmp.Equal(v, got) {
			t.Errorf("yaml/v4 reads %s\nas %v, %v", doc, got, err)
		}
		docs, wants = append(docs, doc), append(wants, v)
	}
	for i, values := range pyYAML(t, docs) {
		for _, got := range values {
			if !cmp.Equal(wants[i], got) {
				t.Errorf("PyYAML reads %s\nas %v", docs[i], got)
			}
		}
	}
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
