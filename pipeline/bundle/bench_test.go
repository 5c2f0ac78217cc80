package bundle_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// BenchmarkWrite is 600 files of 4 KiB that are equal already, and that all differ.
func BenchmarkWrite(b *testing.B) {
	var old, other bundle.Files
	for i := range 600 {
		path := fmt.Sprintf("service-%d/file-%d.yml", i/6, i%6)
		old = append(old, bundle.File{Path: path, Data: []byte(strings.Repeat("a: 1\n", 800))})
		other = append(other, bundle.File{Path: path, Data: []byte(strings.Repeat("a: 2\n", 800))})
	}
	b.Run("equal", func(b *testing.B) {
		dir := b.TempDir()
		write(b, old, dir)
		for b.Loop() {
			write(b, old, dir)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(old)), "µs/file")
	})
	b.Run("different", func(b *testing.B) {
		dir := b.TempDir()
		write(b, old, dir)
		for i := 0; b.Loop(); i++ {
			write(b, []bundle.Files{other, old}[i%2], dir)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(old)), "µs/file")
	})
}

func write(b *testing.B, f bundle.Files, dir string) {
	if _, err := f.Write(dir); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLoad is to find what an example holds, and what belongs together.
func BenchmarkLoad(b *testing.B) {
	dir := os.DirFS("../../examples/minimal")
	b.Run("minimal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			loaded, err := bundle.Load(dir)
			if err != nil || len(loaded.Groups()) != 1 {
				b.Fatal(err)
			}
		}
	})
	b.Run("groups", func(b *testing.B) {
		b.ReportAllocs()
		loaded, err := bundle.Load(dir)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			loaded.Groups()
		}
	})
	b.Run("corpus", func(b *testing.B) {
		b.ReportAllocs()
		corpus := os.DirFS(corpusDir(b))
		for b.Loop() {
			loaded, _ := bundle.Load(corpus)
			loaded.Groups()
		}
	})
	b.Run("100000files", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bundle.Load(manyFS(100_000)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCheck is the check of examples/minimal, with all rules of all files.
func BenchmarkCheck(b *testing.B) {
	found, err := bundle.Load(os.DirFS(filepath.Join("..", "..", "examples", "minimal")))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if found.Check().Errors() != nil {
			b.Fatal("examples/minimal has errors")
		}
	}
}
