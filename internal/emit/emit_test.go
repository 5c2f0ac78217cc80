package emit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// write makes every kind of nesting.
func write(w emit.Writer) {
	w.BeginMap()
	w.Name("name")
	w.String("yes")
	w.Name("none")
	w.BeginMap()
	w.EndMap()
	w.Name("list")
	w.BeginList()
	w.Int(-3)
	w.BeginList()
	w.EndList()
	w.BeginList()
	w.String("a")
	w.BeginMap()
	w.Key("a: b")
	w.Bool(true)
	w.Key("c")
	w.String("one\ntwo\n")
	w.EndMap()
	w.EndList()
	w.EndList()
	w.EndMap()
}

func TestJSON(t *testing.T) {
	var w emit.JSON
	write(&w)
	const want = `{
  "name": "yes",
  "none": {},
  "list": [
    -3,
    [],
    [
      "a",
      {
        "a: b": true,
        "c": "one\ntwo\n"
      }
    ]
  ]
}
`
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestYAML(t *testing.T) {
	var w emit.YAML
	write(&w)
	const want = `name: 'yes'
none: {}
list:
  - -3
  - []
  - - a
    - 'a: b': true
      c: |
        one
        two
`
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestYAMLTag(t *testing.T) {
	var w emit.YAML
	w.BeginMap()
	w.Name("a")
	w.Tag("!Ref")
	w.String("B")
	w.Name("c")
	w.Tag("!Join")
	w.BeginList()
	w.Tag("!Sub")
	w.String("x\ny")
	w.Tag("!Select")
	w.BeginList()
	w.EndList()
	w.EndList()
	w.EndMap()
	const want = `a: !Ref B
c: !Join
  - !Sub |-
    x
    y
  - !Select []
`
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
