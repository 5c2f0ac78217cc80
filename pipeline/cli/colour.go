package cli

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/seed-b1f00840/slipway"
)

// The values of --color.
const (
	colourAuto   = choice("auto")
	colourAlways = choice("always")
	colourNever  = choice("never")
)

// A choice is a flag with a few values. It is a [pflag.Value] with those of allow.
type choice string

// choiceFlag adds a flag that takes one of the values.
func choiceFlag(cmd *cobra.Command, c *choice, name, usage string, values ...string) {
	cmd.Flags().Var(&choiceValue{c, values}, name, usage+": "+strings.Join(values, ", "))
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func colourFlag(cmd *cobra.Command, c *choice) {
	choiceFlag(cmd, c, "color", "colour the output", string(colourAuto), string(colourAlways), string(colourNever))
}

type choiceValue struct {
	choice *choice
	values []string
}

func (v *choiceValue) String() string { return string(*v.choice) }

func (v *choiceValue) Type() string { return "string" }

func (v *choiceValue) Set(s string) error {
	if !slices.Contains(v.values, s) {
		return fmt.Errorf("use %s%s", strings.Join(v.values, ", "), didYouMean(s, v.values))
	}
	*v.choice = choice(s)
	return nil
}

// A palette colours text for a terminal, or does nothing.
type palette bool

// paint decides whether standard output is coloured: by the flag, or when it is a
// terminal that can and the user has not said NO_COLOR (https://no-color.org).
func (p *program) paint(c choice) palette {
	switch c {
	case colourAlways:
		return true
	case colourNever:
		return false
	}
	file, ok := p.stdout.w.(*os.File)
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

// countOf returns "1 file is" or "3 files are".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
