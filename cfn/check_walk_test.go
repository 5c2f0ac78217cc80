package cfn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// TestWalk puts a name that leads nowhere into every place of every kind of
// value, and wants it found there, at the path that the long form has.
func TestWalk(t *testing.T) {
	x := cfn.Ref("X")
	for _, test := range []struct {
		value cfn.Value
		want  string // paths under the property
	}{
		{x, ""},
		{cfn.List{x, cfn.Object{cfn.Prop("a", x)}}, "[0] [1].a"},
		{cfn.Att("X", "Arn"), ""},
		{cfn.Sub("${X}"), ""},
		{cfn.SubMap{Text: "${X}", Vars: cfn.Object{cfn.Prop("a", x)}}, " .Fn::Sub[1].a"},
		{cfn.Join{Delimiter: ",", Values: cfn.List{x}}, ".Fn::Join[1][0]"},
		{cfn.Select{Index: x, List: x}, ".Fn::Select[0] .Fn::Select[1]"},
		{cfn.Split{Delimiter: ",", Text: x}, ".Fn::Split[1]"},
		{cfn.Cidr{Block: x, Count: x, Bits: x}, ".Fn::Cidr[0] .Fn::Cidr[1] .Fn::Cidr[2]"},
		{cfn.GetAZs{Region: x}, ".Fn::GetAZs"},
		{cfn.FindInMap{Map: x, Top: x, Second: x, Default: x}, ".Fn::FindInMap[0] .Fn::FindInMap[1] .Fn::FindInMap[2] .Fn::FindInMap[3].DefaultValue"},
		{cfn.ImportValue{Name: x}, ".Fn::ImportValue"},
		{cfn.GetStackOutput{StackName: x, OutputName: x, Region: x, RoleArn: x},
			".Fn::GetStackOutput.OutputName .Fn::GetStackOutput.Region .Fn::GetStackOutput.RoleArn .Fn::GetStackOutput.StackName"},
		{cfn.Base64{Text: x}, ".Fn::Base64"},
		{cfn.Length{List: x}, ".Fn::Length"},
		{cfn.ToJSONString{Value: x}, ".Fn::ToJsonString"},
		{cfn.Function{Name: "Fn::Other", Arg: cfn.List{x}}, ".Fn::Other[0]"},
		{cfn.If{Condition: "C", Then: x, Else: x}, ".Fn::If[1] .Fn::If[2]"},
		{cfn.Equals{Left: x, Right: x}, ".Fn::Equals[0] .Fn::Equals[1]"},
		{cfn.And{x, x}, ".Fn::And[0] .Fn::And[1]"},
		{cfn.Or{x, x}, ".Fn::Or[0] .Fn::Or[1]"},
		{cfn.Not{Condition: x}, ".Fn::Not[0]"},
		{cfn.Condition("X"), "-"},
		{cfn.String("${X}"), "-"},
		{cfn.Bool(true), "-"},
		{cfn.Int(1), "-"},
		{cfn.Null{}, "-"},
		{cfn.Transform{Name: "AWS::Include", Parameters: cfn.Object{cfn.Prop("a", x)}}, "-"},
		{cfn.Object{cfn.Prop("Fn::ForEach::A", cfn.ForEach{Identifier: "X", Collection: x, Body: cfn.Object{cfn.Prop("${X}", x)}})}, "-"},
	} {
		template := &cfn.Template{
			Transform:  cfn.String("AWS::LanguageExtensions"),
			Conditions: cfn.Object{cfn.Prop("C", cfn.Equals{Left: cfn.String("a"), Right: cfn.String("b")})},
			Resources: []*cfn.Resource{{ID: "R", Type: "A::B::C", Properties: cfn.Object{
				cfn.Prop("P", test.value),
			}}},
		}
		var got []string
		for _, p := range template.Check() {
			if p.Rule == "cfn/reference" {
				got = append(got, strings.TrimPrefix(p.Path, "Resources.R.Properties.P"))
			}
		}
		slices.Sort(got)
		want := strings.Split(test.want, " ")
		if test.want == "-" {
			want = nil
		}
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%#v: mismatch (-want +got):\n%s", test.value, diff)
		}
	}
}
