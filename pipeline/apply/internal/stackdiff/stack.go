package stackdiff

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A stack is a [Side] made ready for questions.
type stack struct {
	*cfn.Template
	parameters map[string]*parameter
	resources  map[string]*cfn.Resource // the first of each logical id
	conditions map[string]cfn.Value     // the resolved ones, as they are asked for
	circular   bool                     // one that leads into a circle was asked for
}

// A parameter is one of the template with the value that it has.
type parameter struct {
	value  cfn.Value // what its Ref is, as far as it is known; nil where it is not
	text   string    // the value as it is given
	secret bool      // NoEcho: it must not be shown
}

func newStack(s Side) *stack {
	st := &stack{
		Template:   s.Template,
		parameters: map[string]*parameter{},
		resources:  map[string]*cfn.Resource{},
		conditions: map[string]cfn.Value{},
	}
	if st.Template == nil {
		st.Template = &cfn.Template{}
	}
	for _, p := range st.Parameters {
		if p != nil && p.Raw == nil {
			st.parameters[p.Name] = newParameter(p, s.Parameters)
		}
	}
	for name, value := range s.Parameters {
		if strings.HasPrefix(name, "AWS::") { // a pseudo parameter
			st.parameters[name] = &parameter{value: cfn.String(value), text: value}
		}
	}
	for _, r := range st.Resources {
		if r != nil && st.resources[r.ID] == nil {
			st.resources[r.ID] = r
		}
	}
	return st
}

func newParameter(p *cfn.Parameter, values map[string]string) *parameter {
	out := &parameter{}
	if p.NoEcho != nil {
		echo, _ := scalarText(p.NoEcho)
		out.secret = echo != "false"
	}
	text, ok := values[p.Name]
	if !ok {
		text, ok = scalarText(p.Default)
	}
	if !ok {
		return out
	}
	out.text = text
	switch {
	case strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value<"):
		// The name of what is looked up when the update runs.
		out.value = cfn.Function{Name: lookup, Arg: cfn.String(text)}
	case p.Type == "CommaDelimitedList", strings.HasPrefix(p.Type, "List<"):
		out.value = splitList(text)
	default:
		out.value = cfn.String(text)
	}
	return out
}

// lookup is the name of the function that stands for a value of the Parameter Store.
const lookup = "ssm"

// splitList returns the elements of a parameter that is a list. Blanks around them do
// not count.
func splitList(text string) cfn.List {
	items := strings.Split(text, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return cfn.Strings(items...)
}

// has reports whether the resource stands in the stack: it does unless its condition is
// known to be false.
func (s *stack) has(id string) bool {
	r := s.resources[id]
	return r != nil && (r.Condition == "" || s.condition(r.Condition) != cfn.Bool(false))
}
