package source

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// The rules that an [APIDecoder] reports beside those of a [Decoder].
var (
	NullRule = slipway.Rule{
		Name: "file/null", Doc: "A member that is null says nothing: the AWS APIs read it as absent, and so it is dropped.",
		Severity: slipway.Info,
	}
	EmptyRule = slipway.Rule{
		Name: "file/empty-string", Doc: "A string that must say something is not empty; what has no value is left out.",
		Severity: slipway.Warning,
	}
)

// An APIDecoder is a [Decoder] for the JSON input of an AWS API, in which null
// means absent. The functions of this file do for typed fields what its methods do.
type APIDecoder struct {
	Decoder
	nulls int
	null  slipway.Position // of the first null
}

// Null reports whether n is null, and counts it.
func (d *APIDecoder) Null(n *Node) bool {
	if n.Kind != Null {
		return false
	}
	if d.nulls == 0 {
		d.null = n.Pos
	}
	d.nulls++
	return true
}

// Done notes, once in all, the nulls that were dropped, and returns all problems.
func (d *APIDecoder) Done() slipway.Problems {
	switch d.nulls {
	case 0:
	case 1:
		d.Addf(&NullRule, d.null, "1 member is null and was dropped")
	default:
		d.Addf(&NullRule, d.null, "%d members are null and were dropped, the first here", d.nulls)
	}
	return d.Problems
}

// want is [Decoder.Want], but only warns where a placeholder stands in a string:
// what it will be is not known.
func (d *APIDecoder) want(n *Node, what string) bool {
	if n.Kind == String && IsPlaceholder(n.Text) {
		d.Addf(&TypeRule, n.Pos, "found the placeholder %s in quotes, want %s without", quote(n.Text), what).Severity = slipway.Warning
		return false
	}
	return d.Want(n, what)
}

// Object hands the members of the map n that are not null and of a known key to
// field, and keeps in extra those that have another key or for which field is
// false. It returns false where n is no map.
func (d *APIDecoder) Object(n *Node, known []string, extra *map[string]any, field func(Member) bool) bool {
	if n.Kind != Map {
		return d.want(n, "a map")
	}
	for i := range n.Members {
		m := n.Members[i]
		if d.Null(m.Value) {
			continue
		}
		if !slices.Contains(known, m.Key) {
			d.Unknown(m, known)
			Keep(extra, m)
			continue
		}
		d.Enter(m.Key)
		if !field(m) {
			Keep(extra, m)
		}
		d.Leave()
	}
	return true
}

// Missing reports that the map n lacks a member without which it has no meaning.
func (d *APIDecoder) Missing(n *Node, key, what string) {
	if v := n.Get(key); n.Kind == Map && (v == nil || v.Kind == Null) {
		d.Addf(&TypeRule, n.Pos, "%s is missing, want %s", key, what)
	}
}

// ReadText sets *p to a string that is not empty. An empty one is reported, and not set.
func ReadText[T ~string](d *APIDecoder, p *T, n *Node) bool {
	var s string
	if !d.String(&s, n) {
		return false
	}
	if s == "" {
		d.Addf(&EmptyRule, n.Pos, "empty string; leave the member out")
		return false
	}
	*p = T(s)
	return true
}

// ReadTextPointer sets *p to a string that may be empty.
func ReadTextPointer(d *APIDecoder, p **string, n *Node) bool {
	var s string
	if !d.String(&s, n) {
		return false
	}
	*p = &s
	return true
}

// ReadInt sets *p to a whole number of 32 bits.
func ReadInt(d *APIDecoder, p *int, n *Node) bool {
	var v int64
	if n.Kind != Number {
		return d.want(n, "a whole number")
	}
	if !d.Int(&v, n, 32) {
		return false
	}
	*p = int(v)
	return true
}

// ReadBool sets *p to a boolean.
func ReadBool(d *APIDecoder, p *bool, n *Node) bool {
	if n.Kind != Bool {
		return d.want(n, "true or false")
	}
	return d.Decoder.Bool(p, n)
}

// ReadPointer sets *p to a new value that decode fills.
func ReadPointer[T any](d *APIDecoder, p **T, n *Node, decode func(*APIDecoder, *T, *Node) bool) bool {
	v := new(T)
	if !decode(d, v, n) {
		return false
	}
	*p = v
	return true
}

// ReadSlice sets *p to the items of a list, each filled by decode. Where one does not
// fit, *p stays as it is. A null in the list is dropped.
func ReadSlice[T any](d *APIDecoder, p *[]T, n *Node, decode func(*APIDecoder, *T, *Node) bool) bool {
	if n.Kind != List {
		return d.want(n, "a list")
	}
	items, ok := make([]T, 0, len(n.Items)), true
	for i, item := range n.Items {
		if d.Null(item) {
			continue
		}
		var v T
		d.Enter(i)
		ok = decode(d, &v, item) && ok
		d.Leave()
		items = append(items, v)
	}
	if ok {
		*p = items
	}
	return ok
}

// ReadMap sets *p to the members of a map, each filled by decode. Where one does not
// fit, *p stays as it is. A null is dropped.
func ReadMap[T any](d *APIDecoder, p *map[string]T, n *Node, decode func(*APIDecoder, *T, *Node) bool) bool {
	if n.Kind != Map {
		return d.want(n, "a map")
	}
	members, ok := make(map[string]T, len(n.Members)), true
	for i := range n.Members {
		m := &n.Members[i]
		if d.Null(m.Value) {
			continue
		}
		var v T
		d.Enter(m.Key)
		ok = decode(d, &v, m.Value) && ok
		d.Leave()
		members[m.Key] = v
	}
	if ok {
		*p = members
	}
	return ok
}

// ReadAnyText sets *p to a string that may be empty, as an item or a member.
func ReadAnyText[T ~string](d *APIDecoder, p *T, n *Node) bool {
	var s string
	if !d.String(&s, n) {
		return false
	}
	*p = T(s)
	return true
}

// IsPlaceholder reports whether s holds text that something else is to replace
// before AWS reads it: ${NAME}, $NAME, <NAME>, {{name}}, [NAME], %NAME% or #{name}. It errs
// on the side of yes.
func IsPlaceholder(s string) bool {
	return strings.ContainsAny(s, "$<>{}[]%")
}
