package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

// param returns what a parameter expansion stands for.
func (m *machine) param(p *syntax.ParamExp) Text {
	if p.Param == nil || p.Names != 0 {
		return Variable("")
	}
	v := m.value(p.Param.Value)
	switch {
	case p.Index != nil:
		return Variable(p.Param.Value)
	case p.Excl:
		if name, ok := v.Known(); ok && syntax.ValidName(name) {
			return m.lookup(name).Value
		}
		return Variable("!" + p.Param.Value)
	case p.Length:
		if s, ok := v.Known(); ok {
			return Literal(itoa(len([]rune(s))))
		}
		return Variable("#" + p.Param.Value)
	case p.Slice != nil:
		return m.slice(v, p)
	case p.Repl != nil:
		return m.replace(v, p)
	case p.Exp != nil:
		return m.operation(v, p)
	}
	return v
}

// value returns the value of a variable or a special parameter.
func (m *machine) value(name string) Text {
	switch c := name[0]; {
	case name == "PWD":
		return m.pwd()
	case c >= '0' && c <= '9':
		n, _ := atoi(name)
		switch {
		case m.args == nil || n == 0:
			return Variable(name)
		case n > len(m.args):
			return Text{}
		}
		return m.args[n-1].text
	case name == "@" || name == "*":
		if m.args == nil {
			return Variable(name)
		}
		var b builder
		for i, f := range m.args {
			if i > 0 {
				b.literal(" ")
			}
			b.text(f.text)
		}
		return b.done()
	case name == "#" && m.args != nil:
		return Literal(itoa(len(m.args)))
	case !syntax.ValidName(name):
		return Variable(name)
	}
	return m.lookup(name).Value
}

// isEmpty says whether a text is empty. An unknown may be.
func isEmpty(t Text) Answer {
	if len(t.parts) == 0 {
		return Yes
	}
	for _, p := range t.parts {
		if p.Unknown == nil {
			return No
		}
	}
	return Maybe
}

func (m *machine) operation(v Text, p *syntax.ParamExp) Text {
	name := p.Param.Value
	word := func() Text { return m.word(p.Exp.Word) }
	empty := isEmpty(v)
	switch op := p.Exp.Op; op {
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		return v
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if empty == No {
			return v
		}
		onlyUnset := op == syntax.DefaultUnset || op == syntax.AssignUnset
		w := word()
		switch {
		case empty == Maybe:
			v = orElse(v, w, name)
		case !onlyUnset || m.lookup(name).Set == No:
			v = w
		}
		if (op == syntax.AssignUnset || op == syntax.AssignUnsetOrNull) && syntax.ValidName(name) {
			m.assign(name, v)
		}
		return v
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		if empty == No {
			return word()
		}
		return either(Text{}, word(), name)
	case syntax.RemSmallSuffix, syntax.RemLargeSuffix, syntax.RemSmallPrefix, syntax.RemLargePrefix:
		return trim(v, op, word())
	case syntax.UpperAll, syntax.LowerAll:
		if s, ok := v.Known(); ok && op == syntax.UpperAll {
			return Literal(strings.ToUpper(s))
		} else if ok {
			return Literal(strings.ToLower(s))
		}
	}
	return derive(v, p.Exp.Op.String())
}

// orElse returns an unknown text with what stands for it when it is empty.
func orElse(v, w Text, name string) Text {
	u := &Unknown{Name: name}
	if s, ok := w.Known(); ok {
		u.Candidates = []string{s}
	}
	if old := v.single(); old != nil {
		u.Candidates = append(u.Candidates, old.Candidates...)
	}
	return unknown(u)
}

// derive returns what an operation makes of a text that is not known.
func derive(v Text, op string) Text {
	if u := v.single(); u != nil {
		return unknown(u.derive(op))
	}
	return Variable("")
}

