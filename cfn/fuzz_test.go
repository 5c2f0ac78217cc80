package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// FuzzParse holds any template that can be read to the promises of Render.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		short, string(network), "", "{}", "[]", "Resources:", "Resources: {A: {}}", "Resources: {A: !Ref B}", "A: &a [1]\nB: *a",
		`{"Resources": {"A": {"Type": "T", "Properties": {"B": {"Fn::GetAtt": ["C", "D"]}, "E": {"Fn::GetAtt": "C.D.E"}}}}}`,
		`{"Outputs": {"A": {"Value": {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]}, "Export": {"Name": 1e3}}}}`,
		`{"Conditions": {"A": {"Fn::And": [{"Condition": "B"}, {"Fn::Not": [{"Condition": "C"}]}]}}}`,
		"Metadata: {a: 012, b: 0x1F, c: 1_000, d: 12:30, e: .5, f: .inf, g: 1e3, h: yes, i: 2012-10-17, j: ~, k: !!str 012}",
		"Metadata:\n  a: !Base64\n    Fn::Sub: x\n  b: !Select [0, !GetAZs '']\n  c: !If [A, !Ref B, !Ref 'AWS::NoValue']\n",
		"Metadata: {a: !Ref [x], b: !GetAtt a, c: !Sub [a], d: !Join [a], e: !Foo%20bar x, f: !Rain::Embed x, g: !<x> y, h: !Fn::Ref a}",
		"Metadata: {Fn::ForEach::A: [B, [c], {d: e}], x: !ForEach::A [B, [c], {d: e}], y: !Transform {Name: n, Parameters: {}}}",
		"Metadata: {a: !Length [], b: !ToJsonString {}, c: !GetStackOutput {StackName: a, OutputName: b}, d: !Cidr [a, 1]}",
		"Metadata: {a: !FindInMap [a, b, c, {DefaultValue: !Ref d}], b: !ImportValue a, c: !Condition a, d: !Not [!Condition a], e: !Or []}",
		"Description: |+\n  a\n\n\nMetadata:\n  b: |+\n    c\n\nResources:\n  A:\n    Type: |+\n      x\n\n  B: {Type: y}\n",
		"Transform: AWS::Serverless-2016-10-31\nGlobals: {}\nResources: {A: {Type: x, Connectors: {}, DependsOn: [a], Version: '1'}}",
		"Parameters: {A: {Type: '', Default: !!null x, NoEcho: no}, B: 1, Fn::Transform: {Name: x}}\nFn::Transform: {Name: x}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tmpl, err := cfn.ParseLax("fuzz", data)
		if err != nil {
			if _, strict := cfn.Parse("fuzz", data); strict == nil {
				t.Fatalf("Parse reads what ParseLax does not: %v", err)
			}
			return
		}
		out, err := tmpl.Render()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := cfn.ParseLax("fuzz", out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, out)
		}
		if diff := cmp.Diff(tmpl, again); diff != "" {
			t.Fatalf("mismatch (-want +got):\n%s\n%s", diff, out)
		}
		twice, err := again.Render()
		if diff := cmp.Diff(string(out), string(twice)); diff != "" || err != nil {
			t.Fatalf("%v, mismatch (-want +got):\n%s", err, diff)
		}
		long, err := tmpl.RenderJSON()
		if err != nil {
			return // a number that JSON does not have
		}
		again, err = cfn.ParseLax("fuzz.json", long)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, long)
		}
		twice, err = again.RenderJSON()
		if diff := cmp.Diff(string(long), string(twice)); diff != "" || err != nil {
			t.Fatalf("%v, mismatch (-want +got):\n%s", err, diff)
		}
	})
}
