package scalar

import (
	"math"
	"strconv"
	"strings"
)

// The sets of bytes that numbers are made of.
const (
	bit uint8 = 1 << iota
	octal
	digit
	hex
	underscore
	comma
	other // the rest that may stand in a number
)

// sets says to which sets a byte belongs.
var sets = [256]uint8{
	'0': bit | octal | digit | hex, '1': bit | octal | digit | hex,
	'2': octal | digit | hex, '3': octal | digit | hex, '4': octal | digit | hex,
	'5': octal | digit | hex, '6': octal | digit | hex, '7': octal | digit | hex,
	'8': digit | hex, '9': digit | hex,
	'a': hex, 'b': hex, 'c': hex, 'd': hex, 'e': hex, 'f': hex,
	'A': hex, 'B': hex, 'C': hex, 'D': hex, 'E': hex, 'F': hex,
	'_': underscore, ',': comma,
	'+': other, '-': other, '.': other, ':': other, 'x': other, 'X': other, 'o': other, 'O': other,
	'i': other, 'I': other, 'n': other, 'N': other, // of .inf and .nan, with a and f
}

// skip returns the index of the first byte from i on that is in none of the sets.
func skip(s string, i int, set uint8) int {
	for i < len(s) && sets[s[i]]&set != 0 {
		i++
	}
	return i
}

// mayBeNumber reports whether every byte of s may stand in a number.
func mayBeNumber(s string) bool { return skip(s, 0, 0xff) == len(s) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isSign(c byte) bool  { return c == '+' || c == '-' }

// unsigned returns s without its sign.
func unsigned(s string) string {
	if s != "" && isSign(s[0]) {
		return s[1:]
	}
	return s
}

// isNumberPyYAML reports whether PyYAML's expressions for int or float match s.
func isNumberPyYAML(s string) bool {
	t := unsigned(s)
	switch {
	case t == "":
		return false
	case t[0] == '.':
		switch t[1:] {
		case "inf", "Inf", "INF":
			return true
		case "nan", "NaN", "NAN":
			return len(t) == len(s)
		}
		return len(t) == len(s) && len(t) > 1 && isDigit(t[1]) && isExponentPyYAML(t[skip(t, 1, digit|underscore):])
	case !isDigit(t[0]):
		return false
	case t[0] == '0' && len(t) > 2 && t[1] == 'x':
		return skip(t, 2, hex|underscore) == len(t)
	case t[0] == '0' && len(t) > 2 && t[1] == 'b':
		return skip(t, 2, bit|underscore) == len(t)
	}
	i := skip(t, 1, digit|underscore)
	switch {
	case i == len(t):
		return t[0] != '0' || skip(t, 1, octal|underscore) == len(t)
	case t[i] == '.':
		return isExponentPyYAML(t[skip(t, i+1, digit|underscore):])
	case t[i] == ':':
		i = skipSixties(t, i)
		return i == len(t) && t[0] != '0' || i < len(t) && t[i] == '.' && skip(t, i+1, digit|underscore) == len(t)
	}
	return false
}

// isExponentPyYAML reports whether s is empty or an exponent with its sign.
func isExponentPyYAML(s string) bool {
	return s == "" || len(s) > 2 && s[0]|0x20 == 'e' && isSign(s[1]) && skip(s, 2, digit) == len(s)
}

// skipSixties skips groups such as :5 and :59.
func skipSixties(s string, i int) int {
	for i+1 < len(s) && s[i] == ':' && isDigit(s[i+1]) {
		i += 2
		if i < len(s) && isDigit(s[i]) {
			if s[i-1] > '5' {
				return i - 1 // in the middle of :60, which is no group
			}
			i++
		}
	}
	return i
}

// isNumberAnywhere reports whether some reader takes s for a number. It asks for
// no more than what the readers have in common: go-yaml passes over underscores
// wherever they are, Ruby over commas, JavaScript wants no sign in an exponent.
func isNumberAnywhere(s string) bool {
	t := unsigned(s)
	if strings.IndexByte(t, '_') >= 0 {
		t = strings.ReplaceAll(t, "_", "")
	}
	if len(t) > 2 && t[0] == '0' {
		switch t[1] | 0x20 {
		case 'x':
			return skip(t, 2, hex|underscore) == len(t)
		case 'o':
			return skip(t, 2, octal|underscore) == len(t)
		case 'b':
			return skip(t, 2, bit|underscore) == len(t)
		}
	}
	whole := skip(t, 0, digit|comma)
	if whole > 0 && t[0] == ',' {
		return false
	}
	i := whole
	switch {
	case i == len(t):
		return i > 0
	case t[i] == ':' && i > 0:
		if i = skipSixties(t, i); i < len(t) && t[i] == '.' {
			i = skip(t, i+1, digit)
		}
		return i == len(t)
	case t[i] == '.':
		i = skip(t, i+1, digit|comma)
		if whole == 0 && i == 1 {
			return strings.EqualFold(t, ".inf") || strings.EqualFold(t, ".nan")
		}
	}
	return isExponentAnywhere(t[i:])
}

func isExponentAnywhere(s string) bool {
	if s == "" {
		return true
	}
	digits := unsigned(s[1:])
	return s[0]|0x20 == 'e' && digits != "" && skip(digits, 0, digit) == len(digits)
}

// isDate reports whether some reader takes s for a date or a time stamp: year,
// month and day, and then nothing or the beginning of a time.
func isDate(s string) bool {
	if s[0] == '-' {
		s = s[1:]
	}
	i := skip(s, 0, digit)
	if i != 4 {
		return false
	}
	for range 2 {
		if i == len(s) || s[i] != '-' {
			return false
		}
		from := i + 1
		if i = skip(s, from, digit); i == from || i > from+2 {
			return false
		}
	}
	if i == len(s) {
		return true
	}
	if s[i]|0x20 == 't' {
		i++
	} else if !isBlank(s[i]) {
		return false
	}
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	return i < len(s) && isDigit(s[i])
}

// Int returns the whole number that PyYAML makes of a [Number], if it is one and
// has at most 64 bits: 0123 is 83, 12:30 is 750, 1_000 is 1000.
func Int(s string) (n int64, ok bool) {
	if Resolve(s) != Number {
		return 0, false
	}
	digits := strings.ReplaceAll(unsigned(s), "_", "")
	sign := ""
	if s[0] == '-' {
		sign = "-"
	}
	base := 10
	switch {
	case strings.IndexByte(digits, ':') >= 0:
		return sixties(sign, digits)
	case strings.HasPrefix(digits, "0b"):
		base, digits = 2, digits[2:]
	case strings.HasPrefix(digits, "0x"):
		base, digits = 16, digits[2:]
	case digits != "0" && strings.HasPrefix(digits, "0"):
		base = 8
	}
	n, err := strconv.ParseInt(sign+digits, base, 64)
	return n, err == nil
}

// sixties returns what a sexagesimal number is.
func sixties(sign, digits string) (n int64, ok bool) {
	for group := range strings.SplitSeq(digits, ":") {
		v, err := strconv.ParseInt(sign+group, 10, 64)
		if err != nil || n > (math.MaxInt64-60)/60 || n < -(math.MaxInt64-60)/60 {
			return 0, false
		}
		n = n*60 + v
	}
	return n, true
}
