package shell

import "strings"

// A Text is a text of which parts may be unknown. The zero value is the empty
// text. It is not changed by any method.
type Text struct {
	parts []Part
}

// A Part is a piece of a [Text]: either known, or not.
type Part struct {
	// Literal is the text of a known part; it is empty in an unknown one.
	Literal string
	// Unknown is nil in a known part.
	Unknown *Unknown
}

// An Unknown is a text that only a run can tell. Two parts with the same pointer
// are the same text, as the two are of "$A$A".
type Unknown struct {
	// Name is the variable that it comes from, or a variable with the operation on
	// it, TAG%%-*; empty when it is another thing, such as the output of a command.
	Name string
	// Command is the command whose output it is, in short; empty when it is another
	// thing.
	Command string
	// Candidates are values that it may well have, such as latest in ${TAG:-latest}.
	// It may have any other, too.
	Candidates []string

	derived map[string]*Unknown // by the operation on it
	login   bool                // prints the command that logs in to a registry
}

// derive returns what an operation makes of u: the same each time.
func (u *Unknown) derive(op string) *Unknown {
	d, ok := u.derived[op]
	if !ok {
		if u.derived == nil {
			u.derived = map[string]*Unknown{}
		}
		d = &Unknown{Name: u.Name + op}
		u.derived[op] = d
	}
	return d
}

// Literal returns the text s, all of it known.
func Literal(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{[]Part{{Literal: s}}}
}

// Variable returns a text of which only the name of its variable is known. Each
// call makes another unknown.
func Variable(name string) Text { return unknown(&Unknown{Name: name}) }

func unknown(u *Unknown) Text { return Text{[]Part{{Unknown: u}}} }

// single returns the unknown that is all of the text, or nil.
func (t Text) single() *Unknown {
	if len(t.parts) == 1 {
		return t.parts[0].Unknown
	}
	return nil
}

// Parts returns the parts: no two known ones stand side by side, and none is
// empty. The caller must not change them.
func (t Text) Parts() []Part { return t.parts }

// Known returns the text and true when all of it is known.
func (t Text) Known() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].Unknown == nil:
		return t.parts[0].Literal, true
	}
	return "", false
}

// is reports whether the text is known to be s.
func (t Text) is(s string) bool {
	k, ok := t.Known()
	return ok && k == s
}

// String returns a readable form, for messages: an unknown part is ${NAME}, or
// $(command).
func (t Text) String() string {
	if s, ok := t.Known(); ok {
		return s
	}
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.Unknown == nil:
			b.WriteString(p.Literal)
		case p.Unknown.Name != "":
			b.WriteString("${" + p.Unknown.Name + "}")
		case p.Unknown.Command != "":
			b.WriteString("$(" + p.Unknown.Command + ")")
		default:
			b.WriteString("$(...)")
		}
	}
	return b.String()
}

// Prefix returns the known part that the text begins with, or "".
func (t Text) Prefix() string {
	if len(t.parts) == 0 {
		return ""
	}
	return t.parts[0].Literal
}

// Suffix returns the known part that the text ends with, or "".
func (t Text) Suffix() string {
	if len(t.parts) == 0 {
		return ""
	}
	return t.parts[len(t.parts)-1].Literal
}

// Equal says whether two texts are the same: Yes, No, or Maybe.
func (t Text) Equal(u Text) Answer {
	a, b, ok := trimCommon(t.parts, u.parts)
	switch {
	case !ok:
		return No
	case len(a) == 0 && len(b) == 0:
		return Yes
	case literals(a) && literals(b):
		return No
	case literals(a):
		return mayMatch(b, a)
	case literals(b):
		return mayMatch(a, b)
	}
	return Maybe
}

// mayMatch returns Maybe when a text with unknown parts can be the known one.
func mayMatch(parts, known []Part) Answer {
	s := ""
	if len(known) > 0 {
		s = known[0].Literal
	}
	for i, p := range parts {
		if p.Unknown != nil {
			continue
		}
		at := strings.Index(s, p.Literal)
		switch {
		case i == len(parts)-1:
			if !strings.HasSuffix(s, p.Literal) {
				return No
			}
		case at < 0 || i == 0 && at > 0:
			return No
		default:
			s = s[at+len(p.Literal):]
		}
	}
	return Maybe
}

func literals(parts []Part) bool {
	return len(parts) == 0 || len(parts) == 1 && parts[0].Unknown == nil
}

