package emit

import (
	"strconv"
	"unicode/utf8"
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

const hex = "0123456789abcdef"

// AppendJSONString appends s as a JSON string, quotes included. What is not
// UTF-8 in s becomes U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if ' ' <= c && c <= '~' && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r > 0x9f && !mustEscape(r) && !(r == utf8.RuneError && size == 1) {
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r)
		i += size
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// mustEscape reports whether a character beyond Latin-1 controls may not stand
// bare in a file: line separators, the byte order mark, non-characters.
func mustEscape(r rune) bool {
	return r == 0x2028 || r == 0x2029 || r == 0xfeff || r&0xfffe == 0xfffe || 0xfdd0 <= r && r <= 0xfdef
}

// appendEscape appends the escape of r that both JSON and YAML read.
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
	if r > 0xffff {
		r -= 0x10000
		dst = appendEscape16(dst, 0xd800+r>>10)
		return appendEscape16(dst, 0xdc00+r&0x3ff)
	}
	return appendEscape16(dst, r)
}

func appendEscape16(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
