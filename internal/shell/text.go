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
	// Name is the variable that it comes from; empty when it is another thing, such
	// as the output of a command.
	Name string
	// Unquoted says that it stood without quotes, so that blanks in it would make
	// several words of it.
	Unquoted bool
	// Candidates are values that it may well have, such as latest in ${TAG:-latest}.
	// It may have any other, too.
	Candidates []string
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
func Variable(name string) Text {
	return Text{[]Part{{Unknown: &Unknown{Name: name}}}}
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

// String returns a readable form: unknown parts are ${NAME}, or $(...) when they
// have no name. It is for messages.
func (t Text) String() string {
	if s, ok := t.Known(); ok {
		return s
	}
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.Unknown == nil:
			b.WriteString(p.Literal)
		case p.Unknown.Name == "":
			b.WriteString("$(...)")
		default:
			b.WriteString("${" + p.Unknown.Name + "}")
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
	if equalParts(t.parts, u.parts) {
		return Yes
	}
	_, tk := t.Known()
	_, uk := u.Known()
	if tk && uk {
		return No
	}
	return Maybe
}

func equalParts(a, b []Part) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
