package cfn

import (
	"fmt"
	"slices"

	"github.com/seed-b1f00840/slipway"
)

// Get returns the property at a path below Properties (see [slipway.Path]), such
// as NetworkConfiguration.AwsvpcConfiguration.Subnets[0], or nil where there is
// none. It does not look into intrinsic functions.
func (r *Resource) Get(path string) Value {
	var v Value = r.Properties
	for _, elem := range slipway.SplitPath(path) {
		switch in := v.(type) {
		case Object:
			key, ok := elem.(string)
			if !ok {
				return nil
			}
			v = in.Get(key)
		case List:
			i, ok := elem.(int)
			if !ok || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// Set sets the property at a path below Properties and returns r, so that calls
// can be chained:
//
//	service.Set("DesiredCount", cfn.Ref("Count")).Set("Tags[0].Value", cfn.String("web"))
//
// Objects and lists that are missing on the way are made. An index that equals
// the length of its list appends. A nil value removes the member or element, if
// it is there. Values that other resources share are copied before they change.
//
// Set panics where the path leads through something that is neither an object
// nor a list, or leaves a gap in a list: nothing is ever lost in silence. Where
// the path is not the program's own, use [Resource.Put].
func (r *Resource) Set(path string, v Value) *Resource {
	if err := r.Put(path, v); err != nil {
		panic("cfn: " + err.Error())
	}
	return r
}

// Put does what [Resource.Set] does, but returns an error where Set panics; r is
// then as it was.
func (r *Resource) Put(path string, v Value) error {
	elems := slipway.SplitPath(path)
	if len(elems) == 0 {
		return fmt.Errorf("resource %s: the path of a property is empty", r.ID)
	}
	var in Value
	if r.Properties != nil {
		in = r.Properties
	}
	out, err := put(in, elems, 0, v)
	if err != nil {
		return fmt.Errorf("resource %s: %s: %w", r.ID, path, err)
	}
	if out == nil {
		return nil // removed from nothing
	}
	r.Properties = out.(Object)
	return nil
}

// put returns a copy of in with v at elems[at:].
func put(in Value, elems []any, at int, v Value) (Value, error) {
	if at == len(elems) {
		return v, nil
	}
	if in == nil && v == nil {
		return nil, nil
	}
	switch elem := elems[at].(type) {
	case string:
		o, ok := in.(Object)
		if in != nil && !ok {
			return nil, wrongShape(in, elems[:at], "an object")
		}
		return putMember(o, elem, elems, at, v)
	default:
		l, ok := in.(List)
		if in != nil && !ok || at == 0 {
			return nil, wrongShape(in, elems[:at], "a list")
		}
		return putItem(l, elem.(int), elems, at, v)
	}
}

func putMember(o Object, key string, elems []any, at int, v Value) (Value, error) {
	i := slices.IndexFunc(o, func(m Member) bool { return m.Key == key })
	var old Value
	if i >= 0 {
		old = o[i].Value
	}
	child, err := put(old, elems, at+1, v)
	switch {
	case err != nil:
		return nil, err
	case child != nil:
		return slices.Clone(o).Set(key, child), nil
	case i < 0:
		return o, nil
	}
	return slices.Delete(slices.Clone(o), i, i+1), nil
}

func putItem(l List, i int, elems []any, at int, v Value) (Value, error) {
	var old Value
	switch {
	case i < len(l):
		old = l[i]
	case v == nil:
		return l, nil
	case i > len(l):
		return nil, fmt.Errorf("%s has %d elements; the next has the index %d", slipway.Path(elems[:at]...), len(l), len(l))
	}
	child, err := put(old, elems, at+1, v)
	switch {
	case err != nil:
		return nil, err
	case i == len(l):
		return append(slices.Clone(l), child), nil
	}
	l = slices.Clone(l)
	if child == nil {
		return slices.Delete(l, i, i+1), nil
	}
	l[i] = child
	return l, nil
}

func wrongShape(in Value, way []any, want string) error {
	where := slipway.Path(way...)
	if where == "" {
		where = "Properties"
	}
	return fmt.Errorf("%s is %s, want %s", where, describe(in), want)
}

// describe names what a value is, for messages.
func describe(v Value) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case String:
		return "a string"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case Null:
		return "null"
	case List:
		return "a list"
	case Object:
		return "an object"
	default:
		return fmt.Sprintf("the function %T", v)
	}
}
