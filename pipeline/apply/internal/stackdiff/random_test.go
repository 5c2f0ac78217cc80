package stackdiff_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// A maker makes random stacks out of few names, so that these meet.
type maker struct{ *rand.Rand }

func (m maker) name() string { return string(rune('A' + m.IntN(5))) }

func (m maker) reference() string {
	return [...]string{m.name(), m.name(), "P" + m.name(), "AWS::Region", "AWS::NoValue"}[m.IntN(5)]
}

func (m maker) sub() string {
	return fmt.Sprintf("%s${%s}${%s.%s}", [...]string{"", "a", "${!b}", "${"}[m.IntN(4)], m.reference(), m.name(), m.name())
}

func (m maker) value(depth int) cfn.Value {
	if depth == 0 {
		return [...]cfn.Value{
			cfn.String(m.name()), cfn.Int(m.IntN(3)), cfn.Ref(m.reference()), cfn.Sub(m.sub()), cfn.Att(m.name(), "Arn"), cfn.Bool(true),
		}[m.IntN(6)]
	}
	v := func() cfn.Value { return m.value(m.IntN(depth)) }
	switch m.IntN(11) {
	case 0:
		return cfn.If{Condition: "C" + m.name(), Then: v(), Else: v()}
	case 1:
		return cfn.FindInMap{Map: cfn.String("M" + m.name()), Top: v(), Second: v()}
	case 2:
		return cfn.SubMap{Text: m.sub(), Vars: object(m.name(), v())}
	case 3:
		return cfn.Join{Delimiter: ",", Values: v()}
	case 4:
		return cfn.Select{Index: v(), List: v()}
	case 5:
		return cfn.Split{Delimiter: ",", Text: v()}
	case 6:
		return cfn.Base64{Text: v()}
	case 7:
		return m.value(0)
	case 8:
		return object(m.name(), v(), "Key", v())
	}
	list := cfn.List{}
	for range m.IntN(4) {
		list = append(list, v())
	}
	return list
}

func (m maker) condition(depth int) cfn.Value {
	if depth == 0 {
		return cfn.Condition("C" + m.name())
	}
	c := func() cfn.Value { return m.condition(m.IntN(depth)) }
	return [...]func() cfn.Value{
		func() cfn.Value { return cfn.Equals{Left: m.value(1), Right: m.value(0)} },
		func() cfn.Value { return cfn.And{c(), c()} },
		func() cfn.Value { return cfn.Or{c(), c()} },
		func() cfn.Value { return cfn.Not{Condition: c()} },
	}[m.IntN(4)]()
}

func (m maker) resource(id string) *cfn.Resource {
	r := &cfn.Resource{ID: id, Type: [...]string{"AWS::EC2::VPC", "AWS::EC2::VPC", "Custom::A"}[m.IntN(3)]}
	if m.IntN(3) == 0 {
		r.Condition = "C" + m.name()
	}
	if m.IntN(4) == 0 {
		r.Metadata = m.value(1)
	}
	r.Properties = object("CidrBlock", m.value(2), "Tags", m.value(3), "InstanceTenancy", m.value(1))
	return r
}

func (m maker) parameter(name string) *cfn.Parameter {
	p := &cfn.Parameter{Name: name, Type: [...]string{"String", "CommaDelimitedList", "AWS::SSM::Parameter::Value<String>"}[m.IntN(3)]}
	if m.IntN(4) > 0 {
		p.Default = cfn.String(m.name())
	}
	return p
}

func (m maker) template() *cfn.Template {
	t := &cfn.Template{}
	for id := 'A'; id < 'F'; id++ {
		name := string(id)
		t.Parameters = append(t.Parameters, m.parameter("P"+name))
		t.Mappings = append(t.Mappings, cfn.Prop("M"+name, object(m.name(), object(m.name(), m.value(0)))))
		t.Conditions = append(t.Conditions, cfn.Prop("C"+name, m.condition(2)))
		t.Add(m.resource(name))
	}
	return t
}

// alter returns the template with one thing in it made anew.
func (m maker) alter(t *cfn.Template) *cfn.Template {
	out := *t
	i, id := m.IntN(5), m.name()
	switch m.IntN(4) {
	case 0:
		out.Parameters = append([]*cfn.Parameter(nil), t.Parameters...)
		out.Parameters[i] = m.parameter("P" + id)
	case 1:
		out.Mappings = append(cfn.Object(nil), t.Mappings...).Set("M"+id, object(m.name(), object(m.name(), m.value(0))))
	case 2:
		out.Conditions = append(cfn.Object(nil), t.Conditions...).Set("C"+id, m.condition(2))
	case 3:
		out.Resources = append([]*cfn.Resource(nil), t.Resources...)
		out.Resources[i] = m.resource(id)
	}
	return &out
}

// TestRandom compares random stacks, of which parameters, mappings, conditions and
// resources are altered: no difference lacks its reason, and nothing differs from itself.
func TestRandom(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	found := 0
	for range 3000 {
		one := m.template()
		two := m.alter(m.alter(one))
		before, after := stackdiff.Side{Template: one}, stackdiff.Side{Template: two}
		if changes := stackdiff.Diff(before, before); len(changes) > 0 || !stackdiff.Same(before, before) {
			t.Fatalf("differs from itself: %v", changes)
		}
		changes := stackdiff.Diff(before, after)
		check(t, before, after, changes)
		if len(changes) > 0 && stackdiff.Same(before, after) {
			t.Errorf("%v, and yet the same", changes)
		}
		found += len(changes)
		if t.Failed() {
			a, _ := one.Render()
			b, _ := two.Render()
			t.Fatalf("before:\n%s\nafter:\n%s", a, b)
		}
	}
	t.Logf("%d changes", found)
}
