package stackdiff_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// In long lists, too, what is equal at both ends is found, and what lies between is
// compared in its order.
func TestLongLists(t *testing.T) {
	list := func(prefix string, n int) (list cfn.List) {
		list = append(list, cfn.String("first"))
		for i := range n {
			list = append(list, cfn.String(fmt.Sprint(prefix, i)))
		}
		return append(list, cfn.String("last"))
	}
	for _, n := range []int{1, 100, 1000} {
		changes := stackdiff.Diff(stackOf(list("a", n)), stackOf(list("b", n+1)))
		if len(changes) != 1 {
			t.Fatalf("found %v", changes)
		}
		got := map[[2]bool]int{}
		for _, p := range changes[0].Properties {
			got[[2]bool{p.Before == nil, p.After == nil}]++
		}
		// Where there are few, none of the new ones is taken for an old one.
		want := map[[2]bool]int{{true, false}: n + 1, {false, true}: n}
		if n == 1000 {
			want = map[[2]bool]int{{false, false}: n, {true, false}: 1}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: mismatch (-want +got):\n%s", n, diff)
		}
		same := stackdiff.Diff(stackOf(list("a", n)), stackOf(list("a", n)))
		if len(same) > 0 {
			t.Errorf("%d: found %v", n, same)
		}
	}
}
