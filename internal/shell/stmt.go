package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// maxItems is the length of a list that a loop over it is followed item by item.
const maxItems = 32

// stmts follows a list of statements and returns what it prints.
func (m *machine) stmts(list []*syntax.Stmt, in Text) Text {
	var b builder
	for i, s := range list {
		b.text(m.stmt(s, in))
		switch m.flow {
		case stops:
			return b.done()
		case mayStop:
			if rest := list[i+1:]; len(rest) > 0 {
				m.flow = goesOn
				var out Text
				branch := m.branch(func() { out = m.stmts(rest, in) })
				m.join(false, branch)
				m.flow = max(m.flow, mayStop)
				b.text(either(out, Text{}, ""))
			}
			return b.done()
		}
	}
	return b.done()
}

// branch follows what may not run. The result has what changed.
func (m *machine) branch(f func()) *scope {
	sure, before := m.place.Sure, m.flow
	m.place.Sure = false
	m.push()
	m.flow = goesOn
	f()
	if m.flow != goesOn {
		before = max(before, mayStop)
	}
	m.flow = before
	m.place.Sure = sure
	return m.pop()
}

// subshell follows what cannot change the shell itself.
func (m *machine) subshell(f func()) {
	before := m.flow
	m.push()
	m.top().dir = m.scopes[len(m.scopes)-2].dir
	f()
	m.flow = before
	m.applyFiles(m.pop())
}

// stmt follows a statement and returns what it prints.
func (m *machine) stmt(s *syntax.Stmt, in Text) (out Text) {
	if !m.spend(64) {
		return Variable("")
	}
	m.at(s)
	if s.Background {
		m.subshell(func() { out = m.redirected(s, in) })
		return out
	}
	return m.redirected(s, in)
}

func (m *machine) cmd(c syntax.Command, in Text) Text {
	switch c := c.(type) {
	case *syntax.CallExpr:
		return m.call(c, in)
	case *syntax.BinaryCmd:
		return m.binary(c, in)
	case *syntax.Block:
		return m.stmts(c.Stmts, in)
	case *syntax.Subshell:
		var out Text
		m.subshell(func() { out = m.stmts(c.Stmts, in) })
		return out
	case *syntax.IfClause:
		return m.ifClause(c, in)
	case *syntax.CaseClause:
		return m.caseClause(c, in)
	case *syntax.ForClause:
		return m.forClause(c, in)
	case *syntax.WhileClause:
		return m.whileClause(c, in)
	case *syntax.FuncDecl:
		if c.Name != nil {
			if m.funcs == nil {
				m.funcs = map[string]*syntax.Stmt{}
			}
			m.funcs[c.Name.Value] = c.Body
		}
	case *syntax.DeclClause:
		m.declare(c)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return m.stmt(c.Stmt, in)
		}
	case *syntax.CoprocClause:
		m.subshell(func() { m.stmt(c.Stmt, in) })
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
		m.forget(c)
	}
	return Text{}
}

// forget makes the variables unknown that a node may set in a way that is not
// followed, and runs the command substitutions in it.
func (m *machine) forget(n syntax.Node) {
	changed(n, func(name string) { m.assign(name, Variable(name)) })
	syntax.Walk(n, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.CmdSubst); ok {
			m.subshell(func() { m.stmts(c.Stmts, noInput()) })
			return false
		}
		return true
	})
}

// binary follows a && b, a || b and a | b.
func (m *machine) binary(c *syntax.BinaryCmd, in Text) Text {
	var x, y Text
	if c.Op == syntax.Pipe || c.Op == syntax.PipeAll {
		m.used++
		m.subshell(func() { x = m.stmt(c.X, in) })
		m.used--
		if c.Op == syntax.PipeAll {
			x = Variable("")
		}
		m.subshell(func() { y = m.stmt(c.Y, x) })
		return y
	}
	x = m.stmt(c.X, in)
	if m.flow == stops {
		return x
	}
	asks := isQuestion(c.X)
	if c.Op == syntax.AndStmt && !asks {
		y = m.stmt(c.Y, in)
		if m.spend(16 * (len(x.parts) + len(y.parts))) {
			return concat(x, y)
		}
		return Variable("")
	}
	b := m.branch(func() { y = m.stmt(c.Y, in) })
	m.join(false, b)
	switch {
	case asks:
		return concat(x, either(y, Text{}, ""))
	case x.single() != nil: // a command that prints something, or fails
		return either(x, y, "")
	}
	return x
}

