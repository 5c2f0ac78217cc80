package buildspec_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/buildspec"
)

// usual is the buildspec that most users have.
func usual(b *testing.B) *buildspec.Spec {
	b.Helper()
	spec, err := buildspec.DockerImage{
		Containers: []string{"app"}, Platform: "linux/arm64", Before: []string{"make test", "for f in *.sh; do\n  sh -n \"$f\"\ndone\n"},
		ParameterStore: []buildspec.Variable{{Name: "REPOSITORY_URI", Value: "/app/repository-uri"}},
	}.Spec()
	if err != nil {
		b.Fatal(err)
	}
	return spec
}

func BenchmarkRender(b *testing.B) {
	long := &buildspec.Spec{Phases: buildspec.Phases{Build: &buildspec.Phase{}}}
	for range 200 {
		long.Phases.Build.Commands = append(long.Phases.Build.Commands, "make test", `echo "done: $STAGE"`, "if true; then\n  make all\nfi\n")
	}
	for name, spec := range map[string]*buildspec.Spec{"usual": usual(b), "full": full(), "long": long} {
		b.Run(name, func(b *testing.B) {
			text, err := spec.Render()
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := spec.Render(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(text)), "ns/byte")
		})
	}
}

func BenchmarkAppendText(b *testing.B) {
	spec := usual(b)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = spec.AppendText(buf[:0]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := usual(b).Render()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := buildspec.Parse("buildspec.yml", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	spec := usual(b)
	b.ReportAllocs()
	for b.Loop() {
		if found := spec.Check(); len(found) > 0 {
			b.Fatal(found)
		}
	}
}

func BenchmarkDockerImage(b *testing.B) {
	d := buildspec.DockerImage{Containers: []string{"app"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Spec(); err != nil {
			b.Fatal(err)
		}
	}
}
