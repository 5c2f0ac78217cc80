package shell

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// printer follows the programs that make texts.
func (p *process) printer() (Text, bool) {
	switch p.name {
	case "echo":
		return p.echo(), true
	case "printf":
		return p.printf(), true
	case "cat":
		return p.cat(), true
	case "jq":
		return p.jq(), true
	case "sed", "gsed":
		return p.sed(), true
	case "envsubst":
		return p.envsubst(), true
	case "pwd":
		return concat(p.pwd(), Literal("\n")), true
	}
	return Text{}, false
}

// echo prints its arguments. Where the shells differ it is taken to be that of
// bash, which is /bin/sh on Amazon Linux, unless the other reading is likely.
func (p *process) echo() Text {
	args, newline, interpret, dash := p.args, "\n", false, false
	for len(args) > 0 {
		s, ok := args[0].text.Known()
		if !ok || len(s) < 2 || s[0] != '-' || strings.Trim(s[1:], "neE") != "" {
			break
		}
		for _, c := range s[1:] {
			switch c {
			case 'n':
				newline = ""
			case 'e':
				interpret = true
			case 'E':
				interpret = false
			}
		}
		dash = true
		args = args[1:]
	}
	var b builder
	for i, f := range args {
		if f.glob || f.loose && isArgsText(f.text) {
			return p.unknown()
		}
		if i > 0 {
			b.literal(" ")
		}
		b.text(f.text)
	}
	t := b.done()
	if interpret {
		var stop bool
		if t, stop = mapLiterals(t, echoE); stop {
			return t
		}
	} else if !p.bash && !dash && hasEscape(t) {
		return p.unknown() // dash and bash differ
	}
	return concat(t, Literal(newline))
}

func isArgsText(t Text) bool {
	u := t.single()
	return u != nil && (u.Name == "@" || u.Name == "*")
}

// hasEscape reports whether a known part has what the echo of dash replaces.
func hasEscape(t Text) bool {
	for _, part := range t.parts {
		for s := part.Literal; ; {
			i := strings.IndexByte(s, '\\')
			if i < 0 || i+1 == len(s) {
				break
			}
			if strings.IndexByte(`abcfnrtv0\`, s[i+1]) >= 0 {
				return true
			}
			s = s[i+2:]
		}
	}
	return false
}

// mapLiterals replaces the escapes in the known parts. It reports whether \c ended
// the text.
func mapLiterals(t Text, d dialect) (Text, bool) {
	var b builder
	for _, part := range t.parts {
		if part.Unknown != nil {
			b.unknown(part.Unknown)
			continue
		}
		s, stop := escapes(part.Literal, d)
		b.literal(s)
		if stop {
			return b.done(), true
		}
	}
	return b.done(), false
}

// A dialect is a set of escapes.
type dialect uint8

const (
	printfFormat dialect = iota // \" and \101
	echoE                       // \0101 and \c
	ansiC                       // $'...': \' and \101
)

// escapes replaces the escapes with a backslash. It reports whether \c ended the
// text.
func escapes(s string, d dialect) (string, bool) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, false
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'a', 'b', 'e', 'E', 'f', 'n', 'r', 't', 'v':
			b = append(b, "\a\b\x1b\x1b\f\n\r\t\v"[strings.IndexByte("abeEfnrtv", c)])
		case '\\':
			b = append(b, '\\')
		case '"', '\'', '?':
			if d == echoE {
				b = append(b, '\\')
			}
			b = append(b, c)
		case 'c':
			if d == echoE {
				return string(b), true
			}
			b = append(b, '\\', c)
		case 'x':
			i = appendCode(&b, s, i+1, 16, 2)
		case 'u':
			i = appendCode(&b, s, i+1, 16, 4)
		case 'U':
			i = appendCode(&b, s, i+1, 16, 8)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			switch {
			case d != echoE:
				i = appendCode(&b, s, i, 8, 3)
			case c == '0':
				i = appendCode(&b, s, i+1, 8, 3)
			default:
				b = append(b, '\\', c)
			}
		default:
			b = append(b, '\\', c)
		}
	}
	return string(b), false
}

// appendCode appends the character with the code at s[i:], which has at most n
// digits. It returns the index of the last digit.
func appendCode(b *[]byte, s string, i, base, n int) int {
	end := i
	for end < len(s) && end-i < n && strings.IndexByte("0123456789abcdef"[:base], s[end]|0x20) >= 0 {
		end++
	}
	code, err := strconv.ParseUint(s[i:end], base, 32)
	switch {
	case err != nil || code == 0:
	case n > 3:
		*b = utf8.AppendRune(*b, rune(code))
	default:
		*b = append(*b, byte(code))
	}
	return end - 1
}

// printf prints its arguments by a format.
func (p *process) printf() Text {
	args := p.args
	if p.arg(0) == "-v" && len(args) > 1 {
		if name, ok := args[1].text.Known(); ok {
			p.assign(name, (&process{machine: p.machine, name: p.name, args: args[2:]}).printf())
			return Text{}
		}
	}
	if p.arg(0) == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return Text{}
	}
	format := args[0].text
	args = args[1:]
	for _, f := range args {
		if f.glob || isArgsText(f.text) {
			return p.unknown()
		}
	}
	if len(args) == 0 && format.single() != nil {
		return format // printf "$X", of a text without % as a rule
	}
	var b builder
	for {
		n, ok := p.format(&b, format, args)
		if !ok {
			return p.unknown()
		}
		if args = args[min(n, len(args)):]; n == 0 || len(args) == 0 || b.size > maxText {
			return b.done()
		}
	}
}

// format prints the format once and returns how many arguments that took.
func (p *process) format(b *builder, format Text, args []field) (used int, ok bool) {
	for _, part := range format.parts {
		if part.Unknown != nil {
			b.unknown(part.Unknown)
			continue
		}
		for s := part.Literal; s != ""; {
			i := strings.IndexByte(s, '%')
			if i < 0 {
				i = len(s)
			}
			text, stop := escapes(s[:i], printfFormat)
			b.literal(text)
			if s = s[i:]; s == "" || stop {
				break
			}
			end := 1
			for end < len(s) && strings.IndexByte("-+ 0#.123456789*", s[end]) >= 0 {
				end++
			}
			if end == len(s) {
				return 0, false
			}
			if s[end] == '%' {
				b.literal("%")
				s = s[end+1:]
				continue
			}
			var arg Text
			if used < len(args) {
				arg = args[used].text
			}
			used++
			t, ok := verb(s[:end+1], arg)
			if !ok {
				return 0, false
			}
			b.text(t)
			s = s[end+1:]
		}
	}
	return used, true
}

// verb returns what a conversion makes of an argument.
func verb(spec string, arg Text) (Text, bool) {
	s, known := arg.Known()
	plain := len(spec) == 2
	switch spec[len(spec)-1] {
	case 's':
		if plain {
			return arg, true
		}
	case 'b':
		if plain {
			t, _ := mapLiterals(arg, echoE)
			return t, true
		}
	case 'd', 'i', 'u':
		if _, err := strconv.Atoi(s); plain && (err == nil || !known) {
			return arg, true
		} else if plain && s == "" {
			return Literal("0"), true
		}
	case 'c':
		if plain && known {
			return Literal(s[:min(1, len(s))]), true
		}
	case 'q', 'x', 'X', 'o', 'f', 'e', 'g', 'F', 'E', 'G', '(':
	default:
		return Text{}, false
	}
	return Variable(""), true
}
