package shell

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

const (
	maxCommand = 64 << 10 // length of a command that is read, in bytes
	maxNesting = 200      // brackets and keywords that are open at one place
)

var (
	errLong = errors.New("too long to be read")
	errDeep = errors.New("too deeply nested to be read")
)

// Parse returns the statements of a command: of one for bash when that is asked
// for, else of one for a POSIX shell and, when it is none, of one for bash. What is
// too long or too deeply nested to be read safely is an error, too.
func Parse(text string, bash bool) ([]*syntax.Stmt, error) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	stmts, _, err := p.parse(text, bash)
	return stmts, err
}

// parsers are used again: making one costs as much as a short command.
var parsers = sync.Pool{New: func() any { return new(parser) }}

// A parser reads commands. It is made when the first one comes.
type parser struct {
	posix, bash *syntax.Parser
	reader      strings.Reader
}

// parse reads a command: as one for bash when that is asked for, else as one for a
// POSIX shell and, when it is none, for bash, which often is /bin/sh.
func (p *parser) parse(text string, bash bool) (stmts []*syntax.Stmt, isBash bool, err error) {
	if len(text) > maxCommand {
		return nil, bash, errLong
	}
	if isDeep(text) {
		return nil, bash, errDeep
	}
	if !bash {
		if p.posix == nil {
			p.posix = syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
		}
		p.reader.Reset(text)
		if f, err := p.posix.Parse(io.Reader(&p.reader), ""); err == nil {
			return f.Stmts, false, nil
		}
	}
	if p.bash == nil {
		p.bash = syntax.NewParser(syntax.Variant(syntax.LangBash))
	}
	p.reader.Reset(text)
	f, err := p.bash.Parse(io.Reader(&p.reader), "")
	if err != nil {
		return nil, true, err
	}
	return f.Stmts, true, nil
}

// isDeep reports whether a command may nest more deeply than is safe to read. It
// counts brackets wherever they stand, and so may err on the safe side.
func isDeep(text string) bool {
	depth, quotes, words := 0, 0, 0
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) {
			switch text[i] {
			case '(', '{', '[':
				depth++
			case ')', '}', ']':
				depth = max(depth-1, 0)
			case '`':
				quotes++
			}
			if c := text[i]; 'a' <= c && c <= 'z' {
				continue
			}
		}
		switch text[start:i] {
		case "if", "while", "until", "for", "case", "select", "time", "coproc", "function":
			words++
		case "fi", "done", "esac":
			words = max(words-1, 0)
		}
		start = i + 1
		if depth+words > maxNesting {
			return true
		}
	}
	return quotes > 20*maxNesting
}

// syntaxError returns where and why a command could not be parsed.
func syntaxError(err error) (offset int, message string, isSyntax bool) {
	var parse syntax.ParseError
	var lang syntax.LangError
	switch {
	case errors.As(err, &parse):
		return int(parse.Pos.Offset()), parse.Text, true
	case errors.As(err, &lang):
		return int(lang.Pos.Offset()), "not in the language of the shell", true
	}
	return 0, err.Error(), false
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}
