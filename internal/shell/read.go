package shell

import (
	"io/fs"
	"path"

	"mvdan.cc/sh/v3/syntax"
)

// A Script is commands and what is known of the place where they run. Only
// Commands is required.
type Script struct {
	Commands []Command
	// Shell is what runs them: "" or /bin/sh or sh is a POSIX shell, and bash (with
	// any path) is bash. Of any other, such as powershell.exe, nothing can be told.
	Shell string
	// Separate gives each command a shell of its own, which forgets the directory and
	// the variables: version 0.1 of a buildspec.
	Separate bool
	// Variables are the environment that is known, by name; a later one hides an
	// earlier one of the same name. Those that are not here are unknown, not unset.
	Variables []EnvVariable
	// Repository holds the files of the source before the first command; nil means
	// that they are unknown. Templates and scripts are read from it.
	Repository fs.FS
}

// An EnvVariable is a variable of the environment. Use [Literal] for one with a
// known value, and [Variable] for one without, such as a secret.
type EnvVariable struct {
	Name  string
	Value Text
}

// A Command is one item of a list of commands. It may have several lines.
type Command struct {
	Path string // its name in the report, such as phases.build.commands[0]
	Text string
}

// sourceDir is the variable with the directory of the source.
const sourceDir = "CODEBUILD_SRC_DIR"

// Read returns what the commands of a script do. The time that it takes grows with
// the length of the commands; of very many, the last are not followed, and the
// report says so in its Effects.
func Read(s Script) *Report {
	m := newMachine(&s)
	m.parser = parsers.Get().(*parser)
	defer parsers.Put(m.parser)
	bash, known := isBash(s.Shell)
	for _, c := range s.Commands {
		m.place = Place{Path: c.Path, Sure: true}
		m.bash = bash
		if !known {
			m.effect(Effect{What: s.Shell, Files: Maybe, Docker: Maybe, Variables: Maybe})
			break
		}
		if s.Separate {
			m.scopes[0] = &scope{files: m.scopes[0].files}
			m.funcs = nil
		}
		m.command(c)
	}
	return m.finish()
}

// isBash reports whether a shell is bash, and whether it is one that can be read.
func isBash(shell string) (bash, known bool) {
	switch path.Base(shell) {
	case "bash":
		return true, true
	case ".", "sh", "ash", "dash":
		return false, true
	}
	return false, false
}

const (
	// fuel is how much work a script may cost: roughly, bytes that are put together.
	fuel = 32 << 20
	// maxInline is how deep scripts and functions may call each other.
	maxInline = 16
)

// A machine follows commands.
type machine struct {
	script *Script
	report *Report
	parser *parser
	env    map[string]Var // before the first command
	scopes []*scope
	funcs  map[string]*syntax.Stmt
	args   []field // $1 and so on; nil where they are unknown
	place  Place   // of the command that is followed
	inline int     // depth of the scripts and functions around it
	loop   int     // depth of the loops around it that cannot be counted
	seq    int     // number of events so far
	fuel   int
	flow   flow
	bash   bool
	used   int // depth of what uses the output of the commands

	exportAll bool // set -a
	dirs      []Text
	made      map[string]bool // directories that mkdir made
	src       *Unknown        // the directory of the source
}

// flow says how a list of commands goes on after one of them.
type flow uint8

const (
	goesOn  flow = iota
	mayStop      // exit or return in a branch
	stops        // exit or return
)

func newMachine(s *Script) *machine {
	m := &machine{
		script: s, report: &Report{}, env: make(map[string]Var, len(s.Variables)),
		scopes: []*scope{{}}, fuel: fuel, src: &Unknown{Name: sourceDir},
	}
	for _, v := range s.Variables {
		m.env[v.Name] = Var{Name: v.Name, Value: v.Value, Exported: true, Set: Yes}
	}
	m.env[sourceDir] = Var{Name: sourceDir, Value: unknown(m.src), Exported: true, Set: Yes}
	return m
}

// command follows one item of the list.
func (m *machine) command(c Command) {
	stmts, bash, err := m.parser.parse(c.Text, m.bash)
	if err != nil {
		note := Note{Place: m.place}
		note.Offset, note.Message, note.Syntax = syntaxError(err)
		note.Syntax = note.Syntax && !isPowerShell(c.Text)
		m.report.Notes = append(m.report.Notes, note)
		m.effect(Effect{What: short(c.Text), Files: Maybe, Docker: Maybe, Variables: Maybe})
		m.lose()
		return
	}
	m.bash = bash
	m.flow = goesOn
	m.stmts(stmts, noInput())
}

func (m *machine) finish() *Report {
	r := m.report
	top := m.scopes[0]
	r.vars, r.files, r.dir = top.vars, top.files, top.dir
	if top.lost {
		for name, v := range m.env {
			if _, ok := r.vars[name]; !ok && v.Set == Yes {
				m.lookup(name)
			}
		}
		r.vars = top.vars
	}
	for name, v := range m.env {
		if _, ok := r.vars[name]; !ok && v.Set == Yes {
			if r.vars == nil {
				r.vars = map[string]Var{}
			}
			r.vars[name] = v
		}
	}
	return r
}

// here returns the place of what is followed.
func (m *machine) here() Place { return m.place }

// at remembers where in the command a node stands, unless it is in a script that
// the command calls.
func (m *machine) at(n syntax.Node) {
	if m.inline == 0 {
		m.place.Offset = int(n.Pos().Offset())
	}
}

// effect records a command that could do more than what is seen of it.
func (m *machine) effect(e Effect) {
	m.seq++
	e.Place, e.seq = m.here(), m.seq
	if !e.Sure {
		// What may run may also not run; an effect is a "may" already.
		e.Files, e.Docker, e.Variables = min(e.Files, Maybe), min(e.Docker, Maybe), min(e.Variables, Maybe)
	}
	m.report.Effects = append(m.report.Effects, e)
}

// anything records a command that could do anything but change the shell.
func (m *machine) anything(what string) {
	m.effect(Effect{What: what, Files: Maybe, Docker: Maybe})
}

// spend takes from the fuel. When there is none left it reports false, and says so
// once.
func (m *machine) spend(n int) bool {
	if m.fuel < 0 {
		return false
	}
	if m.fuel -= n; m.fuel < 0 {
		m.effect(Effect{What: "more commands than can be followed", Files: Maybe, Docker: Maybe, Variables: Maybe})
		m.lose()
		return false
	}
	return true
}

func noInput() Text { return Variable("") }

// short returns the first line of a text, or as much of it as a message takes.
func short(s string) string {
	const most = 60
	for i := range s {
		if s[i] == '\n' {
			return s[:i] + " ..."
		}
		if i >= most {
			return s[:i] + "..."
		}
	}
	return s
}
