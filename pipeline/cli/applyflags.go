package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
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

// general adds the flags of all four commands.
func (f *applyFlags) general(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.connect.Region, "region", "", "the `REGION` (default AWS_REGION, or that of the profile)")
	flags.StringVar(&f.connect.Profile, "profile", "", "the `NAME` of a profile of ~/.aws/config (default AWS_PROFILE)")
	flags.StringVar(&f.connect.RoleARN, "role-arn", "", "assume the role of this `ARN` with those credentials")
	flags.StringVar(&f.connect.ExternalID, "external-id", "", "the external `ID` that the owner of the role asks for")
	flags.StringVar(&f.options.StackRole, "stack-role", "", "the `ARN` of a role with which CloudFormation works on the stacks (default that of the stack, or your own rights)")
	flags.StringVar(&f.connect.Endpoint, "endpoint-url", "", "call the emulator at this `URL` in place of AWS")
	flags.StringVar(&f.options.Account, "account", "", "refuse another account than the one of this `ID`")
	flags.StringArrayVar(&f.stacks, "stack", nil, "name the stack of a template, `FILE=NAME`; may be repeated")
	flags.IntVar(&f.parallel, "parallel", 4, "how many services are worked on at once, `N`")
	flags.DurationVar(&f.timeout, "timeout", 0, "how long it may take as a whole (default without end)")
	choiceFlag(cmd, &f.format, "format", "how it is written", "text", "json")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show no progress")
	colourFlag(cmd, &f.colours)
}

// shaping adds the flags that say what is to be.
func (f *applyFlags) shaping(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.parameters, "parameter", nil, "value of a stack's parameter, `STACK:NAME=VALUE`; may be repeated")
	flags.StringArrayVar(&f.tags, "tag", nil, "tag of all stacks, `KEY=VALUE`; may be repeated (default those that they have)")
	flags.IntVar(&f.options.DesiredCount, "count", 1, "how many tasks, `N`, a service gets after its first delivery")
	flags.StringVar(&f.options.TemplateBucket, "template-bucket", "", "the `BUCKET` for templates of more than 51,200 bytes (default that of the artifacts)")
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

// waiting adds --wait.
func (f *applyFlags) waiting(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.waits, "wait", nil, "how long something may take, `WHAT=TIME`: "+
		"stack, change-set, busy, source, delivery, deployment; may be repeated (source=2h)")
	_ = cmd.RegisterFlagCompletionFunc("wait", cobra.FixedCompletions(waitNames, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp))
}

// complete checks the flags, and gives the options what they say.
func (f *applyFlags) complete(cmd *cobra.Command) error {
	o := &f.options
	if o.Account != "" && (len(o.Account) != 12 || strings.Trim(o.Account, "0123456789") != "") {
		return usagef(cmd, "--account: an account id has 12 digits, found %q", o.Account)
	}
	if f.parallel < 1 {
		return usagef(cmd, "--parallel: use 1 or more")
	}
	if o.DesiredCount < 1 {
		return usagef(cmd, "--count: use 1 or more: a service without tasks serves nobody")
	}
	if f.timeout < 0 {
		return usagef(cmd, "--timeout: use a time such as 20m")
	}
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

// wait takes WHAT=TIME.
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

// within returns the context of a command, which ends with --timeout.
func (f *applyFlags) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, f.timeout, errOverdue)
}
