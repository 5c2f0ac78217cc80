package rehearse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A sedCommand is one command of a script for sed.
type sedCommand struct {
	from, to *sedAddress
	not      bool
	inside   bool // between from and to
	name     byte
	text     string // of a, i and c; characters of y
	re       *regexp.Regexp
	with     string // the replacement of s, for Go
	global   bool
	print    bool
	nth      int
}

// A sedAddress is a line, the last line, or a pattern.
type sedAddress struct {
	line int
	last bool
	re   *regexp.Regexp
}

func (a *sedAddress) matches(line int, last bool, text string) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(text)
	case a.last:
		return last
	}
	return a.line == line
}

// sed edits text line by line: s, d, p, q, a, i, c, y and = with addresses.
func sed(_ context.Context, c *Call) error {
	call, inPlace, suffix := *c, false, ""
	call.Args = c.Args[:1:1]
	var scripts []string
	for i := 1; i < len(c.Args); i++ {
		arg := c.Args[i]
		switch {
		case strings.HasPrefix(arg, "-i") || strings.HasPrefix(arg, "--in-place"):
			inPlace, suffix = true, strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(arg, "--in-place"), "-i"), "=")
		case arg == "-e" || arg == "--expression":
			if i++; i < len(c.Args) {
				scripts = append(scripts, c.Args[i])
			}
		case strings.HasPrefix(arg, "-e"):
			scripts = append(scripts, arg[2:])
		default:
			call.Args = append(call.Args, arg)
		}
	}
	if inPlace && suffix == "e" {
		return c.unknown("-ie")
	}
	set, operands, err := call.flags("nErusz", "", map[string]byte{"quiet": 'n', "silent": 'n', "regexp-extended": 'E'})
	if err != nil {
		return err
	}
	if len(scripts) == 0 {
		if len(operands) == 0 {
			return c.failf(1, "no script")
		}
		scripts, operands = operands[:1], operands[1:]
	}
	extended := has(set, 'E') || has(set, 'r')
	if inPlace && len(operands) == 0 {
		return c.failf(4, "no input files")
	}
	if !inPlace {
		data, err := c.inputs(operands)
		if err != nil {
			c.fail(err)
			return ExitStatus(2)
		}
		out, err := sedRun(strings.Join(scripts, "\n"), extended, has(set, 'n'), string(data))
		if err != nil {
			return c.failf(1, "%v", err)
		}
		c.printf("%s", out)
		return nil
	}
	for _, name := range operands {
		data, err := c.ReadFile(name)
		if err != nil {
			c.fail(err)
			return ExitStatus(2)
		}
		out, err := sedRun(strings.Join(scripts, "\n"), extended, has(set, 'n'), string(data))
		if err != nil {
			return c.failf(1, "%v", err)
		}
		if suffix != "" {
			if err := c.WriteFile(name+suffix, data); err != nil {
				return c.fail(err)
			}
		}
		if err := c.WriteFile(name, []byte(out)); err != nil {
			return c.fail(err)
		}
	}
	return nil
}

// sedRun runs a script over text.
func sedRun(script string, extended, silent bool, text string) (string, error) {
	commands, err := sedParse(script, extended)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	list := strings.SplitAfter(text, "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	for i, line := range list {
		end := ""
		if strings.HasSuffix(line, "\n") {
			line, end = line[:len(line)-1], "\n"
		}
		after, deleted, quit := "", false, false
		for k := range commands {
			cmd := &commands[k]
			if !cmd.selects(i+1, i == len(list)-1, line) {
				continue
			}
			switch cmd.name {
			case 's':
				var done bool
				if line, done = cmd.substitute(line); done && cmd.print {
					out.WriteString(line + end)
				}
			case 'p':
				out.WriteString(line + end)
			case '=':
				fmt.Fprintln(&out, i+1)
			case 'd':
				deleted = true
			case 'q':
				quit = true
			case 'i':
				out.WriteString(cmd.text + "\n")
			case 'a':
				after += cmd.text + "\n"
			case 'c':
				deleted, after = true, after+cmd.text+"\n"
			case 'y':
				from, to, _ := strings.Cut(cmd.text, "\x00")
				line = strings.Map(func(r rune) rune {
					if n := strings.IndexRune(from, r); n >= 0 {
						return []rune(to)[len([]rune(from[:n]))]
					}
					return r
				}, line)
			}
			if deleted || quit {
				break
			}
		}
		if !deleted && !silent {
			out.WriteString(line + end)
		}
		out.WriteString(after)
		if quit || out.Len() > maxRead {
			break
		}
	}
	return out.String(), nil
}

// selects reports whether a command applies to a line.
func (s *sedCommand) selects(n int, last bool, line string) bool {
	in := true
	switch {
	case s.from == nil:
	case s.to == nil:
		in = s.from.matches(n, last, line)
	case s.inside:
		s.inside = !s.to.matches(n, last, line) && (s.to.line == 0 || n < s.to.line)
	default:
		in = s.from.matches(n, last, line)
		s.inside = in && (s.to.line == 0 || n < s.to.line)
	}
	return in != s.not
}

