package pipeline_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// corpus returns real pipeline files by others, by name. It skips the test where
// they are not there.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(oracle.Shared(t, "corpus", "pipeline"), "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	files := make(map[string][]byte)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = data
	}
	return files
}

// TestCorpus reads every real file, writes it back, and compares what both mean.
func TestCorpus(t *testing.T) {
	strict, lax, findings := 0, 0, make(map[slipway.Severity]int)
	files := corpus(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data := files[name]
		if _, err := pipeline.Parse(name, data); err == nil {
			strict++
		}
		d, err := pipeline.ParseLax(name, data)
		if !json.Valid(data) {
			var problem *slipway.Problem
			if !errors.As(err, &problem) || !problem.Pos.IsValid() {
				t.Errorf("%s is no JSON; ParseLax says %v, want a problem with its place", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lax++
		text, err := d.Render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(meaning(t, data), meaning(t, text)); diff != "" {
			t.Errorf("%s: mismatch (-want +got)\n%s", name, diff)
		}
		for _, p := range d.Check() {
			findings[p.Severity]++
			t.Log(p)
		}
	}
	t.Logf("%d files: Parse reads %d, ParseLax %d, all rendered to the same meaning; Check finds %d errors, %d warnings, %d infos",
		len(files), strict, lax, findings[slipway.Error], findings[slipway.Warning], findings[slipway.Info])
}

// meaning returns what a file says, as CodePipeline reads it: wrapped, without
// nulls and without the metadata that only get-pipeline shows.
func meaning(t *testing.T, data []byte) any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if v["pipeline"] == nil {
		v = map[string]any{"pipeline": v}
	}
	delete(v, "metadata")
	return withoutNulls(v)
}

func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if member == nil {
				delete(v, key)
				continue
			}
			v[key] = withoutNulls(member)
		}
	case []any:
		for i := range v {
			v[i] = withoutNulls(v[i])
		}
	}
	return v
}
