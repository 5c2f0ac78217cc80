package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// applyFlags are the flags of plan, apply, status and destroy, of which each has some.
type applyFlags struct {
	connect connect.Options
	options apply.Options

	stacks     []string // FILE=NAME
	parameters []string // STACK:NAME=VALUE
	tags       []string // KEY=VALUE
	waits      []string // WHAT=DURATION

	format   choice
	colours  choice
	quiet    bool
	parallel int
	timeout  time.Duration

	streams bool // apply, destroy: what happens is written too
	lenient bool // status, destroy: what is wrong in the files does not matter

	check bool   // plan: fail when there is something to do
	yes   bool   // apply, destroy: do not ask
	agree string // apply: the digest of the plan that was agreed to
	demo  bool   // apply: in a cloud in memory
}

func newApplyFlags() *applyFlags {
	return &applyFlags{format: "text", colours: colourAuto, options: apply.Options{DesiredCount: 1}}
}

// applied is in the help of these commands, and says what they are about.
const applied = `PATH is the directory that holds the files of the delivery, by default this one; in a program with
services of its own it is those services, all or those that are named. Credentials and the region
are those that the AWS CLI would use.`

// exits is in their help too.
const exits = `The exit status is 0 when it is done, or there is nothing to do; 1 when the files are wrong, or what
they say cannot be done: AWS refuses it, it was not allowed, a step has failed; 2 when it could not
be tried to the end: a flag that is wrong, no credentials, an AWS that does not answer, nobody who
agrees, an interrupt, a time that is over.`

// deliveryCommand makes one of the four commands: all take the flags that say what is
// to be, and where, so that one set of them serves all.
func (p *program) deliveryCommand(f *applyFlags, cmd *cobra.Command, work func(context.Context, *session) error) *cobra.Command {
	cmd.Use += " [" + p.argument() + "]"
	cmd.ValidArgsFunction = p.completeDeliveries
	cmd.RunE = p.inSession(f, work)
	f.where(cmd)
	f.what(cmd)
	f.how(cmd)
	if len(p.services) < 2 {
		hide(cmd, "parallel")
	}
	return cmd
}

// hide leaves flags out of the help of a command for which they make no difference.
func hide(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		_ = cmd.Flags().MarkHidden(name) // it fails for a flag that is not there
	}
}

// where adds the flags that say where something is to be, and as whom AWS is called.
func (f *applyFlags) where(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.connect.Region, "region", "", "the `REGION` (default AWS_REGION, or that of the profile)")
	flags.StringVar(&f.connect.Profile, "profile", "", "the `NAME` of a profile of ~/.aws/config (default AWS_PROFILE)")
	flags.StringVar(&f.connect.RoleARN, "role-arn", "", "assume the role of this `ARN` with those credentials")
	flags.StringVar(&f.connect.ExternalID, "external-id", "", "the external `ID` that the owner of the role asks for")
	flags.StringVar(&f.connect.Endpoint, "endpoint-url", "", "call the emulator at this `URL` in place of AWS")
	flags.StringVar(&f.options.Account, "account", "", "go on only if the account is the one of this `ID`")
}

// what adds the flags that say what is to be.
func (f *applyFlags) what(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.stacks, "stack", nil, "name the stack of a template, `FILE=NAME`; may be repeated")
	flags.StringArrayVar(&f.parameters, "parameter", nil, "value of a stack's parameter, `STACK:NAME=VALUE`; may be repeated")
	flags.StringArrayVar(&f.tags, "tag", nil, "tag of all stacks, `KEY=VALUE`; may be repeated (default those that they have)")
	flags.IntVar(&f.options.DesiredCount, "count", 1, "how many tasks, `N`, a service gets after its first delivery")
	flags.StringVar(&f.options.StackRole, "stack-role", "", "the `ARN` of a role with which CloudFormation works on the stacks (default that of the stack, or your own rights)")
	flags.StringVar(&f.options.TemplateBucket, "template-bucket", "", "the `BUCKET` for templates of more than 51,200 bytes (default that of the artifacts)")
}

// how adds the flags that say how it is done and shown.
func (f *applyFlags) how(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.waits, "wait", nil, "how long something may take, `WHAT=DURATION`: "+
		"stack, change-set, busy, source, delivery, deployment; may be repeated (source=2h)")
	flags.DurationVar(&f.timeout, "timeout", 0, "how long it may take as a whole, `DURATION` (default without end)")
	flags.IntVar(&f.parallel, "parallel", 4, "how many services are worked on at once, `N`")
	choiceFlag(cmd, &f.format, "format", "FORMAT", "how it is written", "text", "json")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show no progress")
	colourFlag(cmd, &f.colours)
	_ = cmd.RegisterFlagCompletionFunc("wait", cobra.FixedCompletions(waitNames, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp))
}

// limits are what is waited for, by the names that --wait has for them.
func (f *applyFlags) limits() map[string]*time.Duration {
	t := &f.options.Timeouts
	return map[string]*time.Duration{
		"change-set": &t.ChangeSet, "stack": &t.Stack, "busy": &t.Busy, "source": &t.Source,
		"delivery": &t.Execution, "deployment": &t.Deployment,
	}
}

