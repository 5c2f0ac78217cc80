package pipeline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/fill"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// TestEveryFieldRoundTrip writes a pipeline in which every field there is has a
// value, and reads it back.
func TestEveryFieldRoundTrip(t *testing.T) {
	var want pipeline.Definition
	fill.Value(&want)
	text, err := want.Render()
	if err != nil {
		t.Fatal(err)
	}
	got, err := pipeline.ParseLax("filled.json", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, p := range got.Source.Notes {
		if p.Rule != "file/unknown-key" { // the members of Extra and Beside
			t.Error(p)
		}
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
}
