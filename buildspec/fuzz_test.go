package buildspec_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/buildspec"
)

// FuzzParse holds that nothing panics, and that what is read, is written and read
// again is the same.
func FuzzParse(f *testing.F) {
	text, err := full().Render()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	names, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	for _, seed := range []string{
		"", "\x00", "\xff", "{", "[", "- a", "a: &a [*a]", "<<: {version: 0.2}", "version: !!int x", "version: !!null x",
		"version:", "version: [0.2]", "version: '0.3x'", "phases: {build: {commands: !!str 1}}", "env: {variables: {A: !!int x, B: ~}}",
		"env: {variables: {'': '', ' ': ' ', '=': '=', 1: 0o17, 2: 1e3, 3: 12:30, 4: 2001-01-01}}", "{\"version\": 1e400}",
		strings.Repeat("{a: ", 600), "phases:\n  build:\n    commands:\n      - |2\n          x\n      - >\n        a\n        b\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := buildspec.ParseLax("f.yml", data)
		if err != nil {
			return
		}
		first.Check()
		if _, kept := first.Extra["version"]; !kept && first.Version == "" {
			first.Version = "0.2" // as it is written
		}
		text, err := first.Render()
		if err != nil {
			t.Fatal(err)
		}
		second, err := buildspec.ParseLax("f.yml", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("mismatch (-first +second):\n%s\n%s", diff, text)
		}
		again, err := second.Render()
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("%v\n%s", err, cmp.Diff(string(text), string(again)))
		}
	})
}
