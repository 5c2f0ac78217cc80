package stackdiff_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// TestGolden reads the archives of testdata: before.yml and after.yml are followed by
// report, what differs. The files before and after hold values of parameters, one a line.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sides := map[string]*stackdiff.Side{"before": {}, "after": {}}
			found := &txtar.Archive{Comment: archive.Comment}
			want := ""
			for _, f := range archive.Files {
				if f.Name == "report" {
					want = string(f.Data)
					continue
				}
				found.Files = append(found.Files, f)
				if side, ok := strings.CutSuffix(f.Name, ".yml"); ok {
					sides[side].Template = parse(t, f.Name, string(f.Data))
				} else {
					sides[f.Name].Parameters = values(t, string(f.Data))
				}
			}
			got := report(*sides["before"], *sides["after"])
			if *update {
				found.Files = append(found.Files, txtar.File{Name: "report", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(found), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func values(t testing.TB, text string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Fatalf("want name=value: %q", line)
		}
		out[name] = value
	}
	return out
}
