package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkConditions finds conditions that are not defined, that are defined by
// themselves, and those that ask for what only exists later.
func checkConditions(g *graph, r *check.Report) {
	for i := range g.refs {
		ref := &g.refs[i]
		at := &g.nodes[ref.node]
		switch {
		case ref.kind == refCondition:
			if ref.target == toNothing && !g.generated && !isPlaceholder(ref.name) {
				path := g.path(ref.node)
				if at.value == nil {
					path = g.path(ref.node, "Condition")
				}
				r.Addf(path, "there is no condition %s%s", ref.name, g.nearest(ref.name, g.Conditions.keys))
			}
		case at.site != inConditions, g.generated:
		case ref.kind == refAttribute:
			r.Addf(g.path(ref.node), "a condition cannot have an attribute of a resource: it is decided before there are resources")
		case ref.target >= 0:
			r.Addf(g.path(ref.node), "%s is a resource; a condition is decided before there are resources and can refer to parameters only", ref.name)
		}
	}
	g.checkConditionCycles(r)
}

func (g *graph) checkConditionCycles(r *check.Report) {
	if g.generated || len(g.firstOf) == 0 {
		return
	}
	find := cycles{ranges: g.firstOf, refs: g.refs, follow: func(ref *reference) bool { return ref.kind == refCondition && ref.target >= 0 }}
	for _, cycle := range find.all() {
		var names []string
		for _, ref := range cycle {
			names = append(names, g.Conditions[g.nodes[g.refs[ref].node].owner].Key)
		}
		r.Addf(g.path(g.refs[cycle[0]].node), "the condition is defined by itself: %s", strings.Join(append(names, names[0]), " -> "))
	}
}
