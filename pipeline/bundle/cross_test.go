package bundle_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A repository is the files of a repository.
type repository map[string]string

// base returns the good delivery of that name.
func base(t testing.TB, name string) repository {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "cross", "base-"+name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	d := repository{}
	for _, f := range a.Files {
		d[f.Name] = string(f.Data)
	}
	return d
}

func (d repository) fs() fs.FS {
	fsys := fstest.MapFS{}
	for name, text := range d {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return fsys
}

// change edits the delivery as a case says. Its lines are
//
//	base NAME    the delivery to start from instead of ecs; first
//	@ FILE       the file that the next lines are about
//	- TEXT       a line to replace, which the file has once; several follow each other
//	+ TEXT       a line to put in its place, or at the end of the file where there was no -
//	! FILE       a file to remove
func change(t testing.TB, edits string) repository {
	t.Helper()
	d, file := base(t, "ecs"), ""
	var old, replacement []string
	flush := func() {
		t.Helper()
		if old == nil && replacement == nil {
			return
		}
		text, from := d[file], strings.Join(old, "\n")
		to := strings.Join(replacement, "\n")
		switch n := strings.Count("\n"+text, "\n"+from+"\n"); {
		case old == nil:
			d[file] = text + to + "\n"
		case n != 1:
			t.Fatalf("%s has %d times\n%s", file, n, from)
		case replacement == nil:
			d[file] = strings.TrimPrefix(strings.Replace("\n"+text, "\n"+from+"\n", "\n", 1), "\n")
		default:
			d[file] = strings.TrimPrefix(strings.Replace("\n"+text, "\n"+from+"\n", "\n"+to+"\n", 1), "\n")
		}
		old, replacement = nil, nil
	}
	for line := range strings.Lines(edits) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "base "):
			d = base(t, line[5:])
		case strings.HasPrefix(line, "@ "):
			flush()
			file = line[2:]
		case strings.HasPrefix(line, "! "):
			flush()
			if d[line[2:]] == "" {
				t.Fatalf("there is no %s", line[2:])
			}
			delete(d, line[2:])
		case strings.HasPrefix(line, "- "):
			if replacement != nil {
				flush()
			}
			old = append(old, line[2:])
		case strings.HasPrefix(line, "+ "):
			replacement = append(replacement, line[2:])
		case line == "+":
			replacement = append(replacement, "")
		default:
			t.Fatalf("cannot read the line %q", line)
		}
	}
	flush()
	return d
}

// findings returns what Check finds in a delivery, one a line, with what is related.
// Infos are left out.
func (d repository) findings(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	found, err := bundle.Load(d.fs())
	if err != nil {
		fmt.Fprintf(&b, "load: %v\n", err)
	}
	for _, p := range found.Check() {
		if p.Severity == slipway.Info && !strings.HasPrefix(p.Rule, "bundle/") {
			continue
		}
		b.WriteString(p.Error() + "\n")
		for _, place := range p.Related {
			fmt.Fprintf(&b, "\t%s:%s: %s: %s\n", place.File, place.Pos, place.Path, place.Message)
		}
	}
	return b.String()
}

// TestBases holds the deliveries that the cases change to silence.
func TestBases(t *testing.T) {
	for _, name := range []string{"ecs", "bluegreen", "template"} {
		if got := base(t, name).findings(t); got != "" {
			t.Errorf("%s: want silence, found\n%s", name, got)
		}
	}
}

// TestAcross checks the cases of testdata/cross. A file NAME is the changes to a
// base, and NAME.out, which follows it, what is found; a case whose name begins
// with good nearly breaks the rule, and nothing is found.
func TestAcross(t *testing.T) {
	names, err := filepath.Glob("testdata/cross/*.txtar")
	if err != nil || len(names) < 20 {
		t.Fatalf("found %d files of test data: %v", len(names), err)
	}
	for _, name := range names {
		topic := strings.TrimSuffix(filepath.Base(name), ".txtar")
		if strings.HasPrefix(topic, "base-") {
			continue
		}
		t.Run(topic, func(t *testing.T) { testTopic(t, name, topic) })
	}
}

func testTopic(t *testing.T, name, topic string) {
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	good, seen := 0, false
	var out []txtar.File
	for i, f := range a.Files {
		if strings.HasSuffix(f.Name, ".out") {
			continue
		}
		got := change(t, string(f.Data)).findings(t)
		out = append(out, f)
		if strings.HasPrefix(f.Name, "good") {
			good++
			if got != "" {
				t.Errorf("%s: want silence, found\n%s", f.Name, got)
			}
			continue
		}
		if seen = seen || strings.Contains(got, "(bundle/"+topic+")"); got == "" {
			t.Errorf("%s: nothing is found", f.Name)
		}
		out = append(out, txtar.File{Name: f.Name + ".out", Data: []byte(got)})
		if *update {
			continue
		}
		if i+1 == len(a.Files) || a.Files[i+1].Name != f.Name+".out" {
			t.Errorf("no %s.out", f.Name)
		} else if diff := cmp.Diff(string(a.Files[i+1].Data), got); diff != "" {
			t.Errorf("%s mismatch (-want +got)\n%s", f.Name, diff)
		}
	}
	if topic != "failures" && (good == 0 || !seen) {
		t.Errorf("want a good case, and a bad one in which bundle/%s finds something", topic)
	}
	if *update {
		a.Files = out
		if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryRuleHasCases holds the table of rules and the test data equal.
func TestEveryRuleHasCases(t *testing.T) {
	var names []string
	for _, r := range bundle.Rules() {
		if slices.Contains(names, r.Name) {
			t.Errorf("rule %s stands twice", r.Name)
		}
		names = append(names, r.Name)
		if r.Doc == "" || !strings.HasSuffix(r.Doc, ".") {
			t.Errorf("rule %s: its Doc is no sentence: %q", r.Name, r.Doc)
		}
		topic := strings.TrimPrefix(r.Name, "bundle/")
		if r.Source == "" {
			continue // of the bundle itself: path, drift
		}
		if _, err := os.Stat(filepath.Join("testdata", "cross", topic+".txtar")); err != nil {
			t.Errorf("rule %s has no test data: %v", r.Name, err)
		}
	}
}
