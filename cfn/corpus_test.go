package cfn_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// corpus returns the collected templates that are well-formed, by name.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(oracle.Shared(t, "corpus"), "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for line := range strings.Lines(string(manifest)) {
		name, _, _ := strings.Cut(line, "\t")
		if !strings.HasPrefix(name, "cfn-") || strings.Contains(line, "unparsable:") {
			continue
		}
		data, err := os.ReadFile(oracle.Shared(t, "corpus", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

// TestCorpus reads real templates and writes them. Nothing of them is lost: what
// was written reads back as the same template, and byte for byte the same.
func TestCorpus(t *testing.T) {
	files := corpus(t)
	strict := 0
	for name, data := range files {
		tmpl, err := cfn.ParseLax(name, data)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := cfn.Parse(name, data); err == nil {
			strict++
		} else if (tmpl.Source.Notes.Errors().Err() == nil) != (err == nil) {
			t.Errorf("%s: Parse fails, ParseLax notes nothing: %v", name, err)
		}
		roundTrip(t, name, tmpl)
	}
	t.Logf("%d templates, %d of them pass the strict reader", len(files), strict)
}

// roundTrip writes and reads a template in both formats.
func roundTrip(t *testing.T, name string, tmpl *cfn.Template) {
	t.Helper()
	for _, render := range []func(*cfn.Template) ([]byte, error){(*cfn.Template).Render, (*cfn.Template).RenderJSON} {
		out, err := render(tmpl)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		again, err := cfn.ParseLax(name, out)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
			return
		}
		twice, err := render(again)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if diff := cmp.Diff(string(out), string(twice)); diff != "" {
			t.Errorf("%s: rendered again: mismatch (-want +got):\n%s", name, diff)
		}
		if bytes.HasPrefix(out, []byte("{")) {
			continue // numbers may have another notation
		}
		if diff := cmp.Diff(tmpl, again); diff != "" {
			t.Errorf("%s: read again: mismatch (-want +got):\n%s", name, diff)
		}
	}
}

// TestCorpusMeaning has PyYAML and Python's json compare what was written with
// the original.
func TestCorpusMeaning(t *testing.T) {
	python := oracle.Python(t)
	var jobs []job
	for name, data := range corpus(t) {
		tmpl, err := cfn.ParseLax(name, data)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, newJob(t, name, data, tmpl))
	}
	compare(t, python, jobs)
}

// A job is what testdata/compare.py compares.
type job struct {
	Name     string `json:"name"`
	Original string `json:"original"`
	YAML     string `json:"yaml"`
	JSON     string `json:"json"`
}

// newJob renders a template. Without an original it is compared with its JSON.
func newJob(t *testing.T, name string, original []byte, tmpl *cfn.Template) job {
	t.Helper()
	text, err := tmpl.Render()
	if err != nil {
		t.Fatal(err)
	}
	long, err := tmpl.RenderJSON()
	if err != nil {
		t.Fatal(err)
	}
	if original == nil {
		original = long
	}
	return job{name, string(original), string(text), string(long)}
}

func compare(t *testing.T, python string, jobs []job) {
	t.Helper()
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "compare.py"))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []struct{ Name, Format, Difference string }
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s as %s: %s", f.Name, f.Format, f.Difference)
	}
	t.Logf("%d templates compared in YAML and in JSON, %d differences", len(jobs), len(found))
}
