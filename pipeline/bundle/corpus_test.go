package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// corpusDir returns the directory of real files by others, or skips.
func corpusDir(t testing.TB) string {
	t.Helper()
	for dir := "."; ; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			continue
		}
		for _, up := range []string{"..", "../.."} { // the module may be a worktree, one level deeper
			shared := filepath.Join(dir, up, "shared", "corpus")
			if _, err := os.Stat(shared); err == nil {
				return shared
			}
		}
		t.Skip("no ../shared/corpus beside the module: the collection of real files is not here")
	}
}

// TestCorpusEmbedded holds that every error about what stands inside of a template is
// in testdata/embedded-errors.txt, where a sentence says why it is right.
func TestCorpusEmbedded(t *testing.T) {
	dir := corpusDir(t)
	manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	invalid := map[string]bool{}
	for line := range strings.Lines(string(manifest)) {
		name, _, _ := strings.Cut(line, "\t")
		invalid[name] = strings.Contains(line, "intentionally invalid")
	}
	b, _ := bundle.Load(os.DirFS(dir)) // what cannot be read is none of this test
	ps := b.Parts()
	got := map[string]bool{}
	note := func(problems slipway.Problems) {
		for _, p := range problems.Errors() {
			if !p.Pos.IsValid() || !strings.HasPrefix(p.Path, "Resources.") {
				t.Errorf("%v: a problem lacks its position or its path", p)
			}
			if !invalid[p.File] {
				got[p.File+" "+p.Path+" "+p.Rule] = true
			}
		}
	}
	for _, p := range ps.Tasks {
		if p.Template != nil {
			note(p.Check())
		}
	}
	for _, p := range ps.Pipelines {
		if p.Template != nil {
			note(p.Check())
		}
	}
	for _, p := range ps.Buildspecs {
		if p.Template != nil {
			note(p.Check())
		}
	}
	review, err := os.ReadFile("testdata/embedded-errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range strings.Lines(string(review)) {
		if finding, why, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") && why != "" {
			want[finding] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-reviewed +got):\n%s", diff)
	}
}
