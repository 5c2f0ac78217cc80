package source_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/internal/source"
)

func TestNearest(t *testing.T) {
	known := []string{"ProjectName", "PrimarySource"}
	for name, want := range map[string]string{
		"projectname": "ProjectName", "ProjctName": "ProjectName", "primary_source": "PrimarySource", "Image": "",
	} {
		if got := source.Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
