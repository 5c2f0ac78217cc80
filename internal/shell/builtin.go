package shell

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// builtin follows the commands that change the shell.
func (p *process) builtin() (Text, bool) {
	switch p.name {
	case ":", "true", "test", "[", "[[", "false", "wait", "trap", "shopt", "alias", "unalias", "type", "times", "fg", "bg", "disown", "break", "continue", "getopts", "ulimit":
	case "cd", "pushd":
		p.cd()
	case "popd":
		p.cdBack()
	case "set":
		p.setOptions()
	case "unset":
		for i := range p.args {
			if name := p.arg(i); syntax.ValidName(name) {
				v := p.lookup(name)
				v.Place, v.Value, v.Set = p.here(), Text{}, No
				p.machine.set(v)
			}
		}
	case "read", "mapfile", "readarray":
		for i := range p.args {
			if name := p.arg(i); syntax.ValidName(name) {
				p.assign(name, Variable(name))
			}
		}
	case "exit", "return":
		p.exit()
	case "shift":
		p.machine.args = nil
	case "eval":
		return p.eval(), true
	case "source", ".":
		if len(p.args) == 0 {
			return Text{}, true
		}
		return p.script(p.args[0].text, p.args[1:], true), true
	case "export", "readonly", "local", "declare", "typeset": // behind a wrapper
		for _, f := range p.args {
			p.exportField(p.name, f.text)
		}
	default:
		return Text{}, false
	}
	return Text{}, true
}

func (p *process) cd() {
	top := p.top()
	p.dirs = append(p.dirs, top.dir)
	if len(p.dirs) > 100 {
		p.dirs = p.dirs[50:]
	}
	operands, _ := p.split(" ")
	switch {
	case len(operands) == 0:
		top.dir = p.lookup("HOME").Value
	case operands[0].text.is("-"):
		top.dir = Variable("OLDPWD")
		if len(p.dirs) > 1 && p.loop == 0 {
			top.dir = p.dirs[len(p.dirs)-2]
		}
	case operands[0].glob || p.loop > 0 && !strings.HasPrefix(operands[0].text.Prefix(), "/"):
		top.dir = Variable("PWD")
	default:
		top.dir = p.resolve(operands[0].text)
	}
}

func (p *process) cdBack() {
	top := p.top()
	if n := len(p.dirs); n > 0 && p.loop == 0 {
		top.dir = p.dirs[n-1]
		p.dirs = p.dirs[:n-1]
		return
	}
	top.dir = Variable("PWD")
}

func (p *process) setOptions() {
	for i := range p.args {
		switch s := p.arg(i); {
		case s == "-a" || s == "allexport":
			p.exportAll = true
		case s == "+a":
			p.exportAll = false
		case s == "--":
			p.machine.args = append([]field{}, p.args[i+1:]...)
			return
		}
	}
}

// exit ends the list of commands. A run in which a command fails is not followed.
func (p *process) exit() {
	code := p.arg(0)
	if len(p.args) > 0 && code != "0" {
		if p.name == "exit" && !p.place.Sure {
			return
		}
	}
	p.flow = stops
}

// eval follows commands that are put together at run time.
func (p *process) eval() Text {
	var b builder
	for i, f := range p.args {
		if i > 0 {
			b.literal(" ")
		}
		b.text(f.text)
	}
	t := b.done()
	if u := t.single(); u != nil && u.login {
		p.docker(Docker{Tool: "docker", Verb: "login", Registry: Variable("")})
		return Variable("")
	} else if u != nil && strings.HasPrefix(u.Command, "ssh-agent") {
		p.assign("SSH_AUTH_SOCK", Variable("SSH_AUTH_SOCK"))
		p.assign("SSH_AGENT_PID", Variable("SSH_AGENT_PID"))
		return Variable("")
	}
	if s, ok := t.Known(); ok {
		return p.text(s, p.in, nil)
	}
	p.effect(Effect{What: short("eval " + t.String()), Files: Maybe, Docker: Maybe, Variables: Maybe})
	p.lose()
	return Variable("")
}

// text follows commands that stand in a text, in this shell.
func (p *process) text(s string, in Text, args []field) (out Text) {
	if p.inline >= maxInline || !p.spend(16*len(s)) {
		p.anything("commands in commands")
		return Variable("")
	}
	stmts, bash, err := p.parser.parse(s, p.bash)
	if err != nil {
		p.effect(Effect{What: short(s), Files: Maybe, Docker: Maybe, Variables: Maybe})
		p.lose()
		return Variable("")
	}
	m := p.machine
	isBash, before, flow := m.bash, m.args, m.flow
	m.bash, m.flow = bash, goesOn
	if args != nil {
		m.args = args
	}
	m.inline++
	out = m.stmts(stmts, in)
	m.inline--
	m.bash, m.args, m.flow = isBash, before, flow
	return out
}

