package source

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// The rules that a [Decoder] reports.
var (
	UnknownRule = slipway.Rule{
		Name: "file/unknown-key", Doc: "Every key is one that the format has; readers refuse others or silently pass over them.",
	}
	TypeRule = slipway.Rule{
		Name: "file/type", Doc: "Every value has the type that the format wants in its place.",
	}
)

// A Decoder turns nodes into the fields of a model and collects what does not
// fit. It never stops at the first problem. Its methods report a value that does
// not fit and return false; the caller then keeps the member (see [Keep]).
type Decoder struct {
	File     string
	Problems slipway.Problems
	path     []any
}

// Enter and Leave surround the decoding of what stands under a key (string) or
// an index (int).
func (d *Decoder) Enter(elem any) { d.path = append(d.path, elem) }

// Leave ends what Enter began.
func (d *Decoder) Leave() { d.path = d.path[:len(d.path)-1] }

// Path returns the path of the value that is being decoded.
func (d *Decoder) Path() string { return slipway.Path(d.path...) }

// Addf reports a problem at pos and at the current path.
func (d *Decoder) Addf(rule *slipway.Rule, pos slipway.Position, format string, args ...any) *slipway.Problem {
	p := problem(rule, d.File, pos, format, args...)
	p.Path, p.Severity = d.Path(), rule.Severity
	d.Problems = append(d.Problems, p)
	return p
}

// Want reports that n is not what belongs in its place. It returns false.
func (d *Decoder) Want(n *Node, what string) bool {
	found := n.Kind.String()
	if n.Tag != "" {
		found = n.Tag + " with " + found
	}
	if n.IsScalar() && n.Kind != Null {
		found += " " + quote(n.Text)
	}
	d.Addf(&TypeRule, n.Pos, "found %s, want %s", found, what)
	return false
}

// Unknown reports a key that the format does not have, with the known one that
// it is most like. It returns false.
func (d *Decoder) Unknown(m Member, known []string) bool {
	d.Enter(m.Key)
	defer d.Leave()
	switch like := nearest(m.Key, known); {
	case like != "":
		d.Addf(&UnknownRule, m.Pos, "unknown key; did you mean %s?", like)
	case len(known) <= 12:
		d.Addf(&UnknownRule, m.Pos, "unknown key; known here are %s", strings.Join(known, ", "))
	default:
		d.Addf(&UnknownRule, m.Pos, "unknown key")
	}
	return false
}

// Map reports whether n is a map.
func (d *Decoder) Map(n *Node) bool { return n.Kind == Map || d.Want(n, "a map") }

// List reports whether n is a list.
func (d *Decoder) List(n *Node) bool { return n.Kind == List || d.Want(n, "a list") }

// String sets *p to a string. A number or a boolean is none.
func (d *Decoder) String(p *string, n *Node) bool {
	if n.Kind != String || n.Tag != "" {
		return d.Want(n, "a string")
	}
	*p = n.Text
	return true
}

// Bool sets *p to a boolean.
func (d *Decoder) Bool(p *bool, n *Node) bool {
	if n.Kind != Bool {
		return d.Want(n, "true or false")
	}
	*p = IsTrue(n.Text)
	return true
}

// Int sets *p to a whole number of at most bits bits: of YAML also an octal one
// (0123 is 83), 0x1F, 0b11, 1_000 and 12:30, as PyYAML reads them.
func (d *Decoder) Int(p *int64, n *Node, bits int) bool {
	if n.Kind == Number {
		if v, ok := scalar.Int(n.Text); ok && v>>(bits-1) == v>>63 {
			*p = v
			return true
		}
	}
	return d.Want(n, "a whole number")
}

// Keep puts a member that a model has no place for into its Extra.
func Keep(extra *map[string]any, m Member) {
	if *extra == nil {
		*extra = make(map[string]any)
	}
	(*extra)[m.Key] = m.Value.Any()
}

func quote(s string) string {
	n := 0
	for i := range s {
		if n++; n > 40 {
			return strconv.Quote(string([]rune(s[:i])[:37]) + "...")
		}
	}
	return strconv.Quote(s)
}

// nearest returns the known key that key most likely stands for, or "": the same
// but for letter case, dashes and underscores, or one or two letters away.
func nearest(key string, known []string) string {
	plain := fold(key)
	if i := slices.IndexFunc(known, func(k string) bool { return fold(k) == plain }); i >= 0 {
		return known[i]
	}
	best, least := "", min(3, (len(plain)+2)/3)
	for _, k := range known {
		if n := distance(plain, fold(k)); n < least {
			best, least = k, n
		}
	}
	return best
}

func fold(key string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(key))
}

// distance is the number of letters to insert, delete or replace, or of neighbours
// to swap, between a and b.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var last, row, next [65]int // of two letters ago, of one ago, of this one
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			n := min(row[j+1], next[j]) + 1
			if a[i] == b[j] {
				n = min(n, row[j])
			} else {
				n = min(n, row[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				n = min(n, last[j-1]+1)
			}
			next[j+1] = n
		}
		last, row = row, next
	}
	return row[len(b)]
}
