package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

func TestWalkValues(t *testing.T) {
	v := cfn.Object{
		cfn.Prop("A", cfn.List{cfn.Ref("x"), cfn.If{Condition: "C", Then: cfn.Ref("y"), Else: cfn.Null{}}}),
		cfn.Prop("B", cfn.Join{Delimiter: ",", Values: cfn.List{cfn.Ref("hidden")}}),
	}
	var got []string
	cfn.Walk(v, func(v cfn.Value) bool {
		if ref, ok := v.(cfn.Ref); ok {
			got = append(got, string(ref))
		}
		_, isJoin := v.(cfn.Join)
		return !isJoin
	})
	if diff := cmp.Diff([]string{"x", "y"}, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