// substitute does what s does.
func (s *sedCommand) substitute(line string) (string, bool) {
	matches := s.re.FindAllStringSubmatchIndex(line, -1)
	var b []byte
	at, done := 0, false
	for i, m := range matches {
		if i+1 < s.nth || !s.global && i+1 > max(s.nth, 1) {
			continue
		}
		b = append(b, line[at:m[0]]...)
		b = s.re.ExpandString(b, s.with, line, m)
		at, done = m[1], true
	}
	return string(append(b, line[at:]...)), done
}

// sedParse reads a script.
func sedParse(script string, extended bool) ([]sedCommand, error) {
	var commands []sedCommand
	p := sedParser{rest: script, extended: extended}
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\n;")
		if p.rest == "" {
			return commands, nil
		}
		cmd, err := p.command()
		if err != nil {
			return nil, err
		}
		commands = append(commands, cmd)
	}
}

type sedParser struct {
	rest     string
	extended bool
}

func (p *sedParser) command() (cmd sedCommand, err error) {
	if cmd.from, err = p.address(); err != nil {
		return cmd, err
	}
	if cmd.from != nil && strings.HasPrefix(p.rest, ",") {
		p.rest = p.rest[1:]
		if cmd.to, err = p.address(); err != nil || cmd.to == nil {
			return cmd, errors.Join(err, errors.New("unexpected ,"))
		}
	}
	p.rest = strings.TrimLeft(p.rest, " \t")
	if strings.HasPrefix(p.rest, "!") {
		cmd.not, p.rest = true, strings.TrimLeft(p.rest[1:], " \t")
	}
	if p.rest == "" {
		return cmd, errors.New("missing command")
	}
	cmd.name, p.rest = p.rest[0], p.rest[1:]
	switch cmd.name {
	case 's':
		return cmd, p.substitution(&cmd)
	case 'd', 'p', 'q', '=':
		return cmd, nil
	case 'y':
		sep := p.rest[:min(1, len(p.rest))]
		parts := strings.SplitN(p.rest, sep, 4)
		if len(parts) < 4 || len([]rune(parts[1])) != len([]rune(parts[2])) {
			return cmd, errors.New("strings for `y' command are different lengths")
		}
		cmd.text, p.rest = parts[1]+"\x00"+parts[2], parts[3]
		return cmd, nil
	case 'a', 'i', 'c':
		text, rest, _ := strings.Cut(p.rest, "\n")
		if strings.TrimSpace(text) == `\` {
			text, rest, _ = strings.Cut(rest, "\n")
		}
		cmd.text, p.rest = strings.TrimPrefix(strings.TrimLeft(text, " \t"), `\`), rest
		return cmd, nil
	}
	return cmd, fmt.Errorf("the stand-in does not know the command %q; allow the real sed", string(cmd.name))
}

// address reads a line number, $ or /pattern/.
func (p *sedParser) address() (*sedAddress, error) {
	switch {
	case p.rest == "":
		return nil, nil
	case p.rest[0] == '$':
		p.rest = p.rest[1:]
		return &sedAddress{last: true}, nil
	case p.rest[0] == '/':
		pattern, rest, ok := sedCut(p.rest[1:], '/')
		if !ok {
			return nil, errors.New("unterminated address regex")
		}
		p.rest = rest
		re, err := regexp.Compile(posix(pattern, p.extended))
		return &sedAddress{re: re}, err
	}
	n := digitRun(p.rest)
	if n == 0 {
		return nil, nil
	}
	line, err := strconv.Atoi(p.rest[:n])
	p.rest = p.rest[n:]
	return &sedAddress{line: line}, err
}

// sedCut cuts s at the first sep that no backslash and no bracket hides. An
// escaped sep loses its backslash.
func sedCut(s string, sep byte) (before, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != sep {
				b.WriteByte('\\')
			}
			i++
			b.WriteByte(s[i])
		case s[i] == sep:
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

// substitution reads what follows an s.
func (p *sedParser) substitution(cmd *sedCommand) error {
	if p.rest == "" {
		return errors.New("unterminated `s' command")
	}
	sep := p.rest[0]
	pattern, rest, ok1 := sedCut(p.rest[1:], sep)
	with, rest, ok2 := sedCut(rest, sep)
	if !ok1 || !ok2 {
		return errors.New("unterminated `s' command")
	}
	flags := ""
	for rest != "" && strings.IndexByte("gpiI0123456789m", rest[0]) >= 0 {
		flags, rest = flags+rest[:1], rest[1:]
	}
	if rest != "" && strings.IndexByte(" \t\n;}", rest[0]) < 0 {
		return fmt.Errorf("unknown option to `s': %q", rest[:1])
	}
	p.rest = rest
	pattern = posix(pattern, p.extended)
	if strings.ContainsAny(flags, "iI") {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("the stand-in cannot read the pattern: %v", err)
	}
	cmd.re, cmd.global, cmd.print = re, strings.Contains(flags, "g"), strings.Contains(flags, "p")
	cmd.nth, _ = strconv.Atoi(strings.Trim(flags, "gpiIm"))
	cmd.with = sedReplacement(with)
	return nil
}

// sedReplacement translates & and \1 to what package regexp expands.
func sedReplacement(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$':
			b.WriteString("$$")
		case s[i] == '&':
			b.WriteString("${0}")
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case s[i] >= '0' && s[i] <= '9':
				b.WriteString("${" + s[i:i+1] + "}")
			case s[i] == 'n':
				b.WriteByte('\n')
			case s[i] == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
