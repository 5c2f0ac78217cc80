package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// A field is an argument after expansion.
type field struct {
	text  Text
	glob  bool // a pattern of file names, which stands for any number of fields
	loose bool // an unknown without quotes, which may be no or several fields
}

// fields expands words to arguments.
func (m *machine) fields(words []*syntax.Word) []field {
	list := make([]field, 0, len(words))
	for _, w := range words {
		list = m.appendFields(list, w)
	}
	return list
}

func (m *machine) appendFields(list []field, w *syntax.Word) []field {
	if len(w.Parts) == 1 {
		switch p := w.Parts[0].(type) {
		case *syntax.Lit:
			if !strings.ContainsAny(p.Value, "\\*?[~{") {
				m.spend(len(p.Value))
				return append(list, field{text: Literal(p.Value)})
			}
		case *syntax.ParamExp:
			if isArgs(p) && m.args != nil {
				return append(list, m.args...)
			}
		case *syntax.DblQuoted:
			if len(p.Parts) == 1 && m.args != nil {
				if p, ok := p.Parts[0].(*syntax.ParamExp); ok && isArgs(p) && p.Param.Value == "@" {
					return append(list, m.args...)
				}
			}
			if t, ok := m.alone(p); ok {
				return append(list, field{text: t})
			}
		}
	}
	if m.bash {
		if words, ok := braces(w); !ok {
			return append(list, field{text: Variable(""), loose: true})
		} else if len(words) > 1 {
			for _, w := range words {
				list = m.split(list, w)
			}
			return list
		}
	}
	return m.split(list, w)
}

func isArgs(p *syntax.ParamExp) bool {
	return p.Param != nil && (p.Param.Value == "@" || p.Param.Value == "*") && p.Exp == nil && !p.Length && p.Slice == nil && p.Repl == nil
}

// braces returns the words that a{b,c} stands for. It reports false for what would
// be too many.
func braces(w *syntax.Word) ([]*syntax.Word, bool) {
	open := 0
	for _, p := range w.Parts {
		if lit, ok := p.(*syntax.Lit); ok {
			open += strings.Count(lit.Value, "{")
		}
	}
	if open == 0 {
		return nil, true
	}
	w = &syntax.Word{Parts: slices.Clone(w.Parts)}
	if !syntax.SplitBraces(w) {
		return nil, true
	}
	if open > 1 {
		return nil, false
	}
	for i, p := range w.Parts {
		b, ok := p.(*syntax.BraceExp)
		if !ok {
			continue
		}
		if b.Sequence || len(b.Elems) > maxItems {
			return nil, false
		}
		words := make([]*syntax.Word, len(b.Elems))
		for j, elem := range b.Elems {
			words[j] = &syntax.Word{Parts: slices.Concat(w.Parts[:i], elem.Parts, w.Parts[i+1:])}
		}
		return words, true
	}
	return nil, true
}

// split expands one word and splits it at the blanks of unquoted expansions.
func (m *machine) split(list []field, w *syntax.Word) []field {
	var b builder
	var f field
	any := false
	end := func() {
		if any {
			f.text = b.done()
			list = append(list, f)
		}
		b, f, any = builder{}, field{}, false
	}
	for i, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			any = true
			f.glob = f.glob || isGlob(p.Value)
			m.literal(&b, p.Value, i == 0)
		case *syntax.ParamExp, *syntax.CmdSubst, *syntax.ArithmExp:
			for _, t := range m.expansion(p).parts {
				if t.Unknown != nil {
					any, f.loose = true, true
					b.unknown(t.Unknown)
					continue
				}
				for j, s := range splitBlanks(t.Literal) {
					if j > 0 {
						end()
					}
					any = any || s != ""
					f.glob = f.glob || isGlob(s)
					b.literal(s)
				}
			}
		default:
			any = true
			m.part(&b, part)
		}
	}
	end()
	m.spend(b.size)
	return list
}

// splitBlanks splits at runs of blanks. A blank at the start or the end gives an
// empty text there.
func splitBlanks(s string) []string {
	if !strings.ContainsAny(s, " \t\n") {
		return []string{s}
	}
	list := strings.Fields(s)
	if strings.IndexByte(" \t\n", s[0]) >= 0 {
		list = append([]string{""}, list...)
	}
	if strings.IndexByte(" \t\n", s[len(s)-1]) >= 0 {
		list = append(list, "")
	}
	return list
}

// isGlob reports whether unquoted text is a pattern of file names. One that has only
// brackets is not: it is JSON more often, of which no file has the name.
func isGlob(s string) bool { return strings.ContainsAny(s, "*?") }

// literal adds unquoted text, in which a backslash quotes.
func (m *machine) literal(b *builder, s string, start bool) {
	if start && strings.HasPrefix(s, "~") {
		b.text(m.lookup("HOME").Value)
		s = s[1:]
	}
	unescape(b, s, "")
}

