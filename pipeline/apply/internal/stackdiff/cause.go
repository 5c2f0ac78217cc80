package stackdiff

import "github.com/seed-b1f00840/slipway/cfn"

// A differ knows two stacks, and what of the names that they share has another value.
type differ struct {
	before, after *stack
	// conditions tells which conditions differ; one in a circle does not by itself.
	conditions map[string]bool
}

func newDiffer(before, after Side) *differ {
	return &differ{before: newStack(before), after: newStack(after), conditions: map[string]bool{}}
}

// differ reports whether two values as they are written differ, or may.
func (d *differ) differ(before, after cfn.Value) bool {
	if Equal(before, after) && isLiteral(before) {
		return false
	}
	is := d.after.resolve(after)
	return !Equal(d.before.resolve(before), is) || d.unsettled(is)
}

// unsettled reports whether a resolved value that is equal on both sides may differ all
// the same: by a condition that is not known, or in a mapping whose keys are not.
func (d *differ) unsettled(v cfn.Value) bool {
	found := false
	cfn.Walk(v, func(v cfn.Value) bool {
		switch v := v.(type) {
		case cfn.Condition:
			found = found || d.conditionDiffers(string(v))
		case cfn.Function:
			if args, ok := v.Arg.(cfn.List); ok && v.Name == "Fn::FindInMap" {
				found = found || !Equal(d.before.reach(args), d.after.reach(args))
			}
		}
		return !found
	})
	return found
}

// conditionDiffers reports whether a condition is another one, or may be.
func (d *differ) conditionDiffers(name string) bool {
	differs, ok := d.conditions[name]
	if !ok {
		d.conditions[name] = false
		is := d.after.condition(name)
		differs = !Equal(d.before.condition(name), is) || d.unsettled(is)
		d.conditions[name] = differs
	}
	return differs
}

// parameterDiffers reports whether the Ref of a name has another value.
func (d *differ) parameterDiffers(name string) bool {
	value := func(s *stack) cfn.Value {
		if p := s.parameters[name]; p != nil && p.value != nil {
			return p.value
		}
		return cfn.Ref(name)
	}
	return !Equal(value(d.before), value(d.after))
}

// cause returns the first name in v that makes it differ: a parameter, a mapping, or a
// condition that is defined anew. Of an Fn::If whose condition is known, only the branch
// counts that is taken.
func (d *differ) cause(v cfn.Value) string {
	s := search{differ: d, seen: map[string]bool{}}
	cfn.Walk(v, s.visit)
	return s.name
}

// A search ends with the first name that is found.
type search struct {
	*differ
	name string
	seen map[string]bool // conditions
}

func (s *search) visit(v cfn.Value) bool {
	if s.name != "" {
		return false
	}
	switch v := v.(type) {
	case cfn.Ref:
		s.reference(string(v))
	case cfn.Sub:
		s.variables(string(v), nil)
	case cfn.SubMap:
		s.variables(v.Text, v.Vars)
	case cfn.Condition:
		s.condition(string(v))
	case cfn.If:
		s.condition(v.Condition)
		if known, ok := s.after.condition(v.Condition).(cfn.Bool); ok && s.name == "" {
			cfn.Walk(branch(v, known), s.visit)
			return false
		}
	case cfn.FindInMap:
		keys := cfn.List{s.after.resolve(v.Map), s.after.resolve(v.Top), s.after.resolve(v.Second)}
		if !Equal(s.before.reach(keys), s.after.reach(keys)) {
			s.name, _ = scalarText(keys[0])
		}
	}
	return s.name == ""
}

func (s *search) reference(name string) {
	if s.name == "" && s.parameterDiffers(name) {
		s.name = name
	}
}

// variables looks at what a text of Sub refers to, but for its own variables.
func (s *search) variables(text string, own cfn.Object) {
	for _, p := range splitSub(text) {
		if p.name != "" && own.Get(p.name) == nil {
			s.reference(p.name)
		}
	}
}

// condition looks for what makes a condition another one: its own text, or what that
// refers to.
func (s *search) condition(name string) {
	if s.seen[name] || !s.conditionDiffers(name) {
		return
	}
	s.seen[name] = true
	after := s.after.Conditions.Get(name)
	if !Equal(s.before.Conditions.Get(name), after) {
		s.name = name
		return
	}
	cfn.Walk(after, s.visit)
}

func branch(v cfn.If, known cfn.Bool) cfn.Value {
	if known {
		return v.Then
	}
	return v.Else
}
