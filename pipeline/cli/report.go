package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// A report is what a command found, as it is to be shown.
type report struct {
	problems slipway.Problems // sorted
	counts   [3]int           // by severity
	files    int              // that were checked
	ignored  int              // problems that are not shown because files say so
	rules    rules
	sources  sources
}

// rules are all rules by name, which are gathered when they are first asked for.
type rules func() map[string]slipway.Rule

// A format writes a report.
type format interface {
	write(w io.Writer, r *report) error
}

func (r *report) count() {
	for _, p := range r.problems {
		r.counts[min(p.Severity, slipway.Info)]++
	}
}

// summary returns "3 errors, 1 warning in 12 files".
func (r *report) summary() string {
	var parts []string
	for s, name := range [...]string{"error", "warning", "info"} {
		if n := r.counts[s]; n > 0 {
			parts = append(parts, countOf(n, name, name+"s"))
		}
	}
	found := strings.Join(parts, ", ")
	if found == "" {
		found = "no problems"
	}
	if r.files == 0 && len(r.problems) == 0 {
		return "no files of a delivery found: nothing to check"
	}
	found += " in " + countOf(r.files, "file", "files")
	if r.ignored > 0 {
		found += fmt.Sprintf(" (%d ignored)", r.ignored)
	}
	return found
}

// A textFormat shows problems to people: the line with a caret under the place, and
// the other places that take part.
type textFormat struct {
	paint palette
	quiet bool // no summary
}

func (f *textFormat) write(w io.Writer, r *report) error {
	var b strings.Builder
	for _, p := range r.problems {
		f.problem(&b, p, r.sources)
	}
	if !f.quiet && (r.files > 0 || len(r.problems) == 0) {
		b.WriteString(r.summary() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// problem writes one problem with all its places.
func (f *textFormat) problem(b *strings.Builder, p *slipway.Problem, s sources) {
	if at := place(p.File, p.Pos); at != "" {
		b.WriteString(f.paint.bold(at+":") + " ")
	}
	b.WriteString(f.paint.severity(p.Severity) + ": ")
	b.WriteString(escape(withPath(p)))
	if p.Rule != "" {
		b.WriteString(" " + f.paint.dim("("+escape(p.Rule)+")"))
	}
	b.WriteByte('\n')
	f.source(b, p.File, p.Pos, s)
	for _, r := range p.Related {
		b.WriteString("  note: ")
		if at := place(r.File, r.Pos); at != "" {
			b.WriteString(f.paint.bold(at+":") + " ")
		}
		b.WriteString(escape(relatedText(r)) + "\n")
		f.source(b, r.File, r.Pos, s)
	}
}

// withPath returns the message with the path of the value that it is about.
func withPath(p *slipway.Problem) string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// relatedText returns what stands at a place.
func relatedText(r slipway.Place) string {
	switch {
	case r.Message == "":
		return r.Path
	case r.Path == "":
		return r.Message
	}
	return r.Path + ": " + r.Message
}

// source writes the line of a place with a caret, if it is known.
func (f *textFormat) source(b *strings.Builder, file string, pos slipway.Position, s sources) {
	line, ok := s.line(file, pos.Line)
	if !ok {
		return
	}
	shown, carets := snippet(line, pos.Column)
	fmt.Fprintf(b, "%s %s\n", f.paint.dim(fmt.Sprintf("%5d |", pos.Line)), shown)
	if carets != "" {
		fmt.Fprintf(b, "%s %s\n", f.paint.dim("      |"), f.paint.caret(carets))
	}
}

// place returns file:line:column, as far as it is known.
func place(file string, pos slipway.Position) string {
	file = escape(file)
	switch {
	case !pos.IsValid():
		return file
	case pos.Column == 0:
		return fmt.Sprintf("%s:%d", file, pos.Line)
	}
	return file + ":" + pos.String()
}

// countOf returns "1 file is" or "3 files are".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
