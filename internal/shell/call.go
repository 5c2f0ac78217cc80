package shell

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// call follows a simple command: assignments, or a program with its arguments.
func (m *machine) call(c *syntax.CallExpr, in Text) Text {
	m.at(c)
	if len(c.Args) == 0 {
		for _, a := range c.Assigns {
			m.assignment(a, false)
		}
		return Text{}
	}
	if name := c.Args[0].Lit(); name == "export" || name == "readonly" || name == "local" || name == "declare" || name == "typeset" {
		m.exports(name, c.Args[1:])
		return Text{}
	}
	if len(c.Assigns) == 0 {
		return m.run(m.fields(c.Args), in)
	}
	before := make([]Var, len(c.Assigns))
	for i, a := range c.Assigns {
		before[i] = m.lookup(a.Name.Value)
		m.assignment(a, true)
	}
	out := m.run(m.fields(c.Args), in)
	for _, v := range before {
		m.set(v)
	}
	return out
}

// assignment follows NAME=value.
func (m *machine) assignment(a *syntax.Assign, export bool) {
	name := a.Name.Value
	var value Text
	switch {
	case a.Array != nil || a.Index != nil:
		for _, e := range elems(a.Array) {
			m.word(e.Value)
		}
		m.word(a.Value)
		value = Variable(name)
	case a.Append:
		value = concat(m.lookup(name).Value, m.word(a.Value))
		if m.loop > 0 {
			value = Variable(name)
		}
	default:
		value = m.word(a.Value)
	}
	if u := value.single(); u != nil && u.Name == "" && len(u.Candidates) == 0 && !u.login {
		// The variable is the better name for what a command prints.
		u.Name = name
	}
	m.assign(name, value)
	if export {
		m.export(name)
	}
}

func elems(a *syntax.ArrayExpr) []*syntax.ArrayElem {
	if a == nil {
		return nil
	}
	return a.Elems
}

func (m *machine) export(name string) {
	v := m.lookup(name)
	v.Exported = true
	m.set(v)
}

// exports follows export and its like as a POSIX shell has them.
func (m *machine) exports(verb string, args []*syntax.Word) {
	for _, w := range args {
		if len(w.Parts) == 0 {
			continue
		}
		lit, ok := w.Parts[0].(*syntax.Lit)
		if !ok {
			m.exportField(verb, m.word(w))
			continue
		}
		name, rest, set := strings.Cut(lit.Value, "=")
		switch {
		case strings.HasPrefix(name, "-"):
			continue
		case !set && len(w.Parts) == 1:
			if verb == "export" && syntax.ValidName(name) {
				m.export(name)
			}
			continue
		case !set || !syntax.ValidName(name):
			m.exportField(verb, m.word(w))
			continue
		}
		value := &syntax.Word{Parts: append([]syntax.WordPart{&syntax.Lit{Value: rest}}, w.Parts[1:]...)}
		m.assignment(&syntax.Assign{Name: &syntax.Lit{Value: name}, Value: value}, verb == "export")
	}
}

// exportField follows export "NAME=value", of which the name may be unknown.
func (m *machine) exportField(verb string, t Text) {
	name, rest, ok := strings.Cut(t.Prefix(), "=")
	if !ok || !syntax.ValidName(name) {
		m.effect(Effect{What: verb + " " + t.String(), Variables: Maybe})
		m.lose()
		return
	}
	m.assign(name, Text{withFirst(t.parts, rest)}.clean())
	if verb == "export" {
		m.export(name)
	}
}

// declare follows export and its like as bash has them.
func (m *machine) declare(c *syntax.DeclClause) {
	m.at(c)
	export := c.Variant.Value == "export"
	for _, a := range c.Args {
		switch {
		case a.Name == nil:
			t := m.word(a.Value)
			if s, ok := t.Known(); ok && strings.HasPrefix(s, "-") {
				export = export || strings.Contains(s, "x")
				continue
			}
			m.exportField(c.Variant.Value, t)
		case a.Naked:
			if export {
				m.export(a.Name.Value)
			}
		default:
			m.assignment(a, export)
		}
	}
}

