package cfn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
)

// TestValues reads each function in every form that it has. All forms of a line
// are the same value.
func TestValues(t *testing.T) {
	x, y := cfn.String("x"), cfn.String("y")
	ref := cfn.Ref("R")
	for _, tt := range []struct {
		want  cfn.Value
		forms []string // in flow style, so that JSON is one of them
	}{
		{ref, []string{`!Ref R`, `{Ref: R}`, `{"Ref": "R"}`}},
		{cfn.Ref("AWS::AccountId"), []string{`!Ref AWS::AccountId`, `{Ref: AWS::AccountId}`}},
		{cfn.Function{Name: "Ref", Arg: cfn.List{x}}, []string{`!Ref [x]`, `{Ref: [x]}`}},
		{cfn.Att("A", "B"), []string{`!GetAtt A.B`, `!GetAtt [A, B]`, `{Fn::GetAtt: A.B}`, `{Fn::GetAtt: [A, B]}`}},
		{cfn.Att("A", "Outputs.X"), []string{`!GetAtt A.Outputs.X`, `!GetAtt [A, Outputs.X]`}},
		{cfn.Function{Name: "Fn::GetAtt", Arg: cfn.List{cfn.String("A"), ref}}, []string{`{Fn::GetAtt: [A, !Ref R]}`}},
		{cfn.Function{Name: "Fn::GetAtt", Arg: x}, []string{`!GetAtt x`}},
		{cfn.Sub("${!x} {{resolve:ssm:y}}"), []string{`!Sub "${!x} {{resolve:ssm:y}}"`, `{"Fn::Sub": "${!x} {{resolve:ssm:y}}"}`}},
		{cfn.SubMap{Text: "${a}", Vars: cfn.Object{cfn.Prop("a", ref)}}, []string{`!Sub ["${a}", {a: !Ref R}]`, `{"Fn::Sub": ["${a}", {a: {Ref: R}}]}`}},
		{cfn.Function{Name: "Fn::Sub", Arg: cfn.List{x}}, []string{`!Sub [x]`}},
		{cfn.Join{Delimiter: "-", Values: cfn.List{x, ref}}, []string{`!Join ["-", [x, !Ref R]]`, `{Fn::Join: ["-", [x, {Ref: R}]]}`}},
		{cfn.Select{Index: cfn.Int(0), List: cfn.GetAZs{Region: cfn.String("")}}, []string{`!Select [0, !GetAZs ""]`, `{Fn::Select: [0, {Fn::GetAZs: ""}]}`}},
		{cfn.Split{Delimiter: ",", Text: ref}, []string{`!Split [",", !Ref R]`}},
		{cfn.Cidr{Block: ref, Count: cfn.Int(6)}, []string{`!Cidr [!Ref R, 6]`}},
		{cfn.Cidr{Block: ref, Count: cfn.Int(6), Bits: cfn.String("8")}, []string{`!Cidr [!Ref R, 6, "8"]`}},
		{cfn.GetAZs{Region: ref}, []string{`{Fn::GetAZs: !Ref R}`, `!GetAZs {Ref: R}`}},
		{cfn.FindInMap{Map: x, Top: ref, Second: y}, []string{`!FindInMap [x, !Ref R, y]`}},
		{cfn.FindInMap{Map: x, Top: ref, Second: y, Default: cfn.Int(1)}, []string{`!FindInMap [x, !Ref R, y, {DefaultValue: 1}]`}},
		{cfn.ImportValue{Name: cfn.Sub("x")}, []string{`{Fn::ImportValue: !Sub x}`, `!ImportValue {Fn::Sub: x}`}},
		{cfn.GetStackOutput{StackName: x, OutputName: y}, []string{`!GetStackOutput {StackName: x, OutputName: y}`}},
		{cfn.Base64{Text: x}, []string{`!Base64 x`, `{Fn::Base64: x}`}},
		{cfn.Length{List: cfn.List{x}}, []string{`!Length [x]`}},
		{cfn.ToJSONString{Value: cfn.Object{cfn.Prop("a", x)}}, []string{`!ToJsonString {a: x}`}},
		{cfn.Transform{Name: "m", Parameters: cfn.Object{cfn.Prop("a", x)}}, []string{`!Transform {Name: m, Parameters: {a: x}}`, `{Fn::Transform: {Name: m, Parameters: {a: x}}}`}},
		{cfn.If{Condition: "C", Then: x, Else: cfn.Ref("AWS::NoValue")}, []string{`!If [C, x, !Ref AWS::NoValue]`, `{Fn::If: [C, x, {Ref: AWS::NoValue}]}`}},
		{cfn.And{cfn.Condition("A"), cfn.Not{Condition: cfn.Condition("B")}}, []string{`!And [!Condition A, !Not [!Condition B]]`, `{Fn::And: [{Condition: A}, {Fn::Not: [{Condition: B}]}]}`}},
		{cfn.Or{cfn.Equals{Left: x, Right: cfn.Bool(true)}}, []string{`!Or [!Equals [x, yes]]`, `{Fn::Or: [{Fn::Equals: [x, true]}]}`}},
		{cfn.Object{cfn.Prop("Condition", x)}, []string{`{Condition: x}`}},
		{cfn.Function{Name: "Rain::Embed", Arg: x}, []string{`!Rain::Embed x`, `{"Rain::Embed": x}`}},
		{cfn.Function{Name: "Fn::BadFunc", Arg: x}, []string{`!BadFunc x`, `{Fn::BadFunc: x}`}},
		{cfn.Function{Name: "Fn::Contains", Arg: cfn.List{cfn.List{x}, ref}}, []string{`!Contains [[x], !Ref R]`}},
		{cfn.Object{cfn.Prop("Fn::ForEach::L", cfn.ForEach{Identifier: "I", Collection: cfn.List{x}, Body: cfn.Object{cfn.Prop("a", y)}})},
			[]string{`{Fn::ForEach::L: [I, [x], {a: y}]}`, `!ForEach::L [I, [x], {a: y}]`}},
		{cfn.Object{cfn.Prop("Ref", x), cfn.Prop("b", y)}, []string{`{Ref: x, b: y}`}},
	} {
		for _, form := range tt.forms {
			tmpl, err := cfn.Parse("t.yml", []byte("Metadata: {v: "+form+"}"))
			if err != nil {
				t.Error(err)
				continue
			}
			if diff := cmp.Diff(tt.want, tmpl.Metadata.Get("v")); diff != "" {
				t.Errorf("%s: mismatch (-want +got):\n%s", form, diff)
			}
			roundTrip(t, form, tmpl)
		}
	}
}

