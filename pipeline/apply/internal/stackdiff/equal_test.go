package stackdiff_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

func object(pairs ...any) cfn.Object {
	var o cfn.Object
	for i := 0; i < len(pairs); i += 2 {
		o = append(o, cfn.Prop(pairs[i].(string), pairs[i+1].(cfn.Value)))
	}
	return o
}

func TestEqual(t *testing.T) {
	s := func(text string) cfn.Value { return cfn.String(text) }
	for _, test := range []struct {
		a, b cfn.Value
		want bool
	}{
		{nil, nil, true},
		{nil, cfn.Null{}, false},
		{nil, s(""), false},
		{nil, cfn.List(nil), false},
		{cfn.Null{}, cfn.Null{}, true},
		{cfn.Null{}, s("null"), false},

		{s("80"), cfn.Int(80), true},
		{s("80"), cfn.Int(8), false},
		{s("true"), cfn.Bool(true), true},
		{s("True"), cfn.Bool(true), false},
		{s("false"), cfn.Bool(false), true},
		{cfn.Number("0x1F"), cfn.Int(31), true},
		{cfn.Number("0x1F"), s("31"), true},
		{cfn.Number("0x1F"), s("0x1F"), false},
		{cfn.Number("012"), s("012"), false}, // the number is 10
		{cfn.Number("12:30"), cfn.Int(750), true},
		{cfn.Number("1_000"), cfn.Int(1000), true},
		{cfn.Number(".inf"), cfn.Number(".inf"), true},
		{cfn.Number(".inf"), s(".inf"), true},
		{cfn.Number("no number"), cfn.Number("no number"), true},
		{cfn.Number(""), s(""), true},

		{cfn.List(nil), cfn.List{}, true},
		{cfn.List(nil), cfn.Object{}, false},
		{cfn.Strings("a", "b"), cfn.Strings("a", "b"), true},
		{cfn.Strings("a", "b"), cfn.Strings("b", "a"), false},
		{cfn.Strings("a"), cfn.Strings("a", "a"), false},
		{cfn.Strings("a"), s("a"), false},
		{cfn.List{nil}, cfn.List{nil}, true},
		{cfn.List{nil}, cfn.List{s("")}, false},

		{cfn.Object(nil), cfn.Object{}, true},
		{object("a", s("1"), "b", s("2")), object("b", cfn.Int(2), "a", cfn.Int(1)), true},
		{object("a", s("1")), object("a", s("1"), "b", s("2")), false},
		{object("a", s("1"), "c", s("2")), object("a", s("1"), "b", s("2")), false},
		{object("a", s("1"), "a", s("2")), object("a", s("1"), "a", s("2")), true},
		{object("Ref", s("X")), cfn.Ref("X"), false},

		{cfn.Sub("text"), s("text"), true},
		{cfn.Sub(""), s(""), true},
		{cfn.Sub("80"), cfn.Int(80), true},
		{cfn.Sub("a$b{c}"), s("a$b{c}"), true},
		{cfn.Sub("a${!B}c"), s("a${B}c"), true},
		{cfn.Sub("a${!B}c"), s("a${!B}c"), false},
		{cfn.Sub("a${B"), s("a${B"), true},
		{cfn.Sub("a${}"), s("a${}"), true},
		{cfn.Sub("${X}"), cfn.Ref("X"), true},
		{cfn.Sub("${ X }"), cfn.Ref("X"), true},
		{cfn.Sub("${AWS::Region}"), cfn.Ref("AWS::Region"), true},
		{cfn.Sub("${!X}"), cfn.Ref("X"), false},
		{cfn.Sub("${X}"), cfn.Ref("Y"), false},
		{cfn.Sub("${X}-"), cfn.Ref("X"), false},
		{cfn.Sub("${A.B}"), cfn.Att("A", "B"), true},
		{cfn.Sub("${A.B.C}"), cfn.Att("A", "B.C"), true},
		{cfn.Sub("${A.B}"), cfn.Att("A", "C"), false},
		{cfn.Sub("${A}-${B}"), cfn.Sub("${A}-${B}"), true},
		{cfn.Sub("${A}-${B}"), cfn.Sub("${A}-${C}"), false},
		{cfn.Sub("${A}-b"), cfn.SubMap{Text: "${A}-b"}, true},
		{cfn.SubMap{Text: "${X}"}, cfn.Ref("X"), true},
		{cfn.SubMap{Text: "text"}, s("text"), true},
		{cfn.SubMap{Text: "${X}", Vars: object("X", s("1"))}, cfn.Ref("X"), false},
		{
			cfn.SubMap{Text: "${X}${Y}", Vars: object("X", s("1"), "Y", s("2"))},
			cfn.SubMap{Text: "${X}${Y}", Vars: object("Y", cfn.Int(2), "X", cfn.Int(1))}, true,
		},
		{cfn.Join{Delimiter: "", Values: cfn.Strings("a", "b")}, s("ab"), false}, // nothing else is evaluated
		{cfn.Join{Delimiter: ",", Values: cfn.List{cfn.Ref("A")}}, cfn.Join{Delimiter: ",", Values: cfn.List{cfn.Sub("${A}")}}, true},
		{cfn.Cidr{Block: s("a"), Count: cfn.Int(1)}, cfn.Cidr{Block: s("a"), Count: s("1")}, true},
		{cfn.Cidr{Block: s("a"), Count: cfn.Int(1)}, cfn.Cidr{Block: s("a"), Count: cfn.Int(1), Bits: cfn.Int(8)}, false},
		{cfn.Condition("A"), cfn.Ref("A"), false},
	} {
		for _, pair := range [][2]cfn.Value{{test.a, test.b}, {test.b, test.a}} {
			if got := stackdiff.Equal(pair[0], pair[1]); got != test.want {
				t.Errorf("%#v, %#v: got %t", pair[0], pair[1], got)
			}
		}
	}
}