// shell follows sh and bash with a script, a text or an input.
func (p *process) shell() (out Text) {
	for i := 0; i < len(p.args); i++ {
		s, ok := p.args[i].text.Known()
		switch {
		case !ok:
			return p.script(p.args[i].text, p.args[i+1:], false)
		case s == "-s" || s == "-":
			return p.stdin()
		case s == "-o" || s == "+o":
			i++
		case strings.HasPrefix(s, "--"):
		case strings.HasPrefix(s, "-") && strings.Contains(s, "c"):
			if i+1 >= len(p.args) {
				return Text{}
			}
			text, ok := p.args[i+1].text.Known()
			if !ok {
				p.anything(p.what())
				return p.unknown()
			}
			p.subshell(func() { out = p.text(text, p.in, nonNil(p.args[min(i+3, len(p.args)):])) })
			return out
		case strings.HasPrefix(s, "-"):
		default:
			return p.script(p.args[i].text, p.args[i+1:], false)
		}
	}
	return p.stdin()
}

// stdin follows the commands that come in.
func (p *process) stdin() (out Text) {
	if s, ok := p.in.Known(); ok {
		p.subshell(func() { out = p.text(s, Text{}, nil) })
		return out
	}
	p.anything(p.in.String() + " | " + p.name)
	return p.unknown()
}

// script follows a file with commands; sourced is one that runs in this shell.
func (p *process) script(name Text, args []field, sourced bool) (out Text) {
	what := short(strings.TrimRight(name.String()+" "+line(args), " "))
	content, ok := p.read(name).Known()
	if sourced {
		what = "source " + what
	}
	if sourced && !ok && isProfile(name) {
		p.effect(Effect{What: what, Files: Unlikely, Docker: Unlikely, Variables: Unlikely})
		return Text{}
	}
	if !ok || !sourced && !isShellScript(content, p.name) {
		if known, isKnown := name.Known(); isKnown && !sourced && p.effectOf(path.Base(known)) == Unlikely {
			p.effect(Effect{What: what, Files: Unlikely, Docker: Unlikely})
			return p.unknown()
		}
		e := Effect{What: what, Files: Maybe, Docker: Maybe}
		if sourced {
			e.Variables = Maybe
		}
		p.effect(e)
		if sourced {
			p.lose()
		}
		return p.unknown()
	}
	if sourced {
		return p.text(content, p.in, nil)
	}
	before := p.bash
	p.bash = strings.Contains(firstLine(content), "bash") || path.Base(p.name) == "bash"
	p.subshell(func() { out = p.text(content, p.in, nonNil(args)) })
	p.bash = before
	return out
}

// isProfile reports whether a file is one that prepares a shell for a tool, and sets
// only the variables of that.
func isProfile(name Text) bool {
	for _, s := range []string{"bin/activate", "nvm.sh", ".bashrc", ".bash_profile", ".profile", ".cargo/env", "sdkman-init.sh"} {
		if name.hasSuffix(s) {
			return true
		}
	}
	return false
}

// effectOf says whether a program writes files, by its name alone.
func (p *process) effectOf(name string) Answer {
	return (&process{machine: p.machine, name: name}).effectOnFiles()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// isShellScript reports whether a file is one for a shell, which the caller says or
// its first line.
func isShellScript(content, caller string) bool {
	if !strings.Contains(caller, "/") {
		return true
	}
	line := firstLine(content)
	if !strings.HasPrefix(line, "#!") {
		return true
	}
	line = strings.TrimSpace(line)
	return strings.HasSuffix(line, "sh") || strings.Contains(line, "sh -")
}

// wrapper follows the program that another one starts.
func (p *process) wrapper() (Text, bool) {
	valued := " "
	skip := 0 // operands before the program
	switch p.name {
	case "sudo":
		valued = " -u -g -h -p "
	case "env":
		valued = " -u -C -S "
	case "time", "nohup", "exec", "builtin", "command", "setsid", "ionice", "unbuffer", "catchsegv":
	case "nice":
		valued = " -n "
	case "timeout":
		valued, skip = " -k -s ", 1
	case "stdbuf":
		valued = " -i -o -e "
	case "xargs":
		valued = " -I -n -P -L -d -a -E -s "
	default:
		return Text{}, false
	}
	args := p.args
	if p.name == "command" && strings.HasPrefix(p.arg(0), "-") {
		return p.unknown(), true
	}
	for len(args) > 0 {
		s, ok := args[0].text.Known()
		if ok && strings.HasPrefix(s, "-") {
			args = args[1:]
			if strings.Contains(valued, " "+s+" ") && len(args) > 0 {
				args = args[1:]
			}
			continue
		}
		if name, _, set := strings.Cut(args[0].text.Prefix(), "="); set && (p.name == "env" || p.name == "sudo") && syntax.ValidName(name) {
			args = args[1:]
			continue
		}
		if skip == 0 {
			break
		}
		args, skip = args[1:], skip-1
	}
	if len(args) == 0 {
		return p.unknown(), true
	}
	if p.name == "xargs" {
		args = append(append([]field{}, args...), field{text: Variable(""), loose: true, glob: true})
	}
	if p.name == "time" || p.name == "command" || p.name == "builtin" || p.name == "exec" {
		return p.machine.run(args, p.in), true
	}
	var out Text
	p.subshell(func() { out = p.machine.run(args, p.in) })
	return out, true
}

// isPowerShell reports whether a text looks like one for PowerShell, which runs
// the commands on Windows unless the buildspec says otherwise.
func isPowerShell(text string) bool {
	lower := strings.ToLower(text)
	for _, s := range []string{"$env:", "write-host", "$erroractionpreference", "-object ", "new-item", "set-location", "$lastexitcode", "invoke-"} {
		if strings.Contains(lower, s) {
			return true
		}
	}
	return false
}
