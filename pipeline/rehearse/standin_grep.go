package rehearse

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// posix translates a regular expression of grep and sed to one of Go. In a basic
// one, the backslash gives \( \) \{ \} \| \+ \? their meaning; in an extended
// one, it takes it.
func posix(pattern string, extended bool) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '[':
			end := bracketEnd(pattern, i)
			if end < 0 {
				b.WriteString(`\[`)
				continue
			}
			b.WriteString(strings.ReplaceAll(pattern[i:end], `\`, `\\`))
			i = end - 1
		case c == '\\' && i+1 < len(pattern):
			i++
			switch next := pattern[i]; {
			case strings.IndexByte("(){}|+?", next) >= 0 && !extended:
				b.WriteByte(next)
			case next == '<' || next == '>':
				b.WriteString(`\b`)
			case strings.IndexByte("nstwWSbBd", next) >= 0 || strings.IndexByte(`\.+*?()|[]{}^$/`, next) >= 0:
				b.WriteByte('\\')
				b.WriteByte(next)
			default:
				b.WriteString(regexp.QuoteMeta(string(next)))
			}
		case !extended && strings.IndexByte("(){}|+?", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '*' && (i == 0 || !extended && pattern[i-1] == '^'):
			b.WriteString(`\*`)
		case c == '{' && extended && (i+1 == len(pattern) || pattern[i+1] < '0' || pattern[i+1] > '9'):
			b.WriteString(`\{`)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// bracketEnd returns where the bracket expression at i ends.
func bracketEnd(s string, i int) int {
	j := i + 1
	if j < len(s) && s[j] == '^' {
		j++
	}
	if j < len(s) && s[j] == ']' {
		j++
	}
	for j < len(s) {
		if strings.HasPrefix(s[j:], "[:") {
			if n := strings.Index(s[j:], ":]"); n >= 0 {
				j += n + 2
				continue
			}
		}
		if s[j] == ']' {
			return j + 1
		}
		j++
	}
	return -1
}

// grep prints the lines that match; status 1 says that there was none.
func grep(_ context.Context, c *Call) error {
	set, operands, err := c.flags("EFPqvicnohHwxrRls", "eAB", map[string]byte{
		"quiet": 'q', "silent": 'q', "invert-match": 'v', "ignore-case": 'i', "count": 'c', "only-matching": 'o',
		"extended-regexp": 'E', "fixed-strings": 'F', "perl-regexp": 'P', "regexp": 'e', "word-regexp": 'w', "line-regexp": 'x', "color": 's'})
	if err != nil {
		return err
	}
	for _, letter := range []byte("rRAB") {
		if has(set, letter) {
			return c.unknown("-" + string(letter))
		}
	}
	pattern, ok := set['e']
	if !ok {
		if len(operands) == 0 {
			return c.failf(2, "missing pattern")
		}
		pattern, operands = operands[0], operands[1:]
	}
	switch {
	case has(set, 'F') || c.Args[0] == "fgrep":
		pattern = regexp.QuoteMeta(pattern)
	case !has(set, 'P'):
		pattern = posix(pattern, has(set, 'E') || c.Args[0] == "egrep")
	}
	if has(set, 'w') {
		pattern = `\b(?:` + pattern + `)\b`
	}
	if has(set, 'x') {
		pattern = `^(?:` + pattern + `)$`
	}
	if has(set, 'i') {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return c.failf(2, "the stand-in cannot read the pattern: %v", err)
	}
	names := operands
	if len(names) == 0 {
		names = []string{"-"}
	}
	found := false
	for _, name := range names {
		data, err := c.input(name)
		if err != nil {
			c.fail(err)
			return ExitStatus(2)
		}
		prefix := ""
		if len(names) > 1 && !has(set, 'h') || has(set, 'H') {
			prefix = name + ":"
		}
		if c.grep(re, lines(data), set, name, prefix) {
			found = true
		}
	}
	if !found {
		return ExitStatus(1)
	}
	return nil
}

func (c *Call) grep(re *regexp.Regexp, list []string, set map[byte]string, name, prefix string) bool {
	n := 0
	for i, line := range list {
		if re.MatchString(line) == has(set, 'v') {
			continue
		}
		n++
		at := prefix
		if has(set, 'n') {
			at += strconv.Itoa(i+1) + ":"
		}
		switch {
		case has(set, 'q'), has(set, 'c'), has(set, 'l'):
		case has(set, 'o'):
			for _, match := range re.FindAllString(line, -1) {
				c.printf("%s%s\n", at, match)
			}
		default:
			c.printf("%s%s\n", at, line)
		}
	}
	switch {
	case has(set, 'q'):
	case has(set, 'l') && n > 0:
		c.printf("%s\n", name)
	case has(set, 'c'):
		c.printf("%s%d\n", prefix, n)
	}
	return n > 0
}
