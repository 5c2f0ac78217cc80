package cli

import (
	"bytes"
	"context"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway"
)

// lintFlags are the flags of lint. The zero value of disable is nothing.
type lintFlags struct {
	format   choice
	severity choice
	colours  choice
	disable  []string
	quiet    bool
}

const lintLong = `Checks files of a delivery: CloudFormation templates, ECS task definitions, CodePipeline
definitions, buildspec.yml and the small files that go between them, each by itself and how
they fit together. A PATH is a directory, of which all such files are found and checked
together, or a file; files that are named are checked together too. Without a PATH it is
this directory, or, in a program with services of its own, what those services render.

A finding of severity error is what AWS would refuse or what must fail when it runs; a warning
is what is likely or unwise. What cannot be known is passed over in silence.

Switch a rule off where it does not apply: with --disable (rule names, or patterns such as
taskdef/*); by a comment in YAML on the line before what it is about, or at the end of the line,

    # slipway:ignore taskdef/fargate-size why it does not apply
    # slipway:ignore-file buildspec/* why it does not apply in this whole file

or, for JSON too, by the file .slipway.yml in the directory or the nearest one above it:

    ignore:
      - {file: deploy/taskdef.json, rule: taskdef/fargate-size, reason: why}

The exit status is 0 when nothing is shown, 1 when there are findings of the severity that is
shown or a worse one, and 2 when something could not be read or a flag is wrong.

Every rule: https://` + module + `/blob/main/docs/rules.md`

func (p *program) lintCommand() *cobra.Command {
	f := lintFlags{format: "text", severity: "warning", colours: colourAuto}
	cmd := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Check files, and explain what is wrong",
		Long:  lintLong,
		Example: "  " + p.name + " lint\n  " + p.name + " lint deploy --severity error\n  " +
			p.name + " lint --format sarif > slipway.sarif",
		RunE: func(cmd *cobra.Command, paths []string) error { return p.lint(cmd, paths, &f) },
	}
	choiceFlag(cmd, &f.format, "format", "FORMAT", "how findings are written", "text", "json", "sarif", "github")
	choiceFlag(cmd, &f.severity, "severity", "SEVERITY", "the lowest severity that is shown", "error", "warning", "info")
	cmd.Flags().StringSliceVar(&f.disable, "disable", nil, "switch off a `RULE`, a list a,b or a pattern taskdef/*; may be repeated")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "show findings only: no summary")
	colourFlag(cmd, &f.colours)
	_ = cmd.RegisterFlagCompletionFunc("disable", completeRules)
	return cmd
}

func completeRules(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, r := range Rules() {
		names = append(names, r.Name+"\t"+r.Doc)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// lint runs the command.
func (p *program) lint(cmd *cobra.Command, paths []string, f *lintFlags) error {
	rules := rules(sync.OnceValue(ruleIndex))
	for _, pattern := range f.disable {
		if problem := unknown(pattern, rules()); problem != "" {
			return usagef(cmd, "--disable: %s", problem)
		}
	}
	l := &linter{rules: rules, sources: make(sources), files: make(map[string]bool)}
	if len(paths) == 0 && len(p.services) > 0 {
		l.lintServices(p)
	} else if err := l.lintPaths(cmd.Context(), paths); err != nil {
		return err
	}
	for _, failure := range l.failures {
		p.note("%s", failure)
	}
	r := l.report(f)
	var b bytes.Buffer
	if err := p.format(f).write(&b, r); err != nil {
		return err
	}
	p.stdout.Write(b.Bytes())
	switch {
	case len(l.failures) > 0:
		return errFailed
	case len(r.problems) > 0:
		return errFound
	}
	return nil
}

func (p *program) format(f *lintFlags) format {
	switch f.format {
	case "json":
		return jsonFormat{}
	case "sarif":
		return sarifFormat{}
	case "github":
		return githubFormat{quiet: f.quiet}
	}
	return &textFormat{paint: p.paint(f.colours), quiet: f.quiet}
}

// A linter collects what is found, of all paths.
type linter struct {
	rules    rules
	problems slipway.Problems // with files as the user would name them
	failures []string         // what could not be read
	sources  sources
	files    map[string]bool // that were checked
	ignored  int             // problems that files say are to be ignored
}

func (l *linter) lintPaths(ctx context.Context, paths []string) error {
	targets, err := open(ctx, paths)
	if err != nil {
		return err
	}
	for _, t := range targets {
		if err := l.lintTarget(t); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// report returns what is to be shown.
func (l *linter) report(f *lintFlags) *report {
	var lowest slipway.Severity
	_ = lowest.UnmarshalText([]byte(f.severity)) // one of the values of the flag
	r := &report{rules: l.rules, sources: l.sources, files: len(l.files), ignored: l.ignored}
	for _, p := range l.problems.Sorted() {
		if p.Severity <= lowest && !ruleSet(f.disable).has(p.Rule) {
			r.problems = append(r.problems, p)
		}
	}
	r.count()
	return r
}

// lintServices checks what the program's services render. A Go value has no lines.
func (l *linter) lintServices(p *program) {
	for _, s := range p.services {
		b, err := s.Bundle()
		if err != nil {
			l.problems = append(l.problems, p.below(s.Name, asProblems(err))...)
			continue
		}
		for _, a := range b.Artifacts {
			l.files[s.Name+"/"+a.Path] = true
		}
		l.problems = append(l.problems, p.below(s.Name, b.Check())...)
	}
}

// below returns the problems of a service with their place among several.
func (p *program) below(name string, problems slipway.Problems) slipway.Problems {
	if len(p.services) == 1 {
		return problems
	}
	return rename(problems, func(file string) string { return strings.TrimSuffix(name+"/"+file, "/") })
}
