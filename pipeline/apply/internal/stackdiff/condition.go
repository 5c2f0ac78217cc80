package stackdiff

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// condition returns the resolved condition of that name: a [cfn.Bool] where it is known,
// and nil where there is none. In one that is not known, others that are not stand by
// their names. One that leads into a circle is its own name: so it does not matter which
// of them is asked for first.
func (s *stack) condition(name string) cfn.Value {
	v, ok := s.conditions[name]
	if !ok {
		outer := s.circular
		s.circular = false
		s.conditions[name] = cfn.Condition(name)
		v = s.resolve(s.Conditions.Get(name))
		if known := truth(v); known != nil {
			v = known
		}
		if s.circular {
			v = cfn.Condition(name)
		}
		s.conditions[name], s.circular = v, outer
	}
	if v == cfn.Value(cfn.Condition(name)) {
		s.circular = true
	}
	return v
}

// truth returns a value as a [cfn.Bool], or nil where it is none.
func truth(v cfn.Value) cfn.Value {
	switch text, _ := scalarText(v); text {
	case "true":
		return cfn.Bool(true)
	case "false":
		return cfn.Bool(false)
	}
	return nil
}

// logic returns what a function of conditions is, or nil where that is not known.
func logic(name string, args cfn.List) cfn.Value {
	switch name {
	case "Fn::Equals":
		switch {
		case len(args) != 2:
			return nil
		case Equal(args[0], args[1]):
			return cfn.Bool(true)
		case isLiteral(args[0]) && isLiteral(args[1]):
			return cfn.Bool(false)
		}
		return nil
	case "Fn::Not":
		if len(args) == 1 {
			if known, ok := truth(args[0]).(cfn.Bool); ok {
				return !known
			}
		}
		return nil
	}
	return manyfold(args, name == "Fn::Or")
}

// manyfold returns what And and Or are: one argument that is decisive decides, and else
// all must be known.
func manyfold(args cfn.List, decisive cfn.Bool) cfn.Value {
	known := len(args) > 0
	for _, arg := range args {
		switch truth(arg) {
		case decisive:
			return decisive
		case nil:
			known = false
		}
	}
	if !known {
		return nil
	}
	return !decisive
}

// isLiteral reports whether v is what is written: no function is in it, and no dynamic
// reference.
func isLiteral(v cfn.Value) bool {
	literal := true
	cfn.Walk(v, func(v cfn.Value) bool {
		text, isString := v.(cfn.String)
		_, _, isFunction := parts(v)
		if isFunction || isString && strings.Contains(string(text), "{{resolve:") {
			literal = false
		}
		return literal
	})
	return literal
}
