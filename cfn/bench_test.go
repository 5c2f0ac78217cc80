package cfn_test

import (
	_ "embed"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/cfn"
)

//go:embed testdata/network.yml
var network []byte

func networkTemplate(tb testing.TB) *cfn.Template {
	tb.Helper()
	t, err := cfn.Parse("network.yml", network)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// benchmark measures what render returns. What goformation needs for the same
// template is measured in internal/peers, a module of its own.
func benchmark(b *testing.B, render func() ([]byte, error)) {
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		var err error
		if out, err = render(); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(out)))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(out)), "ns/byte")
}

func BenchmarkRender(b *testing.B)     { benchmark(b, networkTemplate(b).Render) }
func BenchmarkRenderJSON(b *testing.B) { benchmark(b, networkTemplate(b).RenderJSON) }

func BenchmarkAppendText(b *testing.B) {
	t := networkTemplate(b)
	var buf []byte
	benchmark(b, func() ([]byte, error) {
		var err error
		buf, err = t.AppendText(buf[:0])
		return buf, err
	})
}

// BenchmarkYAMLDump writes the same tree with the library that reads it.
func BenchmarkYAMLDump(b *testing.B) {
	var tree any
	if err := yaml.Unmarshal(network, &tree); err != nil {
		b.Fatal(err)
	}
	benchmark(b, func() ([]byte, error) { return yaml.Dump(tree) })
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(network)))
	for b.Loop() {
		if _, err := cfn.Parse("network.yml", network); err != nil {
			b.Fatal(err)
		}
	}
}