// TestScalars reads scalars and writes them in both formats.
func TestScalars(t *testing.T) {
	for _, tt := range []struct {
		text string
		want cfn.Value
		json string
	}{
		{"80", cfn.Number("80"), "80"},
		{"0x1F", cfn.Number("0x1F"), "31"},
		{"1_000", cfn.Number("1_000"), "1000"},
		{"012", cfn.Number("012"), "10"},
		{"-012", cfn.Number("-012"), "-10"},
		{"12:30", cfn.Number("12:30"), "750"},
		{"1:30.5", cfn.Number("1:30.5"), "90.5"},
		{"0b11", cfn.Number("0b11"), "3"},
		{".5", cfn.Number(".5"), "0.5"},
		{"5.", cfn.Number("5."), "5.0"},
		{"+5", cfn.Number("+5"), "5"},
		{"3.10", cfn.Number("3.10"), "3.10"},
		{"2012-10-17", cfn.String("2012-10-17"), `"2012-10-17"`},
		{"'80'", cfn.String("80"), `"80"`},
		{"!!str 012", cfn.String("012"), `"012"`},
		{"yes", cfn.Bool(true), "true"},
		{"Off", cfn.Bool(false), "false"},
		{"~", cfn.Null{}, "null"},
		{"1.2.3", cfn.String("1.2.3"), `"1.2.3"`},
	} {
		tmpl, err := cfn.Parse("t.yml", []byte("Metadata: {v: "+tt.text+"}"))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(tt.want, tmpl.Metadata.Get("v")); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", tt.text, diff)
		}
		want := fmt.Sprintf("{\n  \"Metadata\": {\n    \"v\": %s\n  }\n}\n", tt.json)
		got, err := tmpl.RenderJSON()
		if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
			t.Errorf("%s: %v, mismatch (-want +got):\n%s", tt.text, err, diff)
		}
		roundTrip(t, tt.text, tmpl)
	}
	tmpl, err := cfn.Parse("t.json", []byte(`{"Metadata": {"v": [1e3, 1.5E10, 2.5e-3, -0]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := cfn.List{cfn.Number("1.0e+3"), cfn.Number("1.5e+10"), cfn.Number("2.5e-3"), cfn.Number("-0")}
	if diff := cmp.Diff(cfn.Value(want), tmpl.Metadata.Get("v")); diff != "" {
		t.Errorf("exponents: mismatch (-want +got):\n%s", diff)
	}
	roundTrip(t, "exponents", tmpl)
}

func TestParseProblems(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "t.yml:1:1: the file is empty (file/syntax)"},
		{"no map", "[]", "t.yml:1:1: found a list, want a map of sections, such as Resources (file/type)"},
		{"section", "Resource: {}", "t.yml:1:1: Resource: unknown key; did you mean Resources? (file/unknown-key)"},
		{"section of SAM", "Globals: {}", "t.yml:1:1: Globals: unknown key; known here are AWSTemplateFormatVersion"},
		{"null section", "Outputs:", "t.yml:1:9: Outputs: found null, want a map (file/type)"},
		{"duplicate", "Resources:\n  A: {Type: x}\n  A: {Type: y}", `t.yml:3:3: key "A" stands twice, first at 2:3; keep one (file/duplicate-key)`},
		{"attribute", "Resources: {A: {Type: x, Propertys: {}}}", "t.yml:1:26: Resources.A.Propertys: unknown key; did you mean Properties? (file/unknown-key)"},
		{"version", "Resources: {A: {Type: x, Version: '1'}}", "t.yml:1:26: Resources.A.Version: unknown key"},
		{"no resource", "Resources: {A: x}", `t.yml:1:16: Resources.A: found a string "x", want a map (file/type)`},
		{"function", "Resources: {A: !If [a, b, c]}", "t.yml:1:16: Resources.A: found the function !If, want a map (file/type)"},
		{"long function", "Resources: {A: {Type: {Ref: B}}}", "t.yml:1:23: Resources.A.Type: found the function Ref, want a string (file/type)"},
		{"depends on", "Resources: {A: {Type: x, DependsOn: [B, !Ref C]}}", "t.yml:1:41: Resources.A.DependsOn[1]: found the function !Ref, want a string (file/type)"},
		{"parameter", "Parameters: {A: {Type: x, AllowedValue: []}}", "t.yml:1:27: Parameters.A.AllowedValue: unknown key; did you mean AllowedValues? (file/unknown-key)"},
		{"export", "Outputs: {A: {Value: x, Export: x}}", `t.yml:1:33: Outputs.A.Export: found a string "x", want a map with Name (file/type)`},
		{"JSON", `{"Resources": {"A" {}}}`, "t.yml:1:20: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := cfn.Parse("t.yml", []byte(tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestParseLaxKeeps has what CloudFormation does not know come back.
func TestParseLaxKeeps(t *testing.T) {
	const text = `Parameters:
  A:
    Type: String
    Unknown: 1
    Description: ''

Resources:
  A:
    Type: x
    Version: '1'
    DependsOn:
      - B
      - !Ref C

  B: text

Outputs:
  C:
    Value: x
    Export:
      Name: name
      More: z

Unknown: !Ref A
`
	tmpl, err := cfn.ParseLax("t.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := tmpl.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(got)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if n := len(tmpl.Source.Notes); n != 6 {
		t.Errorf("%d notes, want 6:\n%v", n, tmpl.Source.Notes)
	}
	want := slipway.Position{Line: 12, Column: 7}
	if got := tmpl.Source.Position("Resources.A.DependsOn[1]"); got.Line != want.Line+1 {
		t.Errorf("DependsOn[1] stands at %v", got)
	}
}

func TestParseTransforms(t *testing.T) {
	for _, text := range []string{
		"Transform: AWS::Serverless-2016-10-31\nGlobals: {}\nResources: {A: {Type: x, Connectors: {}, IgnoreGlobals: true}}",
		"Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nGlobals: {}",
		"Transform: Count\nResources: {A: {Type: x, Count: 3}}",
		"Resources: {A: {Type: 'Custom::X', Version: '1'}}",
		"Resources: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}, Fn::ForEach::X: [a, [b], {c: {}}]}",
		"Resources: {A: {Type: x, Properties: !If [C, {a: b}, {}]}, B: {Type: x, Properties: {Fn::If: [C, {a: b}, {}]}}}",
		"Resources: {A: {Type: x, Properties: !Transform {Name: m}}}\nMappings: !Transform {Name: m}\nFn::Transform: {Name: m}",
	} {
		tmpl, err := cfn.Parse("t.yml", []byte(text))
		if err != nil {
			t.Error(err)
			continue
		}
		roundTrip(t, text, tmpl)
	}
}

func TestParseLaxDuplicate(t *testing.T) {
	tmpl, err := cfn.ParseLax("t.yml", []byte("Resources:\n  A: {Type: x}\n  B: {Type: y}\n  A: {Type: z}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []*cfn.Resource{{ID: "A", Type: "z"}, {ID: "B", Type: "y"}}
	if diff := cmp.Diff(want, tmpl.Resources); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if n := len(tmpl.Source.Notes); n != 1 {
		t.Errorf("%d notes, want 1: %v", n, tmpl.Source.Notes)
	}
}