// trimCommon returns two lists without what they have in common at the start and
// at the end. It reports false when they are certainly not the same.
func trimCommon(a, b []Part) (x, y []Part, ok bool) {
	if a, b, ok = trimStart(a, b); !ok {
		return nil, nil, false
	}
	for len(a) > 0 && len(b) > 0 {
		p, q := a[len(a)-1], b[len(b)-1]
		n := commonSuffix(p.Literal, q.Literal)
		switch {
		case p == q:
		case p.Unknown != nil || q.Unknown != nil:
			return a, b, true
		case n < len(p.Literal) && n < len(q.Literal):
			return nil, nil, false
		case n == len(p.Literal):
			b = withLast(b, q.Literal[:len(q.Literal)-n])
			a = a[:len(a)-1]
			continue
		default:
			a = withLast(a, p.Literal[:len(p.Literal)-n])
			b = b[:len(b)-1]
			continue
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b, true
}

func trimStart(a, b []Part) (x, y []Part, ok bool) {
	for len(a) > 0 && len(b) > 0 {
		p, q := a[0], b[0]
		switch {
		case p == q:
			a, b = a[1:], b[1:]
		case p.Unknown != nil || q.Unknown != nil:
			return a, b, true
		case strings.HasPrefix(q.Literal, p.Literal):
			a, b = a[1:], withFirst(b, q.Literal[len(p.Literal):])
		case strings.HasPrefix(p.Literal, q.Literal):
			a, b = withFirst(a, p.Literal[len(q.Literal):]), b[1:]
		default:
			return nil, nil, false
		}
	}
	return a, b, true
}

func withFirst(parts []Part, s string) []Part {
	return append([]Part{{Literal: s}}, parts[1:]...)
}

func withLast(parts []Part, s string) []Part {
	return append(append([]Part(nil), parts[:len(parts)-1]...), Part{Literal: s})
}

func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// hasSuffix reports whether the text certainly ends with s.
func (t Text) hasSuffix(s string) bool { return strings.HasSuffix(t.Suffix(), s) }

// trimNewlines returns the text as a command substitution gives it.
func (t Text) trimNewlines() Text {
	s := t.Suffix()
	cut := strings.TrimRight(s, "\n")
	if len(cut) == len(s) {
		return t
	}
	if cut == "" {
		return Text{t.parts[:len(t.parts)-1]}
	}
	return Text{withLast(t.parts, cut)}
}

const (
	maxText  = 128 << 10 // length of the known parts of a text
	maxParts = 2 << 10
)

// A builder puts a text together. A text that grows too large becomes unknown.
type builder struct {
	parts []Part
	buf   []byte
	size  int
}

func (b *builder) literal(s string) {
	if b.size += len(s); b.size <= maxText {
		b.buf = append(b.buf, s...)
	}
}

func (b *builder) unknown(u *Unknown) {
	b.flush()
	if len(b.parts) < maxParts {
		b.parts = append(b.parts, Part{Unknown: u})
	} else {
		b.size = maxText + 1
	}
}

func (b *builder) text(t Text) {
	for _, p := range t.parts {
		if p.Unknown != nil {
			b.unknown(p.Unknown)
		} else {
			b.literal(p.Literal)
		}
	}
}

func (b *builder) flush() {
	if len(b.buf) > 0 {
		b.parts = append(b.parts, Part{Literal: string(b.buf)})
		b.buf = b.buf[:0]
	}
}

func (b *builder) done() Text {
	if b.size > maxText {
		return Variable("")
	}
	b.flush()
	return Text{b.parts}
}

// concat returns the texts one after the other.
func concat(texts ...Text) Text {
	first, n := Text{}, 0
	for _, t := range texts {
		if len(t.parts) > 0 {
			first = t
			n++
		}
	}
	if n < 2 {
		return first
	}
	var b builder
	for _, t := range texts {
		b.text(t)
	}
	return b.done()
}

// either returns a text that is one of two: unknown when they differ.
func either(a, b Text, name string) Text {
	if a.Equal(b) == Yes {
		return a
	}
	u := &Unknown{Name: name}
	for _, t := range []Text{a, b} {
		if s, ok := t.Known(); ok {
			u.Candidates = append(u.Candidates, s)
		} else if v := t.single(); v != nil && len(v.Candidates) < 8 {
			u.Candidates = append(u.Candidates, v.Candidates...)
		}
	}
	return unknown(u)
}

// seal returns the text as a string in which an unknown part is the byte 0 twice
// with its index in the list between. Nothing that a shell handles holds a byte 0.
func (t Text) seal(list *[]*Unknown) string {
	if s, ok := t.Known(); ok {
		return s
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.Unknown == nil {
			b.WriteString(p.Literal)
			continue
		}
		b.WriteByte(0)
		b.WriteString(itoa(len(*list)))
		b.WriteByte(0)
		*list = append(*list, p.Unknown)
	}
	return b.String()
}

// unseal is the inverse of seal. What was cut in the middle of a mark is unknown.
func unseal(s string, list []*Unknown) Text {
	if strings.IndexByte(s, 0) < 0 {
		return Literal(s)
	}
	var b builder
	for s != "" {
		at := strings.IndexByte(s, 0)
		if at < 0 {
			b.literal(s)
			break
		}
		b.literal(s[:at])
		mark, rest, ok := strings.Cut(s[at+1:], "\x00")
		n, valid := atoi(mark)
		if !ok || !valid || n >= len(list) {
			return Variable("")
		}
		b.unknown(list[n])
		s = rest
	}
	return b.done()
}
