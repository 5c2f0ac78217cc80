package shell

import (
	"io/fs"
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// redirected follows a statement with its redirections.
func (m *machine) redirected(s *syntax.Stmt, in Text) Text {
	if len(s.Redirs) == 0 {
		if s.Cmd == nil {
			return Text{}
		}
		return m.cmd(s.Cmd, in)
	}
	type target struct {
		name   Text
		append bool
		place  int
	}
	var outs []target
	var errs []Text
	toStderr, both := false, false
	for _, r := range s.Redirs {
		fd := ""
		if r.N != nil {
			fd = r.N.Value
		}
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			in = m.document(r)
		case syntax.WordHdoc:
			in = concat(m.word(r.Word), Literal("\n"))
		case syntax.RdrIn:
			in = m.read(m.word(r.Word))
		case syntax.DplOut:
			if to := r.Word.Lit(); to == "2" && (fd == "" || fd == "1") {
				toStderr = true
			} else if fd == "2" && to == "1" {
				both = true
			}
		case syntax.RdrOut, syntax.RdrClob, syntax.AppOut, syntax.RdrAll, syntax.AppAll, syntax.RdrInOut:
			name := m.word(r.Word)
			if fd == "" || fd == "1" {
				outs = append(outs, target{name, r.Op == syntax.AppOut || r.Op == syntax.AppAll, int(r.OpPos.Offset())})
				toStderr = false
				both = both || r.Op == syntax.RdrAll || r.Op == syntax.AppAll
			} else {
				errs = append(errs, name)
			}
		}
	}
	by := program(s.Cmd)
	var out Text
	if s.Cmd != nil {
		if len(outs) > 0 {
			m.used++
		}
		out = m.cmd(s.Cmd, in)
		if len(outs) > 0 {
			m.used--
		}
	}
	m.at(s)
	for _, name := range errs {
		m.write(name, Variable(""), false, by)
	}
	if len(outs) == 0 {
		if toStderr {
			return Text{}
		}
		return out
	}
	if both && !printsOnly(by) {
		out = Variable("")
	}
	for i, t := range outs {
		if i < len(outs)-1 {
			m.write(t.name, Text{}, t.append, by)
		} else {
			m.write(t.name, out, t.append, by)
		}
	}
	return Text{}
}

// program returns the name of the program that a command calls, or "".
func program(c syntax.Command) string {
	if c, ok := c.(*syntax.CallExpr); ok && len(c.Args) > 0 {
		if name := c.Args[0].Lit(); name != "" {
			return path.Base(name)
		}
	}
	return ""
}

func printsOnly(by string) bool { return by == "printf" || by == "echo" || by == "cat" }

// write records that a file is written.
func (m *machine) write(name, content Text, appends bool, by string) {
	name = m.resolve(name)
	if isDevice(name) {
		return
	}
	m.seq++
	f := File{Place: m.here(), Name: name, Content: content, By: by, Exists: Yes, seq: m.seq}
	known, ok := name.Known()
	if appends {
		f.Content = m.appended(known, ok, content)
	}
	if !f.Sure {
		f.Exists = Maybe
	}
	m.report.Writes = append(m.report.Writes, f)
	if ok {
		f.Exists = Yes
		m.setFile(f)
	}
}

// appended returns what a file holds after an addition.
func (m *machine) appended(name string, known bool, content Text) Text {
	if !known || m.loop > 0 {
		return concat(Variable(""), content)
	}
	f, ok := m.file(name)
	if !ok {
		f.Content, _ = m.repositoryFile(name)
		if m.mayHave(name, 0) == Maybe {
			f.Content = Variable("")
		}
		return concat(f.Content, content) // what is not seen to be there is taken as new
	}
	switch {
	case m.mayHave(name, f.seq) == Maybe || m.wildSince(f):
		return concat(Variable(""), content)
	case f.Exists == Maybe:
		return concat(either(Text{}, f.Content, ""), content)
	}
	m.spend(len(f.Content.Prefix()))
	return concat(f.Content, content)
}

// read returns the content of a file.
func (m *machine) read(name Text) Text {
	name = m.resolve(name)
	known, ok := name.Known()
	if !ok {
		return Variable("")
	}
	f, ok := m.file(known)
	if ok {
		if f.Exists == No || m.mayHave(known, f.seq) == Maybe || m.wildSince(f) {
			return Variable("")
		}
		return f.Content
	}
	if m.mayHave(known, 0) == Maybe {
		return Variable("")
	}
	if content, ok := m.repositoryFile(known); ok {
		return content
	}
	return Variable("")
}

// wildSince reports whether a file was written later whose name is not known and
// may be that of f.
func (m *machine) wildSince(f File) bool { return m.report.wild(f.Name.String(), f.seq) }

// mayHave says whether one of the effects since an event may have written a file.
func (m *machine) mayHave(name string, seq int) Answer { return m.report.effects(name, seq) }

// repositoryFile returns a file of the source.
func (m *machine) repositoryFile(name string) (Text, bool) {
	if m.script.Repository == nil || !fs.ValidPath(name) {
		return Text{}, false
	}
	info, err := fs.Stat(m.script.Repository, name)
	if err != nil || !info.Mode().IsRegular() {
		return Text{}, false
	}
	if info.Size() > maxCommand || !m.spend(int(info.Size())) {
		return Variable(""), true
	}
	data, err := fs.ReadFile(m.script.Repository, name)
	if err != nil || len(data) > maxCommand || strings.IndexByte(string(data), 0) >= 0 {
		return Variable(""), true
	}
	return Literal(strings.ReplaceAll(string(data), "\r\n", "\n")), true
}

func isDevice(name Text) bool {
	return strings.HasPrefix(name.Prefix(), "/dev/")
}

// resolve returns the path of a file, clean and relative to the directory of the
// source where it is in there.
func (m *machine) resolve(name Text) Text {
	if s, ok := name.Known(); ok {
		if strings.HasPrefix(s, "/") {
			return cleanPath(name)
		}
		if dir, ok := m.top().dir.Known(); ok {
			return cleanPath(Literal(path.Join(dir, s)))
		}
	}
	if len(name.parts) > 0 && name.parts[0].Unknown == m.src {
		rest := name.parts[1:]
		if len(rest) == 0 {
			return Text{}
		}
		if s := rest[0].Literal; strings.HasPrefix(s, "/") {
			return cleanPath(Text{withFirst(rest, strings.TrimLeft(s, "/"))}.clean())
		}
		return name
	}
	if len(name.parts) > 0 && name.parts[0].Unknown == nil && len(m.top().dir.parts) > 0 && !strings.HasPrefix(name.Prefix(), "/") {
		return cleanPath(concat(m.top().dir, Literal("/"), name))
	}
	return cleanPath(name)
}

// cleanPath cleans a path as far as it is known.
func cleanPath(t Text) Text {
	if s, ok := t.Known(); ok {
		if s == "" {
			return t
		}
		if s = path.Clean(s); s == "." {
			return Text{}
		}
		return Literal(s)
	}
	var list []*Unknown
	s := t.seal(&list)
	clean := path.Clean(s)
	if strings.Contains(s, "..") && strings.Count(clean, "\x00") != strings.Count(s, "\x00") {
		return t
	}
	return unseal(clean, list)
}

// pwd returns the directory as a full path.
func (m *machine) pwd() Text {
	dir := m.top().dir
	switch {
	case len(dir.parts) == 0:
		return unknown(m.src)
	case strings.HasPrefix(dir.Prefix(), "/") || dir.parts[0].Unknown != nil:
		return dir
	}
	return concat(unknown(m.src), Literal("/"), dir)
}
