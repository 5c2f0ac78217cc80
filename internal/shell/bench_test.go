package shell_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// The aim is 60 us.
func BenchmarkMinimal(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "examples", "minimal", "buildspec.yml"))
	if err != nil {
		b.Fatal(err)
	}
	spec, err := buildspec.Parse("buildspec.yml", data)
	if err != nil {
		b.Fatal(err)
	}
	s := script(spec)
	b.ReportAllocs()
	for b.Loop() {
		if r := shell.Read(s); len(r.Writes) != 1 {
			b.Fatal("no file")
		}
	}
}
