package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// sed follows the command s of sed; what has others is unknown.
func (p *process) sed() Text {
	operands, options := p.sedArgs()
	var scripts []Text
	inPlace, extended, quiet := false, false, false
	for _, o := range options {
		switch {
		case o.name == "-e" || o.name == "--expression":
			scripts = append(scripts, o.value)
		case o.name == "-E" || o.name == "-r":
			extended = true
		case strings.HasPrefix(o.name, "-i") || o.name == "--in-place":
			inPlace = true
		default:
			quiet = true
		}
	}
	if len(scripts) == 0 && len(operands) > 0 {
		scripts, operands = texts(operands[:1]), operands[1:]
	}
	edit := func(t Text) Text {
		for _, s := range scripts {
			t = p.substitute(t, s, extended)
		}
		if quiet {
			return p.unknown()
		}
		return t
	}
	if inPlace {
		for _, f := range operands {
			if f.glob {
				p.effect(Effect{What: p.what(), Files: Unlikely})
				continue
			}
			p.write(f.text, edit(p.read(f.text)), false, p.name)
		}
		return Text{}
	}
	if len(operands) == 0 {
		return edit(p.in)
	}
	if len(operands) > 1 || operands[0].glob {
		return p.unknown()
	}
	return edit(p.read(operands[0].text))
}

// sedArgs returns the arguments; -i takes a value only when that stands with it.
func (p *process) sedArgs() ([]field, []option) {
	args := p.args[:0:0]
	for i, f := range p.args {
		// On BSD -i '' has an empty value.
		if f.text.is("") && i > 0 && p.arg(i-1) == "-i" {
			continue
		}
		args = append(args, f)
	}
	return (&process{machine: p.machine, name: p.name, args: args}).split(" -e --expression -f --file ")
}

// substitute does one script of sed. Unknown parts of the text are taken to hold
// nothing that it replaces.
func (p *process) substitute(t, script Text, extended bool) Text {
	if u := t.single(); u != nil {
		return p.unknown()
	}
	var list []*Unknown
	s := strings.TrimSpace(script.seal(&list))
	for s != "" {
		pat, with, flags, rest, ok := cutCommand(s)
		if !ok {
			return p.unknown()
		}
		s = strings.TrimLeft(rest, " ;\n\t")
		all := strings.Contains(flags, "g")
		if strings.Trim(flags, "g") != "" || strings.IndexByte(pat, 0) >= 0 {
			return p.unknown()
		}
		if t, ok = replaceIn(t, pat, with, list, extended, all); !ok || !p.spend(len(t.Prefix())) {
			return p.unknown()
		}
	}
	return t
}

// cutCommand cuts s/pattern/replacement/flags from the start of a script.
func cutCommand(s string) (pat, with, flags, rest string, ok bool) {
	if len(s) < 4 || s[0] != 's' {
		return "", "", "", "", false
	}
	delim := s[1]
	pat, s, ok = cutDelim(s[2:], delim)
	if !ok {
		return "", "", "", "", false
	}
	with, s, ok = cutDelim(s, delim)
	n := 0
	for n < len(s) && strings.IndexByte(" ;\n}", s[n]) < 0 {
		n++
	}
	return pat, with, s[:n], s[n:], ok
}

func cutDelim(s string, delim byte) (head, rest string, ok bool) {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == delim:
			return string(b), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			if i++; s[i] != delim {
				b = append(b, '\\')
			}
			b = append(b, s[i])
		default:
			b = append(b, s[i])
		}
	}
	return "", "", false
}

// replaceIn replaces a pattern in the known parts, line by line.
func replaceIn(t Text, pat, with string, list []*Unknown, extended, all bool) (Text, bool) {
	var whole strings.Builder
	for i := 0; i < len(with); i++ {
		switch c := with[i]; {
		case c == '&' || c == '\\' && i+1 < len(with) && with[i+1] >= '0' && with[i+1] <= '9':
			return Text{}, false
		case c == '\\' && i+1 < len(with):
			if i++; with[i] == 'n' {
				whole.WriteByte('\n')
			} else {
				whole.WriteByte(with[i])
			}
		default:
			whole.WriteByte(c)
		}
	}
	to := unseal(whole.String(), list)
	rx, err := regexp.Compile(goPattern(pat, extended))
	if err != nil {
		return Text{}, false
	}
	_, known := t.Known()
	if !known && strings.ContainsAny(pat, `*^$+`) {
		return Text{}, false
	}
	var b builder
	for _, part := range t.parts {
		if part.Unknown != nil {
			b.unknown(part.Unknown)
			continue
		}
		for line := range strings.SplitAfterSeq(part.Literal, "\n") {
			text, newline := strings.CutSuffix(line, "\n")
			n := -1
			if !all {
				n = 1
			}
			at := 0
			for _, loc := range rx.FindAllStringIndex(text, n) {
				b.literal(text[at:loc[0]])
				b.text(to)
				at = loc[1]
			}
			b.literal(text[at:])
			if newline {
				b.literal("\n")
			}
		}
	}
	return b.done(), true
}

// goPattern returns the pattern of sed as package regexp has it.
func goPattern(pat string, extended bool) string {
	if extended {
		return pat
	}
	var b strings.Builder
	for i := 0; i < len(pat); i++ {
		switch c := pat[i]; {
		case c == '\\' && i+1 < len(pat):
			i++
			if strings.IndexByte("(){}+?|", pat[i]) < 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(pat[i])
		case strings.IndexByte("(){}+?|", c) >= 0,
			c == '$' && i < len(pat)-1, c == '^' && i > 0 && pat[i-1] != '[', c == '*' && i == 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// envsubst replaces $NAME and ${NAME} in its input.
func (p *process) envsubst() Text {
	only, limited := "", len(p.args) > 0
	if limited {
		s, ok := p.args[0].text.Known()
		if !ok {
			return p.unknown()
		}
		only = s
	}
	if p.in.single() != nil {
		return p.unknown()
	}
	var b builder
	for _, part := range p.in.parts {
		if part.Unknown != nil {
			b.unknown(part.Unknown)
			continue
		}
		s := part.Literal
		for {
			i := strings.IndexByte(s, '$')
			if i < 0 {
				b.literal(s)
				break
			}
			b.literal(s[:i])
			name, n := reference(s[i:])
			switch {
			case name == "" || limited && !mentions(only, name):
				n = max(n, 1)
				b.literal(s[i : i+n])
			default:
				b.text(p.environ(name))
			}
			s = s[i+n:]
		}
	}
	return b.done()
}

// environ returns a variable as a program sees it.
func (p *process) environ(name string) Text {
	v := p.lookup(name)
	if v.Exported || v.Set == No {
		return v.Value
	}
	// Without export it is empty, unless the project has it, too.
	return either(v.Value, Text{}, name)
}

// reference returns the name in a $NAME or ${NAME} at the start of s, and the
// length of that.
func reference(s string) (name string, n int) {
	braced := strings.HasPrefix(s, "${")
	n = 1
	if braced {
		n = 2
	}
	start := n
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > start && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	name = s[start:n]
	if braced {
		if n >= len(s) || s[n] != '}' {
			return "", n
		}
		n++
	}
	if !syntax.ValidName(name) {
		return "", n
	}
	return name, n
}

func mentions(list, name string) bool {
	for i := range len(list) {
		if list[i] == '$' {
			if found, _ := reference(list[i:]); found == name {
				return true
			}
		}
	}
	return false
}
