package cfn_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// TestCheckCorpus holds the errors in real templates that are not meant to have
// any to those of testdata/corpus.txt, each of which a person has looked at.
func TestCheckCorpus(t *testing.T) {
	manifest, err := os.ReadFile(filepath.Join(oracle.Shared(t, "corpus"), "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files := corpus(t)
	var got []string
	for line := range strings.Lines(string(manifest)) {
		name, _, _ := strings.Cut(line, "\t")
		data, ok := files[name]
		if !ok || strings.Contains(line, "intentionally invalid") {
			continue
		}
		template, err := cfn.ParseLax(name, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range template.Check() {
			if p.Severity == slipway.Error && strings.HasPrefix(p.Rule, "cfn/") {
				got = append(got, name+" "+p.Rule)
			}
		}
	}
	slices.Sort(got)
	got = slices.Compact(got)
	file := filepath.Join("testdata", "corpus.txt")
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Fields(string(data)), strings.Fields(strings.Join(got, "\n"))); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
