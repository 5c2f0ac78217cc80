package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

func (p *program) checkCommand() *cobra.Command {
	return p.driftCommand(true, &cobra.Command{
		Use:   "check [NAME...]",
		Short: "Fail when files are not what the services render",
		Long: "Compares the files that are checked in with what the services render, for CI: shows a unified\n" +
			"diff and exits with status 1 when one is missing or differs. Changes nothing.\n\n" + where,
	})
}

func (p *program) diffCommand() *cobra.Command {
	return p.driftCommand(false, &cobra.Command{
		Use:   "diff [NAME...]",
		Short: "Show what write would change",
		Long: "Shows, as a unified diff, what write would change, and exits with status 0 whether it is\n" +
			"something or nothing (check is the command that fails). Changes nothing.\n\n" + where,
	})
}

// driftCommand completes the command that shows how files differ, and that fails
// when they do if it is to.
func (p *program) driftCommand(fail bool, cmd *cobra.Command) *cobra.Command {
	var dir string
	colours := colourAuto
	dirFlag(cmd, &dir)
	colourFlag(cmd, &colours)
	cmd.ValidArgsFunction = p.completeServices
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		files, err := p.render(cmd, names)
		if err != nil {
			return err
		}
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			return usagef(cmd, "--dir %s: is not a directory", dir)
		}
		changes, err := files.Compare(os.DirFS(dir))
		if err != nil {
			return err
		}
		differ := p.showDrift(changes, p.paint(colours))
		if differ > 0 && fail {
			p.note("%s not what the program renders; run '%s write' and check the files in", countOf(differ, "file is", "files are"), p.name)
			return errFound
		}
		if fail {
			fmt.Fprintf(p.stdout, "%s as the program renders\n", countOf(len(changes), "file is", "files are"))
		}
		return nil
	}
	return cmd
}

// showDrift prints the diffs and returns how many files differ.
func (p *program) showDrift(changes []bundle.Change, paint palette) (differ int) {
	var b strings.Builder
	for _, c := range changes {
		if c.State == bundle.Unchanged {
			continue
		}
		differ++
		for line := range strings.Lines(c.Diff) {
			b.WriteString(paint.diff(escapeKeepingTabs(strings.TrimSuffix(line, "\n"))))
			b.WriteByte('\n')
		}
	}
	fmt.Fprint(p.stdout, b.String())
	return differ
}

// escapeKeepingTabs escapes a line of a diff, which must stay one that can be applied.
func escapeKeepingTabs(line string) string {
	parts := strings.Split(line, "\t")
	for i := range parts {
		parts[i] = escape(parts[i])
	}
	return strings.Join(parts, "\t")
}
