package applytest

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A reference is the mention of a parameter, a resource or an attribute of one.
type reference struct {
	id, attribute string
}

// referencesIn returns the names that a value mentions, in its order.
func referencesIn(v cfn.Value) []reference {
	var found []reference
	add := func(id, attribute string) { found = append(found, reference{id: id, attribute: attribute}) }
	cfn.Walk(v, func(v cfn.Value) bool {
		switch v := v.(type) {
		case cfn.Ref:
			add(string(v), "")
		case cfn.GetAtt:
			add(v.Resource, v.Attribute)
		case cfn.Sub:
			variables(string(v), nil, add)
		case cfn.SubMap:
			variables(v.Text, v.Vars, add)
		}
		return true
	})
	return found
}

// variables calls add for the names in a text of Fn::Sub.
func variables(text string, vars cfn.Object, add func(id, attribute string)) {
	for {
		_, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return
		}
		text = after
		if name = strings.TrimSpace(name); strings.HasPrefix(name, "!") || vars.Get(name) != nil {
			continue
		}
		id, attribute, _ := strings.Cut(name, ".")
		add(id, attribute)
	}
}

// referencesTo returns the resources that a value mentions, each once.
func referencesTo(t *cfn.Template, v cfn.Value) []string {
	var ids []string
	for _, r := range referencesIn(v) {
		if t.Resource(r.id) != nil && !slices.Contains(ids, r.id) {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// dependencies returns the resources that have to be there before r, each once.
func dependencies(t *cfn.Template, r *cfn.Resource) []string {
	ids := referencesTo(t, r.Properties)
	for _, id := range r.DependsOn {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// circleIn returns the resources of a circle of dependencies, sorted, or nothing.
func circleIn(t *cfn.Template) []string {
	const walking, walked = 1, 2
	state, way := map[string]int{}, []string(nil)
	var visit func(id string) []string
	visit = func(id string) []string {
		switch state[id] {
		case walked:
			return nil
		case walking:
			return sorted(slices.Clone(way[slices.Index(way, id):]))
		}
		state[id], way = walking, append(way, id)
		for _, next := range dependencies(t, t.Resource(id)) {
			if circle := visit(next); circle != nil {
				return circle
			}
		}
		state[id], way = walked, way[:len(way)-1]
		return nil
	}
	for _, r := range t.Resources {
		if circle := visit(r.ID); circle != nil {
			return circle
		}
	}
	return nil
}

// importsIn returns the names of the exports that a template imports, in its order; those
// that cannot be evaluated are left out.
func importsIn(t *cfn.Template, name func(cfn.Value) (string, error)) []string {
	var names []string
	collect := func(v cfn.Value) {
		cfn.Walk(v, func(v cfn.Value) bool {
			if i, ok := v.(cfn.ImportValue); ok {
				if text, err := name(i.Name); err == nil && !slices.Contains(names, text) {
					names = append(names, text)
				}
			}
			return true
		})
	}
	for _, r := range t.Resources {
		collect(r.Properties)
	}
	for _, o := range t.Outputs {
		collect(o.Value)
	}
	return names
}
