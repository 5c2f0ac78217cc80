package apply_test

import (
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// diffStates compares what stands in two clouds, or in one at two times.
func diffStates(a, b *applytest.State) string { return cmp.Diff(a, b) }
