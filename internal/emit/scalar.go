package emit

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// AppendYAMLKey appends s as a key, quoted where it must be. A key that then has
// more than 1,024 characters needs "? " before it, as [YAML.Key] writes it.
func AppendYAMLKey(dst []byte, s string) []byte {
	if scalar.IsPlain(s) {
		return append(dst, s...)
	}
	return appendYAMLQuoted(dst, s)
}

// AppendYAMLString appends s as a value that is nested depth levels deep, at
// least one: plain, quoted, or as a literal block whose lines it indents by
// 2*depth blanks. It appends no newline. What is not UTF-8 in s becomes U+FFFD.
func AppendYAMLString(dst []byte, s string, depth int) []byte {
	if scalar.IsPlain(s) {
		return append(dst, s...)
	}
	if isLiteral(s) {
		return appendLiteral(dst, s, depth)
	}
	return appendYAMLQuoted(dst, s)
}

// isLiteral reports whether s has lines, and reads back as a literal block. A
// block that begins with a blank or an empty line would need its indentation
// told, and a character that must be escaped cannot stand in it.
func isLiteral(s string) bool {
	if s == "" || s[0] <= ' ' || strings.IndexByte(s, '\n') < 0 {
		return false
	}
	for i := scalar.Clean(s); i < len(s); i += scalar.Clean(s[i:]) {
		switch c := s[i]; {
		case c == '\n' || c == '\t' || c == '"' || c == '\\':
			i++
		case c < utf8.RuneSelf:
			return false
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || !scalar.IsBare(r) {
				return false
			}
			i += size
		}
	}
	return true
}

// appendLiteral appends s as a literal block, but for its last newline, which is
// the one that ends a value.
func appendLiteral(dst []byte, s string, depth int) []byte {
	dst = append(dst, '|')
	n := len(s)
	switch {
	case s[n-1] != '\n':
		dst = append(dst, '-')
		n++
	case s[n-2] == '\n':
		dst = append(dst, '+')
	}
	for s := s[:n-1]; ; {
		line, rest, more := strings.Cut(s, "\n")
		if line == "" {
			dst = append(dst, '\n')
		} else {
			dst = newline(dst, depth)
			dst = append(dst, line...)
		}
		if !more {
			return dst
		}
		s = rest
	}
}

// appendYAMLQuoted appends s in single quotes, or in double ones where something
// must be escaped.
func appendYAMLQuoted(dst []byte, s string) []byte {
	if !isLine(s) {
		dst = append(dst, '"')
		dst = appendEscaped(dst, s, 0, true)
		return append(dst, '"')
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

// isLine reports whether every character of s may stand in a file.
func isLine(s string) bool {
	for i := scalar.Clean(s); i < len(s); i += scalar.Clean(s[i:]) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || !scalar.IsBare(r) {
			return false
		}
		i += size
	}
	return true
}
