package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A failure is a line of testdata/failures.txt.
type failure struct {
	row, verdict, rule string
	cases              []string
}

func failures(t *testing.T) []failure {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "failures.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var list []failure
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 3 && f[0] != "#" {
			list = append(list, failure{f[0], f[1], f[2], f[3:]})
		}
	}
	return list
}

// find returns the changes of a case, such as container-name/bad-other.
func find(t *testing.T, name string) string {
	t.Helper()
	topic, name, _ := strings.Cut(name, "/")
	a, err := txtar.ParseFile(filepath.Join("testdata", "cross", topic+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatalf("%s has no case %s", topic, name)
	return ""
}

// TestFailures finds each failure in the cases that have it: by the rule, at a
// place with line and column. Those of a trap must be silent.
func TestFailures(t *testing.T) {
	for _, f := range failures(t) {
		for _, name := range f.cases {
			t.Run("row"+f.row+"/"+strings.ReplaceAll(name, "/", "-"), func(t *testing.T) {
				d := change(t, find(t, name))
				if f.verdict == "trap" {
					if got := d.findings(t); got != "" {
						t.Errorf("want silence, found\n%s", got)
					}
					return
				}
				for _, p := range d.all() {
					if p.Rule == f.rule && p.File != "" && p.Pos.IsValid() && p.Pos.Column > 0 {
						return
					}
				}
				t.Errorf("want a problem of %s with its place, found\n%s", f.rule, d.findings(t))
			})
		}
	}
}

// all returns every problem of loading and checking a delivery.
func (d repository) all() slipway.Problems {
	b, err := bundle.Load(d.fs())
	problems, _ := err.(slipway.Problems)
	return append(problems, b.Check()...)
}

// TestFailuresAreAllThere holds the table and the collection equal: each row that
// is visible in files has a line, with the same verdict.
func TestFailuresAreAllThere(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(moduleRoot(t), "..", "shared", "failures.md"))
	if err != nil {
		t.Skip("the collection of failures is not here: ../shared/failures.md")
	}
	have := map[string]string{}
	for _, f := range failures(t) {
		have[f.row] = f.verdict
	}
	rows := 0
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, " | ")
		row := strings.TrimPrefix(cells[0], "| ")
		if len(cells) != 6 || strings.Trim(row, "0123456789") != "" {
			continue
		}
		rows++
		verdict := cells[4]
		if strings.Contains(verdict, "X") || strings.Contains(verdict, "**S**") || strings.Contains(cells[2], "false positive") {
			if have[row] == "" {
				t.Errorf("row %s, %s, has no line in testdata/failures.txt", row, verdict)
			} else if have[row] != "trap" && !strings.Contains(verdict, have[row]) {
				t.Errorf("row %s has the verdict %s, and %s in testdata/failures.txt", row, verdict, have[row])
			}
		}
	}
	if rows < 40 {
		t.Errorf("found %d rows, want at least 40", rows)
	}
}

// moduleRoot walks up to go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this directory")
		}
		dir = filepath.Dir(dir)
	}
}

// TestOldDockerImages holds the images that may start docker themselves to a
// warning.
func TestOldDockerImages(t *testing.T) {
	d := change(t, find(t, "privileged-mode/bad-old-image"))
	for _, p := range d.all() {
		if p.Severity == slipway.Error {
			t.Errorf("want no error, found %v", p)
		}
	}
}
