package emit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/internal/scalar"
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

// Key writes any key.
func (w *YAML) Key(key string) {
	w.entry()
	w.Buf = AppendYAMLKey(w.Buf, key)
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

// AppendYAMLKey appends s as a key, quoted where it must be.
func AppendYAMLKey(dst []byte, s string) []byte {
	if scalar.IsPlain(s) {
		return append(dst, s...)
	}
	return appendYAMLQuoted(dst, s)
}

// AppendYAMLString appends s as a value that is nested depth levels deep: plain,
// quoted, or as a literal block whose lines it indents by 2*depth blanks. It
// appends no newline.
func AppendYAMLString(dst []byte, s string, depth int) []byte {
	if scalar.IsPlain(s) {
		return append(dst, s...)
	}
	if isLiteral(s) {
		return appendLiteral(dst, s, depth)
	}
	return appendYAMLQuoted(dst, s)
}

// isLiteral reports whether s reads well, and reads back, as a literal block.
func isLiteral(s string) bool {
	if !strings.Contains(s, "\n") || s[0] == '\n' || s[0] == ' ' || s[0] == '\t' {
		return false
	}
	for _, r := range s {
		if r != '\n' && r != '\t' && needsEscape(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

func appendLiteral(dst []byte, s string, depth int) []byte {
	dst = append(dst, '|')
	body := strings.TrimRight(s, "\n")
	switch len(s) - len(body) {
	case 0:
		dst = append(dst, '-')
	case 1:
	default:
		dst = append(dst, '+')
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		if line == "" {
			dst = append(dst, '\n')
			continue
		}
		dst = newline(dst, depth)
		dst = append(dst, line...)
	}
	return dst
}

// needsEscape reports whether r may stand in a file only as an escape.
func needsEscape(r rune) bool {
	return r < ' ' || 0x7f <= r && r <= 0x9f || mustEscape(r)
}

func appendYAMLQuoted(dst []byte, s string) []byte {
	for _, r := range s {
		if needsEscape(r) || r == utf8.RuneError {
			return AppendJSONString(dst, s)
		}
	}
	dst = append(dst, '\'')
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			break
		}
		dst = append(dst, s[:i+1]...)
		dst = append(dst, '\'')
		s = s[i+1:]
	}
	dst = append(dst, s...)
	return append(dst, '\'')
}
