package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

const planLong = `Shows what has to happen so that an AWS account holds what the files say: what is created, updated,
replaced or deleted, why, and what would be lost with it.

` + applied + `

Nothing that stands is changed. What CloudFormation needs to answer (change sets, the records of
stacks that do not exist yet) is removed again; with --read-only it is not even written, and
differences are computed here.

` + exits + ` With --check it is 1
too when there is anything to do.`

func (p *program) planCommand() *cobra.Command {
	f := newApplyFlags()
	cmd := p.deliveryCommand(f, &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would do",
		Long:  planLong,
		Example: "  " + p.name + " plan\n  " + p.name + " plan deploy --profile staging --account 123456789012\n  " +
			p.name + " plan --check --read-only",
	}, p.plan)
	cmd.Flags().BoolVar(&f.options.ReadOnly, "read-only", false, "write nothing, not even a change set")
	cmd.Flags().BoolVar(&f.check, "check", false, "exit with status 1 when there is something to do, for CI")
	return cmd
}

// plan does the command.
func (p *program) plan(ctx context.Context, s *session) error {
	defer s.discard(ctx)
	if err := s.makePlans(ctx); err != nil {
		return err
	}
	if err := s.showPlans(); err != nil {
		return err
	}
	s.noteCount()
	changes, blocked := s.verdict()
	if changes && !blocked && s.flags.format == "text" && !s.flags.options.ReadOnly {
		fmt.Fprintln(s.stdout, s.paint(s.flags.colours).dim("to apply exactly this: "+s.applyLine()))
	}
	if blocked || s.flags.check && s.isDue() {
		return errFound
	}
	return nil
}

// isDue reports whether there is anything to do but to await a deployment that somebody
// has begun.
func (s *session) isDue() bool {
	return slices.ContainsFunc(s.items, func(i *item) bool {
		return slices.ContainsFunc(i.plan.Steps, func(step *apply.Step) bool {
			return step.Action != apply.Nothing && (step.Action != apply.Await || step.Subject.Kind != apply.ServiceSubject)
		})
	})
}

// makePlans plans every item.
func (s *session) makePlans(ctx context.Context) error {
	title := "planning"
	if n := len(s.items); n > 1 {
		title = fmt.Sprintf("planning %d services", n)
	}
	why := "whatever was written for the plan is removed"
	if s.flags.options.ReadOnly {
		why = "nothing was written"
	}
	return s.run(ctx, title, why, func(ctx context.Context, a *apply.Applier, i *item) (err error) {
		i.plan, err = a.Plan(ctx, i.b)
		return err
	})
}

// discard removes what plans have written and nobody has used, also after an interrupt.
func (s *session) discard(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	s.view.show(&board{title: "removing what was written for the plan"})
	defer s.view.hide()
	_ = s.each(ctx, func(ctx context.Context, i *item) error {
		if i.plan == nil {
			return i.err
		}
		if err := i.applier.Discard(ctx, i.plan); err != nil {
			s.view.say("", "what was written for the plan is left, and nobody needs it:")
			s.showError(i.label, err)
		}
		return i.err
	})
}

// noteCount says why --count makes no difference, where it does not.
func (s *session) noteCount() {
	if s.stream != nil || s.flags.format != "text" || !s.cmd.Flags().Changed("count") {
		return
	}
	for _, i := range s.items {
		for _, step := range i.plan.Steps {
			if step.Subject.Kind == apply.CountSubject {
				return
			}
		}
	}
	s.note("--count is how many tasks a service gets after its first delivery: the number of one that runs is kept, whoever has set it")
}

// verdict reports whether there is anything to do, and whether any of it would fail.
func (s *session) verdict() (changes, blocked bool) {
	for _, i := range s.items {
		changes = changes || i.plan.HasChanges()
		for _, step := range i.plan.Steps {
			blocked = blocked || len(step.Blocked) > 0
		}
	}
	return changes, blocked
}

// digest names what all plans do: with one, it is that plan's.
func (s *session) digest() string {
	if len(s.items) == 1 {
		return s.items[0].plan.Digest()
	}
	h := sha256.New()
	for _, i := range s.items {
		fmt.Fprintf(h, "%s %s\n", i.name, i.plan.Digest())
	}
	return fmt.Sprintf("%x", h.Sum(nil))[:digestLength]
}

// showPlans prints the plans.
func (s *session) showPlans() error {
	if s.flags.format == "text" {
		for n, i := range s.items {
			s.showText(n, i, i.plan.String())
		}
		return nil
	}
	digest := ""
	if !s.flags.options.ReadOnly {
		digest = s.digest()
	}
	return s.showJSON("plan", digest, func(i *item) ([]byte, error) { return i.plan.JSON() })
}

// showText prints the text of an item, of which n were printed before, line by line.
func (s *session) showText(n int, i *item, text string) {
	paint := s.paint(s.flags.colours)
	var b strings.Builder
	if n > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(paint.bold(escape(i.prefix())))
	within := false // a step
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if within && line != "" && line[0] != ' ' {
			b.WriteByte('\n') // the summary stands by itself
		}
		within = strings.HasPrefix(line, " ")
		b.WriteString(paint.planLine(escape(line)) + "\n")
	}
	s.stdout.Write([]byte(b.String()))
}

// jsonDeliveries is what a program with several services writes.
type jsonDeliveries struct {
	Version    int                          `json:"version"` // 1
	Digest     string                       `json:"digest,omitempty"`
	Deliveries []map[string]json.RawMessage `json:"deliveries"` // name, and plan or status
}

// showJSON prints a value of each item: by itself, or all in a list in a program with
// several services.
func (s *session) showJSON(kind, digest string, value func(*item) ([]byte, error)) error {
	all := jsonDeliveries{Version: 1, Digest: digest}
	for _, i := range s.items {
		data, err := value(i)
		if err != nil {
			return err
		}
		if len(s.services) < 2 {
			s.stdout.Write(data)
			return nil
		}
		name, _ := json.Marshal(i.name)
		all.Deliveries = append(all.Deliveries, map[string]json.RawMessage{"name": name, kind: data})
	}
	return writeJSON(s.stdout, all)
}

// planLine colours a line of a plan.
func (on palette) planLine(line string) string {
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	mark, _, marked := strings.Cut(body, " ")
	switch {
	case indent == "":
		return on.bold(line)
	case strings.HasPrefix(body, "BLOCKED: "):
		return indent + on.sgr("1;31", body)
	case strings.HasPrefix(body, "LOSES "):
		return indent + on.sgr("31", body)
	case strings.HasPrefix(body, "note: "):
		return indent + on.dim(body)
	case marked && (len(indent) == 2 || len(indent) == 6):
		code := map[string]string{"+": "32", "~": "33", "±": "31", "-": "31", "…": "36"}[mark]
		if code != "" {
			return indent + on.sgr(code, body)
		}
	}
	return line
}