// functions are one of each kind, with how a reader sees it.
var functions = []struct {
	value cfn.Value
	text  string
}{
	{cfn.Ref("A"), "!Ref A"},
	{cfn.Att("A", "B.C"), "!GetAtt A.B.C"},
	{cfn.Sub("${A}-b"), "!Sub ${A}-b"},
	{cfn.SubMap{Text: "${A}-b", Vars: object("A", cfn.Int(1))}, `!Sub ["${A}-b", {A: 1}]`},
	{cfn.Join{Delimiter: ", ", Values: cfn.Strings("a", "b")}, `!Join [", ", [a, b]]`},
	{cfn.Select{Index: cfn.Int(0), List: cfn.GetAZs{Region: cfn.String("")}}, `!Select [0, !GetAZs ""]`},
	{cfn.Split{Delimiter: "-", Text: cfn.Ref("A")}, "!Split [-, !Ref A]"},
	{cfn.Cidr{Block: cfn.Ref("A"), Count: cfn.Int(4)}, "!Cidr [!Ref A, 4]"},
	{cfn.Cidr{Block: cfn.Ref("A"), Count: cfn.Int(4), Bits: cfn.Int(8)}, "!Cidr [!Ref A, 4, 8]"},
	{cfn.GetAZs{Region: cfn.Ref("AWS::Region")}, "!GetAZs !Ref AWS::Region"},
	{cfn.FindInMap{Map: cfn.String("A"), Top: cfn.Ref("B"), Second: cfn.String("C")}, "!FindInMap [A, !Ref B, C]"},
	{
		cfn.FindInMap{Map: cfn.String("A"), Top: cfn.String("B"), Second: cfn.String("C"), Default: cfn.Int(1)},
		"!FindInMap [A, B, C, {DefaultValue: 1}]",
	},
	{cfn.ImportValue{Name: cfn.Sub("${A}-b")}, "!ImportValue !Sub ${A}-b"},
	{
		cfn.GetStackOutput{StackName: cfn.String("a"), OutputName: cfn.String("b"), Region: cfn.String("c")},
		"!GetStackOutput {StackName: a, OutputName: b, Region: c}",
	},
	{cfn.Base64{Text: cfn.String("a")}, "!Base64 a"},
	{cfn.Length{List: cfn.Strings("a")}, "!Length [a]"},
	{cfn.ToJSONString{Value: object("a", cfn.Int(1))}, "!ToJsonString {a: 1}"},
	{cfn.Transform{Name: "AWS::Include", Parameters: object("Location", cfn.String("s3://a"))}, "!Transform {Name: AWS::Include, Parameters: {Location: s3://a}}"},
	{cfn.ForEach{Identifier: "A", Collection: cfn.Strings("b"), Body: object("c", cfn.Ref("A"))}, "[A, [b], {c: !Ref A}]"},
	{cfn.Function{Name: "Fn::New", Arg: cfn.Strings("a")}, "!New [a]"},
	{cfn.Function{Name: "Rain::Embed", Arg: cfn.String("a")}, "!Rain::Embed a"},
	{cfn.If{Condition: "A", Then: cfn.Int(1), Else: cfn.Ref("AWS::NoValue")}, "!If [A, 1, !Ref AWS::NoValue]"},
	{cfn.Equals{Left: cfn.Ref("A"), Right: cfn.String("a b")}, "!Equals [!Ref A, a b]"},
	{cfn.And{cfn.Condition("A"), cfn.Condition("B")}, "!And [!Condition A, !Condition B]"},
	{cfn.Or{cfn.Condition("A")}, "!Or [!Condition A]"},
	{cfn.Not{Condition: cfn.Condition("A")}, "!Not [!Condition A]"},
	{cfn.Condition("A"), "!Condition A"},
}

