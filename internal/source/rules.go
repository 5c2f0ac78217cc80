package source

import (
	"fmt"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
)

// The rules of this package, for the tables of the models.
var (
	SyntaxRule = slipway.Rule{
		Name: "file/syntax", Doc: "The file is well-formed YAML or JSON in UTF-8, within the limits of size and depth.",
		Source: "https://yaml.org/spec/1.2.2/",
	}
	DuplicateRule = slipway.Rule{
		Name: "file/duplicate-key", Doc: "No key stands twice in one map; readers silently keep only the last.",
		Source: "https://yaml.org/spec/1.2.2/#3213-node-comparison",
	}
)

func problem(rule *slipway.Rule, file string, pos slipway.Position, format string, args ...any) *slipway.Problem {
	return &slipway.Problem{File: file, Pos: pos, Message: fmt.Sprintf(format, args...), Rule: rule.Name}
}

// offsetPosition returns the line and column of a byte offset.
func offsetPosition(data []byte, offset int) slipway.Position {
	var l lines
	return l.position(data, min(offset, len(data)))
}

// lines turns byte offsets into positions. Asked in ascending order, it reads
// the data once in all.
type lines struct {
	offset int // what was read so far
	line   int // zero-based line at offset
	start  int // offset at which that line begins
}

func (l *lines) position(data []byte, offset int) slipway.Position {
	if offset < l.offset {
		*l = lines{}
	}
	for ; l.offset < offset; l.offset++ {
		if data[l.offset] == '\n' {
			l.line, l.start = l.line+1, l.offset+1
		}
	}
	return slipway.Position{Line: l.line + 1, Column: utf8.RuneCount(data[l.start:offset]) + 1}
}

// admit refuses what is too large, or not text in UTF-8, before a parser sees it.
func admit(file string, data []byte) *slipway.Problem {
	if len(data) > MaxSize {
		return problem(&SyntaxRule, file, offsetPosition(data, MaxSize),
			"the file has %d bytes; the largest that is read has %d", len(data), MaxSize)
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return problem(&SyntaxRule, file, offsetPosition(data, i), "byte 0x%02x is not UTF-8; save the file as UTF-8 text", data[i])
		}
		i += size
	}
	return nil
}
