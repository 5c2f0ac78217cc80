package emit

import (
	"strconv"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// JSON writes a JSON document, indented by two spaces a level. The zero value
// is ready; Buf may hold what is to stand before. The document ends with a
// newline when its outermost value ends.
type JSON struct {
	Buf   []byte
	depth int
	open  bool // a map or list was begun and holds nothing yet
	named bool // a key was written and waits for its value
}

var _ Writer = (*JSON)(nil)

const blanks = "\n                                                                "

// newline begins a line at the indentation of depth.
func newline(dst []byte, depth int) []byte {
	n := 2 * depth
	if n < len(blanks) {
		return append(dst, blanks[:n+1]...)
	}
	dst = append(dst, '\n')
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// member separates what follows from what stands before it in a map or list.
func (w *JSON) member() {
	if w.depth == 0 {
		return
	}
	if !w.open {
		w.Buf = append(w.Buf, ',')
	}
	w.open = false
	w.Buf = newline(w.Buf, w.depth)
}

// value prepares the place of a value.
func (w *JSON) value() {
	if w.named {
		w.named = false
		return
	}
	w.member()
}

// done ends the document after its outermost value.
func (w *JSON) done() {
	if w.depth == 0 {
		w.Buf = append(w.Buf, '\n')
	}
}

func (w *JSON) begin(c byte) {
	w.value()
	w.Buf = append(w.Buf, c)
	w.depth++
	w.open = true
}

// end ends a map or a list. In the generated code of the models it would stand a
// hundred times.
//
//go:noinline
func (w *JSON) end(c byte) {
	w.depth--
	if !w.open {
		w.Buf = newline(w.Buf, w.depth)
	}
	w.open = false
	w.Buf = append(w.Buf, c)
	w.done()
}

// BeginMap begins a map.
func (w *JSON) BeginMap() { w.begin('{') }

// EndMap ends a map.
func (w *JSON) EndMap() { w.end('}') }

// BeginList begins a list.
func (w *JSON) BeginList() { w.begin('[') }

// EndList ends a list.
func (w *JSON) EndList() { w.end(']') }

// Name writes a key that needs no escape.
func (w *JSON) Name(name string) {
	w.member()
	w.Buf = append(w.Buf, '"')
	w.Buf = append(w.Buf, name...)
	w.Buf = append(w.Buf, `": `...)
	w.named = true
}

// Key writes any key.
func (w *JSON) Key(key string) {
	w.member()
	w.Buf = AppendJSONString(w.Buf, key)
	w.Buf = append(w.Buf, ": "...)
	w.named = true
}

// String writes a string.
func (w *JSON) String(s string) {
	w.value()
	w.Buf = AppendJSONString(w.Buf, s)
	w.done()
}

// Scalar writes text as it is.
func (w *JSON) Scalar(text string) {
	w.value()
	w.Buf = append(w.Buf, text...)
	w.done()
}

// Int writes a whole number.
func (w *JSON) Int(n int64) {
	w.value()
	w.Buf = strconv.AppendInt(w.Buf, n, 10)
	w.done()
}

// Bool writes true or false.
func (w *JSON) Bool(b bool) {
	w.value()
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.done()
}

// AppendJSONString appends s as a JSON string, quotes included. Control
// characters, DEL, NEL, LS, PS, the byte order mark and non-characters are
// escaped; only non-characters beyond U+FFFF stand as they are, because PyYAML
// reads the two escapes that JSON has for them as two characters. What is not
// UTF-8 in s becomes U+FFFD, as in encoding/json.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	if i := scalar.Clean(s); i == len(s) {
		dst = append(dst, s...)
	} else {
		dst = appendEscaped(dst, s, i, false)
	}
	return append(dst, '"')
}

// appendEscaped appends s with escapes, of which the first n bytes need none. In
// YAML every non-character is escaped, beyond U+FFFF by \U.
func appendEscaped(dst []byte, s string, n int, yaml bool) []byte {
	start := 0
	for i := n; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		bare := scalar.IsBare(r) || r > 0xffff && !yaml
		if bare && r != '"' && r != '\\' && !(r == utf8.RuneError && size == 1) {
			i += size
			i += scalar.Clean(s[i:])
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r)
		i += size
		start = i
	}
	return append(dst, s[start:]...)
}

const hex = "0123456789abcdef"

// appendEscape appends the escape of r, up to U+FFFF one that JSON and YAML read.
func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	digits := 4
	dst = append(dst, '\\', 'u')
	if r > 0xffff {
		digits, dst[len(dst)-1] = 8, 'U'
	}
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hex[r>>shift&15])
	}
	return dst
}
