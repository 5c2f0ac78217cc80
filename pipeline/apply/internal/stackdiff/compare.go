package stackdiff

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
)

// A place is the deepest one of a resource that can be compared: a scalar, a function, or
// whatever stands only on one side. A scalar that is equal has no place.
type place struct {
	Property
	differs bool
	// byResource says that the cause is a resource.
	byResource bool
	// worst is what a change of the place does.
	worst Replacement
	// mentions are the resources that the place refers to, where its text stays.
	mentions []mention
}

// A comparison collects the places of one resource.
type comparison struct {
	*differ
	typ    string
	places []place
}

// compare goes through two values at once.
func (c *comparison) compare(way []any, before, after cfn.Value) {
	switch b := after.(type) {
	case cfn.Object:
		if a, ok := before.(cfn.Object); ok {
			c.objects(way, a, b)
			return
		}
	case cfn.List:
		if a, ok := before.(cfn.List); ok {
			for _, e := range align(a, b) {
				c.compare(append(way, e.index()), e.before, e.after)
			}
			return
		}
	}
	c.place(way, before, after)
}

func (c *comparison) objects(way []any, before, after cfn.Object) {
	for i, m := range after {
		c.compare(append(way, m.Key), sameKey(before, i, m.Key), m.Value)
	}
	for _, m := range before {
		if after.Get(m.Key) == nil {
			c.compare(append(way, m.Key), m.Value, nil)
		}
	}
}

// sameKey returns the value of key, at best where it is expected: a key may stand twice.
func sameKey(o cfn.Object, i int, key string) cfn.Value {
	if i < len(o) && o[i].Key == key {
		return o[i].Value
	}
	return o.Get(key)
}

// place notes what there is to say of a place.
func (c *comparison) place(way []any, before, after cfn.Value) {
	same := Equal(before, after)
	if same && isLiteral(before) {
		return
	}
	path := slipway.Path(way...)
	p := place{worst: ReplacementOf(c.typ, path)}
	p.Path, p.Before, p.After = path, before, after

	was, is := c.before.resolve(before), c.after.resolve(after)
	p.differs = !Equal(was, is)
	certain := p.differs && c.certainly(was, is)
	p.differs = p.differs || c.unsettled(is)
	switch {
	case certain:
		p.Replacement = p.worst
	case p.differs:
		p.Replacement = min(p.worst, Maybe)
	}
	if p.differs && same {
		c.explain(&p)
	}
	if same || !p.differs {
		p.mentions = mentions(is)
	}
	c.places = append(c.places, p)
}

// explain says why a place differs whose text stays.
func (c *comparison) explain(p *place) {
	p.Cause = c.cause(p.After)
	ref, ok := plain(p.After).(cfn.Ref)
	if !ok {
		return
	}
	before, after := c.before.parameters[string(ref)], c.after.parameters[string(ref)]
	for _, side := range []*parameter{before, after} {
		if side != nil && side.secret {
			return
		}
	}
	if before != nil && before.value != nil {
		p.Before = cfn.String(before.text)
	}
	if after != nil && after.value != nil {
		p.After = cfn.String(after.text)
	}
}

// certainly reports whether two resolved values, which differ, cannot turn out to be
// equal: texts, the identities of two resources, or texts around the same of these.
func (d *differ) certainly(was, is cfn.Value) bool {
	switch {
	case was == nil:
		return !isFunction(is, "Fn::If") // it may be AWS::NoValue
	case is == nil:
		return !isFunction(was, "Fn::If")
	}
	if isLiteral(was) && isLiteral(is) {
		return true
	}
	if old, ok := d.before.identity(was); ok {
		other, ok := d.after.identity(is)
		return ok && old != other
	}
	return isFunction(was, "Fn::Sub") && isFunction(is, "Fn::Sub") && equalLists(holes(was), holes(is))
}

// isFunction reports whether a resolved value is the function of that full name.
func isFunction(v cfn.Value, name string) bool {
	f, ok := v.(cfn.Function)
	return ok && f.Name == name
}

// identity returns the resource of which v is the identifier or an attribute.
func (s *stack) identity(v cfn.Value) (id string, ok bool) {
	switch v := v.(type) {
	case cfn.Ref:
		id = string(v)
	case cfn.GetAtt:
		id = v.Resource
	}
	return id, s.resources[id] != nil
}

// holes returns what stands between the texts of a resolved Sub.
func holes(sub cfn.Value) []cfn.Value {
	return slices.DeleteFunc(slices.Clone(subItems(sub)), func(v cfn.Value) bool {
		_, isText := scalarText(v)
		return isText
	})
}
