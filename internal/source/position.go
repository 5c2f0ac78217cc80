package source

import (
	"bytes"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
)

const byteOrderMark = "\ufeff"

// offsetPosition returns the line and column of a byte offset.
func offsetPosition(data []byte, offset int) slipway.Position {
	var l lines
	return l.position(data, min(offset, len(data)))
}

// lines turns byte offsets into positions. Asked in ascending order, it reads
// the data once in all. LF, CR LF and CR end a line.
type lines struct {
	offset int // what was read so far
	line   int // zero-based line at offset
	column int // zero-based column at offset
}

func (l *lines) position(data []byte, offset int) slipway.Position {
	if offset < l.offset {
		*l = lines{}
	}
	for ; l.offset < offset; l.offset++ {
		switch c := data[l.offset]; {
		case c == '\n', c == '\r' && (l.offset+1 == len(data) || data[l.offset+1] != '\n'):
			l.line, l.column = l.line+1, 0
		case utf8.RuneStart(c):
			l.column++
		}
	}
	return slipway.Position{Line: l.line + 1, Column: l.column + 1}
}

// admit refuses what is too large, or not text in UTF-8, before a parser sees it.
func admit(file string, data []byte) *slipway.Problem {
	if len(data) > MaxSize {
		return problem(&SyntaxRule, file, offsetPosition(data, MaxSize),
			"the file has %d bytes; the largest that is read has %d", len(data), MaxSize)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 || isUTF16(data) {
		what := "binary; want text in UTF-8"
		if isUTF16(data) || i < 2 && len(data) > 1 && (data[0] == 0) != (data[1] == 0) {
			what, i = "UTF-16; save it as UTF-8", 0
		}
		return problem(&SyntaxRule, file, offsetPosition(data, i), "the file is %s", what)
	}
	if utf8.Valid(data) {
		return nil
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return problem(&SyntaxRule, file, offsetPosition(data, i), "byte 0x%02x is not UTF-8; save the file as UTF-8 text", data[i])
		}
		i += size
	}
}

// isUTF16 reports whether data begins with the byte order mark of UTF-16.
func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
}