// run follows a program with its arguments and returns what it prints.
func (m *machine) run(args []field, in Text) Text {
	if len(args) == 0 {
		return Text{}
	}
	name, ok := args[0].text.Known()
	if !ok {
		return m.runUnknown(args)
	}
	if body, ok := m.funcs[name]; ok {
		return m.function(body, args[1:], in)
	}
	if !strings.Contains(name, "/") || strings.HasPrefix(name, "/usr/") || strings.HasPrefix(name, "/bin/") {
		name = path.Base(name)
	}
	p := &process{machine: m, name: name, args: args[1:], in: in}
	return p.start()
}

// runUnknown follows a program whose name is not known.
func (m *machine) runUnknown(args []field) Text {
	if u := args[0].text.single(); u != nil && u.login {
		m.docker(Docker{Tool: "docker", Verb: "login", Registry: Variable("")})
		return Variable("")
	}
	what := short(line(args))
	m.anything(what)
	return unknown(&Unknown{Command: what})
}

// function follows the call of a function.
func (m *machine) function(body *syntax.Stmt, args []field, in Text) (out Text) {
	if m.inline >= maxInline {
		m.anything("a function that calls itself")
		return Variable("")
	}
	before, flow := m.args, m.flow
	m.args, m.flow = nonNil(args), goesOn
	m.inline++
	out = m.stmt(body, in)
	m.inline--
	m.args, m.flow = before, flow
	return out
}

func nonNil(args []field) []field {
	if args == nil {
		return []field{}
	}
	return args
}

// line returns a command in a readable form.
func line(args []field) string {
	var b strings.Builder
	for i, f := range args {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(f.text.String())
		if b.Len() > 100 {
			break
		}
	}
	return b.String()
}

// A process is a program that runs, with its arguments.
type process struct {
	*machine
	name string
	args []field
	in   Text
}

// what returns the command in short.
func (p *process) what() string {
	return short(strings.TrimRight(p.name+" "+line(p.args), " "))
}

// unknown returns the output of which nothing is known.
func (p *process) unknown() Text {
	if p.used == 0 {
		return Text{} // it goes to the log of the build
	}
	return unknown(&Unknown{Command: p.what()})
}

// arg returns an argument that is known, or "".
func (p *process) arg(i int) string {
	if i < len(p.args) {
		s, _ := p.args[i].text.Known()
		return s
	}
	return ""
}

// split returns the operands and the options with their values. An option in
// valued takes the next argument; both -o value, -ovalue, --option=value count.
func (p *process) split(valued string) (operands []field, options []option) {
	isValued := func(name string) bool { return strings.Contains(valued, " "+name+" ") }
	for i := 0; i < len(p.args); i++ {
		f := p.args[i]
		s := f.text.Prefix()
		whole, known := f.text.Known()
		switch {
		case whole == "--" && known:
			return append(operands, p.args[i+1:]...), options
		case len(s) < 2 || s[0] != '-':
			operands = append(operands, f)
		case strings.HasPrefix(s, "--") && strings.Contains(s, "="):
			name, rest, _ := strings.Cut(s, "=")
			options = append(options, option{name, Text{withFirst(f.text.parts, rest)}.clean()})
		case isValued(s) && known:
			o := option{name: s}
			if i++; i < len(p.args) {
				o.value = p.args[i].text
			}
			options = append(options, o)
		case s[1] != '-' && isValued(s[:2]):
			options = append(options, option{s[:2], Text{withFirst(f.text.parts, strings.TrimPrefix(s[2:], "="))}.clean()})
		default:
			options = append(options, option{name: s})
		}
	}
	return operands, options
}

// An option is one of a command line: -o value.
type option struct {
	name  string
	value Text
}

// has reports whether an option is there: a long one, or a letter among others.
func has(options []option, names ...string) bool {
	for _, o := range options {
		for _, name := range names {
			if o.name == name {
				return true
			}
			if len(name) == 2 && len(o.name) > 2 && o.name[1] != '-' && strings.IndexByte(o.name[1:], name[1]) >= 0 {
				return true
			}
		}
	}
	return false
}
