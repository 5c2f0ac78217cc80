package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-b1f00840/slipway/internal/source"
)

// commands are the commands of the program. Each is
// made by a function in a file of its own.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		p.lintCommand(),
		p.writeCommand(),
		p.checkCommand(),
		p.diffCommand(),
		p.rehearseCommand(),
		p.planCommand(),
		p.applyCommand(),
		p.statusCommand(),
		p.destroyCommand(),
		p.versionCommand(),
	}
}

// execute runs the command that args name.
func (p *program) execute(ctx context.Context, args []string) error {
	root := p.root()
	root.SetArgs(doubleDashes(root, args))
	return root.ExecuteContext(ctx)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:               p.name,
		Short:             "container delivery on AWS, described once, in Go",
		Long:              p.long(),
		Args:              p.noSuchCommand,
		RunE:              p.runRoot,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(flagError)
	// Not cobra's own: that would link text/template, and for its sake every method of
	// every client of AWS.
	root.Flags().BoolP("version", "v", false, "print the version of "+p.name)
	root.AddCommand(p.commands()...)
	root.SetHelpCommand(p.helpCommand(root))
	return root
}

// runRoot is for a command line without a command.
func (p *program) runRoot(cmd *cobra.Command, _ []string) error {
	if asked, _ := cmd.Flags().GetBool("version"); asked {
		fmt.Fprintln(p.stdout, version())
		return nil
	}
	return cmd.Help()
}

func (p *program) long() string {
	s := "Checks the files of a container's delivery on AWS (CloudFormation templates, ECS task\n" +
		"definitions, CodePipeline definitions, buildspec.yml), each by itself and how they fit together,\n" +
		"and makes an AWS account hold what they say."
	if len(p.services) == 0 {
		return s + "\n\nA program of your own that calls cli.Main(services...) has these commands over its Go values."
	}
	return s + "\n\nWrites, compares and applies the files of " + p.servicesText() + "."
}

func (p *program) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Tell how to use a command",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return commandNames(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := root.Find(args)
			if err != nil {
				return p.noSuchCommand(root, args)
			}
			if len(rest) > 0 {
				return p.noSuchCommand(root, rest)
			}
			target.InitDefaultHelpFlag()
			return target.Help()
		},
	}
}

// noSuchCommand refuses a word in the place of a command.
func (p *program) noSuchCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	names := commandNames(root)
	hint := didYouMean(args[0], names)
	if hint == "" {
		hint = "; the commands are " + strings.Join(names, ", ")
	}
	return &usageError{fmt.Errorf("unknown command %q%s", args[0], hint), p.name}
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, cmd := range root.Commands() {
		if !cmd.Hidden {
			names = append(names, cmd.Name())
		}
	}
	return names
}

// flagError explains a flag that is wrong.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &invalid):
		err = fmt.Errorf("--%s: found %q, use %s", invalid.GetFlag().Name, invalid.GetValue(), valueOf(invalid))
	case errors.As(err, &unknown):
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		name := unknown.GetSpecifiedName()
		if like := source.Nearest(name, known); like != "" {
			err = fmt.Errorf("unknown flag --%s; did you mean --%s?", name, like)
		} else {
			err = fmt.Errorf("unknown flag %s", dashed(unknown))
		}
	}
	return &usageError{err, cmd.CommandPath()}
}

// valueOf says what a flag takes that was given something else.
func valueOf(invalid *pflag.InvalidValueError) string {
	switch invalid.GetFlag().Value.Type() {
	case "int":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 20m"
	case "stringToString":
		return "NAME=VALUE"
	}
	return strings.TrimPrefix(errors.Unwrap(invalid).Error(), "use ")
}

func dashed(unknown *pflag.NotExistError) string {
	if shorts := unknown.GetSpecifiedShortnames(); shorts != "" {
		return "-" + shorts
	}
	return "--" + unknown.GetSpecifiedName()
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef(cmd, "unexpected argument %q", args[0])
	}
	return nil
}

// usagef returns an error about how cmd was called.
func usagef(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...), cmd.CommandPath()}
}

// didYouMean returns "; did you mean NAME?" when a known name is near.
func didYouMean(name string, known []string) string {
	if like := source.Nearest(name, known); like != "" {
		return "; did you mean " + like + "?"
	}
	return ""
}

// doubleDashes makes --format of -format, as Go's own programs spell flags. What is
// made of one-letter flags alone, such as -qh, stays.
func doubleDashes(root *cobra.Command, args []string) []string {
	letters := "hv"
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { letters += f.Shorthand })
	}
	out := slices.Clone(args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		name, ok := strings.CutPrefix(arg, "-")
		name, _, _ = strings.Cut(name, "=")
		if ok && len(name) > 1 && name[0] != '-' && strings.Trim(name, letters) != "" {
			out[i] = "-" + arg
		}
	}
	return out
}
