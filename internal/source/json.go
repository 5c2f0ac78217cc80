package source

import (
	"bytes"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// JSON reads one JSON document (RFC 8259; a byte order mark is passed over). The
// problems are the keys that stand twice, of which the last value is kept; with
// any other fault the node is nil and the problem is the last.
//
// It reads what encoding/json reads, but refuses half of a surrogate pair.
func JSON(file string, data []byte) (*Node, slipway.Problems) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if p := admit(file, data); p != nil {
		return nil, slipway.Problems{p}
	}
	r := jsonReader{file: file, data: data, text: string(data)}
	r.blanks()
	if r.at == len(data) {
		return nil, slipway.Problems{problem(&SyntaxRule, file, slipway.Position{Line: 1, Column: 1}, "the file is empty")}
	}
	n, p := r.value(0)
	if p == nil {
		if r.blanks(); r.at < len(data) {
			p = r.fault(r.at, "more text after the end of the document")
		}
	}
	if p != nil {
		return nil, append(r.problems, p)
	}
	return n, r.problems
}

type jsonReader struct {
	file     string
	data     []byte
	text     string // the data; what needs no unescaping is a part of it
	at       int    // offset of the next byte
	lines    lines
	nodes    nodes
	problems slipway.Problems
}

func (r *jsonReader) fault(offset int, format string, args ...any) *slipway.Problem {
	return problem(&SyntaxRule, r.file, offsetPosition(r.data, offset), format, args...)
}

// blanks goes to the next byte that is no blank.
func (r *jsonReader) blanks() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\n', '\t', '\r':
			r.at++
		default:
			return
		}
	}
}

// next goes to the next byte that is no blank and returns it, or 0 at the end,
// where there is no such byte: a file with a NUL is refused before.
func (r *jsonReader) next() byte {
	r.blanks()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *jsonReader) value(depth int) (*Node, *slipway.Problem) {
	c := r.next()
	n := r.nodes.new()
	n.Pos, n.Plain = r.lines.position(r.data, r.at), true
	var p *slipway.Problem
	switch {
	case (c == '[' || c == '{') && depth == MaxDepth:
		p = r.fault(r.at, "nested deeper than %d levels", MaxDepth)
	case c == '[':
		p = r.list(n, depth+1)
	case c == '{':
		p = r.object(n, depth+1)
	case c == '"':
		n.Kind, n.Plain = String, false
		n.Text, p = r.string()
	default:
		p = r.word(n)
	}
	return n, p
}

// word reads a number, true, false or null.
func (r *jsonReader) word(n *Node) *slipway.Problem {
	start := r.at
	for r.at < len(r.text) && isWordByte(r.text[r.at]) {
		r.at++
	}
	n.Text = r.text[start:r.at]
	switch n.Text {
	case "null":
		return nil
	case "true", "false":
		n.Kind = Bool
		return nil
	case "":
		return r.noValue("a value")
	}
	if !scalar.IsJSONNumber(n.Text) {
		return r.fault(start, "found %s, want a value: true, false, null, a number, or text in double quotes", quote(n.Text))
	}
	n.Kind = Number
	return nil
}

func isWordByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.' || c == '_' || c == '$'
}

// noValue says what stands where something else is wanted.
func (r *jsonReader) noValue(want string) *slipway.Problem {
	if r.at == len(r.text) {
		return r.fault(r.at, "the file ends where %s must stand", want)
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	switch c {
	case '\'':
		return r.fault(r.at, "JSON writes text in double quotes, not in single ones")
	case '/', '#':
		return r.fault(r.at, "JSON has no comments; remove it")
	}
	return r.fault(r.at, "found %q, want %s", c, want)
}

// more reads what stands between the values of a list or map and returns whether
// there is another one. The first time, n has none.
func (r *jsonReader) more(end byte, first bool) (bool, *slipway.Problem) {
	c := r.next()
	switch {
	case c == end:
		r.at++
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, r.noValue(`"," or "` + string(end) + `"`)
	}
	comma := r.at
	r.at++
	if r.next() == end {
		return false, r.fault(comma, "a comma stands after the last value; remove it")
	}
	return true, nil
}

func (r *jsonReader) list(n *Node, depth int) *slipway.Problem {
	n.Kind = List
	r.at++
	for {
		more, p := r.more(']', n.Items == nil)
		if !more {
			return p
		}
		item, p := r.value(depth)
		if p != nil {
			return p
		}
		n.Items = append(n.Items, item)
	}
}

func (r *jsonReader) object(n *Node, depth int) *slipway.Problem {
	n.Kind = Map
	r.at++
	var set memberSet
	for {
		more, p := r.more('}', n.Members == nil)
		if !more {
			return p
		}
		if r.next() != '"' {
			return r.noValue("a key in double quotes")
		}
		m := Member{Pos: r.lines.position(r.data, r.at)}
		if m.Key, p = r.string(); p != nil {
			return p
		}
		if r.next() != ':' {
			return r.noValue(`":" after the key`)
		}
		r.at++
		if m.Value, p = r.value(depth); p != nil {
			return p
		}
		if first, twice := set.add(n, m); twice {
			r.problems = duplicate(r.problems, r.file, m, first)
		}
	}
}
