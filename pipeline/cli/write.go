package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

func (p *program) writeCommand() *cobra.Command {
	var dir string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "write [NAME...]",
		Short: "Write the files of the services",
		Long: "Writes the files of the services, and says of each whether it was created, updated or unchanged.\n" +
			"Nothing is written when one of the services is wrong; a file that is equal is not touched.\n\n" + where,
		ValidArgsFunction: p.completeServices,
		RunE: func(cmd *cobra.Command, names []string) error {
			files, err := p.render(cmd, names)
			if err != nil {
				return err
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			changes, err := files.Write(dir)
			if err != nil {
				return err
			}
			for _, c := range changes {
				if !quiet || c.State != bundle.Unchanged {
					fmt.Fprintf(p.stdout, "%-9s %s\n", c.State, escape(display(dir, c.Path)))
				}
			}
			return nil
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "pass over files that are unchanged")
	return cmd
}

// dirFlag adds --dir.
func dirFlag(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVar(dir, "dir", ".", "the `DIR`ectory of the files")
	_ = cmd.MarkFlagDirname("dir")
}
