package taskdef

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/fill"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// TestEveryFieldRoundTrip writes a task definition in which every field there is has a
// value, and reads it back.
func TestEveryFieldRoundTrip(t *testing.T) {
	var want Definition
	fill.Value(&want)
	var w emit.Model
	want.write(&w)
	if w.Err != nil {
		t.Fatal(w.Err)
	}
	n, problems := source.JSON("filled.json", w.Buf)
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", problems, w.Buf)
	}
	var got Definition
	var d source.APIDecoder
	decodeDefinition(&d, &got, n)
	for _, p := range d.Done() {
		if p.Rule != source.UnknownRule.Name { // the members of Extra
			t.Error(p)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
}
