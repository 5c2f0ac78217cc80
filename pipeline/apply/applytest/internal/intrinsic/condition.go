package intrinsic

import (
	"slices"

	"github.com/seed-b1f00840/slipway/cfn"
)

// Condition returns the value of a condition of the template.
func (s *Scope) Condition(name string) (bool, error) {
	if t := s.conditions[name]; t != nil {
		if !t.done {
			return false, failf("Template error: circular dependency of the condition %s", name)
		}
		return t.value, t.err
	}
	v := s.Template.Conditions.Get(name)
	if v == nil {
		return false, failf("Template error: unresolved condition dependency %s in Fn::If", name)
	}
	if s.conditions == nil {
		s.conditions = map[string]*truth{}
	}
	t := &truth{}
	s.conditions[name] = t
	t.value, t.err = s.truth(v)
	t.done = true
	return t.value, t.err
}

// truth evaluates a function of conditions.
func (s *Scope) truth(v cfn.Value) (bool, error) {
	switch v := v.(type) {
	case cfn.Condition:
		return s.Condition(string(v))
	case cfn.Equals:
		left, err := s.Eval(v.Left)
		if err != nil {
			return false, err
		}
		right, err := s.Eval(v.Right)
		return Equal(left, right), err
	case cfn.Not:
		yes, err := s.truth(v.Condition)
		return !yes, err
	case cfn.And:
		return s.every(v, true)
	case cfn.Or:
		return s.every(v, false)
	}
	text, err := s.Text(v)
	return text == "true", err
}

// every is whether all conditions are want (And), or not all are not (Or).
func (s *Scope) every(conditions []cfn.Value, want bool) (bool, error) {
	for _, c := range conditions {
		if yes, err := s.truth(c); err != nil || yes != want {
			return !want, err
		}
	}
	return want, nil
}

// Equal reports whether two evaluated values are the same. As CloudFormation keeps
// scalars as texts, 80 is "80"; the order of the members of an object does not count.
func Equal(a, b cfn.Value) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case cfn.List:
		b, ok := b.(cfn.List)
		return ok && slices.EqualFunc(a, b, Equal)
	case cfn.Object:
		b, ok := b.(cfn.Object)
		return ok && len(a) == len(b) && !slices.ContainsFunc(a, func(m cfn.Member) bool {
			other := b.Get(m.Key)
			return other == nil || !Equal(m.Value, other)
		})
	case cfn.Null:
		return b == cfn.Null{}
	}
	x, ok := Scalar(a)
	y, also := Scalar(b)
	return ok && also && x == y
}
