package emit

import (
	"slices"
	"strconv"
)

// YAML writes a YAML document in block style. The zero value is ready; Buf may
// hold whole lines that are to stand before.
type YAML struct {
	Buf   []byte
	depth int // maps and lists that are begun and not ended
	at    place
}

var _ Writer = (*YAML)(nil)

// place is what stands before the next token. Every leaf ends its line, so that
// a key or a dash is always either the first of its line or the first after a
// dash.
type place uint8

const (
	lineStart place = iota // nothing: a line begins
	afterKey               // "key:"
	afterTag               // "!Tag", after a key or a dash
	openRoot               // a map or list was begun at the start, and holds nothing yet
	openDash               // ... after a dash
	openKey                // ... after a key
	openTag                // ... after a tag
)

// entry goes to where the next key or dash of the innermost map or list stands.
func (w *YAML) entry() {
	switch w.at {
	case lineStart:
		w.Buf = indent(w.Buf, w.depth-1)
	case openKey, openTag:
		w.Buf = newline(w.Buf, w.depth-1)
	}
}

// value goes to where a value stands: after its key or tag, or in a list after a
// new dash. A value in a map always has its key before it.
func (w *YAML) value() {
	switch {
	case w.at == afterKey || w.at == afterTag:
		w.Buf = append(w.Buf, ' ')
	case w.depth > 0:
		w.entry()
		w.Buf = append(w.Buf, "- "...)
	}
}

func (w *YAML) end() {
	w.Buf = append(w.Buf, '\n')
	w.at = lineStart
}

func (w *YAML) begin() {
	switch {
	case w.at == afterKey:
		w.at = openKey
	case w.at == afterTag:
		w.at = openTag
	case w.depth == 0:
		w.at = openRoot
	default:
		w.entry()
		w.Buf = append(w.Buf, "- "...)
		w.at = openDash
	}
	w.depth++
}

func (w *YAML) close(empty string) {
	w.depth--
	if w.at < openRoot {
		return
	}
	if w.at >= openKey {
		w.Buf = append(w.Buf, ' ')
	}
	w.Buf = append(w.Buf, empty...)
	w.end()
}

// BeginMap begins a map.
func (w *YAML) BeginMap() { w.begin() }

// EndMap ends a map.
func (w *YAML) EndMap() { w.close("{}") }

// BeginList begins a list.
func (w *YAML) BeginList() { w.begin() }

// EndList ends a list.
func (w *YAML) EndList() { w.close("[]") }

// Tag writes the tag, such as !Ref, of the value that follows.
func (w *YAML) Tag(tag string) {
	w.value()
	w.Buf = append(w.Buf, tag...)
	w.at = afterTag
}

// Name writes a key that needs no quotes.
func (w *YAML) Name(name string) {
	w.entry()
	w.Buf = append(w.Buf, name...)
	w.Buf = append(w.Buf, ':')
	w.at = afterKey
}

// maxKey is the number of bytes that a key may have without the indicator "? "
// before it. YAML says 1,024 characters.
const maxKey = 1024

// Key writes any key.
func (w *YAML) Key(key string) {
	w.entry()
	start := len(w.Buf)
	w.Buf = AppendYAMLKey(w.Buf, key)
	if len(w.Buf)-start > maxKey {
		w.Buf = slices.Insert(w.Buf, start, '?', ' ')
		w.Buf = newline(w.Buf, w.depth-1)
	}
	w.Buf = append(w.Buf, ':')
	w.at = afterKey
}

// String writes a string.
func (w *YAML) String(s string) {
	w.value()
	w.Buf = AppendYAMLString(w.Buf, s, max(w.depth, 1))
	w.end()
}

// Scalar writes text as it is.
func (w *YAML) Scalar(text string) {
	w.value()
	w.Buf = append(w.Buf, text...)
	w.end()
}

// Int writes a whole number.
func (w *YAML) Int(n int64) {
	w.value()
	w.Buf = strconv.AppendInt(w.Buf, n, 10)
	w.end()
}

// Bool writes true or false.
func (w *YAML) Bool(b bool) {
	w.value()
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.end()
}

func indent(dst []byte, depth int) []byte {
	n := 2 * depth
	if n < len(blanks) {
		return append(dst, blanks[1:n+1]...)
	}
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}
