package taskdef_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// FuzzParse holds reading, checking and writing to this: no panic, the second
// reading is the first one, and the second writing too.
func FuzzParse(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".json") && len(file.Data) < 16<<10 {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte(`{"containerDefinitions":[{"ulimits":[{"softLimit":1.5}],"x":{"y":[1e400,null]}}],"taskDefinition":{}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := taskdef.ParseLax("f.json", data)
		if err != nil {
			return
		}
		d.Check()
		text, err := d.Render()
		if err != nil {
			t.Fatalf("Render: %v", err)
		}
		again, err := taskdef.ParseLax("f.json", text)
		if err != nil {
			t.Fatalf("Parse of what Render wrote: %v\n%s", err, text)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("mismatch after a round trip (-want +got)\n%s", diff)
		}
		second, err := again.Render()
		if err != nil {
			t.Fatalf("second Render: %v", err)
		}
		if !bytes.Equal(text, second) {
			t.Errorf("mismatch of two renderings (-want +got)\n%s", cmp.Diff(string(text), string(second)))
		}
	})
}
