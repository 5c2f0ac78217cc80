package pipeline_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline"
)

// BenchmarkRender writes a definition; MB/s over 1000 is less than 1 ns a byte.
func BenchmarkRender(b *testing.B) {
	for name, d := range map[string]*pipeline.Definition{"small": app(), "large": large(20)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(render(b, d))))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Render(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for name, d := range map[string]*pipeline.Definition{"small": app(), "large": large(20)} {
		b.Run(name, func(b *testing.B) {
			data := render(b, d)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pipeline.Parse("p.json", data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for name, d := range map[string]*pipeline.Definition{"small": app(), "large": large(20)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p := d.Check(); len(p) > 0 {
					b.Fatal(p)
				}
			}
		})
	}
}

// BenchmarkAction makes the actions of a service.
func BenchmarkAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = app()
	}
}
