package emit_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Every collected file that can be read can be written as YAML and reads back.
func TestCorpus(t *testing.T) {
	read := 0
	err := filepath.WalkDir(oracle.Shared(t, "corpus"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var n *source.Node // what cannot be read is not written
		switch filepath.Ext(path) {
		case ".json":
			var problems slipway.Problems
			if n, problems = source.JSON(d.Name(), data); (n != nil) != json.Valid(data) {
				t.Errorf("encoding/json differs from %v", problems)
			}
		case ".yml", ".yaml":
			n, _ = source.YAML(d.Name(), data)
		}
		if n == nil {
			return nil
		}
		read++
		var w emit.YAML
		if err := emit.Any(&w, n.Any()); err != nil {
			t.Errorf("%s: %v", d.Name(), err)
			return nil
		}
		back, problems := source.YAML(d.Name(), w.Buf)
		if len(problems) > 0 {
			t.Error(problems)
		} else if !reflect.DeepEqual(n.Any(), back.Any()) {
			t.Errorf("%s reads back as something else", d.Name())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 600 {
		t.Errorf("read %d files, want 600 or more", read)
	}
}
