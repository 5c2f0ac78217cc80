package stackdiff

import "github.com/seed-b1f00840/slipway/cfn"

// A mention is a resource that a place refers to.
type mention struct {
	id string
	// sure says that the value of the place is another one when the resource is.
	sure bool
}

// mentions returns what a resolved value refers to.
func mentions(v cfn.Value) []mention {
	var out []mention
	var visit func(v cfn.Value, sure bool)
	visit = func(v cfn.Value, sure bool) {
		switch v := v.(type) {
		case cfn.Ref:
			out = append(out, mention{id: string(v), sure: sure})
		case cfn.GetAtt:
			out = append(out, mention{id: v.Resource, sure: sure})
		case cfn.List:
			for _, item := range v {
				visit(item, sure)
			}
		case cfn.Object:
			for _, m := range v {
				visit(m.Value, sure)
			}
		case cfn.Function:
			visit(v.Arg, sure && keepsAll(v.Name))
		}
	}
	visit(v, true)
	return out
}

// keepsAll reports whether a function makes different values of different arguments.
// Others choose or count.
func keepsAll(name string) bool {
	switch name {
	case "Fn::Sub", "Fn::Join", "Fn::Base64", "Fn::ToJsonString":
		return true
	}
	return false
}

// spread goes on from the resources that are replaced to those that refer to them, until
// nothing changes any more: no replacement ever becomes less.
func spread(pairs []*pair) {
	levels := map[string]Replacement{}
	for _, p := range pairs {
		for _, at := range p.places {
			p.replacement = max(p.replacement, at.Replacement)
		}
		levels[p.after.ID] = p.replacement
	}
	for changed := true; changed; {
		changed = false
		for _, p := range pairs {
			for i := range p.places {
				if p.places[i].follow(levels) {
					p.replacement = max(p.replacement, p.places[i].Replacement)
					levels[p.after.ID] = p.replacement
					changed = true
				}
			}
		}
	}
}

// follow makes of a place what the replacements of others make of it, and reports
// whether that is more than it was. The cause is the one that does the most.
func (p *place) follow(levels map[string]Replacement) bool {
	changed := false
	for _, m := range p.mentions {
		level := levels[m.id]
		if level == Never {
			continue
		}
		effect := min(level, p.worst)
		if !m.sure {
			effect = min(effect, Maybe)
		}
		if p.differs && effect <= p.Replacement {
			continue
		}
		if !p.differs || p.byResource {
			p.Cause, p.byResource = m.id, true
		}
		p.differs, p.Replacement = true, effect
		changed = true
	}
	return changed
}
