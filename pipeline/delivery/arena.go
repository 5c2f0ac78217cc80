package delivery

import (
	"sync"

	"github.com/seed-b1f00840/slipway/cfn"
)

// An arena cuts the many small parts of a service's templates out of a few large
// pieces of memory: making them one by one would take a third of the time of a
// whole bundle. What it returns has no room to grow into its neighbour.
type arena struct {
	members   []cfn.Member
	values    []cfn.Value
	resources []cfn.Resource
}

// object returns an object of these members. It is called in a hundred places, and
// would make each of them large.
//
//go:noinline
func (a *arena) object(members ...cfn.Member) cfn.Object {
	return cut(&a.members, 384, members)
}

// list returns a list of these values.
//
//go:noinline
func (a *arena) list(values ...cfn.Value) cfn.List {
	return cut(&a.values, 128, values)
}

// newResource returns an empty resource.
func (a *arena) newResource() *cfn.Resource {
	return &cut(&a.resources, 16, []cfn.Resource{{}})[0]
}

// cut copies parts to the end of a piece, or of a new one when it is full.
func cut[T any](piece *[]T, size int, parts []T) []T {
	if cap(*piece)-len(*piece) < len(parts) {
		*piece = make([]T, 0, max(size, len(parts)))
	}
	start := len(*piece)
	*piece = append(*piece, parts...)
	return (*piece)[start:len(*piece):len(*piece)]
}

// arenas are used again by those whose models do not outlive their files.
var arenas = sync.Pool{New: func() any { return new(arena) }}

// release forgets all that was cut and gives the memory back.
func (a *arena) release() {
	clear(a.members)
	clear(a.values)
	clear(a.resources)
	a.members, a.values, a.resources = a.members[:0], a.values[:0], a.resources[:0]
	arenas.Put(a)
}
