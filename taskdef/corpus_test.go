package taskdef_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// corpus returns the folder of real files by others, and skips the test where it
// is not there.
func corpus(t *testing.T) string {
	t.Helper()
	for dir := "."; ; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			for _, up := range []string{"..", "../.."} { // the module may be a worktree, one level deeper
				shared := filepath.Join(dir, up, "shared", "corpus")
				if _, err := os.Stat(shared); err == nil {
					return shared
				}
			}
			t.Skip("no ../shared/corpus beside the module: the collection of real files is not here")
		}
		if abs, err := filepath.Abs(dir); err != nil || filepath.Dir(abs) == abs {
			t.Fatal("no go.mod above the test")
		}
	}
}

// unparsable returns the files that the corpus marks as no JSON.
func unparsable(t *testing.T, dir string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]bool)
	for line := range strings.Lines(string(data)) {
		name, _, _ := strings.Cut(line, "\t")
		if strings.Contains(line, "unparsable") || strings.Contains(line, "not strict JSON") {
			files[filepath.Base(name)] = true
		}
	}
	return files
}

// TestCorpus reads every task definition of the corpus and writes it back: the
// meaning must stay, but for what is documented to be dropped.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	bad := unparsable(t, dir)
	names, err := filepath.Glob(filepath.Join(dir, "taskdef", "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no task definitions in the corpus: %v", err)
	}
	var strict, lax, refused, withErrors, errors int
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		d, err := taskdef.ParseLax(base, data)
		if bad[base] {
			refused++
			if err == nil {
				t.Errorf("%s is no JSON but was read", base)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		lax++
		if _, err := taskdef.Parse(base, data); err == nil {
			strict++
		}
		out, err := d.Render()
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		if diff := cmp.Diff(meaning(t, data), meaning(t, out)); diff != "" {
			t.Errorf("%s means something else after Parse and Render (-file +rendered)\n%s", base, diff)
		}
		again, err := taskdef.ParseLax(base, out)
		if err != nil {
			t.Errorf("%s, rendered: %v", base, err)
			continue
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("%s mismatch after a round trip (-want +got)\n%s", base, diff)
		}
		found := d.Check().Errors()
		errors += len(found)
		if len(found) > 0 {
			withErrors++
		}
		if testing.Verbose() {
			for _, p := range found {
				t.Log(p)
			}
		}
	}
	t.Logf("%d files: %d read, %d of them strictly; %d are no JSON; %d errors in %d files", len(names), lax, strict, refused, errors, withErrors)
}

// meaning returns what a file says, without nulls, the wrapper of
// describe-task-definition and the members that only that has.
func meaning(t *testing.T, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	m, _ := v.(map[string]any)
	if inner, ok := m["taskDefinition"].(map[string]any); ok && m["containerDefinitions"] == nil {
		for key, value := range m {
			if _, ok := inner[key]; !ok && key != "taskDefinition" && key != "ResponseMetadata" {
				inner[key] = value
			}
		}
		m = inner
	}
	for _, key := range []string{"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
		"registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt"} {
		delete(m, key)
	}
	return withoutNulls(m)
}

func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if value == nil {
				delete(v, key)
			} else {
				v[key] = withoutNulls(value)
			}
		}
	case []any:
		kept := v[:0]
		for _, item := range v {
			if item != nil {
				kept = append(kept, withoutNulls(item))
			}
		}
		return kept
	}
	return v
}