// isQuestion reports whether a statement is one that fails in ordinary runs, too:
// a test.
func isQuestion(s *syntax.Stmt) bool { return isQuestionIn(s, 0) }

// isQuestionIn looks at most some links down a chain, so that a long one costs no
// more than its length.
func isQuestionIn(s *syntax.Stmt, depth int) bool {
	for s != nil {
		if depth++; depth > maxItems {
			return true
		}
		if s.Negated {
			return true
		}
		switch c := s.Cmd.(type) {
		case *syntax.BinaryCmd:
			if c.Op == syntax.AndStmt || c.Op == syntax.OrStmt {
				if isQuestionIn(c.X, depth) {
					return true
				}
			}
			s = c.Y
		case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
			return true
		case *syntax.CallExpr:
			return len(c.Args) > 0 && asks(c.Args)
		case *syntax.Block:
			if len(c.Stmts) == 0 {
				return false
			}
			s = c.Stmts[len(c.Stmts)-1]
		case *syntax.Subshell:
			if len(c.Stmts) == 0 {
				return false
			}
			s = c.Stmts[len(c.Stmts)-1]
		default:
			return s.Cmd != nil
		}
	}
	return false
}

// asks reports whether a program is called for its answer.
func asks(args []*syntax.Word) bool {
	switch name := args[0].Lit(); name {
	case "[", "test", "[[", "grep", "egrep", "fgrep", "diff", "cmp", "false", "which", "type", "hash", "pgrep", "expr", "read", "":
		return true
	case "command":
		return len(args) > 1 && strings.HasPrefix(args[1].Lit(), "-")
	case "git":
		return len(args) > 1 && (args[1].Lit() == "diff" || args[1].Lit() == "diff-index")
	case "jq":
		return len(args) > 1 && strings.HasPrefix(args[1].Lit(), "-e")
	case "docker":
		return len(args) > 1 && (args[1].Lit() == "inspect" || args[1].Lit() == "image" || args[1].Lit() == "manifest" || args[1].Lit() == "pull")
	case "aws":
		return len(args) > 2 && strings.HasPrefix(args[2].Lit(), "describe")
	}
	return false
}

func (m *machine) ifClause(c *syntax.IfClause, in Text) Text {
	var b builder
	b.text(m.stmts(c.Cond, in))
	if m.flow == stops {
		return b.done()
	}
	var then, other Text
	branches := []*scope{m.branch(func() { then = m.stmts(c.Then, in) })}
	if e := c.Else; e != nil {
		branches = append(branches, m.branch(func() {
			if e.ThenPos.IsValid() {
				other = m.ifClause(e, in)
			} else {
				other = m.stmts(e.Then, in)
			}
		}))
	}
	m.join(c.Else != nil, branches...)
	b.text(either(then, other, ""))
	return b.done()
}

func (m *machine) caseClause(c *syntax.CaseClause, in Text) Text {
	m.word(c.Word)
	var branches []*scope
	var out Text
	all := false
	for i, item := range c.Items {
		var text Text
		branches = append(branches, m.branch(func() { text = m.stmts(item.Stmts, in) }))
		if out = either(out, text, ""); i == 0 {
			out = text
		}
		for _, p := range item.Patterns {
			all = all || p.Lit() == "*"
		}
	}
	if len(branches) == 0 {
		return Text{}
	}
	m.join(all, branches...)
	if !all {
		out = either(out, Text{}, "")
	}
	return out
}

