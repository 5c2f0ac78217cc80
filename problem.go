package slipway

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Severity says how bad a [Problem] is. The zero value is [Error].
type Severity uint8

const (
	// Error marks what AWS would refuse or what must fail at run time.
	Error Severity = iota
	// Warning marks what is likely or unwise, or where the sources disagree.
	Warning
	// Info marks what a reader may want to know and need not act on.
	Info
)

// String returns "error", "warning" or "info".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// MarshalText returns what [Severity.String] returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts "error", "warning" and "info".
func (s *Severity) UnmarshalText(text []byte) error {
	for v := Error; v <= Info; v++ {
		if v.String() == string(text) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: use error, warning or info", text)
}

// Position is a place in a text file. The zero value means that it is unknown,
// as it is for a value that was built in Go.
type Position struct {
	Line   int // line in the file, starting at 1; 0 is unknown
	Column int // column in characters (not bytes), starting at 1; 0 is unknown
}

// IsValid reports whether the position is known.
func (p Position) IsValid() bool { return p.Line > 0 }

// Compare orders positions by line, then by column; unknown ones come first.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// String returns "line:column", or "-" when the position is unknown.
func (p Position) String() string {
	if !p.IsValid() {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// A Rule is one thing that slipway checks.
type Rule struct {
	Name     string   // "taskdef/fargate-size": the model, a slash, the topic
	Doc      string   // one sentence: what must hold
	Source   string   // URL of the text that says so; empty where it is common sense
	Severity Severity // of its problems, where the problem does not say otherwise
}

// A Problem is one finding. It is an error, and unwraps to its cause.
type Problem struct {
	File     string   // the artifact's file name; empty when there is none
	Pos      Position // where in File; the zero value is unknown
	Path     string   // where in the value: containerDefinitions[0].name; empty is the whole
	Message  string   // what was found and what is allowed; lower case, no full stop
	Rule     string   // the [Rule.Name] that found it; empty when it is none's
	Severity Severity // the zero value is [Error]
	Related  []Place  // other places that take part, such as the other file of two that disagree
	Err      error    // the cause; nil when there is none
}

// A Place is where something stands that takes part in a [Problem].
type Place struct {
	File    string
	Pos     Position
	Path    string
	Message string // what stands there
}

// Error returns "file:line:column: path: message (rule)", without the parts
// that are unknown.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		b.WriteByte(':')
	}
	if p.Pos.IsValid() {
		b.WriteString(p.Pos.String())
		b.WriteByte(':')
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if p.Severity != Error {
		b.WriteString(p.Severity.String())
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Rule != "" {
		b.WriteString(" (")
		b.WriteString(p.Rule)
		b.WriteByte(')')
	}
	return b.String()
}

// Unwrap returns the cause, or nil.
func (p *Problem) Unwrap() error { return p.Err }

func (p *Problem) compare(q *Problem) int {
	return cmp.Or(
		cmp.Compare(p.File, q.File),
		p.Pos.Compare(q.Pos),
		cmp.Compare(p.Path, q.Path),
		cmp.Compare(p.Severity, q.Severity),
		cmp.Compare(p.Rule, q.Rule),
		cmp.Compare(p.Message, q.Message),
	)
}

// Problems is a list of findings. It is an error whose members [errors.As] and
// [errors.Is] reach. Return [Problems.Err], never a bare Problems, as an error:
// an empty list must be a nil error.
type Problems []*Problem

// Error returns one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the members.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Err returns the list as an error, or nil when it is empty.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Errors returns the problems of severity [Error], in their order.
func (ps Problems) Errors() Problems {
	var errs Problems
	for _, p := range ps {
		if p.Severity == Error {
			errs = append(errs, p)
		}
	}
	return errs
}

// Sorted returns the problems by file, position, path, severity and rule, each
// once. It does not change the receiver.
func (ps Problems) Sorted() Problems {
	if len(ps) == 0 {
		return nil
	}
	out := slices.Clone(ps)
	slices.SortStableFunc(out, (*Problem).compare)
	return slices.CompactFunc(out, func(a, b *Problem) bool { return a.compare(b) == 0 })
}

// Path joins keys (string) and indexes (int) to the path of a value:
// Path("containerDefinitions", 0, "name") is containerDefinitions[0].name. A key
// that is not a plain name is quoted: dockerLabels["com.example"]. An element of
// another type is a programmer's error and panics.
func Path(elem ...any) string {
	var b []byte
	for _, e := range elem {
		switch e := e.(type) {
		case string:
			b = appendKey(b, e)
		case int:
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(e), 10)
			b = append(b, ']')
		default:
			panic(fmt.Sprintf("slipway.Path: element of type %T", e))
		}
	}
	return string(b)
}

func appendKey(b []byte, key string) []byte {
	if !isName(key) {
		b = append(b, '[')
		b = strconv.AppendQuote(b, key)
		return append(b, ']')
	}
	if len(b) > 0 {
		b = append(b, '.')
	}
	return append(b, key...)
}

// isName reports whether a key can stand in a path unquoted: without a dot, a
// bracket, a quote, a blank or a control character.
func isName(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return r <= ' ' || r == '.' || r == '[' || r == ']' || r == '"' || r == 0x7f
	})
}

// SplitPath is the inverse of [Path]: it returns the keys and indexes of path.
// What is no path comes back as one key.
func SplitPath(path string) []any {
	var elems []any
	for rest := path; rest != ""; {
		switch {
		case rest[0] == '.' && len(elems) > 0:
			rest = rest[1:]
		case rest[0] == '[':
			elem, tail, ok := splitBracket(rest)
			if !ok {
				return []any{path}
			}
			elems, rest = append(elems, elem), tail
		default:
			n := strings.IndexAny(rest, ".[")
			if n < 0 {
				n = len(rest)
			}
			if n == 0 {
				return []any{path}
			}
			elems, rest = append(elems, rest[:n]), rest[n:]
		}
	}
	return elems
}

// splitBracket reads "[3]" or `["key"]` at the start of s.
func splitBracket(s string) (elem any, rest string, ok bool) {
	if quoted, err := strconv.QuotedPrefix(s[1:]); err == nil {
		rest, ok = strings.CutPrefix(s[1+len(quoted):], "]")
		key, err := strconv.Unquote(quoted)
		return key, rest, ok && err == nil
	}
	digits, rest, ok := strings.Cut(s[1:], "]")
	n, err := strconv.Atoi(digits)
	return n, rest, ok && err == nil && n >= 0
}
