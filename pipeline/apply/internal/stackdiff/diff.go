package stackdiff

import (
	"slices"

	"github.com/seed-b1f00840/slipway/cfn"
)

// Diff returns the resources that an update changes: in the order of the new template,
// then those that are removed. It changes neither side.
//
// A resource that is replaced changes those that refer to it, and these may have to be
// replaced in turn. DependsOn refers to nothing in this sense, and neither does an
// attribute of a resource that keeps its identity, though its value may change.
func Diff(before, after Side) []Change {
	d := newDiffer(before, after)
	var pairs []*pair
	for id := range ids(d.after) {
		if d.before.has(id) && d.after.has(id) {
			pairs = append(pairs, d.pair(id))
		}
	}
	spread(pairs)

	var changes []Change
	for id := range ids(d.after) {
		switch {
		case !d.after.has(id):
		case !d.before.has(id):
			changes = append(changes, Change{ID: id, Type: d.after.resources[id].Type, Action: Add})
		default:
			if c, ok := d.modified(pairs[0]); ok {
				changes = append(changes, c)
			}
			pairs = pairs[1:]
		}
	}
	for id := range ids(d.before) {
		if d.before.has(id) && !d.after.has(id) {
			r := d.before.resources[id]
			changes = append(changes, Change{
				ID: id, Type: r.Type, Action: Remove,
				Retained: retains(d.before.resolve(r.DeletionPolicy)),
			})
		}
	}
	return changes
}

// ids yields the logical ids of a stack in the order of the template, each once.
func ids(s *stack) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, r := range s.Resources {
			if r != nil && s.resources[r.ID] == r && !yield(r.ID) {
				return
			}
		}
	}
}

func retains(policy cfn.Value) bool {
	text, _ := scalarText(policy)
	return text == "Retain" || text == "RetainExceptOnCreate"
}

// A pair is a resource that stands on both sides.
type pair struct {
	before, after *cfn.Resource
	places        []place
	extra         []string // keys of Extra that differ
	replacement   Replacement
}

func (d *differ) pair(id string) *pair {
	p := &pair{before: d.before.resources[id], after: d.after.resources[id]}
	c := comparison{differ: d, typ: p.after.Type}
	switch {
	case p.before.Type != p.after.Type:
		c.places = []place{{
			differs:  true,
			Property: Property{Before: cfn.String(p.before.Type), After: cfn.String(p.after.Type), Replacement: Always},
		}}
	case p.before.Raw != nil || p.after.Raw != nil:
		c.place(nil, contents(p.before), contents(p.after))
	default:
		c.compare(nil, contents(p.before), contents(p.after))
	}
	p.places = c.places
	if p.extra = d.differentKeys(p.before.Extra, p.after.Extra); len(p.extra) > 0 {
		p.replacement = Maybe
	}
	return p
}

// contents returns the properties of a resource, or what stands in place of them or of
// all attributes.
func contents(r *cfn.Resource) cfn.Value {
	if r.Raw != nil {
		return r.Raw
	}
	if len(r.Properties) == 1 && r.Properties[0].Key == "Fn::If" {
		if args, ok := r.Properties[0].Value.(cfn.List); ok && len(args) == 3 {
			if condition, ok := args[0].(cfn.String); ok {
				return cfn.If{Condition: string(condition), Then: args[1], Else: args[2]}
			}
		}
	}
	return r.Properties
}

// modified returns what changes of a resource that stands on both sides, and false where
// that is nothing.
func (d *differ) modified(p *pair) (Change, bool) {
	c := Change{ID: p.after.ID, Type: p.after.Type, Action: Modify, Replacement: p.replacement}
	for _, at := range p.places {
		if at.differs {
			c.Properties = append(c.Properties, at.Property)
		}
	}
	metadata := d.differ(p.before.Metadata, p.after.Metadata)
	c.Attributes = append(d.attributes(p.before, p.after, metadata), p.extra...)
	if c.Replacement != Never {
		policy, _ := scalarText(d.after.resolve(p.after.UpdateReplacePolicy))
		c.Retained = policy == "Retain"
	}
	return c, metadata || len(c.Properties)+len(p.extra) > 0
}

// attributes returns the names of the attributes beside Properties that differ.
func (d *differ) attributes(before, after *cfn.Resource, metadata bool) []string {
	var names []string
	add := func(name string, differs bool) {
		if differs {
			names = append(names, name)
		}
	}
	add("Condition", before.Condition != after.Condition)
	add("DependsOn", !sameNames(before.DependsOn, after.DependsOn))
	add("DeletionPolicy", d.differ(before.DeletionPolicy, after.DeletionPolicy))
	add("UpdateReplacePolicy", d.differ(before.UpdateReplacePolicy, after.UpdateReplacePolicy))
	add("CreationPolicy", d.differ(before.CreationPolicy, after.CreationPolicy))
	add("UpdatePolicy", d.differ(before.UpdatePolicy, after.UpdatePolicy))
	add("Metadata", metadata)
	return names
}

// sameNames reports whether two lists hold the same names, in any order.
func sameNames(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// differentKeys returns the keys whose values differ, in the order of the new object,
// then those that are only in the old one.
func (d *differ) differentKeys(before, after cfn.Object) []string {
	var keys []string
	for _, m := range after {
		if d.differ(before.Get(m.Key), m.Value) {
			keys = append(keys, m.Key)
		}
	}
	for _, m := range before {
		if after.Get(m.Key) == nil {
			keys = append(keys, m.Key)
		}
	}
	return keys
}