func (m *machine) forClause(c *syntax.ForClause, in Text) Text {
	iter, ok := c.Loop.(*syntax.WordIter)
	if !ok || c.Select {
		m.forget(c.Loop)
		return m.unknownLoop(c.Do, in, nil)
	}
	items, known := m.items(iter)
	if known && !breaks(c.Do) {
		var b builder
		for _, item := range items {
			m.assign(iter.Name.Value, item)
			b.text(m.stmts(c.Do, in))
			if m.flow == stops {
				break
			}
		}
		return b.done()
	}
	return m.unknownLoop(c.Do, in, iter.Name)
}

// items returns the list of a loop, and whether it is known one by one.
func (m *machine) items(iter *syntax.WordIter) ([]Text, bool) {
	if !iter.InPos.IsValid() {
		return nil, false
	}
	fields := m.fields(iter.Items)
	items := make([]Text, 0, len(fields))
	for _, f := range fields {
		if f.glob || f.loose {
			return nil, false
		}
		items = append(items, f.text)
	}
	return items, len(items) <= maxItems && len(items) > 0
}

// unknownLoop follows a body that runs any number of times.
func (m *machine) unknownLoop(body []*syntax.Stmt, in Text, name *syntax.Lit) Text {
	return m.repeat(func() Text {
		if name != nil {
			m.assign(name.Value, Variable(name.Value))
		}
		for _, s := range body {
			changed(s, func(name string) { m.assign(name, Variable(name)) })
		}
		return m.stmts(body, in)
	})
}

// repeat follows once what may run any number of times.
func (m *machine) repeat(f func() Text) Text {
	var out Text
	m.loop++
	b := m.branch(func() { out = f() })
	m.loop--
	for name, v := range b.vars {
		if _, ok := v.Value.Known(); !ok {
			v.Value = Variable(name)
			b.vars[name] = v
		}
	}
	m.join(false, b)
	return either(out, Text{}, "")
}

func (m *machine) whileClause(c *syntax.WhileClause, in Text) Text {
	m.stmts(c.Cond, in)
	return m.unknownLoop(c.Do, in, nil)
}

// breaks reports whether a loop's body may end the loop early.
func breaks(body []*syntax.Stmt) bool {
	found := false
	for _, s := range body {
		syntax.Walk(s, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.CallExpr); ok && len(c.Args) > 0 {
				switch c.Args[0].Lit() {
				case "break", "continue", "exit", "return":
					found = true
				}
			}
			return !found
		})
	}
	return found
}

// changed calls f with the variables that a node sets.
func changed(n syntax.Node, f func(name string)) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			for _, a := range n.Assigns {
				f(a.Name.Value)
			}
			if len(n.Args) > 1 {
				changedBy(n.Args, f)
			}
		case *syntax.DeclClause:
			for _, a := range n.Args {
				if a.Name != nil && !a.Naked {
					f(a.Name.Value)
				}
			}
		case *syntax.WordIter:
			f(n.Name.Value)
		case *syntax.ParamExp:
			if n.Param != nil && n.Exp != nil && (n.Exp.Op == syntax.AssignUnset || n.Exp.Op == syntax.AssignUnsetOrNull) {
				f(n.Param.Value)
			}
		case *syntax.BinaryArithm:
			arithName(n.X, f)
		case *syntax.UnaryArithm:
			arithName(n.X, f)
		case *syntax.Subshell, *syntax.CmdSubst, *syntax.FuncDecl:
			return false
		}
		return true
	})
}

func arithName(x syntax.ArithmExpr, f func(string)) {
	if w, ok := x.(*syntax.Word); ok && syntax.ValidName(w.Lit()) {
		f(w.Lit())
	}
}

// changedBy calls f with the variables that export, read and the like set.
func changedBy(args []*syntax.Word, f func(name string)) {
	switch args[0].Lit() {
	case "export", "readonly", "read", "local", "declare", "typeset", "unset":
		for _, w := range args[1:] {
			if len(w.Parts) == 0 {
				continue
			}
			if lit, ok := w.Parts[0].(*syntax.Lit); ok {
				name, _, set := strings.Cut(lit.Value, "=")
				if (set || args[0].Lit() == "read" || args[0].Lit() == "unset") && syntax.ValidName(name) {
					f(name)
				}
			}
		}
	}
}
