package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

const statusLong = `Shows what stands of a delivery: its stacks with their outputs, what its services run, the last
executions of its pipeline with the reason of a failure, and where the files and AWS differ.

` + applied + `

Nothing is written, and nothing that is in progress is waited for.

The exit status is 0 when that could be found out, whatever it is, and 2 when it could not.`

func (p *program) statusCommand() *cobra.Command {
	f := newApplyFlags()
	cmd := &cobra.Command{
		Use:               "status [" + p.argument() + "]",
		Short:             "Show what stands, and what runs",
		Long:              statusLong,
		Example:           "  " + p.name + " status\n  " + p.name + " status deploy --format json",
		ValidArgsFunction: p.completeDeliveries,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.status(cmd, args, f) },
	}
	f.general(cmd)
	f.shaping(cmd)
	return cmd
}

// status runs the command.
func (p *program) status(cmd *cobra.Command, args []string, f *applyFlags) error {
	s, end, err := p.session(cmd, args, f)
	if err != nil {
		return err
	}
	defer end()
	ctx := cmd.Context()
	err = s.run(ctx, "looking", "nothing was written", func(ctx context.Context, a *apply.Applier, i *item) (err error) {
		i.status, err = a.Status(ctx, i.b)
		return err
	})
	switch {
	case err != nil:
		return s.report(ctx, err)
	case f.format == "json":
		return s.showJSON("status", func(i *item) ([]byte, error) { return i.status.JSON() }, func(*jsonDeliveries) {})
	}
	for n, i := range s.items {
		s.showText(n, i, i.status.String())
	}
	return nil
}
