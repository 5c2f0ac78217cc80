package stackdiff

import (
	"cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// Same reports whether the two templates mean the same in every section, and have the
// same values of parameters: an update has nothing to do, not even with outputs. The
// order of what has a name does not count. A template that is not there is the same as
// none.
func Same(before, after Side) bool {
	a, b := before.Template, after.Template
	if a == nil || b == nil {
		return a == b
	}
	return cmp.Or(a.FormatVersion, formatVersion) == cmp.Or(b.FormatVersion, formatVersion) &&
		a.Description == b.Description &&
		Equal(asList(a.Transform), asList(b.Transform)) &&
		Equal(a.Metadata, b.Metadata) &&
		Equal(a.Rules, b.Rules) &&
		Equal(a.Mappings, b.Mappings) &&
		Equal(a.Conditions, b.Conditions) &&
		Equal(a.Hooks, b.Hooks) &&
		Equal(a.Extra, b.Extra) &&
		sameEntries(a.Parameters, b.Parameters, func(p *cfn.Parameter) string { return p.Name }, sameParameter) &&
		sameEntries(a.Resources, b.Resources, func(r *cfn.Resource) string { return r.ID }, sameResource) &&
		sameEntries(a.Outputs, b.Outputs, func(o *cfn.Output) string { return o.Name }, sameOutput) &&
		sameValues(newStack(before), newStack(after))
}

// formatVersion is the only one that there is.
const formatVersion = "2010-09-09"

// asList returns one name of a transform as a list of it.
func asList(transform cfn.Value) cfn.Value {
	switch transform.(type) {
	case nil, cfn.List:
		return transform
	}
	return cfn.List{transform}
}

// sameEntries reports whether two sections have the same entries, in any order. Of a name
// that stands twice the order counts.
func sameEntries[T any](a, b []*T, name func(*T) string, same func(a, b *T) bool) bool {
	others, left := map[string][]*T{}, 0
	for _, entry := range b {
		if entry != nil {
			others[name(entry)] = append(others[name(entry)], entry)
			left++
		}
	}
	for _, entry := range a {
		if entry == nil {
			continue
		}
		named := others[name(entry)]
		if len(named) == 0 || !same(entry, named[0]) {
			return false
		}
		others[name(entry)] = named[1:]
		left--
	}
	return left == 0 && len(a) == len(b)
}

func sameParameter(a, b *cfn.Parameter) bool {
	return a.Type == b.Type &&
		a.Description == b.Description &&
		a.AllowedPattern == b.AllowedPattern &&
		a.ConstraintDescription == b.ConstraintDescription &&
		Equal(a.Default, b.Default) &&
		Equal(a.AllowedValues, b.AllowedValues) &&
		Equal(a.MinLength, b.MinLength) && Equal(a.MaxLength, b.MaxLength) &&
		Equal(a.MinValue, b.MinValue) && Equal(a.MaxValue, b.MaxValue) &&
		Equal(orFalse(a.NoEcho), orFalse(b.NoEcho)) &&
		Equal(a.Extra, b.Extra) &&
		Equal(a.Raw, b.Raw)
}

func orFalse(v cfn.Value) cfn.Value {
	if v == nil {
		return cfn.Bool(false)
	}
	return v
}

func sameResource(a, b *cfn.Resource) bool {
	return a.Type == b.Type &&
		a.Condition == b.Condition &&
		sameNames(a.DependsOn, b.DependsOn) &&
		Equal(a.DeletionPolicy, b.DeletionPolicy) &&
		Equal(a.UpdateReplacePolicy, b.UpdateReplacePolicy) &&
		Equal(a.CreationPolicy, b.CreationPolicy) &&
		Equal(a.UpdatePolicy, b.UpdatePolicy) &&
		Equal(a.Metadata, b.Metadata) &&
		Equal(a.Properties, b.Properties) &&
		Equal(a.Extra, b.Extra) &&
		Equal(a.Raw, b.Raw)
}

func sameOutput(a, b *cfn.Output) bool {
	return a.Description == b.Description &&
		a.Condition == b.Condition &&
		Equal(a.Value, b.Value) &&
		Equal(a.Export, b.Export) &&
		Equal(a.Extra, b.Extra) &&
		Equal(a.Raw, b.Raw)
}

// sameValues reports whether the parameters, which are the same, have the same values.
func sameValues(before, after *stack) bool {
	for name, p := range before.parameters {
		if q := after.parameters[name]; q == nil || !Equal(p.value, q.value) {
			return false
		}
	}
	return true
}
