package shell

import (
	"maps"
	"slices"
)

// A scope holds what changed since it was opened: in a branch that may not be
// taken, or in a subshell. The machine has a stack of them.
type scope struct {
	vars  map[string]Var
	files map[string]File
	dir   Text
	lost  bool // something ran that may have set any variable
}

func (m *machine) top() *scope { return m.scopes[len(m.scopes)-1] }

func (m *machine) push() {
	m.scopes = append(m.scopes, &scope{dir: m.top().dir})
}

func (m *machine) pop() *scope {
	s := m.top()
	m.scopes = m.scopes[:len(m.scopes)-1]
	return s
}

// lookup returns a variable.
func (m *machine) lookup(name string) Var {
	lost := false
	for _, s := range slices.Backward(m.scopes) {
		if v, ok := s.vars[name]; ok {
			if lost {
				v.Value = either(v.Value, Variable(name), name)
				m.set(v)
			}
			return v
		}
		lost = lost || s.lost
	}
	if v, ok := m.env[name]; ok && !lost {
		return v
	} else if ok {
		v.Value = either(v.Value, Variable(name), name)
		m.set(v)
		return v
	}
	v := Var{Name: name, Value: Variable(name)}
	if lost {
		m.set(v)
	} else {
		m.env[name] = v
	}
	return v
}

func (m *machine) set(v Var) {
	s := m.top()
	if s.vars == nil {
		s.vars = map[string]Var{}
	}
	s.vars[v.Name] = v
}

// assign sets a variable, as a command does.
func (m *machine) assign(name string, value Text) {
	v := m.lookup(name)
	v.Place, v.Value, v.Set = m.here(), value, Yes
	v.Exported = v.Exported || m.exportAll
	m.set(v)
}

// lose says that any variable may have been set.
func (m *machine) lose() {
	s := m.top()
	s.lost = true
	for name, v := range s.vars {
		v.Value = either(v.Value, Variable(name), name)
		s.vars[name] = v
	}
}

// file returns a file that was written.
func (m *machine) file(name string) (File, bool) {
	for _, s := range slices.Backward(m.scopes) {
		if f, ok := s.files[name]; ok {
			return f, true
		}
	}
	return File{}, false
}

func (m *machine) setFile(f File) {
	s := m.top()
	if s.files == nil {
		s.files = map[string]File{}
	}
	name, _ := f.Name.Known()
	s.files[name] = f
}

// names calls f with each file that was written, in the order of the names.
func (m *machine) names() []string {
	all := map[string]bool{}
	for _, s := range m.scopes {
		for name := range s.files {
			all[name] = true
		}
	}
	m.fuel -= 16 * len(all)
	return slices.Sorted(maps.Keys(all))
}

// apply makes what happened in a scope happen in the one around it.
func (m *machine) apply(s *scope) {
	if s.lost {
		m.lose()
	}
	for _, v := range s.vars {
		m.set(v)
	}
	m.applyFiles(s)
	m.top().dir = s.dir
}

func (m *machine) applyFiles(s *scope) {
	for _, f := range s.files {
		m.setFile(f)
	}
}

// join makes that happen which happened in one of several branches. When not one
// of them must have been taken, all is false.
func (m *machine) join(all bool, branches ...*scope) {
	if all && len(branches) == 1 {
		m.apply(branches[0])
		return
	}
	before := m.top().dir
	joined := &scope{dir: before}
	if all {
		joined.dir = branches[0].dir
	}
	for _, b := range branches {
		joined.lost = joined.lost || b.lost
		joined.dir = either(joined.dir, b.dir, "")
		m.joinVars(joined, b, all, branches)
		m.joinFiles(joined, b, all, branches)
	}
	m.apply(joined)
}

func (m *machine) joinVars(joined, b *scope, all bool, branches []*scope) {
	for name, v := range b.vars {
		if _, ok := joined.vars[name]; ok {
			continue
		}
		if !all {
			v = eitherVar(m.lookup(name), v)
		}
		for _, c := range branches {
			if c == b {
				continue
			}
			w, ok := c.vars[name]
			if !ok {
				w = m.lookup(name)
				if c.lost {
					w.Value = Variable(name)
				}
			}
			v = eitherVar(v, w)
		}
		if joined.vars == nil {
			joined.vars = map[string]Var{}
		}
		joined.vars[name] = v
	}
}

func eitherVar(v, w Var) Var {
	if v.Path == "" {
		v.Place = w.Place
	}
	if v.Set != w.Set {
		v.Set = Maybe
	}
	v.Value = either(v.Value, w.Value, v.Name)
	v.Exported = v.Exported || w.Exported
	return v
}

func (m *machine) joinFiles(joined, b *scope, all bool, branches []*scope) {
	for name, f := range b.files {
		if _, ok := joined.files[name]; ok {
			continue
		}
		old := m.oldFile(name)
		if !all {
			f = eitherFile(old, f)
		}
		for _, c := range branches {
			if c == b {
				continue
			}
			g, ok := c.files[name]
			if !ok {
				g = old
			}
			f = eitherFile(f, g)
		}
		if joined.files == nil {
			joined.files = map[string]File{}
		}
		joined.files[name] = f
	}
}

// oldFile returns a file as it is before a branch.
func (m *machine) oldFile(name string) File {
	if f, ok := m.file(name); ok {
		return f
	}
	f := File{Name: Literal(name), Exists: No}
	if content, ok := m.repositoryFile(name); ok {
		f.Content, f.Exists = content, Yes
	}
	return f
}

// eitherFile returns a file that is one of two. A content is that which it has if
// it is there.
func eitherFile(f, g File) File {
	if g.seq > f.seq {
		f, g = g, f
	}
	switch {
	case f.Exists == No:
		f.Content = g.Content
	case g.Exists == No:
	default:
		f.Content = either(f.Content, g.Content, "")
	}
	if f.Exists != g.Exists {
		f.Exists = Maybe
	}
	f.Removed = f.Removed && g.Removed
	return f
}
