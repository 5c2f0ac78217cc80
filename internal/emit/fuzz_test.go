package emit_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/scalar/scalartest"
)

func seeds(f *testing.F) {
	for _, s := range append(scalartest.Hard(), scalartest.Bare()...) {
		if len(s) < 100 {
			f.Add(s)
		}
	}
}

// Any string reads back by yaml/v4, as value, key and item.
func FuzzYAML(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		for _, v := range around(s) {
			doc := yamlOf(t, v)
			var got any
			if err := yaml.Load([]byte(doc), &got); err != nil {
				t.Fatalf("%v: %q", err, doc)
			}
			if !cmp.Equal(v, got) {
				t.Fatalf("%q\n%s", doc, cmp.Diff(v, got))
			}
		}
	})
}

// Any string reads back by encoding/json, and by yaml/v4 where it makes a key.
func FuzzJSON(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		for _, v := range around(s) {
			doc := jsonOf(t, v)
			var got any
			if err := json.Unmarshal([]byte(doc), &got); err != nil {
				t.Fatalf("%v: %q", err, doc)
			}
			if !cmp.Equal(v, got) {
				t.Fatalf("%q\n%s", doc, cmp.Diff(v, got))
			}
			if len(jsonOf(t, s)) > 1024 {
				continue
			}
			got = nil
			if err := yaml.Load([]byte(doc), &got); err != nil || !cmp.Equal(v, got) {
				t.Fatalf("%v: yaml/v4 reads %q\n%s", err, doc, cmp.Diff(v, got))
			}
		}
	})
}
