package cfn

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkCycles finds resources that wait for themselves. A cycle that exists
// under some conditions only is a warning, if there is none without.
func checkCycles(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	find := cycles{ranges: g.first, refs: g.refs, follow: func(ref *reference) bool { return g.waits(ref) && !g.maybe(ref) }}
	severity := slipway.Error
	found := find.all()
	if len(found) == 0 && (len(g.Conditions) > 0) {
		find.follow, severity = g.waits, slipway.Warning
		found = find.all()
	}
	for _, cycle := range found {
		g.reportCycle(cycle, severity, r)
	}
}

func (g *graph) reportCycle(cycle []int32, severity slipway.Severity, r *check.Report) {
	first := &g.refs[cycle[0]]
	path := g.refPath(first)
	var p *slipway.Problem
	if len(cycle) == 1 {
		p = r.Addf(path, "%s refers to itself, and would wait for itself", first.name)
	} else {
		var ids []string
		for _, ref := range cycle {
			ids = append(ids, g.Resources[g.nodes[g.refs[ref].node].owner].ID)
		}
		p = r.Addf(path, "the resources wait for each other: %s", strings.Join(append(ids, ids[0]), " -> "))
		for _, ref := range cycle[1:] {
			path := g.refPath(&g.refs[ref])
			p.Related = append(p.Related, slipway.Place{
				File: p.File, Pos: g.Source.Position(path), Path: path, Message: "refers to " + g.refs[ref].name,
			})
		}
	}
	p.Severity = severity
	if severity == slipway.Warning {
		p.Message += "; so it is when the conditions on the way are true"
	}
}

// refPath returns the path at which a reference of a resource stands.
func (g *graph) refPath(ref *reference) string {
	if ref.kind != refDependsOn {
		return g.path(ref.node)
	}
	names := g.Resources[g.nodes[ref.node].owner].DependsOn
	if len(names) == 1 {
		return g.path(ref.node, "DependsOn") // it may be a text and not a list
	}
	return g.path(ref.node, "DependsOn", slices.Index(names, ref.name))
}

// waits reports whether a resource waits for another one by this reference.
func (g *graph) waits(ref *reference) bool {
	return ref.kind != refCondition && ref.target >= 0 && g.nodes[ref.node].site == inProperties
}

// maybe reports whether a reference counts under some condition only.
func (g *graph) maybe(ref *reference) bool {
	at := &g.nodes[ref.node]
	return at.choice || g.Resources[at.owner].Condition != "" || g.Resources[ref.target].Condition != ""
}

// cycles finds cycles in references. Owner i has those of ranges[i:i+2].
type cycles struct {
	ranges []int32
	refs   []reference
	follow func(*reference) bool // what leads on, by its target

	state []uint8 // of an owner: unseen, on the way, done
	way   []int32 // the references from the root to where the search is
	found [][]int32
}

const (
	unseen = iota
	onWay
	done
)

// maxCycles bounds how many are found: knots of resources have more cycles than
// anyone can read.
const maxCycles = 20

// all returns cycles, each as its references in order. Where there are any, it
// finds one; in a knot of them it need not find all.
func (c *cycles) all() [][]int32 {
	c.state = make([]uint8, len(c.ranges)-1)
	c.found = nil
	for i := range c.state {
		if c.state[i] == unseen {
			c.visit(int32(i))
		}
	}
	return c.found
}

func (c *cycles) visit(owner int32) {
	c.state[owner] = onWay
	for i := c.ranges[owner]; i < c.ranges[owner+1]; i++ {
		ref := &c.refs[i]
		if !c.follow(ref) {
			continue
		}
		c.way = append(c.way, i)
		switch c.state[ref.target] {
		case unseen:
			c.visit(ref.target)
		case onWay:
			c.close(ref.target)
		}
		c.way = c.way[:len(c.way)-1]
	}
	c.state[owner] = done
}

// close notes the cycle that leads from target back to it at the end of the way.
func (c *cycles) close(target int32) {
	if len(c.found) == maxCycles {
		return
	}
	from := len(c.way) - 1
	for from > 0 && c.refs[c.way[from-1]].target != target {
		from--
	}
	cycle := append([]int32(nil), c.way[from:]...)
	for _, found := range c.found {
		if sameEnds(found, cycle, c.refs) {
			return // by another mention of the same name
		}
	}
	c.found = append(c.found, cycle)
}

// sameEnds reports whether two cycles go through the same targets.
func sameEnds(a, b []int32, refs []reference) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if refs[a[i]].target != refs[b[i]].target {
			return false
		}
	}
	return true
}
