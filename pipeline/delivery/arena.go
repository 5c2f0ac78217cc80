package delivery

import "github.com/seed-b1f00840/slipway/cfn"

// An arena cuts the many small objects and lists of a service's templates out of
// a few large pieces of memory: making them one by one would take a third of the
// time of a whole bundle. What it returns has no room to grow into its neighbour.
type arena struct {
	members []cfn.Member
	values  []cfn.Value
}

// object returns an object of these members.
func (a *arena) object(members ...cfn.Member) cfn.Object {
	if cap(a.members)-len(a.members) < len(members) {
		a.members = make([]cfn.Member, 0, 256)
	}
	start := len(a.members)
	a.members = append(a.members, members...)
	return a.members[start:len(a.members):len(a.members)]
}

// list returns a list of these values.
func (a *arena) list(values ...cfn.Value) cfn.List {
	if cap(a.values)-len(a.values) < len(values) {
		a.values = make([]cfn.Value, 0, 128)
	}
	start := len(a.values)
	a.values = append(a.values, values...)
	return a.values[start:len(a.values):len(a.values)]
}
