package network_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/cfn/network"
)

func BenchmarkTemplate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (network.Network{}).Template(); err != nil {
			b.Fatal(err)
		}
	}
}
