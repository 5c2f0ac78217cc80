package delivery

import (
	"fmt"
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

func render(b *testing.B, s Service, build func(Service) (*bundle.Bundle, error)) int {
	bundle, err := build(s)
	if err != nil {
		b.Fatal(err)
	}
	files, err := bundle.Files()
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for _, f := range files {
		size += len(f.Data)
	}
	return size
}

func unchecked(s Service) (*bundle.Bundle, error) { return s.complete().bundle() }

// BenchmarkService is one Go value to six rendered files in memory, without and
// with all checks, one service again and again or a thousand in turn, on one
// core or on all.
func BenchmarkService(b *testing.B) {
	for _, mode := range []struct {
		name  string
		build func(Service) (*bundle.Bundle, error)
	}{{"unchecked", unchecked}, {"checked", Service.Bundle}} {
		for _, n := range []int{1, 1000} {
			list := services(n)
			b.Run(fmt.Sprintf("%s/services=%d", mode.name, n), func(b *testing.B) {
				b.ReportAllocs()
				i, size := 0, 0
				for b.Loop() {
					size = render(b, list[i%n], mode.build)
					i++
				}
				b.SetBytes(int64(size))
			})
			b.Run(fmt.Sprintf("%s/services=%d/parallel", mode.name, n), func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for i := 0; pb.Next(); i++ {
						render(b, list[i%n], mode.build)
					}
				})
			})
		}
	}
}
