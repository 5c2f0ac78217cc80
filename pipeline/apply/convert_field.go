package apply

import (
	"maps"
	"math"
)

// The functions below turn one field of a model into the SDK's. T is the model's
// type, S the SDK's. Nil and absent stay so, and so does what is empty.

func toText(m *members, key, s string) *string {
	m.member(key, s != "")
	if s == "" {
		return nil
	}
	return &s
}

func toEnum[S, T ~string](m *members, key string, v T) S {
	m.member(key, v != "")
	return S(v)
}

func toPointer[T any](m *members, key string, p *T) *T {
	m.member(key, p != nil)
	return clone(p)
}

// toMust is for a field that is always sent.
func toMust[T comparable](m *members, key string, v T) T {
	var zero T
	m.member(key, v != zero)
	return v
}

func toMustInt(m *members, key string, n int) int32 {
	toMust(m, key, n)
	m.enter(key)
	defer m.leave()
	return m.int32(n)
}

func toInt(m *members, key string, p *int) *int32 {
	m.member(key, p != nil)
	if p == nil {
		return nil
	}
	m.enter(key)
	defer m.leave()
	return new(m.int32(*p))
}

// int32 returns n, which must be no longer than the API's integers.
func (c *converter) int32(n int) int32 {
	if n < math.MinInt32 || n > math.MaxInt32 {
		c.addf("found %d, the API takes %d to %d", n, math.MinInt32, math.MaxInt32)
	}
	return int32(n)
}

func toObject[T, S any](m *members, key string, p *T, to func(*converter, *T) S) *S {
	m.member(key, p != nil)
	if p == nil {
		return nil
	}
	m.enter(key)
	defer m.leave()
	return new(to(m.converter, p))
}

func toList[T, S any](m *members, key string, items []T, to func(*converter, *T) S) []S {
	m.member(key, items != nil)
	if items == nil {
		return nil
	}
	m.enter(key)
	defer m.leave()
	out := make([]S, len(items))
	for i := range items {
		m.enter(i)
		out[i] = to(m.converter, &items[i])
		m.leave()
	}
	return out
}

func toInts(m *members, key string, items []int) []int32 {
	return toList(m, key, items, func(c *converter, n *int) int32 { return c.int32(*n) })
}

func toTexts[S, T ~string](m *members, key string, items []T) []S {
	return toList(m, key, items, func(_ *converter, s *T) S { return S(*s) })
}

func toMap[T, S any](m *members, key string, items map[string]T, to func(*converter, *T) S) map[string]S {
	m.member(key, items != nil)
	if items == nil {
		return nil
	}
	m.enter(key)
	defer m.leave()
	out := make(map[string]S, len(items))
	for k, v := range items {
		m.enter(k)
		out[k] = to(m.converter, &v)
		m.leave()
	}
	return out
}

func toTextMap(m *members, key string, items map[string]string) map[string]string {
	m.member(key, items != nil)
	return maps.Clone(items)
}

// And these lead back.

func fromInt(p *int32) *int {
	return fromObject(p, func(n *int32) int { return int(*n) })
}

func fromObject[S, T any](p *S, from func(*S) T) *T {
	if p == nil {
		return nil
	}
	return new(from(p))
}

func fromList[S, T any](items []S, from func(*S) T) []T {
	if items == nil {
		return nil
	}
	out := make([]T, len(items))
	for i := range items {
		out[i] = from(&items[i])
	}
	return out
}

func fromInts(items []int32) []int {
	return fromList(items, func(n *int32) int { return int(*n) })
}

func fromTexts[T, S ~string](items []S) []T {
	return fromList(items, func(s *S) T { return T(*s) })
}

func fromMap[S, T any](items map[string]S, from func(*S) T) map[string]T {
	if items == nil {
		return nil
	}
	out := make(map[string]T, len(items))
	for k, v := range items {
		out[k] = from(&v)
	}
	return out
}

// clone returns a pointer to a copy of what p points to, or nil.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// deref returns what p points to, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// nonZero returns a pointer to v, or nil where v is zero: the SDK has it so where
// it has no pointer.
func nonZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
