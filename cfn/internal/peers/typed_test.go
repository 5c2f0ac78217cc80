package peers

import (
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// TestTyped decodes what each function of goformation itself returns.
func TestTyped(t *testing.T) {
	ref := cfn.Ref("R")
	for _, tt := range []struct {
		encoded string
		want    cfn.Value
	}{
		{cloudformation.Ref("R"), ref},
		{cloudformation.GetAtt("A", "B.C"), cfn.Att("A", "B.C")},
		{cloudformation.Sub("${A} <&>"), cfn.Sub("${A} <&>")},
		{cloudformation.SubVars("${A}", map[string]any{"A": cloudformation.Ref("R")}),
			cfn.SubMap{Text: "${A}", Vars: cfn.Object{cfn.Prop("A", ref)}}},
		{cloudformation.Join("-", []string{"a", cloudformation.Ref("R")}), cfn.Join{Delimiter: "-", Values: cfn.List{cfn.String("a"), ref}}},
		{cloudformation.Select(0, cloudformation.GetAZs("")), cfn.Select{Index: cfn.Int(0), List: cfn.GetAZs{Region: cfn.String("")}}},
		{cloudformation.Select("0", []string{cloudformation.Ref("R"), "b"}), cfn.Select{Index: cfn.String("0"), List: cfn.List{ref, cfn.String("b")}}},
		{cloudformation.Split(",", cloudformation.ImportValue("x")), cfn.Split{Delimiter: ",", Text: cfn.ImportValue{Name: cfn.String("x")}}},
		{cloudformation.CIDR(cloudformation.Ref("R"), "6", "8"), cfn.Cidr{Block: ref, Count: cfn.String("6"), Bits: cfn.String("8")}},
		{cloudformation.FindInMap("M", cloudformation.Ref("R"), "k"), cfn.FindInMap{Map: cfn.String("M"), Top: ref, Second: cfn.String("k")}},
		{cloudformation.If("C", cloudformation.Ref("R"), "x"), cfn.If{Condition: "C", Then: ref, Else: cfn.String("x")}},
		{cloudformation.Base64(cloudformation.Sub("x")), cfn.Base64{Text: cfn.Sub("x")}},
		{cloudformation.Equals(cloudformation.Ref("R"), 1), cfn.Equals{Left: ref, Right: cfn.Int(1)}},
		{"a" + cloudformation.Ref("R") + "b", cfn.Join{Values: cfn.List{cfn.String("a"), ref, cfn.String("b")}}},
	} {
		r, err := cfn.Typed("Bucket", &s3.Bucket{BucketName: &tt.encoded})
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(tt.want, r.Get("BucketName")); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
	}
	encoded := cloudformation.CIDR("10.0.0.0/16", 6, 8)
	if _, err := cfn.Typed("Bucket", &s3.Bucket{BucketName: &encoded}); err == nil {
		t.Error("numbers of CIDR that goformation got wrong are no error")
	}
}
