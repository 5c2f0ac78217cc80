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

` + exits + ` What stands there, and how it is, is no failure.`

func (p *program) statusCommand() *cobra.Command {
	f := newApplyFlags()
	f.lenient = true
	cmd := p.deliveryCommand(f, &cobra.Command{
		Use:     "status",
		Short:   "Show what stands, and what runs",
		Long:    statusLong,
		Example: "  " + p.name + " status\n  " + p.name + " status deploy --format json",
	}, p.status)
	hide(cmd, "stack-role", "template-bucket", "wait")
	return cmd
}

// status does the command.
func (p *program) status(ctx context.Context, s *session) error {
	err := s.run(ctx, "looking", "nothing was written", func(ctx context.Context, a *apply.Applier, i *item) (err error) {
		i.status, err = a.Status(ctx, i.b)
		return err
	})
	switch {
	case err != nil:
		return err
	case s.flags.format == "json":
		return s.showJSON("status", "", func(i *item) ([]byte, error) { return i.status.JSON() })
	}
	for n, i := range s.items {
		s.showText(n, i, i.status.String())
	}
	return nil
}
