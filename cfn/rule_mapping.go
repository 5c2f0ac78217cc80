package cfn

import "github.com/seed-b1f00840/slipway/internal/check"

// checkMappings finds look-ups that must fail. Keys are judged where all of them
// are literal and there is no default.
func checkMappings(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	for i := range g.nodes {
		find, ok := g.nodes[i].value.(FindInMap)
		if !ok || find.Default != nil {
			continue
		}
		name, literal := find.Map.(String)
		if !literal || isPlaceholder(string(name)) {
			continue
		}
		mapping, ok := g.Mappings.Get(string(name)).(Object)
		if !ok {
			r.Addf(g.path(int32(i)), "there is no mapping %s%s", name, g.nearest(string(name), g.Mappings.keys))
			continue
		}
		g.checkKeys(int32(i), find, mapping, r)
	}
}

func (g *graph) checkKeys(n int32, find FindInMap, mapping Object, r *check.Report) {
	top, literal := find.Top.(String)
	if !literal {
		return
	}
	inner, ok := mapping.Get(string(top)).(Object)
	if !ok {
		if mapping.Get(string(top)) == nil {
			r.Addf(g.path(n), "the mapping %s has no key %s%s", find.Map, top, g.nearest(string(top), mapping.keys))
		}
		return
	}
	if second, literal := find.Second.(String); literal && inner.Get(string(second)) == nil {
		r.Addf(g.path(n), "the mapping %s has no key %s under %s%s", find.Map, second, top, g.nearest(string(second), inner.keys))
	}
}

func (o Object) keys() []string {
	names := make([]string, len(o))
	for i := range o {
		names[i] = o[i].Key
	}
	return names
}
