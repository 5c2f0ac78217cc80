package shell

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is a kind of JSON value.
type kind uint8

const (
	jsonUnknown kind = iota
	jsonNull
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

func (k kind) String() string {
	return [...]string{"an unknown value", "null", "a boolean", "a number", "a text", "an array", "an object"}[k]
}

// A value is a JSON value of which texts may be partly unknown.
type value struct {
	kind    kind
	text    Text // of a string; of a number and a boolean as they stand
	items   []value
	members []member
}

type member struct {
	name  Text
	value value
}

// get returns the last member with a name. The answer says whether there is one.
func (v value) get(name string) (value, Answer) {
	for i := len(v.members) - 1; i >= 0; i-- {
		switch v.members[i].name.Equal(Literal(name)) {
		case Yes:
			return v.members[i].value, Yes
		case Maybe:
			return value{}, Maybe
		}
	}
	return value{}, No
}

// maxJSON is how deep a value may be nested.
const maxJSON = 200

// A reader reads JSON in which an unknown part is a mark (see [Text.seal]).
type reader struct {
	s    string
	i    int
	list []*Unknown
}

// parseJSON reads a text. The error is [ErrUnknown] when an unknown part stands
// where it may be anything, and says what is wrong when the text before that cannot
// be the start of a JSON text.
func parseJSON(t Text) (value, error) {
	r := &reader{}
	r.s = t.seal(&r.list)
	if strings.TrimSpace(r.s) == "" {
		return value{}, fmt.Errorf("it is empty")
	}
	v, err := r.value(0)
	if err != nil {
		return value{}, err
	}
	if c := r.next(); c == 0 && r.i < len(r.s) {
		return value{}, ErrUnknown
	} else if c != 0 {
		return value{}, r.bad("found %s after the end of the value", r.found())
	}
	return v, nil
}

// next skips blanks and returns the byte that follows; 0 at the end or at an
// unknown part.
func (r *reader) next() byte {
	for r.i < len(r.s) && strings.IndexByte(" \t\r\n", r.s[r.i]) >= 0 {
		r.i++
	}
	if r.i < len(r.s) {
		return r.s[r.i]
	}
	return 0
}

func (r *reader) unknown() bool { return r.i < len(r.s) && r.s[r.i] == 0 }

// found describes what stands at the place of an error.
func (r *reader) found() string {
	if r.i >= len(r.s) {
		return "the end"
	}
	end := min(r.i+12, len(r.s))
	if at := strings.IndexAny(r.s[r.i:end], "\x00\n"); at > 0 {
		end = r.i + at
	}
	for end < len(r.s) && !utf8.RuneStart(r.s[end]) {
		end++
	}
	return strconv.Quote(r.s[r.i:end])
}

func (r *reader) bad(format string, args ...any) error {
	if r.unknown() {
		return ErrUnknown
	}
	return fmt.Errorf(format, args...)
}

func (r *reader) value(depth int) (value, error) {
	if depth > maxJSON {
		return value{}, ErrUnknown
	}
	switch c := r.next(); {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"':
		t, err := r.text()
		return value{kind: jsonString, text: t}, err
	case c == '\'':
		return value{}, r.bad("found %s: texts stand in double quotes", r.found())
	}
	return r.word()
}

// word reads a number, true, false or null.
func (r *reader) word() (value, error) {
	start := r.i
	for r.i < len(r.s) && strings.IndexByte(" \t\r\n,]}:[{\"'", r.s[r.i]) < 0 {
		if r.s[r.i] == 0 {
			return value{}, ErrUnknown
		}
		r.i++
	}
	s := r.s[start:r.i]
	switch s {
	case "null":
		return value{kind: jsonNull}, nil
	case "true", "false":
		return value{kind: jsonBool, text: Literal(s)}, nil
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && strings.Trim(s, "+-.eE0123456789") == "" && s[0] != '+' && s[0] != '.' {
		return value{kind: jsonNumber, text: Literal(s)}, nil
	}
	r.i = start
	return value{}, r.bad("found %s, want a value; texts stand in double quotes", r.found())
}

func (r *reader) array(depth int) (value, error) {
	v := value{kind: jsonArray}
	r.i++
	if r.next() == ']' {
		r.i++
		return v, nil
	}
	for {
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
		switch r.next() {
		case ',':
			r.i++
		case ']':
			r.i++
			return v, nil
		default:
			return v, r.bad("found %s, want a comma or ]", r.found())
		}
	}
}

func (r *reader) object(depth int) (value, error) {
	v := value{kind: jsonObject}
	r.i++
	if r.next() == '}' {
		r.i++
		return v, nil
	}
	for {
		if r.next() != '"' {
			return v, r.bad("found %s, want a name in double quotes", r.found())
		}
		name, err := r.text()
		if err != nil {
			return v, err
		}
		if r.next() != ':' {
			return v, r.bad("found %s, want a colon", r.found())
		}
		r.i++
		m, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, member{name, m})
		switch r.next() {
		case ',':
			r.i++
		case '}':
			r.i++
			return v, nil
		default:
			return v, r.bad("found %s, want a comma or }", r.found())
		}
	}
}

// text reads a string.
func (r *reader) text() (Text, error) {
	r.i++
	var b []byte
	for r.i < len(r.s) {
		switch c := r.s[r.i]; {
		case c == '"':
			r.i++
			return unseal(string(b), r.list), nil
		case c == 0:
			end := strings.IndexByte(r.s[r.i+1:], 0)
			b = append(b, r.s[r.i:r.i+end+2]...)
			r.i += end + 2
		case c == '\\':
			var err error
			if b, err = r.escape(b); err != nil {
				return Text{}, err
			}
		case c < ' ' && bytes.IndexByte(b, 0) >= 0:
			return Text{}, ErrUnknown // an unknown part may hold the closing quote
		case c < ' ':
			return Text{}, r.bad("found the character %q in a text, which must be escaped there", c)
		default:
			b = append(b, c)
			r.i++
		}
	}
	if len(r.list) > 0 {
		return Text{}, ErrUnknown
	}
	return Text{}, r.bad("a text has no closing quote")
}

func (r *reader) escape(b []byte) ([]byte, error) {
	if r.i+1 >= len(r.s) {
		return b, r.bad("a text has no closing quote")
	}
	c := r.s[r.i+1]
	r.i += 2
	switch c {
	case 'n', 't', 'r', 'b', 'f':
		return append(b, "\n\t\r\b\f"[strings.IndexByte("ntrbf", c)]), nil
	case '"', '\\', '/':
		return append(b, c), nil
	case 'u':
		if r.i+4 <= len(r.s) {
			if code, err := strconv.ParseUint(r.s[r.i:r.i+4], 16, 16); err == nil {
				r.i += 4
				return utf8.AppendRune(b, rune(code)), nil
			}
		}
	case 0:
		return b, ErrUnknown
	}
	r.i -= 2
	return b, r.bad("found %s in a text, which is no escape", r.found())
}
