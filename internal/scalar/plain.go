package scalar

import (
	"math/bits"
	"unicode/utf8"
)

// IsPlain reports whether s, written without quotes in block context, as a value
// or as a key, is read as the string s by every reader of YAML 1.1 and 1.2. It
// asks no more than that: a text that would read back needs no quotes.
//
// Of length it knows nothing: as a key, a text of more than 1,024 characters
// needs the indicator "? " before it.
func IsPlain(s string) bool {
	if s == "" {
		return false
	}
	switch lead(s[0]) {
	case leadNever:
		return false
	case leadWord:
		if len(s) <= 5 && isWord(s) {
			return false
		}
	case leadNumber:
		if isMarker(s) || isDate(s) || mayBeNumber(s) && (isNumberPyYAML(s) || isNumberAnywhere(s)) {
			return false
		}
	}
	if last := s[len(s)-1]; last == ' ' || last == ':' {
		return false
	}
	return isInside(s)
}

// isMarker reports whether s, which begins with a sign, a dot or a digit, begins
// like an entry of a list or the start or end of a document.
func isMarker(s string) bool {
	if s[0] == '-' && (len(s) == 1 || isBlank(s[1])) {
		return true
	}
	return len(s) >= 3 && (s[:3] == "---" || s[:3] == "...") && (len(s) == 3 || isBlank(s[3]))
}

// The bytes of a word of eight: each one, each one's highest bit.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// load returns eight bytes of s from i on, the first one lowest.
func load(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// loadShort returns the one to seven bytes of s, filled up with the letter a.
func loadShort(s string) uint64 {
	n := len(s)
	var w uint64
	if n >= 4 {
		lo, hi := s[:4], s[n-4:]
		w = uint64(lo[0]) | uint64(lo[1])<<8 | uint64(lo[2])<<16 | uint64(lo[3])<<24
		w |= (uint64(hi[0]) | uint64(hi[1])<<8 | uint64(hi[2])<<16 | uint64(hi[3])<<24) << (8 * (n - 4) & 63)
	} else {
		w = uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)&63) | uint64(s[n-1])<<(8*(n-1)&63)
	}
	return w | 'a'*ones<<(8*n&63)
}

// below marks the bytes of w that are less than c, and those beyond ~. Some above
// such a byte may be marked too, so that only none and the lowest are exact.
func below(w uint64, c byte) uint64 {
	return (w | (w + ones) | (w - uint64(c)*ones)) & tops
}

// equal marks, in their highest bits, the bytes of w that are c. It is exact up to
// the first byte beyond ASCII; the other bits mean nothing.
func equal(w uint64, c byte) uint64 { return tops - (w ^ uint64(c)*ones) }

// isInside reports whether nothing in s ends a plain scalar or may not stand in a
// file: a colon before a blank, a # after one, and what [IsBare] does not allow.
func isInside(s string) bool {
	if len(s) < 8 {
		w := loadShort(s)
		if below(w, ' ') != 0 {
			return isInsideRunes(s)
		}
		return !isEnd(w)
	}
	last := len(s) - 8
	for i := 0; i < last; i += 8 {
		if below(load(s, i), '!') != 0 {
			return isInsideWords(s, i)
		}
	}
	return below(load(s, last), '!') == 0 || isInsideWords(s, last)
}

// isInsideWords is isInside for what has a blank or more at i or behind it.
func isInsideWords(s string, i int) bool {
	last := len(s) - 8
	for ; ; i = min(i+8, last) { // the last word overlaps the one before
		w := load(s, i)
		if below(w, ' ') != 0 {
			return isInsideRunes(s)
		}
		if isEnd(w) || s[i] == ' ' && i > 0 && s[i-1] == ':' || s[i+7] == ' ' && i < last && s[i+8] == '#' {
			return false
		}
		if i == last {
			return true
		}
	}
}

// isEnd reports whether w has a colon before a blank, or a # after one.
func isEnd(w uint64) bool {
	blanks := equal(w, ' ')
	return (equal(w, ':')<<8&blanks|blanks<<8&equal(w, '#'))&tops != 0
}

// isInsideRunes is isInside for what is not all printable ASCII.
func isInsideRunes(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f || c == ' ' && i > 0 && s[i-1] == ':' || c == '#' && i > 0 && s[i-1] == ' ' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || !IsBare(r) {
			return false
		}
		i += size
	}
	return true
}

// IsBare reports whether r may stand in a file as itself: no control character,
// line or paragraph separator, byte order mark or non-character. PyYAML refuses
// some of these and breaks lines at others.
func IsBare(r rune) bool {
	if r < 0xa0 {
		return ' ' <= r && r <= '~'
	}
	return r != 0x2028 && r != 0x2029 && r != 0xfeff && r&0xfffe != 0xfffe && !(0xfdd0 <= r && r <= 0xfdef)
}

// Clean returns how many bytes at the start of s are printable ASCII characters
// other than the quotation mark and the backslash.
func Clean(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := load(s, i)
		if marks := below(w, ' ') | (equal(w, '"')|equal(w, '\\'))&tops; marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
	}
	if i == len(s) {
		return i
	}
	rest := s[i:]
	w := loadShort(rest)
	if marks := below(w, ' ') | (equal(w, '"')|equal(w, '\\'))&tops; marks != 0 {
		return i + bits.TrailingZeros64(marks)/8
	}
	return len(s)
}
