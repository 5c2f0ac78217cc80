package shell

import (
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// jq follows programs that make a value out of their arguments, with -n, and the
// one that passes its input on.
func (p *process) jq() Text {
	vars := map[string]value{}
	var program *Text
	null, raw, joined := false, false, false
	var files []field
	for i := 0; i < len(p.args); i++ {
		s, known := p.args[i].text.Known()
		switch {
		case known && (s == "--arg" || s == "--argjson") && i+2 < len(p.args):
			name, _ := p.args[i+1].text.Known()
			v := value{kind: jsonString, text: p.args[i+2].text}
			if s == "--argjson" {
				var err error
				if v, err = parseJSON(p.args[i+2].text); err != nil {
					v = value{}
				}
			}
			vars[name] = v
			i += 2
		case known && (s == "--slurpfile" || s == "--rawfile") && i+2 < len(p.args):
			i += 2
		case known && (s == "--indent" || s == "-f" || s == "--from-file" || s == "-L"):
			return p.unknown()
		case known && (s == "--args" || s == "--jsonargs"):
			return p.unknown()
		case known && s == "--null-input":
			null = true
		case known && s == "--raw-output":
			raw = true
		case known && strings.HasPrefix(s, "--"):
			joined = joined || s == "--join-output"
		case known && len(s) > 1 && s[0] == '-':
			if strings.ContainsAny(s, "Rsfa") {
				return p.unknown()
			}
			null = null || strings.Contains(s, "n")
			raw = raw || strings.ContainsAny(s, "rj")
			joined = joined || strings.Contains(s, "j")
		case program == nil:
			program = &p.args[i].text
		default:
			files = append(files, p.args[i])
		}
	}
	return p.jqProgram(program, vars, null, raw, joined, files)
}

func (p *process) jqProgram(program *Text, vars map[string]value, null, raw, joined bool, files []field) Text {
	if program == nil {
		return p.unknown()
	}
	in := p.in
	if len(files) == 1 && !files[0].glob {
		in = p.read(files[0].text)
	} else if len(files) > 1 {
		return p.unknown()
	}
	if program.is(".") && !null {
		return in
	}
	var list []*Unknown
	e := &jqReader{process: p, vars: vars}
	e.s = program.seal(&list)
	e.list = list
	v, ok := e.sum(0)
	if e.blanks(); !ok || e.i < len(e.s) {
		return p.unknown()
	}
	var b builder
	if raw && v.kind == jsonString {
		b.text(v.text)
	} else if !appendJSON(&b, v) {
		return p.unknown()
	}
	if !joined {
		b.literal("\n")
	}
	return b.done()
}

// A jqReader evaluates a program: objects, arrays, texts, numbers, variables, and
// sums of texts.
type jqReader struct {
	*process
	vars map[string]value
	s    string
	i    int
	list []*Unknown
}

func (e *jqReader) blanks() {
	for e.i < len(e.s) && strings.IndexByte(" \t\r\n", e.s[e.i]) >= 0 {
		e.i++
	}
}

// take skips blanks and then a character, when it is c.
func (e *jqReader) take(c byte) bool {
	if e.blanks(); e.i < len(e.s) && e.s[e.i] == c {
		e.i++
		return true
	}
	return false
}

func (e *jqReader) sum(depth int) (value, bool) {
	v, ok := e.term(depth)
	for ok && e.take('+') {
		var w value
		if w, ok = e.term(depth); !ok {
			break
		}
		switch {
		case v.kind == jsonString && w.kind == jsonString:
			v.text = concat(v.text, w.text)
		case v.kind == jsonArray && w.kind == jsonArray:
			v.items = append(v.items[:len(v.items):len(v.items)], w.items...)
		default:
			return v, false
		}
	}
	return v, ok
}

func (e *jqReader) term(depth int) (value, bool) {
	if depth > maxJSON {
		return value{}, false
	}
	e.blanks()
	if e.i >= len(e.s) {
		return value{}, false
	}
	switch c := e.s[e.i]; c {
	case '[':
		return e.array(depth)
	case '{':
		return e.object(depth)
	case '(':
		e.i++
		v, ok := e.sum(depth + 1)
		return v, ok && e.take(')')
	case '"':
		t, ok := e.text(depth)
		return value{kind: jsonString, text: t}, ok
	case '$':
		e.i++
		return e.variable(e.name())
	}
	if word := e.name(); word == "env" && e.take('.') {
		return e.environment(e.name())
	} else if word != "" {
		switch word {
		case "null":
			return value{kind: jsonNull}, true
		case "true", "false":
			return value{kind: jsonBool, text: Literal(word)}, true
		}
		return value{}, false
	}
	r := &reader{s: e.s, i: e.i}
	end := e.i
	for end < len(e.s) && strings.IndexByte("-.0123456789", e.s[end]) >= 0 {
		end++
	}
	r.s = e.s[:end]
	v, err := r.word()
	e.i = r.i
	return v, err == nil
}

func (e *jqReader) name() string {
	start := e.i
	for e.i < len(e.s) && (e.s[e.i] == '_' || e.s[e.i] >= '0' && e.s[e.i] <= '9' || e.s[e.i]|0x20 >= 'a' && e.s[e.i]|0x20 <= 'z') {
		e.i++
	}
	if name := e.s[start:e.i]; syntax.ValidName(name) {
		return name
	}
	e.i = start
	return ""
}

func (e *jqReader) variable(name string) (value, bool) {
	if name == "ENV" && e.take('.') {
		return e.environment(e.name())
	}
	v, ok := e.vars[name]
	return v, ok
}

func (e *jqReader) environment(name string) (value, bool) {
	if name == "" {
		return value{}, false
	}
	return value{kind: jsonString, text: e.environ(name)}, true
}

func (e *jqReader) array(depth int) (value, bool) {
	v := value{kind: jsonArray}
	e.i++
	if e.take(']') {
		return v, true
	}
	for {
		item, ok := e.sum(depth + 1)
		if !ok {
			return v, false
		}
		v.items = append(v.items, item)
		if e.take(']') {
			return v, true
		}
		if !e.take(',') {
			return v, false
		}
	}
}

func (e *jqReader) object(depth int) (value, bool) {
	v := value{kind: jsonObject}
	e.i++
	if e.take('}') {
		return v, true
	}
	for {
		m, ok := e.member(depth)
		if !ok {
			return v, false
		}
		v.members = append(v.members, m)
		if e.take('}') {
			return v, true
		}
		if !e.take(',') {
			return v, false
		}
		if e.take('}') { // jq 1.7 takes a comma at the end
			return v, true
		}
	}
}

// member reads name: value, "name": value, ($name): value or $name.
func (e *jqReader) member(depth int) (member, bool) {
	e.blanks()
	var m member
	ok := true
	switch {
	case e.i >= len(e.s):
		return m, false
	case e.s[e.i] == '"':
		m.name, ok = e.text(depth)
	case e.s[e.i] == '(':
		var v value
		v, ok = e.term(depth)
		m.name, ok = v.text, ok && v.kind == jsonString
	case e.s[e.i] == '$':
		e.i++
		name := e.name()
		m.name = Literal(name)
		m.value, ok = e.variable(name)
		return m, ok
	default:
		name := e.name()
		m.name, ok = Literal(name), name != ""
	}
	if !ok || !e.take(':') {
		return m, false
	}
	m.value, ok = e.sum(depth + 1)
	return m, ok
}

// text reads a text, in which \(...) is a value.
func (e *jqReader) text(depth int) (Text, bool) {
	var b builder
	e.i++
	for e.i < len(e.s) {
		switch c := e.s[e.i]; {
		case c == '"':
			e.i++
			return b.done(), true
		case strings.HasPrefix(e.s[e.i:], `\(`):
			e.i += 2
			v, ok := e.sum(depth + 1)
			if !ok || !e.take(')') || v.kind != jsonString && v.kind != jsonNumber {
				return Text{}, false
			}
			b.text(v.text)
		default:
			end := e.i + 1
			for end < len(e.s) && e.s[end] != '"' && e.s[end] != '\\' {
				end++
			}
			if c == '\\' && end < len(e.s) && end == e.i+1 {
				end++
			}
			r := &reader{s: e.s[e.i:end] + `"`, i: -1, list: e.list}
			t, err := r.text()
			if err != nil {
				return Text{}, false
			}
			b.text(t)
			e.i = end
		}
	}
	return Text{}, false
}

// appendJSON writes a value. It reports false when part of it is unknown.
func appendJSON(b *builder, v value) bool {
	switch v.kind {
	case jsonUnknown:
		b.unknown(&Unknown{})
	case jsonNull:
		b.literal("null")
	case jsonBool, jsonNumber:
		b.text(v.text)
	case jsonString:
		appendJSONText(b, v.text)
	case jsonArray:
		b.literal("[")
		for i, item := range v.items {
			if i > 0 {
				b.literal(",")
			}
			if !appendJSON(b, item) {
				return false
			}
		}
		b.literal("]")
	case jsonObject:
		b.literal("{")
		for i, m := range v.members {
			if i > 0 {
				b.literal(",")
			}
			appendJSONText(b, m.name)
			b.literal(":")
			if !appendJSON(b, m.value) {
				return false
			}
		}
		b.literal("}")
	}
	return true
}

func appendJSONText(b *builder, t Text) {
	b.literal(`"`)
	for _, part := range t.parts {
		if part.Unknown != nil {
			b.unknown(part.Unknown)
			continue
		}
		for _, r := range part.Literal {
			switch {
			case r == '"' || r == '\\':
				b.literal(`\` + string(r))
			case r == '\n':
				b.literal(`\n`)
			case r < ' ':
				b.literal(`\u00` + string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]))
			case r == utf8.RuneError:
				b.literal("\ufffd")
			default:
				b.literal(string(r))
			}
		}
	}
	b.literal(`"`)
}
