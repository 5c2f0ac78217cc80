package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// githubFormat writes the commands of GitHub's workflows, which show a problem beside
// its line.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
type githubFormat struct {
	quiet bool // no summary
}

func (f githubFormat) write(w io.Writer, r *report) error {
	var b strings.Builder
	for _, p := range r.problems {
		var props []string
		add := func(key, value string) {
			if value != "" {
				props = append(props, key+"="+githubProperty(value))
			}
		}
		add("file", p.File)
		add("line", known(p.Pos.Line))
		add("col", known(p.Pos.Column))
		add("title", p.Rule)
		message := withPath(p)
		for _, at := range p.Related {
			message += "\nnote: " + place(at.File, at.Pos) + ": " + relatedText(at)
		}
		command := [...]string{"error", "warning", "notice"}[min(p.Severity, slipway.Info)]
		fmt.Fprintf(&b, "::%s %s::%s\n", command, strings.Join(props, ","), githubData(message))
	}
	if !f.quiet {
		b.WriteString(r.summary() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// known returns a line or a column, or nothing when it is unknown.
func known(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// githubData spells the text of a command. Its lines stay; all else that a terminal
// would act on is escaped.
func githubData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(escapeLines(s))
}

// githubProperty spells the value of a property of a command.
func githubProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(escape(s))
}
