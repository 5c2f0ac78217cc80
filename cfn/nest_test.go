package cfn_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// kinds returns one value of every type, with v inside where something may be.
func kinds(v cfn.Value) []cfn.Value {
	s, o := cfn.String("x"), cfn.Object{cfn.Prop("k", v), cfn.Prop("l", cfn.String("y"))}
	return []cfn.Value{
		s, cfn.Bool(true), cfn.Number("012"), cfn.Null{}, cfn.List{v, s}, o,
		cfn.Ref("R"), cfn.Att("A", "B.C"), cfn.Sub("${x}\n"), cfn.SubMap{Text: "${k}", Vars: o},
		cfn.Join{Delimiter: "", Values: v}, cfn.Select{Index: cfn.Int(0), List: v}, cfn.Split{Delimiter: ":", Text: v},
		cfn.Cidr{Block: v, Count: v, Bits: v}, cfn.GetAZs{Region: v}, cfn.FindInMap{Map: s, Top: v, Second: v, Default: v},
		cfn.ImportValue{Name: v}, cfn.GetStackOutput{StackName: v, OutputName: v, Region: v, RoleArn: v},
		cfn.Base64{Text: v}, cfn.Length{List: v}, cfn.ToJSONString{Value: v}, cfn.Transform{Name: "m", Parameters: o},
		cfn.Object{cfn.Prop("Fn::ForEach::L", cfn.ForEach{Identifier: "i", Collection: v, Body: o})},
		cfn.Function{Name: "Fn::Contains", Arg: v}, cfn.Function{Name: "Rain::Embed", Arg: v}, cfn.Function{Name: "Fn::no tag", Arg: v},
		cfn.If{Condition: "C", Then: v, Else: v}, cfn.Equals{Left: v, Right: v}, cfn.And{v, v}, cfn.Or{v, v},
		cfn.Not{Condition: v}, cfn.Condition("C"),
	}
}

// nested returns templates with every type inside every type, by itself and inside
// a list, a function that has a tag only before plain values, and one that always has.
func nested() []*cfn.Template {
	var out []*cfn.Template
	for _, a := range kinds(cfn.String("leaf")) {
		for _, b := range []cfn.Value{a, cfn.List{a}, cfn.Base64{Text: a}, cfn.Not{Condition: a}} {
			list := cfn.List(kinds(b))
			out = append(out, &cfn.Template{Metadata: cfn.Object{cfn.Prop("list", list), cfn.Prop("last", b)}})
		}
	}
	return out
}

func TestNesting(t *testing.T) {
	for i, tmpl := range nested() {
		roundTrip(t, fmt.Sprintf("nested %d", i), tmpl)
	}
}

// TestNestingMeaning has Python find the same in the short forms of YAML as in the
// long ones of JSON.
func TestNestingMeaning(t *testing.T) {
	python := oracle.Python(t)
	var jobs []job
	for i, tmpl := range nested() {
		jobs = append(jobs, newJob(t, fmt.Sprintf("nested %d", i), nil, tmpl))
	}
	compare(t, python, jobs)
}

// TestKinds holds kinds to be complete.
func TestKinds(t *testing.T) {
	source, err := os.ReadFile("value.go")
	if err != nil {
		t.Fatal(err)
	}
	var have strings.Builder
	for _, v := range kinds(cfn.Null{}) {
		fmt.Fprintf(&have, "%T ", v)
	}
	have.WriteString("cfn.ForEach ") // inside an Object, which its name is a key of
	types := regexp.MustCompile(`func \((\w+)\) +isValue`).FindAllSubmatch(source, -1)
	if len(types) < 30 {
		t.Fatalf("found %d types only", len(types))
	}
	for _, m := range types {
		if !strings.Contains(have.String(), "cfn."+string(m[1])+" ") {
			t.Errorf("kinds has no %s", m[1])
		}
	}
}

// TestHardTexts writes texts where a key, a value and a tagged value may stand.
func TestHardTexts(t *testing.T) {
	for _, s := range []string{
		"", " ", "yes", "012", "~", "- a", "a: b", "a #b", "#", "!Ref x", "&a", "*a", "|", "a\n", "\na", "a\n\n", " a\n b", "a \n", "\t",
		"\x00", "\u0085", "\u2028", "\ufeff", "\U0001f600", `"`, "'", `\`, "<<", "=", "2012-10-17", "...", "---", "a\r\nb",
		strings.Repeat("k", 1100), strings.Repeat("k: ", 600), strings.Repeat("line\n", 400),
	} {
		o := cfn.Object{cfn.Prop("before", cfn.Null{}), cfn.Prop(s+"k", cfn.Sub(s)), cfn.Prop("ref", cfn.Ref(s)), cfn.Prop("text", cfn.String(s))}
		tmpl := &cfn.Template{
			Description: s + "d",
			Metadata:    cfn.Object{cfn.Prop("o", o), cfn.Prop("l", cfn.List{cfn.Object{cfn.Prop(s+"k", o)}, cfn.String(s)})},
			Resources:   []*cfn.Resource{{ID: s + "A", Type: s + "t", DependsOn: []string{s + "d"}}, {ID: s + "B", DependsOn: []string{}, Properties: cfn.Object{}}},
			Outputs:     []*cfn.Output{{Name: s + "o", Value: cfn.Sub(s)}, {Name: s + "p"}},
		}
		roundTrip(t, fmt.Sprintf("%q", s), tmpl)
	}
}
