package source

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway"
)

// maxTokens is how many characters that may be tokens one line may have: the
// parser keeps the tokens of a line until the line ends, some 800 bytes each.
const maxTokens = 200_000

// admitYAML refuses what the parser would refuse without saying where, and a
// line on which it would spend too much.
func admitYAML(file string, data []byte) *slipway.Problem {
	at := func(i int, format string, args ...any) *slipway.Problem {
		return problem(&SyntaxRule, file, offsetPosition(data, i), format, args...)
	}
	tokens := 0
	for i, c := range data {
		switch c {
		case '\n', '\r':
			tokens = 0
		case ',', ':', '[', ']', '{', '}', '?', '&', '*', '!':
			if tokens++; tokens > maxTokens {
				return at(i, "more than %d of , : [ ] { } stand on one line; break it into several", maxTokens)
			}
		case '\t':
		default:
			if c < ' ' {
				return at(i, "control character U+%04X; write it as \"\\x%02x\" if this is text", c, c)
			}
		}
	}
	for _, bad := range []string{"\ufffe", "\uffff"} {
		if i := bytes.Index(data, []byte(bad)); i >= 0 {
			r, _ := utf8.DecodeRuneInString(bad)
			return at(i, "%U is no character; write it as \"\\u%04x\"", r, r)
		}
	}
	return nil
}

// lineStarts returns where the lines of YAML begin, or nil when they are the
// lines of the file: NEL, LS and PS end lines of YAML too.
func lineStarts(data []byte) []slipway.Position {
	breaks := []string{"\u0085", "\u2028", "\u2029"}
	if !bytes.Contains(data, []byte(breaks[0])) && !bytes.Contains(data, []byte(breaks[1])) && !bytes.Contains(data, []byte(breaks[2])) {
		return nil
	}
	pos := slipway.Position{Line: 1, Column: 1}
	starts := []slipway.Position{pos}
	for i, r := range string(data) {
		pos.Column++
		switch r {
		case '\r':
			if i+1 < len(data) && data[i+1] == '\n' {
				continue
			}
			fallthrough
		case '\n':
			pos = slipway.Position{Line: pos.Line + 1, Column: 1}
			fallthrough
		case 0x85, 0x2028, 0x2029:
			starts = append(starts, pos)
		}
	}
	return starts
}

func (r *yamlReader) position(n *yaml.Node) slipway.Position { return r.mark(n.Line, n.Column) }

// mark returns the position in the file of a line and column of YAML. What the
// parser puts behind a last line that has no end is at the end of the file.
func (r *yamlReader) mark(line, column int) slipway.Position {
	pos := slipway.Position{Line: line, Column: column}
	if r.starts != nil && 1 <= line && line <= len(r.starts) {
		start := r.starts[line-1]
		pos = slipway.Position{Line: start.Line, Column: start.Column + column - 1}
	}
	if pos.Compare(r.end) > 0 {
		return r.end
	}
	return pos
}

// problem turns an error of the library into a problem that says what to do.
func (r *yamlReader) problem(err error) *slipway.Problem {
	var p *slipway.Problem
	if errors.As(err, &p) {
		return p
	}
	f := fault{text: strings.TrimPrefix(err.Error(), "yaml: "), pos: r.end}
	var load *yaml.LoadError
	if errors.As(err, &load) {
		f.text = strings.TrimPrefix(load.Message, "yaml: ")
		if load.Mark.Line > 0 {
			f.pos = r.mark(load.Mark.Line, load.Mark.Column)
		}
		if load.ContextMark.Line > 0 {
			f.begin = r.mark(load.ContextMark.Line, load.ContextMark.Column)
		}
		f.in = load.ContextMsg
	}
	f.atEnd = f.pos == r.end
	f.next = r.at(f.pos)
	message := f.message()
	p = problem(&SyntaxRule, r.file, f.pos, "%s", message)
	if f.begin.IsValid() && f.begin != f.pos {
		p.Related = []slipway.Place{{File: r.file, Pos: f.begin, Message: "it begins here"}}
	}
	p.Err = err
	return p
}

// at returns the character at pos, or 0.
func (r *yamlReader) at(pos slipway.Position) rune {
	var l lines
	for i := range r.data {
		if utf8.RuneStart(r.data[i]) && l.position(r.data, i).Compare(pos) >= 0 {
			c, _ := utf8.DecodeRune(r.data[i:])
			return c
		}
	}
	return 0
}

