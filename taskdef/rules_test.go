package taskdef_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var update = flag.Bool("update", false, "write the golden files anew")

// findings returns what Check finds in a file, one a line, without the file's name.
func findings(t *testing.T, data []byte) string {
	t.Helper()
	d, err := taskdef.ParseLax("", data)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, p := range d.Check() {
		b.WriteString(p.Error())
		b.WriteByte('\n')
		for _, place := range p.Related {
			b.WriteString("\t" + place.Pos.String() + ": " + place.Path + ": " + place.Message + "\n")
		}
	}
	return b.String()
}

// TestRules checks the files of testdata: what is found in each bad one stands in
// the .out that follows it; the good ones, which nearly break the rule, are silent.
func TestRules(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range names {
		topic := strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(topic, func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			good, seen := 0, false
			var out []txtar.File
			for i, f := range a.Files {
				if !strings.HasSuffix(f.Name, ".json") {
					continue
				}
				got := findings(t, f.Data)
				out = append(out, f)
				if strings.HasPrefix(f.Name, "good") {
					good++
					if got != "" {
						t.Errorf("%s: want silence, found\n%s", f.Name, got)
					}
					continue
				}
				seen = seen || strings.Contains(got, "("+rulePrefix(topic)+topic+")")
				goldenName := strings.TrimSuffix(f.Name, ".json") + ".out"
				out = append(out, txtar.File{Name: goldenName, Data: []byte(got)})
				if *update {
					continue
				}
				if i+1 == len(a.Files) || a.Files[i+1].Name != goldenName {
					t.Errorf("no %s after %s", goldenName, f.Name)
				} else if diff := cmp.Diff(string(a.Files[i+1].Data), got); diff != "" {
					t.Errorf("%s mismatch (-want +got)\n%s", f.Name, diff)
				}
			}
			if good == 0 || !seen {
				t.Errorf("want at least one good file, and a bad one in which the rule %s finds something", topic)
			}
			if *update {
				a.Files = out
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func rulePrefix(topic string) string {
	switch topic {
	case "duplicate-key", "unknown-key", "type", "null", "empty-string":
		return "file/"
	}
	return "taskdef/"
}

// TestEveryRuleHasData holds the table of rules and the test data equal.
func TestEveryRuleHasData(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range taskdef.Rules() {
		if seen[r.Name] {
			t.Errorf("rule %s stands twice", r.Name)
		}
		seen[r.Name] = true
		if r.Doc == "" || !strings.HasSuffix(r.Doc, ".") {
			t.Errorf("rule %s: its Doc is no sentence: %q", r.Name, r.Doc)
		}
		if r.Name == "file/syntax" || r.Name == "taskdef/size" {
			continue // the file is not read then, and would be too large: see TestSizeLimit
		}
		_, topic, _ := strings.Cut(r.Name, "/")
		if _, err := os.Stat(filepath.Join("testdata", topic+".txtar")); err != nil {
			t.Errorf("rule %s has no test data: %v", r.Name, err)
		}
		if r.Source == "" && strings.HasPrefix(r.Name, "taskdef/") {
			t.Errorf("rule %s has no source", r.Name)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	d := typical()
	size := func(n int) string {
		d.ContainerDefinitions[0].Environment[0].Value = new(strings.Repeat("x", n))
		var lines []string
		for _, p := range d.Check() {
			lines = append(lines, p.Error())
		}
		return strings.Join(lines, "\n")
	}
	if got := size(64 << 10); !strings.Contains(got, "at most 65536 are allowed (taskdef/size)") {
		t.Errorf("64 KiB in a variable: found %q, want taskdef/size", got)
	}
	if got := size(64<<10 - 1200); got != "" { // with the indentation it is above the limit
		t.Errorf("less than 64 KiB in all: found %q, want nothing", got)
	}
}

// TestCheckChangesNothing checks each test file twice and compares.
func TestCheckChangesNothing(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".json") {
				continue
			}
			d, err := taskdef.ParseLax(f.Name, f.Data)
			if err != nil {
				continue
			}
			before, _ := d.Render()
			first := d.Check()
			if diff := cmp.Diff([]*slipway.Problem(first), []*slipway.Problem(d.Check())); diff != "" {
				t.Errorf("%s, %s: a second Check finds something else\n%s", name, f.Name, diff)
			}
			after, _ := d.Render()
			if diff := cmp.Diff(string(before), string(after)); diff != "" {
				t.Errorf("%s, %s: Check changed the definition\n%s", name, f.Name, diff)
			}
		}
	}
}
