package cli

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape makes text from a file safe for a terminal: what a terminal would act on,
// or would not show, comes out as \n, \x1b or \u202e.
func escape(s string) string {
	if !strings.ContainsFunc(s, isUnsafe) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		b.WriteString(visible(r, s[:size]))
		s = s[size:]
	}
	return b.String()
}

// escapeLines escapes a text of several lines, of which each stays one.
func escapeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = escape(strings.TrimSuffix(lines[i], "\r"))
	}
	return strings.Join(lines, "\n")
}

// escapeText escapes a text of several lines that others have written. Those after the
// first are set in, deeper than anything that is said of an error, so that none can pass
// for a line of the program's own.
func escapeText(s string) string { return strings.ReplaceAll(escapeLines(s), "\n", "\n        ") }

// visible returns what stands for the character r, which is spelled s.
func visible(r rune, s string) string {
	switch {
	case r == utf8.RuneError && len(s) == 1:
		return `\x` + string(hex[s[0]>>4]) + string(hex[s[0]&15])
	case isUnsafe(r):
		q := strconv.QuoteRuneToASCII(r)
		return q[1 : len(q)-1]
	}
	return s
}

const hex = "0123456789abcdef"

// isUnsafe reports control and format characters, separators of lines, and what is
// no UTF-8.
func isUnsafe(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// width returns the columns that a character takes in a terminal.
func width(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r >= 0x1100 && r <= 0x115f, // Hangul
		r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0x33ff, // CJK signs, kana
		r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff, // CJK
		r >= 0xa000 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, // Yi, Hangul
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, // full width
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f680 && r <= 0x1f6ff, r >= 0x1f900 && r <= 0x1f9ff, // pictures
		r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}
