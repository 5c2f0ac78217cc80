package source

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// string reads a string, from its opening quotation mark on.
func (r *jsonReader) string() (string, *slipway.Problem) {
	open := r.at
	r.at++
	start := r.at
	var unescaped []byte // what was read, once an escape was found
	for {
		r.at += scalar.Clean(r.text[r.at:])
		if r.at == len(r.text) {
			return "", r.fault(open, "the string is not closed")
		}
		switch c := r.text[r.at]; {
		case c == '"':
			part := r.text[start:r.at]
			r.at++
			if unescaped == nil {
				return part, nil
			}
			return string(append(unescaped, part...)), nil
		case c == '\\':
			unescaped = append(unescaped, r.text[start:r.at]...)
			char, p := r.escape()
			if p != nil {
				return "", p
			}
			unescaped = utf8.AppendRune(unescaped, char)
			start = r.at
		case c == '\n' || c == '\r':
			return "", r.fault(open, "the string is not closed on its line; write a line break as \\n")
		case c < ' ':
			return "", r.fault(r.at, "control character U+%04X in a string; write \\u%04x", c, c)
		default:
			r.at++
		}
	}
}

// escape reads an escape, from its backslash on.
func (r *jsonReader) escape() (rune, *slipway.Problem) {
	start := r.at
	r.at += 2
	if r.at > len(r.text) {
		return 0, r.fault(start, "the file ends in the middle of a string")
	}
	switch c := r.text[start+1]; c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
	default:
		return 0, r.fault(start, `unknown escape; write \\ for a backslash`)
	}
	char, ok := r.hex()
	if !ok {
		return 0, r.fault(start, `\u needs four hexadecimal digits; write \\ for a backslash`)
	}
	if !utf16.IsSurrogate(char) {
		return char, nil
	}
	if len(r.text) > r.at+1 && r.text[r.at:r.at+2] == `\u` {
		r.at += 2
		if low, ok := r.hex(); ok {
			if char := utf16.DecodeRune(char, low); char != utf8.RuneError {
				return char, nil
			}
		}
	}
	return 0, r.fault(start, `\u%04x is half of a character; its other half must stand beside it`, char)
}

// hex reads four hexadecimal digits.
func (r *jsonReader) hex() (char rune, ok bool) {
	if r.at+4 > len(r.text) {
		return 0, false
	}
	for _, c := range []byte(r.text[r.at : r.at+4]) {
		switch lower := c | 0x20; {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= lower && lower <= 'f':
			c = lower - 'a' + 10
		default:
			return 0, false
		}
		char = char<<4 | rune(c)
	}
	r.at += 4
	return char, true
}
