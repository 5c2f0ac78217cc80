package cli

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

// rehearseFlags are the flags of rehearse.
type rehearseFlags struct {
	source     string
	format     choice
	colours    choice
	pipeline   string
	allow      []string
	parameters map[string]string
	secrets    map[string]string
	env        map[string]string
	account    string
	region     string
	commit     string
	timeout    time.Duration
	quiet      bool
}

const rehearseLong = `Runs the pipeline of a delivery offline: the source is a directory, the builds run the commands
of their buildspecs by the rules of CodeBuild, and the deploy actions compute the next revision of
the task definition. PATH is the directory that holds the files of the delivery, by default this
one; in a program with services of its own, without a PATH, it is what those services render.

Commands are interpreted in a scratch directory, which is gone afterwards; nothing else is touched.
aws, docker, git, jq and the small tools of a shell are stood in for. Other programs run for real
when --allow names them, with all that they do; a program that is neither makes its command fail.

The exit status is 0 when the pipeline succeeds, 1 when it fails, and 2 when it could not be
rehearsed.`

func (p *program) rehearseCommand() *cobra.Command {
	f := rehearseFlags{format: "text", colours: colourAuto}
	cmd := &cobra.Command{
		Use:   "rehearse [PATH]",
		Short: "Run the pipeline offline, and show what it would deploy",
		Long:  rehearseLong,
		Example: "  " + p.name + " rehearse\n  " + p.name + " rehearse deploy --source .\n  " +
			p.name + " rehearse --allow npm --allow node --parameter /shop/domain=example.com",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(cmd, "unexpected argument %q: one pipeline is rehearsed at a time", args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.rehearse(cmd, args, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.source, "source", "", "the `DIR` that the pipeline builds: the content of its repository (default PATH)")
	choiceFlag(cmd, &f.format, "format", "FORMAT", "how the report is written", "text", "json")
	flags.StringVar(&f.pipeline, "pipeline", "", "the `NAME` of the pipeline, where there are several")
	flags.StringSliceVar(&f.allow, "allow", nil, "let a `PROGRAM` run for real; may be repeated")
	flags.StringToStringVar(&f.parameters, "parameter", nil, "value of a parameter of the parameter store, `NAME=VALUE`; may be repeated")
	flags.StringToStringVar(&f.secrets, "secret", nil, "value of a secret of Secrets Manager, `NAME=VALUE`; may be repeated")
	flags.StringToStringVar(&f.env, "env", nil, "variable of every build, `NAME=VALUE`; may be repeated")
	flags.StringVar(&f.account, "account", "", "the account, `ID` of 12 digits (default a fictional one)")
	flags.StringVar(&f.region, "region", "", "the `REGION` (default us-east-1)")
	flags.StringVar(&f.commit, "commit", "", "the `REVISION` of the source (default a fictional one)")
	flags.DurationVar(&f.timeout, "timeout", 0, "how long it may take, `DURATION` (default 10m)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show the report only: no progress")
	colourFlag(cmd, &f.colours)
	return cmd
}

// rehearse runs the command.
func (p *program) rehearse(cmd *cobra.Command, args []string, f *rehearseFlags) error {
	type named struct {
		name string
		b    *bundle.Bundle
	}
	var bundles []named
	dir := "."
	if len(args) == 0 && len(p.services) > 0 {
		for _, s := range p.services {
			b, err := s.Bundle()
			if err != nil {
				return err
			}
			bundles = append(bundles, named{s.Name, b})
		}
	} else {
		targets, err := open(cmd.Context(), args)
		if err != nil {
			return err
		}
		if targets[0].names != nil {
			return usagef(cmd, "%s is a file: name the directory that holds the files of the delivery", args[0])
		}
		dir = targets[0].shown
		b, problems, failures := targets[0].load()
		for _, problem := range problems {
			p.note("%s", problem.Error())
		}
		for _, failure := range failures {
			p.note("%s", failure)
		}
		if len(failures) > 0 {
			return errFailed
		}
		bundles = append(bundles, named{"", b})
	}
	source, err := sourceOf(f.source, dir)
	if err != nil {
		return err
	}
	failed := false
	for _, n := range bundles {
		progress := p.newProgress(f.quiet)
		report, err := rehearse.Run(cmd.Context(), n.b, f.options(source, progress.event))
		progress.stop()
		if err != nil {
			if n.name != "" {
				err = fmt.Errorf("%s: %w", n.name, err)
			}
			return err
		}
		if err := p.showReport(report, f); err != nil {
			return err
		}
		failed = failed || report.State == rehearse.Failed
	}
	if failed {
		return errFound
	}
	return nil
}

// sourceOf opens the directory of the source.
func sourceOf(name, dir string) (fs.FS, error) {
	if name == "" {
		name = dir
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("--source: %s: %w", name, reason(err))
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("--source: %s is no directory", name)
	}
	return os.DirFS(name), nil
}

func (f *rehearseFlags) options(source fs.FS, event func(rehearse.Event)) rehearse.Options {
	opts := rehearse.Options{
		Source: source, Pipeline: f.pipeline, Allow: f.allow, Parameters: f.parameters, Secrets: f.secrets, Env: f.env,
		Target: bundle.Target{Account: f.account, Region: f.region}, Commit: f.commit, Timeout: f.timeout, Events: event,
	}
	if f.format == "text" {
		opts.Clock = time.Now // for a reader; JSON stays the same from run to run
	}
	return opts
}

func (p *program) showReport(report *rehearse.Report, f *rehearseFlags) error {
	if f.format == "json" {
		data, err := report.JSON()
		if err != nil {
			return err
		}
		p.stdout.Write(data)
		return nil
	}
	paint := p.paint(f.colours)
	for line := range strings.Lines(report.String()) {
		p.stdout.Write([]byte(paint.reportLine(escape(strings.TrimSuffix(line, "\n"))) + "\n"))
	}
	return nil
}

// reportLine colours a line of a report.
func (on palette) reportLine(line string) string {
	text := strings.TrimLeft(line, " ")
	switch {
	case text == line && line != "":
		code := "1"
		if strings.Contains(line, ": failed") {
			code = "1;31"
		}
		return on.sgr(code, line)
	case strings.HasPrefix(text, "note: "), strings.HasPrefix(line, "    $ "):
		return on.dim(line)
	case strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "    "):
		return line[:2] + on.diff(line[2:])
	}
	return line
}
