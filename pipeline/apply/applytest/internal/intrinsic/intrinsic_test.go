package intrinsic_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

const template = `
Parameters:
  Name: {Type: String}
Mappings:
  Sizes: {small: {cpu: 256}}
Conditions:
  Yes: !Equals [!Ref Name, web]
  No: !Not [!Condition "Yes"]
  Both: !And [!Condition "Yes", !Condition "No"]
  Either: !Or [!Condition "Yes", !Condition "No"]
  Circle: !Condition Circle
Resources:
  Thing:
    Type: AWS::X::Y
    Properties:
      Value: %s
`

func scope(t *testing.T, value string) (*intrinsic.Scope, cfn.Value) {
	t.Helper()
	parsed, err := cfn.ParseLax("t.yml", []byte(strings.Replace(template, "%s", value, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return &intrinsic.Scope{
		Template: parsed, Zones: []string{"us-east-1a", "us-east-1b"},
		Values: map[string]cfn.Value{"Name": cfn.String("web"), "AWS::Region": cfn.String("us-east-1")},
		Ref: func(id string) (cfn.Value, error) {
			if id == "Later" {
				return nil, intrinsic.ErrUnknown
			}
			return cfn.String("id-of-" + id), nil
		},
		Att:    func(id, attribute string) (cfn.Value, error) { return cfn.String(id + "/" + attribute), nil },
		Import: func(name string) (string, error) { return "import-" + name, nil },
		Secret: func(reference string) (string, bool) { return "secret", reference == "ssm:/x" },
	}, parsed.Resources[0].Properties.Get("Value")
}

func TestEval(t *testing.T) {
	tests := []struct{ value, want string }{
		{"plain", `"plain"`},
		{"[1, true, x]", `["1","true","x"]`},
		{"{b: 1, a: {c: d}}", `{"b":"1","a":{"c":"d"}}`},
		{"!Ref Name", `"web"`},
		{"!Ref Thing", `"id-of-Thing"`},
		{"[a, !Ref AWS::NoValue]", `["a"]`},
		{"{a: !Ref AWS::NoValue}", `{}`},
		{"!GetAtt Thing.Arn", `"Thing/Arn"`},
		{"!Sub '${Name}-${Thing}-${Thing.Arn}-${AWS::Region}-${!Literal}'", `"web-id-of-Thing-Thing/Arn-us-east-1-${Literal}"`},
		{"!Sub ['${x}${Name}', {x: !Ref Thing}]", `"id-of-Thingweb"`},
		{"!Join [',', [a, !Ref Name]]", `"a,web"`},
		{"!Split [',', 'a,b']", `["a","b"]`},
		{"!Select [1, [a, b]]", `"b"`},
		{"!Select [0, !GetAZs '']", `"us-east-1a"`},
		{"!Cidr [10.0.0.0/22, 4, 8]", `["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24","10.0.3.0/24"]`},
		{"!FindInMap [Sizes, small, cpu]", `"256"`},
		{"{Fn::FindInMap: [Sizes, large, cpu, {DefaultValue: 512}]}", `"512"`},
		{"!Cidr [10.0.0.0/30, 2, 1]", `["10.0.0.0/31","10.0.0.2/31"]`},
		{"~", "null"},
		{"!ImportValue x", `"import-x"`},
		{"!Base64 hello", `"aGVsbG8="`},
		{"!If ['Yes', a, b]", `"a"`},
		{"!If ['No', a, b]", `"b"`},
		{"!If [Both, a, b]", `"b"`},
		{"!If [Either, a, !Ref AWS::NoValue]", `"a"`},
		{"{Fn::Length: [a, b]}", `"2"`},
		{"{Fn::ToJsonString: {a: 1}}", `"{\"a\":\"1\"}"`},
		{"'{{resolve:ssm:/x}} and {{resolve:ssm:/y}}'", `"secret and {{resolve:ssm:/y}}"`},
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			s, v := scope(t, test.value)
			got, err := s.Eval(v)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, intrinsic.JSON(got)); diff != "" {
				t.Errorf("value mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvalErrors(t *testing.T) {
	tests := []struct{ value, want string }{
		{"!Select [2, [a, b]]", "Template error: Fn::Select  cannot select nonexistent value at index 2"},
		{"!Select [x, [a, b]]", "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"},
		{"!FindInMap [Sizes, large, cpu]", "Template error: Unable to get mapping for Sizes::large::cpu"},
		{"!If [Maybe, a, b]", "Template error: unresolved condition dependency Maybe in Fn::If"},
		{"!If [Circle, a, b]", "Template error: circular dependency of the condition Circle"},
		{"!Cidr [10.0.0.0/24, 4, 8]", "Template error: Fn::Cidr: the block has no room for that many"},
		{"!Cidr [x, 4, 8]", `Template error: Fn::Cidr: "x" is no IPv4 block`},
		{"!Cidr [10.0.0.0/24, x, 8]", `Template error: "x" is no number`},
		{"!Cidr [!Ref Later, 4, 8]", intrinsic.ErrUnknown.Error()},
		{"!ImportValue {Ref: Later}", intrinsic.ErrUnknown.Error()},
		{"!FindInMap [Sizes, !Ref Later, cpu]", intrinsic.ErrUnknown.Error()},
		{"!Sub ['${x}', {x: !Ref Later}]", intrinsic.ErrUnknown.Error()},
		{"!Join [',', [!Ref Later]]", intrinsic.ErrUnknown.Error()},
		{"!Split [',', !Ref Later]", intrinsic.ErrUnknown.Error()},
		{"!Base64 [a]", "Template error: a text is required here"},
		{"!Join [',', {a: b}]", "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings " +
			"to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."},
		{"!Sub '${Later}'", intrinsic.ErrUnknown.Error()},
		{"{Fn::Transform: {Name: x, Parameters: {}}}", "applytest cannot evaluate cfn.Transform: leave it out of the template"},
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			s, v := scope(t, test.value)
			if _, err := s.Eval(v); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	s, _ := scope(t, "x")
	if _, err := s.Eval(cfn.List{cfn.Ref("Later")}); !errors.Is(err, intrinsic.ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
}

func TestEqual(t *testing.T) {
	tests := []struct {
		a, b cfn.Value
		want bool
	}{
		{cfn.Number("80"), cfn.String("80"), true},
		{cfn.Bool(true), cfn.String("true"), true},
		{cfn.Object{cfn.Prop("a", cfn.Int(1)), cfn.Prop("b", cfn.Int(2))}, cfn.Object{cfn.Prop("b", cfn.Int(2)), cfn.Prop("a", cfn.Int(1))}, true},
		{cfn.Strings("a", "b"), cfn.Strings("b", "a"), false},
		{cfn.Object{}, cfn.List{}, false},
		{cfn.Null{}, cfn.Null{}, true},
		{nil, nil, true},
		{nil, cfn.String(""), false},
		{cfn.Strings("a"), cfn.String("a"), false},
	}
	for _, test := range tests {
		if got := intrinsic.Equal(test.a, test.b); got != test.want {
			t.Errorf("%v and %v: got %t", test.a, test.b, got)
		}
	}
}