// unescape adds s without the backslashes that quote one of the special
// characters; "" means any.
func unescape(b *builder, s, special string) {
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			b.literal(s)
			return
		}
		b.literal(s[:i])
		switch c := s[i+1]; {
		case c == '\n':
		case special == "" || strings.IndexByte(special, c) >= 0:
			b.literal(s[i+1 : i+2])
		default:
			b.literal(s[i : i+2])
		}
		s = s[i+2:]
	}
}

// word expands a word that is not split, such as the value of an assignment.
func (m *machine) word(w *syntax.Word) Text {
	if w == nil {
		return Text{}
	}
	if len(w.Parts) == 1 {
		if t, ok := m.alone(w.Parts[0]); ok {
			return t
		}
	}
	var b builder
	for i, p := range w.Parts {
		if lit, ok := p.(*syntax.Lit); ok {
			m.literal(&b, lit.Value, i == 0)
		} else {
			m.part(&b, p)
		}
	}
	if !m.spend(b.size) {
		return Variable("")
	}
	return b.done()
}

// alone returns what a part stands for that is all of a word: $NAME or "$NAME".
func (m *machine) alone(part syntax.WordPart) (Text, bool) {
	if q, ok := part.(*syntax.DblQuoted); ok && len(q.Parts) == 1 {
		part = q.Parts[0]
	} else if ok {
		return Text{}, false
	}
	if p, ok := part.(*syntax.ParamExp); ok {
		t := m.param(p)
		if !m.spend(len(t.Prefix())) {
			t = Variable("")
		}
		return t, true
	}
	return Text{}, false
}

// part adds a part of a word that is no unquoted literal.
func (m *machine) part(b *builder, part syntax.WordPart) {
	switch p := part.(type) {
	case *syntax.SglQuoted:
		if p.Dollar {
			s, _ := escapes(p.Value, ansiC)
			b.literal(s)
		} else {
			b.literal(p.Value)
		}
	case *syntax.DblQuoted:
		for _, p := range p.Parts {
			if lit, ok := p.(*syntax.Lit); ok {
				unescape(b, lit.Value, "$`\"\\")
			} else {
				m.part(b, p)
			}
		}
	case *syntax.Lit:
		unescape(b, p.Value, "")
	case *syntax.ProcSubst:
		m.subshell(func() { m.stmts(p.Stmts, noInput()) })
		b.text(Variable(""))
	case *syntax.ParamExp, *syntax.CmdSubst, *syntax.ArithmExp:
		b.text(m.expansion(p))
	default:
		b.text(Variable(""))
	}
}

// expansion returns what $NAME, $(command) and $((number)) stand for.
func (m *machine) expansion(part syntax.WordPart) Text {
	switch p := part.(type) {
	case *syntax.ParamExp:
		return m.param(p)
	case *syntax.CmdSubst:
		var out Text
		place := m.place
		m.used++
		m.subshell(func() { out = m.output(p.Stmts) })
		m.used--
		m.place = place
		return out.trimNewlines()
	case *syntax.ArithmExp:
		m.forget(p.X)
	}
	return Variable("")
}

// output follows the commands of a command substitution.
func (m *machine) output(stmts []*syntax.Stmt) Text {
	if len(stmts) == 1 && stmts[0].Cmd == nil && len(stmts[0].Redirs) == 1 && stmts[0].Redirs[0].Op == syntax.RdrIn {
		return m.read(m.word(stmts[0].Redirs[0].Word))
	}
	return m.stmts(stmts, noInput())
}

// document returns the text of a here-document.
func (m *machine) document(r *syntax.Redirect) Text {
	if r.Hdoc == nil {
		return Text{}
	}
	var b builder
	quoted := isQuoted(r.Word)
	start := true // of a line
	for _, p := range r.Hdoc.Parts {
		lit, ok := p.(*syntax.Lit)
		if !ok {
			m.part(&b, p)
			start = false
			continue
		}
		s := lit.Value
		if r.Op == syntax.DashHdoc {
			s = trimTabs(s, start)
		}
		if quoted {
			b.literal(s)
		} else {
			unescape(&b, s, "$`\\")
		}
		start = strings.HasSuffix(s, "\n")
	}
	if !m.spend(b.size) {
		return Variable("")
	}
	return b.done()
}

func isQuoted(w *syntax.Word) bool {
	for _, p := range w.Parts {
		if lit, ok := p.(*syntax.Lit); !ok || strings.IndexByte(lit.Value, '\\') >= 0 {
			return true
		}
	}
	return false
}

// trimTabs removes the tabs at the start of each line.
func trimTabs(s string, start bool) string {
	lines := strings.SplitAfter(s, "\n")
	for i := range lines {
		if i > 0 || start {
			lines[i] = strings.TrimLeft(lines[i], "\t")
		}
	}
	return strings.Join(lines, "")
}
