package emit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

func TestModel(t *testing.T) {
	var w emit.Model
	w.BeginMap()
	w.Name("args")
	emit.WriteStrings(&w, []string{"a", ""})
	w.Name("codes")
	w.WriteInts([]int{0, 143})
	w.Name("options")
	w.WriteMap(map[string]string{"b": "2", "a": "1"})
	w.Name("none")
	w.WriteMap(map[string]string{})
	w.Extra(map[string]any{"z": nil, "y": []any{true}, "args": "hidden"}, isArgs)
	w.EndMap()
	want := `{
  "args": [
    "a",
    ""
  ],
  "codes": [
    0,
    143
  ],
  "options": {
    "a": "1",
    "b": "2"
  },
  "none": {},
  "y": [
    true
  ],
  "z": null
}
`
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
	if w.Err != nil {
		t.Error(w.Err)
	}
	w.Extra(map[string]any{"f": func() {}}, isArgs)
	if w.Err == nil {
		t.Error("a function was written without an error")
	}
}

func isArgs(key string) bool { return key == "args" }
