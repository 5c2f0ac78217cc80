package stackdiff

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A Resolver tells of the values of one template what is known of them.
type Resolver struct{ stack *stack }

// NewResolver returns a resolver for a side.
func NewResolver(s Side) *Resolver { return &Resolver{newStack(s)} }

// Resolve returns v with everything replaced that is known: conditions, mappings, the
// values of parameters, and Sub, Join, Split and Select of such. What is left of functions
// are Ref and GetAtt, and [cfn.Function] for all others; of an Fn::Sub its argument is a
// list, of what it joins. It returns nil for AWS::NoValue.
func (r *Resolver) Resolve(v cfn.Value) cfn.Value { return r.stack.resolve(v) }

// resolve returns v with everything replaced that is known before an update runs. What
// is left of functions are Ref and GetAtt, and [cfn.Function] for all others: the result
// is for comparison with another one. Members and elements that are AWS::NoValue are
// left out; a v that is nothing else is nil.
func (s *stack) resolve(v cfn.Value) cfn.Value {
	v = s.resolved(plain(v))
	if v == cfn.Value(cfn.Ref("AWS::NoValue")) {
		return nil
	}
	return v
}

func (s *stack) resolved(v cfn.Value) cfn.Value {
	switch v := v.(type) {
	case cfn.List:
		out := make(cfn.List, 0, len(v))
		for _, item := range v {
			if item = s.resolve(item); item != nil {
				out = append(out, item)
			}
		}
		return out
	case cfn.Object:
		out := make(cfn.Object, 0, len(v))
		for _, m := range v {
			if value := s.resolve(m.Value); value != nil {
				out = append(out, cfn.Prop(m.Key, value))
			}
		}
		return out
	case cfn.Ref:
		if p := s.parameters[string(v)]; p != nil && p.value != nil {
			return p.value
		}
		return v
	case cfn.GetAtt:
		return v
	case cfn.Sub:
		return s.resolveSub(string(v), nil)
	case cfn.SubMap:
		return s.resolveSub(v.Text, v.Vars)
	case cfn.If:
		return s.resolveIf(v)
	case cfn.Condition:
		if known, ok := s.condition(string(v)).(cfn.Bool); ok {
			return known
		}
		return v
	}
	name, args, ok := parts(v)
	if !ok {
		return v
	}
	out := make(cfn.List, len(args))
	for i, arg := range args {
		out[i] = s.resolve(arg)
	}
	return s.apply(name, out)
}

func (s *stack) resolveSub(text string, vars cfn.Object) cfn.Value {
	var out []cfn.Value
	for _, p := range splitSub(text) {
		switch value := vars.Get(p.name); {
		case p.name == "":
			out = append(out, cfn.String(p.text))
		case value != nil:
			out = append(out, s.resolve(value))
		default:
			out = append(out, s.resolve(reference(p.name)))
		}
	}
	return concat(out)
}

// concat joins texts with what is between them: to one text if all are known.
func concat(values []cfn.Value) cfn.Value {
	var out cfn.List
	var known strings.Builder
	flush := func() {
		if known.Len() > 0 {
			out = append(out, cfn.String(known.String()))
			known.Reset()
		}
	}
	for _, v := range values {
		if text, ok := scalarText(v); ok {
			known.WriteString(text)
			continue
		}
		flush()
		if isFunction(v, "Fn::Sub") {
			out = append(out, subItems(v)...)
		} else {
			out = append(out, v)
		}
	}
	flush()
	switch len(out) {
	case 0:
		return cfn.String("")
	case 1:
		return out[0]
	}
	return cfn.Function{Name: "Fn::Sub", Arg: out}
}

// subItems returns what a resolved Sub joins.
func subItems(sub cfn.Value) cfn.List {
	_, args, _ := parts(sub)
	if items, ok := args[0].(cfn.List); ok {
		return items
	}
	return args // of a mapping, where no Sub may stand
}

func (s *stack) resolveIf(v cfn.If) cfn.Value {
	known, ok := s.condition(v.Condition).(cfn.Bool)
	switch {
	case !ok:
		return cfn.Function{Name: "Fn::If", Arg: cfn.List{
			cfn.Condition(v.Condition), s.resolve(v.Then), s.resolve(v.Else),
		}}
	case bool(known):
		return s.resolve(v.Then)
	}
	return s.resolve(v.Else)
}

// apply returns what a function of resolved arguments is.
func (s *stack) apply(name string, args cfn.List) cfn.Value {
	var out cfn.Value
	switch name {
	case "Fn::Join":
		out = join(args)
	case "Fn::Select":
		out = selected(args)
	case "Fn::Split":
		out = split(args)
	case "Fn::FindInMap":
		out = s.found(args)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		out = logic(name, args)
	}
	if out == nil {
		return cfn.Function{Name: name, Arg: args}
	}
	return out
}

func join(args cfn.List) cfn.Value {
	if len(args) != 2 {
		return nil
	}
	items, ok := args[1].(cfn.List)
	if !ok {
		return nil
	}
	var out []cfn.Value
	for i, item := range items {
		if _, isList := item.(cfn.List); isList {
			return nil
		}
		if i > 0 {
			out = append(out, args[0])
		}
		out = append(out, item)
	}
	return concat(out)
}

func selected(args cfn.List) cfn.Value {
	if len(args) != 2 {
		return nil
	}
	index, _ := scalarText(args[0])
	items, _ := args[1].(cfn.List)
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(items) {
		return nil
	}
	return items[i]
}

func split(args cfn.List) cfn.Value {
	if len(args) != 2 {
		return nil
	}
	delimiter, _ := scalarText(args[0])
	text, ok := scalarText(args[1])
	if !ok || delimiter == "" {
		return nil
	}
	return cfn.Strings(strings.Split(text, delimiter)...)
}

// found returns what FindInMap finds with keys that are known.
func (s *stack) found(args cfn.List) cfn.Value {
	var in cfn.Value = s.Mappings
	for _, key := range args[:min(3, len(args))] {
		text, ok := scalarText(key)
		o, isObject := in.(cfn.Object)
		if !ok || !isObject {
			return nil
		}
		in = o.Get(text)
	}
	if in == nil && len(args) == 4 {
		return args[3] // the default
	}
	return in
}

// reach returns the part of the mappings in which FindInMap may find something: all
// that fits the keys that are known.
func (s *stack) reach(args cfn.List) cfn.Value {
	var narrow func(in cfn.Value, keys cfn.List) cfn.Value
	narrow = func(in cfn.Value, keys cfn.List) cfn.Value {
		o, ok := in.(cfn.Object)
		if !ok || len(keys) == 0 {
			return in
		}
		var out cfn.Object
		text, known := scalarText(keys[0])
		for _, m := range o {
			if !known || m.Key == text {
				out = append(out, cfn.Prop(m.Key, narrow(m.Value, keys[1:])))
			}
		}
		return out
	}
	return narrow(s.Mappings, args[:min(3, len(args))])
}