// waitNames are the names of --wait, with what they are and how long that may take.
var waitNames = []string{
	"stack\ta stack operation (1h)", "change-set\ta change set to be made (10m)", "busy\twhat others do to end (1h)",
	"source\tthe source to be pushed (30m)", "delivery\tthe first run of the pipeline (1h)", "deployment\ta service to run (30m)",
}

// complete checks the flags, and gives the options what they say.
func (f *applyFlags) complete(cmd *cobra.Command) error {
	if err := f.sane(cmd); err != nil {
		return err
	}
	o := &f.options
	for _, s := range f.parameters {
		if err := f.parameter(s); err != nil {
			return usagef(cmd, "--parameter: %w", err)
		}
	}
	for _, s := range f.tags {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return usagef(cmd, "--tag: found %q, use KEY=VALUE", s)
		}
		if o.Tags == nil {
			o.Tags = make(map[string]string)
		}
		o.Tags[key] = value
	}
	for _, s := range f.waits {
		if err := f.wait(s); err != nil {
			return usagef(cmd, "--wait: %w", err)
		}
	}
	return nil
}

// digestLength is how many characters the digest of a plan has.
const digestLength = 32

// sane refuses flags that make no sense, alone or together.
func (f *applyFlags) sane(cmd *cobra.Command) error {
	o := &f.options
	if name := empty(cmd); name != "" {
		return usagef(cmd, "--%s is empty: give a value, or leave it out", name)
	}
	is := func(s, characters string) bool { return strings.Trim(s, characters) == "" }
	switch {
	case o.Account != "" && (len(o.Account) != 12 || !is(o.Account, digits)):
		return usagef(cmd, "--account: an account id has 12 digits, found %q", o.Account)
	case f.connect.Region != "" && !isRegion(f.connect.Region):
		return usagef(cmd, "--region: a region looks like eu-central-1, found %q", f.connect.Region)
	case f.agree != "" && (len(f.agree) != digestLength || !is(f.agree, digits+"abcdef")):
		return usagef(cmd, "--plan: the digest of a plan is %d characters of 0-9 and a-f, found %q", digestLength, f.agree)
	case f.parallel < 1:
		return usagef(cmd, "--parallel: use 1 or more")
	case o.DesiredCount < 1:
		return usagef(cmd, "--count: use 1 or more: a service without tasks serves nobody")
	case f.timeout < 0:
		return usagef(cmd, "--timeout: use a time such as 20m")
	case f.connect.ExternalID != "" && f.connect.RoleARN == "":
		return usagef(cmd, "--external-id is for --role-arn")
	case len(o.Allow.SkipResources) > 0 && !o.Allow.ContinueRollback:
		return usagef(cmd, "--skip-resource is for --continue-rollback")
	case !f.demo:
		return nil
	}
	for _, name := range []string{"profile", "role-arn", "external-id", "endpoint-url", "account"} {
		if cmd.Flags().Changed(name) {
			return usagef(cmd, "--demo calls nobody: leave --%s out", name)
		}
	}
	return nil
}

const digits = "0123456789"

// isRegion reports whether a text looks like a region.
func isRegion(s string) bool {
	_, err := bundle.Target{Account: "123456789012", Region: s}.Complete()
	return err == nil
}

// empty returns the name of a flag that is given without a value, such as that of a
// variable which is not set: it would count as one that is not given. It is empty when
// there is none.
func empty(cmd *cobra.Command) (name string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		isEmpty := f.Value.String() == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			isEmpty = len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
		}
		if isEmpty && name == "" {
			name = f.Name
		}
	})
	return name
}

// parameter takes STACK:NAME=VALUE. What is wrong with it is said without the value,
// which may be a secret.
func (f *applyFlags) parameter(s string) error {
	name, value, ok := strings.Cut(s, "=")
	stack, key, both := strings.Cut(name, ":")
	if !ok || !both || stack == "" || key == "" {
		if !ok {
			name = "a text without ="
		}
		return fmt.Errorf("found %s, use STACK:NAME=VALUE", name)
	}
	p := &f.options.Parameters
	if *p == nil {
		*p = make(map[string]map[string]string)
	}
	if (*p)[stack] == nil {
		(*p)[stack] = make(map[string]string)
	}
	(*p)[stack][key] = value
	return nil
}

// wait takes WHAT=DURATION.
func (f *applyFlags) wait(s string) error {
	limits := f.limits()
	var known []string
	for _, n := range waitNames {
		name, _, _ := strings.Cut(n, "\t")
		known = append(known, name)
	}
	what, text, ok := strings.Cut(s, "=")
	limit := limits[what]
	if limit == nil {
		return fmt.Errorf("found %q, use one of %s%s", what, strings.Join(known, ", "), didYouMean(what, known))
	}
	d, err := time.ParseDuration(text)
	if !ok || err != nil || d <= 0 {
		return fmt.Errorf("%s: found %q, use a time such as 20m", what, text)
	}
	*limit = d
	return nil
}

// within returns the context of a session, which ends with that of the command, and with
// --timeout.
func (f *applyFlags) within(parent context.Context) (context.Context, context.CancelFunc) {
	if f.timeout <= 0 {
		return context.WithCancel(parent)
	}
	return context.WithTimeoutCause(parent, f.timeout, errOverdue)
}
