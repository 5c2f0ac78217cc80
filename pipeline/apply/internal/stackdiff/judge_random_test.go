package stackdiff_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// A valid makes random templates that CloudFormation can take.
type valid struct{ *rand.Rand }

func (m valid) letter() cfn.String { return cfn.String('a' + rune(m.IntN(2))) }

func (m valid) parameter() string { return fmt.Sprint("P", m.IntN(3)) }

// text returns an expression of a text. The branches of Fn::If have no parameters: the
// judge counts those of the branch that is not taken.
func (m valid) text() cfn.Value {
	p := m.parameter()
	return [...]cfn.Value{
		m.letter(),
		cfn.Ref(p),
		cfn.Sub(fmt.Sprintf("%s-${%s}-${AWS::Region}", m.letter(), p)),
		cfn.Sub("${Fixed}-${AWS::StackName}"),
		cfn.SubMap{Text: "${x}-${" + p + "}", Vars: object("x", m.letter())},
		cfn.Join{Delimiter: "-", Values: cfn.List{m.letter(), cfn.Ref(p)}},
		cfn.If{Condition: fmt.Sprint("C", m.IntN(4)), Then: m.letter(), Else: cfn.Sub("${AWS::Region}")},
		cfn.FindInMap{Map: cfn.String("M"), Top: cfn.Ref(p), Second: m.letter()},
		cfn.FindInMap{Map: cfn.String("M"), Top: m.letter(), Second: m.letter()},
		cfn.Select{Index: cfn.Int(m.IntN(2)), List: cfn.Ref("L")},
		cfn.Select{Index: cfn.Int(m.IntN(2)), List: cfn.Split{Delimiter: "-", Text: cfn.Sub(fmt.Sprintf("x-${%s}", p))}},
	}[m.IntN(11)]
}

func (m valid) condition(n int) cfn.Value {
	equals := cfn.Equals{Left: cfn.Ref(m.parameter()), Right: m.letter()}
	if n < 2 {
		return equals
	}
	other := cfn.Condition(fmt.Sprint("C", m.IntN(2)))
	return [...]cfn.Value{
		cfn.Not{Condition: other}, cfn.And{other, equals}, cfn.Or{other, equals},
		cfn.Equals{Left: m.letter(), Right: m.letter()},
	}[m.IntN(4)]
}

func (m valid) resource(n int) *cfn.Resource {
	return &cfn.Resource{ID: fmt.Sprint("R", n), Type: "AWS::SSM::Parameter", Properties: object(
		"Type", cfn.String("String"), "Value", m.text(), "Description", m.text(),
	)}
}

func (m valid) mapping() cfn.Object {
	return object("a", object("a", m.letter(), "b", m.letter()), "b", object("a", m.letter(), "b", m.letter()))
}

func (m valid) template() *cfn.Template {
	t := &cfn.Template{Mappings: object("M", m.mapping())}
	for n := range 3 {
		t.Parameters = append(t.Parameters, &cfn.Parameter{Name: fmt.Sprint("P", n), Type: "String", Default: m.letter()})
	}
	t.Parameters = append(t.Parameters, &cfn.Parameter{Name: "L", Type: "CommaDelimitedList", Default: cfn.String("a, b")})
	for n := range 4 {
		t.Conditions = append(t.Conditions, cfn.Prop(fmt.Sprint("C", n), m.condition(n)))
	}
	t.Add(&cfn.Resource{ID: "Fixed", Type: "AWS::SSM::Parameter", Properties: object("Type", cfn.String("String"), "Value", cfn.String("x"))})
	for n := range 8 {
		t.Add(m.resource(n))
	}
	return t
}

// alter changes a copy of the template, but no parameter.
func (m valid) alter(t *cfn.Template) *cfn.Template {
	out := *t
	switch m.IntN(3) {
	case 0:
		out.Mappings = object("M", m.mapping())
	case 1:
		n := m.IntN(4)
		out.Conditions = append(cfn.Object(nil), t.Conditions...).Set(fmt.Sprint("C", n), m.condition(n))
	case 2:
		n := m.IntN(8)
		out.Resources = append([]*cfn.Resource(nil), t.Resources...)
		out.Resources[n+1] = m.resource(n)
		out.Resources = append(out.Resources, m.resource(8))
	}
	return &out
}

func (m valid) values() map[string]string {
	return map[string]string{m.parameter(): string(m.letter()), "L": [...]string{"a,b", "b,a", "a,c"}[m.IntN(3)]}
}

// TestMinistackRandom compares random updates with what an emulator says of them.
//
// Where a parameter has another value, the emulator takes every Ref of it for a change,
// also one of which the same comes in the end.
func TestMinistackRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	m := valid{rand.New(rand.NewPCG(1, 2))}
	api := ministack{oracle.Ministack(t).URL}
	one := m.template()
	text := render(t, one)
	api.call(t, nil, "CreateStack", "TemplateBody", text)
	api.wait(t, "CREATE_COMPLETE")
	before := stackdiff.Side{Template: parse(t, "before.yml", text)}
	found := 0
	for i := range 150 {
		two := m.alter(m.alter(one))
		after := stackdiff.Side{Template: two}
		exact := true
		if i%2 == 0 {
			after.Parameters, exact = m.values(), false
		}
		got := words(summary(before, after))
		want := words(api.changeSet(t, fmt.Sprint("set", i), render(t, two), after.Parameters))
		found += len(got)
		if !exact {
			maps.DeleteFunc(want, func(word string, _ bool) bool { return !got[word] })
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: mismatch (-ministack +ours):\n%s\n%s", after.Parameters, diff, render(t, two))
		}
	}
	t.Logf("%d changes", found)
}

func render(t *testing.T, template *cfn.Template) string {
	t.Helper()
	data, err := template.Render()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// words returns what summary says as a set of a resource's action and properties.
func words(changes map[string]string) map[string]bool {
	out := map[string]bool{}
	for id, change := range changes {
		for word := range strings.FieldsSeq(change) {
			out[id+" "+word] = true
		}
	}
	return out
}