func TestFunctions(t *testing.T) {
	for i, f := range functions {
		for j, g := range functions {
			if got := stackdiff.Equal(f.value, g.value); got != (i == j) {
				t.Errorf("%s, %s: equal is %t", f.text, g.text, got)
			}
			before, after := stackOf(f.value), stackOf(g.value)
			if changes := stackdiff.Diff(before, after); (len(changes) > 0) != (i != j) {
				t.Errorf("%s, %s: found %v", f.text, g.text, changes)
			}
		}
		if got := stackdiff.Text(f.value); got != f.text {
			t.Errorf("got %s, want %s", got, f.text)
		}
	}
	// Nor does one without arguments do harm.
	for _, v := range []cfn.Value{
		cfn.Select{}, cfn.Split{}, cfn.Cidr{}, cfn.GetAZs{}, cfn.FindInMap{}, cfn.ImportValue{}, cfn.GetStackOutput{}, cfn.Base64{},
		cfn.Length{}, cfn.ToJSONString{}, cfn.Transform{}, cfn.ForEach{}, cfn.Function{}, cfn.If{}, cfn.Equals{}, cfn.And{}, cfn.Or{},
		cfn.Not{}, cfn.Condition(""), cfn.Join{}, cfn.SubMap{}, cfn.Sub(""), cfn.GetAtt{}, cfn.Ref(""), cfn.Number(""), cfn.String(""),
		cfn.Function{Name: "Fn::Sub", Arg: cfn.List{nil}}, cfn.Function{Name: "Fn::FindInMap", Arg: cfn.List{}}, cfn.List{nil}, object(),
	} {
		if changes := stackdiff.Diff(stackOf(v), stackOf(v)); len(changes) > 0 || stackdiff.Text(v) == "" {
			t.Errorf("%#v: found %v, %s", v, changes, stackdiff.Text(v))
		}
		stackdiff.Diff(stackOf(nil), stackOf(v))
	}
}

// stackOf returns a stack of one resource with one property.
func stackOf(v cfn.Value) stackdiff.Side {
	return stackdiff.Side{Template: &cfn.Template{Resources: []*cfn.Resource{
		{ID: "A", Type: "AWS::New::Type", Properties: cfn.Object{{Key: "P", Value: v}}},
	}}}
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		value cfn.Value
		want  string
	}{
		{nil, ""},
		{cfn.Null{}, "null"},
		{cfn.Bool(true), "true"},
		{cfn.Number("0x1F"), "0x1F"},
		{cfn.String("a text: with [marks], and \"more\""), "a text: with [marks], and \"more\""},
		{cfn.String("80"), "80"},
		{cfn.String("null"), `"null"`},
		{cfn.String(""), `""`},
		{cfn.String(" a"), `" a"`},
		{cfn.String("a\u00a0"), "\"a\u00a0\""},
		{cfn.String("!Ref A"), `"!Ref A"`},
		{cfn.String("[a]"), `"[a]"`},
		{cfn.String(`{"rules": []}`), `"{\"rules\": []}"`},
		{cfn.String("a\n\tb\x1b[31m"), `"a\n\tb\u001b[31m"`},
		{cfn.String("a\u202eb\U000e0041"), `"a\u202eb\udb40\udc41"`},
		{cfn.String("a\xff"), `"a\ufffd"`},
		{cfn.String("日本語"), "日本語"},
		{cfn.Strings("a", "b, c", "", "arn:aws:iam::1:role/x", "a: b", "x:"), `[a, "b, c", "", arn:aws:iam::1:role/x, "a: b", "x:"]`},
		{object("Key", cfn.String("Name"), "a b", cfn.Int(1), "", cfn.List{}, "o", cfn.Object{}), `{Key: Name, a b: 1, "": [], o: {}}`},
		{cfn.List{nil, cfn.Null{}}, "[null, null]"},
	} {
		if diff := cmp.Diff(test.want, stackdiff.Text(test.value)); diff != "" {
			t.Errorf("%#v: mismatch (-want +got):\n%s", test.value, diff)
		}
	}
}

func TestLongText(t *testing.T) {
	for n := range 300 {
		text := strings.Repeat("ü", n) + "\n" + strings.Repeat("x", 100)
		got := stackdiff.Text(cfn.String(text))
		if length := utf8.RuneCountInString(got); length > 120 || n > 20 && length < 119 {
			t.Errorf("%d characters: %s", length, got)
		}
		if head, tail, cut := strings.Cut(got, "…"); strings.HasSuffix(head, `\`) || cut && !strings.HasSuffix(tail, `x"`) {
			t.Errorf("%s", got)
		}
	}
	want := strings.Repeat("a", 80) + "…" + strings.Repeat("b", 39)
	if got := stackdiff.Text(cfn.String(strings.Repeat("a", 200) + strings.Repeat("b", 200))); got != want {
		t.Errorf("got %s", got)
	}
	if got := stackdiff.Text(cfn.String(strings.Repeat("a", 120))); got != strings.Repeat("a", 120) {
		t.Errorf("got %s", got)
	}
}
