package cli

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/seed-b1f00840/slipway"
)

// The values of --color.
const (
	colourAuto   = choice("auto")
	colourAlways = choice("always")
	colourNever  = choice("never")
)

// A palette colours text for a terminal, or does nothing.
type palette bool

// paint decides whether standard output is coloured: by the flag, or when it is a
// terminal that can and the user has not said NO_COLOR (https://no-color.org).
func (p *program) paint(c choice) palette { return paintOn(p.stdout.w, c) }

// paintOn decides the same for another stream.
func paintOn(w io.Writer, c choice) palette {
	switch c {
	case colourAlways:
		return true
	case colourNever:
		return false
	}
	file, ok := w.(*os.File)
	return palette(ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd())))
}

func (on palette) sgr(code, s string) string {
	if !on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (on palette) bold(s string) string { return on.sgr("1", s) }

func (on palette) dim(s string) string { return on.sgr("2", s) }

func (on palette) caret(s string) string { return on.sgr("1;32", s) }

func (on palette) severity(s slipway.Severity) string {
	return on.sgr([...]string{"1;31", "1;33", "1;36"}[min(s, slipway.Info)], s.String())
}

// diff colours a line of a unified diff.
func (on palette) diff(line string) string {
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		return on.bold(line)
	case strings.HasPrefix(line, "+"):
		return on.sgr("32", line)
	case strings.HasPrefix(line, "-"):
		return on.sgr("31", line)
	case strings.HasPrefix(line, "@@"):
		return on.sgr("36", line)
	}
	return line
}
