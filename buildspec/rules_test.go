package buildspec_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
)

var update = flag.Bool("update", false, "write what the tests find into testdata")

// findings returns what is found in a file, one problem a line.
func findings(t *testing.T, name string, data []byte) string {
	t.Helper()
	var found slipway.Problems
	spec, err := buildspec.ParseLax(name, data)
	if err == nil {
		found = spec.Check()
	} else if !errors.As(err, &found) {
		t.Fatalf("ParseLax returned an error of type %T", err)
	}
	if len(found) == 0 {
		return ""
	}
	for _, p := range found {
		if p.File != name || !p.Pos.IsValid() || p.Rule == "" {
			t.Errorf("%v: a problem lacks its file, its position or its rule", p)
		}
	}
	return found.Error() + "\n"
}

// TestRules checks the files of testdata/rules: x.yml is followed by x.txt, the
// findings; where that is missing, nothing must be found.
func TestRules(t *testing.T) {
	names, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	fired := map[string]bool{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range archive.Files {
			if base, ok := strings.CutSuffix(f.Name, ".txt"); ok {
				want[base] = string(f.Data)
			}
		}
		updated := &txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			ext := filepath.Ext(f.Name)
			if ext == ".txt" {
				continue
			}
			base := strings.TrimSuffix(f.Name, ext)
			updated.Files = append(updated.Files, f)
			got := findings(t, f.Name, f.Data)
			if got != "" {
				updated.Files = append(updated.Files, txtar.File{Name: base + ".txt", Data: []byte(got)})
			}
			for _, rule := range buildspec.Rules() {
				if strings.Contains(got, "("+rule.Name+")") {
					fired[rule.Name] = true
				}
			}
			if *update {
				continue
			}
			if diff := cmp.Diff(want[base], got); diff != "" {
				t.Errorf("%s: %s: mismatch (-want +got):\n%s", name, f.Name, diff)
			}
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(updated), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, rule := range buildspec.Rules() {
		if !fired[rule.Name] && rule.Name != "buildspec/duplicate-name" { // no file can break that one
			t.Errorf("no file of testdata breaks %s", rule.Name)
		}
		if rule.Doc == "" || !strings.HasSuffix(rule.Doc, ".") {
			t.Errorf("%s has no sentence", rule.Name)
		}
	}
}