// fault is an error of the library, taken apart.
type fault struct {
	text, in   string           // the message, and "while parsing ..."
	pos, begin slipway.Position // where it is, and where what it is in begins
	atEnd      bool             // the file ends there
	next       rune             // what stands there
}

// message returns what is wrong and what helps. It may move the position to
// where that is to be done.
func (f *fault) message() string {
	has := func(part string) bool { return strings.Contains(f.text, part) }
	switch {
	case has("exceeded max depth"):
		return fmt.Sprintf("nested deeper than %d levels", MaxDepth)
	case has("mapping values are not allowed"):
		return `found ":" where no key can stand; quote the text that has it, or mend the indentation`
	case has("found a tab character"), has("cannot start any token") && f.next == '\t':
		return "a tab cannot indent; use blanks"
	case has("cannot start any token"):
		return fmt.Sprintf("a text cannot begin with %c; quote it", f.next)
	case has("',' or ']'"):
		return f.unclosed("list", `"," or "]"`)
	case has("',' or '}'"):
		return f.unclosed("map", `"," or "}"`)
	case strings.Contains(f.in, "quoted scalar") && (has("end of stream") || has("document indicator")):
		f.pos, f.begin = f.begin, slipway.Position{}
		return "the quotation mark is not closed"
	case has("could not find expected ':'"):
		f.pos, f.begin = f.begin, slipway.Position{}
		return `found a text where a key must stand; write "key: value", or mend the indentation`
	case has("did not find expected key"):
		return fmt.Sprintf("this does not go on with the map that begins at %s; mend the indentation or the quotes", f.begin)
	case has("expected '-' indicator"):
		return fmt.Sprintf(`this does not go on with the list that begins at %s; write "- " or mend the indentation`, f.begin)
	case has("block sequence entries are not allowed"):
		return `"- " cannot stand here; begin the list on a line of its own, or quote the text`
	case has("mapping keys are not allowed"):
		return `"? " cannot stand here; quote the text`
	case has("<document start>"), has("content after document-end"):
		return "more text after the end of the document"
	case has("expected node content"):
		if f.atEnd {
			return "the file ends where a value must stand"
		}
		return fmt.Sprintf("found %q where a value must stand; quote it if it is text", f.next)
	}
	return f.rare()
}

// rare is message for tags, anchors, escapes, blocks and directives.
func (f *fault) rare() string {
	has := func(part string) bool { return strings.Contains(f.text, part) }
	switch {
	case has("unknown anchor"):
		name, _, _ := strings.Cut(strings.TrimPrefix(f.text, "unknown anchor '"), "' referenced")
		if name = quote(name); len(name) > 2 {
			name = name[1 : len(name)-1]
		}
		return fmt.Sprintf("*%s repeats nothing, no &%s stands before it; quote it if it is text", name, name)
	case has("alphabetic or numeric character"):
		return "a name must follow & and *; quote it if it is text"
	case has("tag handle"), strings.Contains(f.in, "a tag"):
		return "this is no tag, such as !Ref; quote it if it is text"
	case has("unknown escape"):
		return `unknown escape; write \\ for a backslash, or use single quotes`
	case has("hexadecimal number"), has("Unicode character escape"):
		return `this escape is no character; write \\ for a backslash, or use single quotes`
	case has("incompatible YAML"):
		return "only YAML 1.1 and 1.2 are read; remove the line"
	case has("directive"), strings.Contains(f.in, "directive"):
		return "a line that begins with % is a directive of YAML; quote it if it is text"
	case strings.Contains(f.in, "block scalar") && has("comment or line break"):
		return "the text of | and > begins on the next line; quote it if it is no block"
	case has("comment without preceding whitespace"):
		return "write a blank before #"
	}
	return f.text
}

// unclosed says that a list or map in brackets goes wrong at pos.
func (f *fault) unclosed(what, want string) string {
	if f.atEnd {
		f.pos, f.begin = f.begin, slipway.Position{}
		return "the " + what + " is not closed"
	}
	return fmt.Sprintf("the %s that begins at %s breaks off here; want %s, or quotes around text", what, f.begin, want)
}
