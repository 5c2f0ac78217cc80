package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

const applyLong = `Makes an AWS account hold what the files say: plans it, shows the plan, asks, and does it step by
step: stacks, the task definition, the service, the pipeline; on a first run it waits until the
pipeline has delivered, and gives the service its tasks.

` + applied + `

What fails or is interrupted is completed by running it again. What would lose data, or take a
stack down, is done only when a flag allows it. On a terminal what happens is shown on standard
error in a few lines that change, and elsewhere in a line for each event.

With --demo it does all that in an AWS in memory, which is gone afterwards: no account is needed.

The exit status is 0 when it is done or there is nothing to do, 1 when a step has failed, would
fail or is not allowed, and 2 when it could not run: no credentials, nobody who agrees.`

func (p *program) applyCommand() *cobra.Command {
	f := newApplyFlags()
	f.streams = true
	cmd := &cobra.Command{
		Use:   "apply [" + p.argument() + "]",
		Short: "Make AWS what the files say",
		Long:  applyLong,
		Example: "  " + p.name + " apply --demo\n  " + p.name + " apply --profile staging --account 123456789012\n  " +
			p.name + " apply deploy --yes --format json\n  " + p.name + " apply --plan 0c1d2e3f4a5b --wait source=2h",
		ValidArgsFunction: p.completeDeliveries,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.apply(cmd, args, f) },
	}
	f.general(cmd)
	f.shaping(cmd)
	f.waiting(cmd)
	f.permitting(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	flags.StringVar(&f.agree, "plan", "", "do not ask, if the plan is the one of this `DIGEST`, and refuse any other one")
	flags.BoolVar(&f.demo, "demo", false, "do it in an AWS in memory: without an account, and without PATH with an example")
	return cmd
}

// permitting adds the flags that allow what is done only when it was asked for.
func (f *applyFlags) permitting(cmd *cobra.Command) {
	flags, allow := cmd.Flags(), &f.options.Allow
	flags.BoolVar(&allow.DataLoss, "allow-data-loss", false, "replace or delete also what holds data, or what others stand on")
	flags.BoolVar(&allow.ImageRollback, "allow-image-rollback", false, "let a stack put back the image of its template")
	flags.BoolVar(&allow.ReplaceFailed, "replace-failed", false, "delete a stack whose creation has failed, and create it anew")
	flags.BoolVar(&allow.ContinueRollback, "continue-rollback", false, "go on with the roll back of a stack that is stuck in it")
	flags.StringSliceVar(&allow.SkipResources, "skip-resource", nil, "pass over the resource of this logical `ID` in that roll back; may be repeated")
}

// apply runs the command.
func (p *program) apply(cmd *cobra.Command, args []string, f *applyFlags) error {
	if err := f.checkApply(cmd); err != nil {
		return err
	}
	s, end, err := p.session(cmd, args, f)
	if err != nil {
		return err
	}
	defer end()
	ctx := cmd.Context()
	if err := s.makePlans(ctx); err != nil {
		s.discard(ctx)
		return s.report(ctx, err)
	}
	s.announce(func(i *item) (string, []byte, error) {
		data, err := i.plan.JSON()
		return i.plan.String(), data, err
	})
	changes, _ := s.verdict()
	if err := s.agreed(ctx, changes); err != nil {
		s.discard(ctx)
		return s.report(ctx, err)
	}
	if changes {
		err = s.do(ctx, "applied", func(ctx context.Context, a *apply.Applier, i *item) error { return a.Apply(ctx, i.plan) })
	} else {
		s.discard(ctx)
		s.done("")
	}
	if s.demo != nil && s.stream == nil && err == nil {
		p.farewell(args)
	}
	return err
}

// checkApply refuses flags that do not go together.
func (f *applyFlags) checkApply(cmd *cobra.Command) error {
	if len(f.options.Allow.SkipResources) > 0 && !f.options.Allow.ContinueRollback {
		return usagef(cmd, "--skip-resource is for --continue-rollback")
	}
	if !f.demo {
		return nil
	}
	for _, name := range []string{"profile", "role-arn", "external-id", "endpoint-url", "account"} {
		if cmd.Flags().Changed(name) {
			return usagef(cmd, "--demo calls nobody: leave --%s out", name)
		}
	}
	return nil
}

// agreed makes sure that the plans may be applied and that somebody wants it. Changes
// says whether there is anything to do.
func (s *session) agreed(ctx context.Context, changes bool) error {
	s.working = true // what is refused here is found in the delivery
	if s.flags.agree != "" {
		if got := s.digest(); got != s.flags.agree {
			return &apply.Error{
				Message: fmt.Sprintf("the plan is %s now, and %s was agreed to: something has changed since", got, s.flags.agree),
				Remedy:  "read the plan above; if it is what you want: " + s.name + " apply --plan " + got, Err: apply.ErrStale,
			}
		}
	}
	if !changes {
		return nil
	}
	var errs []error
	for _, i := range s.items {
		i.err = s.applier.Permits(i.plan)
		errs = append(errs, i.err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.working = false
	if s.flags.yes || s.flags.agree != "" || s.demo != nil {
		return nil
	}
	t := s.items[0].plan.Target
	question := fmt.Sprintf("Apply this in account %s, region %s? [y/N] ", t.Account, t.Region)
	if n := len(s.items); n > 1 {
		question = fmt.Sprintf("Apply this to %d services in account %s, region %s? [y/N] ", n, t.Account, t.Region)
	}
	answer, err := s.question(ctx, question, "--yes, or with --plan "+s.digest())
	switch strings.ToLower(answer) {
	case "y", "yes":
		return err
	}
	if err == nil {
		err = errors.New("nothing is applied")
	}
	return err
}

// question asks, where there is somebody to ask who sees what it is about. Otherwise it
// says with which flags nobody is asked.
func (s *session) question(ctx context.Context, question, flags string) (string, error) {
	if s.stream != nil || !s.canAsk() || !isTerminal(s.stdout.w) {
		return "", &apply.Error{Message: "there is nobody to ask: this is no terminal", Remedy: "agree with " + flags}
	}
	return s.ask(ctx, "\n"+question)
}

// announce shows the plans of all items.
func (s *session) announce(value func(*item) (string, []byte, error)) {
	for n, i := range s.items {
		text, data, err := value(i)
		if s.stream == nil {
			s.showText(n, i, text)
			continue
		}
		s.stream.write("plan", i.label, map[string]any{"plan": raw(data, err)})
	}
}

// do does what was planned, and says so when it is done.
func (s *session) do(ctx context.Context, done string, do func(context.Context, *apply.Applier, *item) error) error {
	s.working = true
	s.view.gap()
	begin := s.now()
	err := s.run(ctx, "", "what AWS has begun goes on there (a second interrupt ends this program at once)", do)
	if err != nil {
		return s.report(ctx, err)
	}
	s.done(done + " in " + short(s.now().Sub(begin)))
	return nil
}

// done says that a command has done its work.
func (s *session) done(text string) {
	switch {
	case s.stream != nil:
		s.stream.write("done", "", nil)
	case text != "":
		fmt.Fprintln(s.stdout, s.paint(s.flags.colours).sgr("1;32", text))
	}
}
