package delivery

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// services returns n services that differ as services of one team do.
func services(n int) []Service {
	list := make([]Service, n)
	for i := range list {
		list[i] = Service{
			Name:   fmt.Sprintf("service-%d", i),
			Source: pipeline.CodeCommitSource{Repository: fmt.Sprintf("repository-%d", i), Branch: "main"},
		}
	}
	return list
}

func render(b *testing.B, s Service, build func(Service) (*bundle.Bundle, error)) bundle.Files {
	bundle, err := build(s)
	if err != nil {
		b.Fatal(err)
	}
	files, err := bundle.Files()
	if err != nil {
		b.Fatal(err)
	}
	return files
}

func unchecked(s Service) (*bundle.Bundle, error) { return s.complete(new(arena)).bundle() }

// BenchmarkService is one value to six rendered files, without and with all
// checks: one service again and again, or a thousand in turn, by one goroutine or
// by one a processor. The files of the last thousand stay in memory, as those of
// a team with many services do. Compare the runs with one another: a machine's
// speed changes more than they differ.
func BenchmarkService(b *testing.B) {
	for _, mode := range []struct {
		name  string
		build func(Service) (*bundle.Bundle, error)
	}{{"unchecked", unchecked}, {"checked", Service.Bundle}} {
		for _, n := range []int{1, 1000} {
			list := services(n)
			b.Run(fmt.Sprintf("%s/services=%d", mode.name, n), func(b *testing.B) {
				var kept [1000]bundle.Files
				size := 0
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					files := render(b, list[i%n], mode.build)
					kept[i%len(kept)], size = files, total(files)
				}
				b.SetBytes(int64(size))
			})
			b.Run(fmt.Sprintf("%s/services=%d/parallel", mode.name, n), func(b *testing.B) {
				var kept [1000]atomic.Pointer[bundle.Files]
				var next atomic.Int64
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i := int(next.Add(1))
						files := render(b, list[i%n], mode.build)
						kept[i%len(kept)].Store(&files)
					}
				})
			})
		}
	}
}

func total(files bundle.Files) int {
	n := 0
	for _, f := range files {
		n += len(f.Data)
	}
	return n
}
