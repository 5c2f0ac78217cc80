package main

import (
	"os"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// The files that are checked in are what the value renders. `go generate` writes them.
func TestGolden(t *testing.T) {
	b, err := service.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 6 {
		t.Errorf("got %d files, want 6", len(files))
	}
	changes, err := files.Compare(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if err := bundle.Drift(changes); err != nil {
		t.Error(err)
	}
}