// trim is ${v%pattern} and its three sisters.
func trim(v Text, op syntax.ParExpOperator, pat Text) Text {
	p, ok := pat.Known()
	if !ok {
		return Variable("")
	}
	if s, ok := v.Known(); ok {
		return trimKnown(s, op, p)
	}
	// What is cut off at a literal character may be in the known part.
	head, tail := v.Prefix(), v.Suffix()
	if cutAt(p, true) != "" {
		return trimLiteral(v, op, p)
	}
	switch op {
	case syntax.RemSmallSuffix:
		if at := cutAt(strings.CutSuffix(p, "*")); at != "" {
			if i := strings.LastIndex(tail, at); i >= 0 {
				return Text{withLast(v.parts, tail[:i])}.clean()
			}
		}
	case syntax.RemLargeSuffix:
		if at := cutAt(strings.CutSuffix(p, "*")); at != "" {
			if i := strings.Index(head, at); i >= 0 {
				return Literal(head[:i])
			}
		}
	case syntax.RemSmallPrefix:
		if at := cutAt(strings.CutPrefix(p, "*")); at != "" {
			if i := strings.Index(head, at); i >= 0 {
				return Text{withFirst(v.parts, head[i+len(at):])}.clean()
			}
		}
	case syntax.RemLargePrefix:
		if at := cutAt(strings.CutPrefix(p, "*")); at != "" {
			if i := strings.LastIndex(tail, at); i >= 0 {
				return Literal(tail[i+len(at):])
			}
		}
	}
	return derive(v, op.String()+p)
}

// trimLiteral trims what is no pattern.
func trimLiteral(v Text, op syntax.ParExpOperator, p string) Text {
	if op == syntax.RemSmallSuffix || op == syntax.RemLargeSuffix {
		if s := v.Suffix(); strings.HasSuffix(s, p) {
			return Text{withLast(v.parts, strings.TrimSuffix(s, p))}.clean()
		} else if len(s) >= len(p) {
			return v
		}
	} else if s := v.Prefix(); strings.HasPrefix(s, p) {
		return Text{withFirst(v.parts, s[len(p):])}.clean()
	} else if len(s) >= len(p) {
		return v
	}
	return derive(v, op.String()+p)
}

// cutAt returns the literal of a pattern "literal*" or "*literal", or "".
func cutAt(s string, ok bool) string {
	if !ok || strings.ContainsAny(s, `*?[\`) {
		return ""
	}
	return s
}

// clean returns the text without empty parts.
func (t Text) clean() Text {
	var b builder
	b.text(t)
	return b.done()
}

func trimKnown(s string, op syntax.ParExpOperator, p string) Text {
	mode, suffix := pattern.Mode(0), op == syntax.RemSmallSuffix || op == syntax.RemLargeSuffix
	if op == syntax.RemSmallSuffix || op == syntax.RemSmallPrefix {
		mode = pattern.Shortest
	}
	expr, err := pattern.Regexp(p, mode)
	if err != nil {
		return Variable("")
	}
	if suffix {
		expr = "(?s)^(.*)(?:" + expr + ")$"
		if op == syntax.RemLargeSuffix {
			expr = strings.Replace(expr, "(.*)", "(.*?)", 1)
		}
	} else {
		expr = "(?s)^(?:" + expr + ")(.*)$"
	}
	rx, err := regexp.Compile(expr)
	if err != nil {
		return Variable("")
	}
	if found := rx.FindStringSubmatch(s); found != nil {
		return Literal(found[1])
	}
	return Literal(s)
}

// slice is ${v:offset:length}.
func (m *machine) slice(v Text, p *syntax.ParamExp) Text {
	offset, ok := number(p.Slice.Offset)
	length, hasLength := number(p.Slice.Length)
	if s, known := v.Known(); known && ok && (hasLength || p.Slice.Length == nil) {
		r := []rune(s)
		r = r[min(offset, len(r)):]
		if hasLength {
			r = r[:min(length, len(r))]
		}
		return Literal(string(r))
	}
	op := ":"
	if ok {
		op += itoa(offset)
	}
	if hasLength {
		op += ":" + itoa(length)
	}
	if !ok || p.Slice.Length != nil && !hasLength {
		return Variable(p.Param.Value + ":...")
	}
	return derive(v, op)
}

// number returns a number that is written out and not negative.
func number(x syntax.ArithmExpr) (int, bool) {
	w, ok := x.(*syntax.Word)
	if !ok || w == nil {
		return 0, false
	}
	return atoi(w.Lit())
}

// replace is ${v/from/to} and ${v//from/to}.
func (m *machine) replace(v Text, p *syntax.ParamExp) Text {
	from, ok := m.word(p.Repl.Orig).Known()
	to := m.word(p.Repl.With)
	s, known := v.Known()
	toText, toKnown := to.Known()
	if !ok || !toKnown || strings.ContainsAny(from, `*?[\`) || strings.HasPrefix(from, "#") || strings.HasPrefix(from, "%") || from == "" {
		return Variable(p.Param.Value)
	}
	switch {
	case !known:
		return derive(v, "//"+from+"/"+toText)
	case p.Repl.All:
		return Literal(strings.ReplaceAll(s, from, toText))
	}
	return Literal(strings.Replace(s, from, toText, 1))
}
