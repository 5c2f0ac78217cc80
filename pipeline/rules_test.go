package pipeline_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRules checks the files of testdata/*.txtar: of bad.json, bad2.json, ...
// exactly the findings that follow each in a .want, of good.json, ... none.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	found := make(map[string]bool)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range archive.Files {
				name, isJSON := strings.CutSuffix(f.Name, ".json")
				if !isJSON {
					continue
				}
				problems := findings(t, f.Name, f.Data)
				for _, p := range problems {
					found[p.Rule] = true
				}
				got := ""
				if len(problems) > 0 {
					got = problems.Error() + "\n"
				}
				want := ""
				if strings.HasPrefix(name, "bad") {
					if i+1 == len(archive.Files) || archive.Files[i+1].Name != name+".want" {
						t.Fatalf("%s is not followed by %s.want", f.Name, name)
					}
					want = string(archive.Files[i+1].Data)
					if *update {
						archive.Files[i+1].Data = []byte(got)
						continue
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: mismatch (-want +got)\n%s", f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, rule := range pipeline.Rules() {
		if !found[rule.Name] && !inGo[rule.Name] {
			t.Errorf("no fixture finds anything by the rule %s", rule.Name)
		}
		if rule.Doc == "" || rule.Source == "" && !strings.HasPrefix(rule.Name, "file/") {
			t.Errorf("the rule %s has no sentence or no source", rule.Name)
		}
	}
}

// inGo are the rules whose fixtures would be too long; they have tests in Go.
var inGo = map[string]bool{"pipeline/limits": true}

// findings returns what reading and checking a file finds.
func findings(t *testing.T, name string, data []byte) slipway.Problems {
	t.Helper()
	d, err := pipeline.ParseLax(name, data)
	if err != nil {
		var problems slipway.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("%s: %v is no slipway.Problems", name, err)
		}
		return problems
	}
	text, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	again, err := pipeline.ParseLax(name, text)
	if err != nil {
		t.Fatal(err)
	}
	if text2, _ := again.Render(); !bytes.Equal(text, text2) {
		t.Errorf("%s: written twice, it differs", name)
	}
	return d.Check()
}
