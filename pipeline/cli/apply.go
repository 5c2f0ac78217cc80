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

` + exits

func (p *program) applyCommand() *cobra.Command {
	f := newApplyFlags()
	f.streams = true
	cmd := p.deliveryCommand(f, &cobra.Command{
		Use:   "apply",
		Short: "Make AWS what the files say",
		Long:  applyLong,
		Example: "  " + p.name + " apply --demo\n  " + p.name + " apply --profile staging --account 123456789012\n  " +
			p.name + " apply deploy --yes --format json\n  " + p.name + " apply --plan 0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f --wait source=2h",
	}, p.apply)
	f.permitting(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	flags.StringVar(&f.agree, "plan", "", "do not ask if the plan is the one of this `DIGEST`, and refuse any other one")
	flags.BoolVar(&f.demo, "demo", false, p.demoUsage())
	return cmd
}

func (p *program) demoUsage() string {
	const usage = "show it in an AWS in memory: nothing is called"
	if len(p.services) > 0 {
		return usage
	}
	return usage + "; without PATH an example is applied"
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

// apply does the command.
func (p *program) apply(ctx context.Context, s *session) error {
	defer s.discard(ctx)
	if err := s.makePlans(ctx); err != nil {
		return err
	}
	s.announce(func(i *item) (string, []byte, error) {
		data, err := i.plan.JSON()
		return i.plan.String(), data, err
	})
	s.noteCount()
	if changes, _ := s.verdict(); !changes {
		s.done("")
		return nil
	}
	if err := s.agreed(ctx); err != nil {
		return err
	}
	err := s.do(ctx, "applied", func(ctx context.Context, a *apply.Applier, i *item) error { return a.Apply(ctx, i.plan) })
	if s.demo != nil && s.stream == nil && err == nil {
		s.farewell()
	}
	return err
}

// agreed makes sure that the plans may be applied and that somebody wants it.
func (s *session) agreed(ctx context.Context) error {
	if got := s.digest(); s.flags.agree != "" && got != s.flags.agree {
		return &apply.Error{
			Message: fmt.Sprintf("the plan is %s now, and %s was agreed to: something has changed since", got, s.flags.agree),
			Remedy:  "read the plan above; if it is what you want: " + s.applyLine(), Err: apply.ErrStale,
		}
	}
	if err := s.permitted(func(i *item) error { return i.applier.Permits(i.plan) }); err != nil {
		return err
	}
	t := s.items[0].plan.Target
	what := "this"
	if n := len(s.items); n > 1 {
		what = fmt.Sprintf("this to %d services", n)
	}
	question := fmt.Sprintf("Apply %s in account %s, region %s? [y/N] ", what, t.Account, t.Region)
	switch {
	case s.demo != nil:
		return s.demo.agrees(ctx, question)
	case s.flags.yes, s.flags.agree != "":
		return nil
	}
	answer, err := s.question(ctx, question, "--yes, or with --plan "+s.digest())
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return nil
	}
	return &coded{errors.New("nothing is applied"), codeDeclined}
}

// question asks, where there is somebody to ask who sees what it is about. Otherwise it
// says with which flags nobody is asked.
func (s *session) question(ctx context.Context, question, flags string) (string, error) {
	why := ""
	switch {
	case s.stream != nil:
		why = "--format json is for a program"
	case !isTerminal(s.stdin):
		why = "standard input is no terminal"
	case !isTerminal(s.stdout.w):
		why = "standard output, with what the question is about, is no terminal"
	case !isTerminal(s.stderr):
		why = "standard error is no terminal"
	default:
		return s.ask(ctx, "\n"+question)
	}
	return "", &apply.Error{Message: errUnasked.Error() + ": " + why, Remedy: "agree with " + flags, Err: errUnasked}
}

// announce shows the plans of all items.
func (s *session) announce(value func(*item) (string, []byte, error)) {
	for n, i := range s.items {
		text, data, err := value(i)
		if s.stream == nil {
			s.showText(n, i, text)
			continue
		}
		members := map[string]any{"plan": raw(data, err)}
		if s.demo != nil {
			members["demo"] = true
		}
		s.stream.write("plan", i.label, members)
	}
}

// do does what was planned, and says so when it is done.
func (s *session) do(ctx context.Context, done string, do func(context.Context, *apply.Applier, *item) error) error {
	s.working = true
	s.view.gap()
	begin := s.now()
	why := "what AWS has begun goes on there"
	if s.demo != nil {
		why = "nothing is left of the demonstration"
	}
	if err := s.run(ctx, "", why, do); err != nil {
		return err
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
