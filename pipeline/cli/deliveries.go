package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A named bundle is one of those that a command is about.
type named struct {
	name string // of the service; empty for a directory
	b    *bundle.Bundle
	from *target // the directory; nil for a service
}

// problems returns problems of the bundle with files as the user would name them.
func (p *program) problems(n named, problems slipway.Problems) (slipway.Problems, sources) {
	if n.from == nil {
		return p.below(n.name, problems), nil
	}
	return rename(problems, n.from.display), n.from.sources(problems)
}

// deliveries returns what a command is about: the services of the program, all or
// those that are named, or what a directory holds. Nothing is returned when something
// in it is wrong; what is wrong has been shown then.
func (p *program) deliveries(cmd *cobra.Command, args []string, f *applyFlags) (found []named, err error) {
	switch {
	case len(p.services) > 0:
		var services []delivery.Service
		if services, err = p.choose(cmd, args); err == nil {
			found, err = p.built(services)
		}
	case f.demo && len(args) == 0:
		found, err = p.built([]delivery.Service{demoService})
	default:
		found, err = p.loaded(cmd, args)
	}
	if err != nil {
		return nil, err
	}
	return found, nameStacks(cmd, found, f.stacks)
}

// built returns the bundles of services.
func (p *program) built(services []delivery.Service) (found []named, err error) {
	var problems slipway.Problems
	for _, s := range services {
		b, err := s.Bundle()
		if err == nil {
			err = b.Validate()
		}
		problems = append(problems, p.below(s.Name, asProblems(err))...)
		found = append(found, named{name: s.Name, b: b})
	}
	if len(problems) > 0 {
		return nil, p.wrong(problems, nil)
	}
	return found, nil
}

// loaded returns the bundle of a directory.
func (p *program) loaded(cmd *cobra.Command, args []string) ([]named, error) {
	if len(args) > 1 {
		return nil, usagef(cmd, "unexpected argument %q: one delivery has one directory", args[1])
	}
	targets, err := open(cmd.Context(), args)
	if err != nil {
		return nil, err
	}
	t := targets[0]
	if t.names != nil {
		return nil, usagef(cmd, "%s is a file: name the directory that holds the files of the delivery", args[0])
	}
	b, problems, failures := t.load()
	for _, failure := range failures {
		p.note("%s", failure)
	}
	if len(failures) > 0 {
		return nil, errFailed
	}
	if len(problems) == 0 {
		problems = asProblems(b.Validate())
	}
	n := named{b: b, from: t}
	if problems = problems.Errors(); len(problems) > 0 {
		return nil, p.wrong(p.problems(n, problems))
	}
	if !hasWork(b) {
		return nil, fmt.Errorf("%s holds no template, task definition or pipeline: name the directory that does", t.shown)
	}
	return []named{n}, nil
}

// hasWork reports whether there is anything in a bundle that is applied.
func hasWork(b *bundle.Bundle) bool {
	return slices.ContainsFunc(b.Artifacts, func(a bundle.Artifact) bool {
		switch a.Model.(type) {
		case *cfn.Template, *taskdef.Definition, *pipeline.Definition:
			return true
		}
		return false
	})
}

// sources returns the texts of the files that problems are about.
func (t *target) sources(problems slipway.Problems) sources {
	s := make(sources)
	add := func(name string) {
		if name != "" {
			s[t.display(name)] = &text{read: func() []byte { return readText(t.fsys, name) }}
		}
	}
	for _, p := range problems {
		add(p.File)
		for _, place := range p.Related {
			add(place.File)
		}
	}
	return s
}

// wrong shows what is wrong with files or services, and returns it as errFound.
func (p *program) wrong(problems slipway.Problems, s sources) error {
	p.showProblems(problems, s)
	return errors.Join(errFound, problems)
}

// showProblems shows on standard error what is wrong with files or services.
func (p *program) showProblems(problems slipway.Problems, s sources) {
	r := &report{problems: problems.Sorted(), rules: ruleIndex, sources: s}
	r.count()
	(&textFormat{paint: paintOn(p.stderr, colourAuto)}).write(p.stderr, r)
}

// nameStacks gives templates the stacks that --stack names.
func nameStacks(cmd *cobra.Command, found []named, flags []string) error {
	for _, flag := range flags {
		file, stack, ok := strings.Cut(flag, "=")
		if !ok || file == "" || stack == "" {
			return usagef(cmd, "--stack: found %q, use FILE=NAME", flag)
		}
		var known []string
		isKnown := false
		for _, n := range found {
			for i := range n.b.Artifacts {
				a := &n.b.Artifacts[i]
				if _, ok := a.Model.(*cfn.Template); !ok {
					continue
				}
				path := a.Path
				if len(found) > 1 {
					path = n.name + "/" + path
				}
				known = append(known, path)
				if path == file {
					a.Stack, isKnown = stack, true
				}
			}
		}
		if !isKnown {
			return usagef(cmd, "--stack: there is no template %s%s; there are %s", file, didYouMean(file, known), strings.Join(known, ", "))
		}
	}
	return nil
}
