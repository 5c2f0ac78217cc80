package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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
// those that are named, or what a directory holds. The error is [*findings] where
// something in it is wrong.
func (s *session) deliveries(ctx context.Context) (found []named, err error) {
	switch {
	case len(s.program.services) > 0:
		var services []delivery.Service
		if services, err = s.choose(s.cmd, s.args); err == nil {
			found, err = s.built(services)
		}
	case s.flags.demo && len(s.args) == 0:
		found, err = s.built([]delivery.Service{demoService})
	default:
		found, err = s.loaded(ctx)
	}
	if err == nil {
		err = s.nameStacks(found)
	}
	if err == nil {
		err = s.checkStacks(found)
	}
	return found, err
}

// built returns the bundles of services.
func (s *session) built(services []delivery.Service) (found []named, err error) {
	var problems slipway.Problems
	for _, service := range services {
		b, err := service.Bundle()
		if err == nil {
			if s.flags.lenient {
				b.Ignore = everything
			}
			err = b.Validate()
		}
		problems = append(problems, s.below(service.Name, asProblems(err))...)
		found = append(found, named{name: service.Name, b: b})
	}
	if len(problems) > 0 {
		return nil, &findings{problems, nil}
	}
	return found, nil
}

// loaded returns the bundle of a directory.
func (s *session) loaded(ctx context.Context) ([]named, error) {
	if len(s.args) > 1 {
		return nil, usagef(s.cmd, "unexpected argument %q: one delivery has one directory", s.args[1])
	}
	targets, err := open(ctx, s.args)
	if err != nil {
		return nil, &coded{err, codeUnreadable}
	}
	t := targets[0]
	if t.names != nil {
		return nil, usagef(s.cmd, "%s is a file: name the directory that holds the files of the delivery", s.args[0])
	}
	b, problems, failures := t.load()
	if len(failures) > 0 {
		errs := make([]error, len(failures))
		for i, failure := range failures {
			errs[i] = &coded{errors.New(failure), codeUnreadable}
		}
		return nil, errors.Join(errs...)
	}
	n := named{b: b, from: t}
	if problems, err = s.refused(n, problems); err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		problems, texts := s.problems(n, problems)
		return nil, &findings{problems, texts}
	}
	if !hasWork(b) {
		return nil, &coded{fmt.Errorf("%s holds no template, task definition or pipeline: name the directory that does", t.shown), codeUnreadable}
	}
	return []named{n}, nil
}

// everything is what status and destroy ignore: they have to know only what the files
// are about.
func everything(*slipway.Problem) bool { return true }

// refused returns for what a directory is refused: its files that cannot be read, and
// unless the command is lenient the errors in them. What lint ignores does not count.
func (s *session) refused(n named, problems slipway.Problems) (slipway.Problems, error) {
	cfg, err := findConfig(n.from)
	if err != nil {
		return nil, asFindings(err)
	}
	if !s.flags.lenient {
		problems = append(problems, n.b.Check()...)
	}
	texts := make(map[string]*text)
	for _, p := range problems {
		texts[p.File] = n.from.text(p.File)
	}
	n.b.Ignore = newIgnorer(texts, cfg).ignores
	problems = slices.DeleteFunc(problems.Errors(), n.b.Ignore)
	if s.flags.lenient {
		n.b.Ignore = everything
	}
	return problems, nil
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
			s[t.display(name)] = t.text(name)
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

// asFindings returns an error that is a list of problems as one that shows them.
func asFindings(err error) error {
	var problems slipway.Problems
	if errors.As(err, &problems) {
		return &findings{problems, nil}
	}
	return &coded{err, codeUnreadable}
}

// templates calls do for every template, with its path among those of several services.
func templates(found []named, do func(n named, path string, a *bundle.Artifact)) {
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
			do(n, path, a)
		}
	}
}

// nameStacks gives templates the stacks that --stack names.
func (s *session) nameStacks(found []named) error {
	for _, flag := range s.flags.stacks {
		file, stack, ok := strings.Cut(flag, "=")
		if !ok || file == "" || stack == "" {
			return usagef(s.cmd, "--stack: found %q, use FILE=NAME", flag)
		}
		var known []string
		templates(found, func(_ named, path string, a *bundle.Artifact) {
			known = append(known, path)
			if path == file {
				a.Stack = stack
			}
		})
		if !slices.Contains(known, file) {
			return usagef(s.cmd, "--stack: there is no template %s%s; there are %s", file, didYouMean(file, known), strings.Join(known, ", "))
		}
	}
	return nil
}

// checkStacks makes sure that every template has a stack, and that every parameter is one
// of such a stack.
func (s *session) checkStacks(found []named) error {
	var all findings
	var known []string
	templates(found, func(n named, path string, a *bundle.Artifact) {
		if a.Stack != "" {
			known = append(known, a.Stack)
			return
		}
		problems, texts := s.problems(n, slipway.Problems{{File: a.Path, Message: "the template does not say which stack it is for; " +
			"name it with --stack " + path + "=NAME, or in the template under Metadata.Slipway.Stack"}})
		all.Problems = append(all.Problems, problems...)
		if all.sources == nil {
			all.sources = texts
		}
		maps.Copy(all.sources, texts)
	})
	if len(all.Problems) > 0 {
		return &all
	}
	for _, stack := range slices.Sorted(maps.Keys(s.flags.options.Parameters)) {
		if !slices.Contains(known, stack) {
			return usagef(s.cmd, "--parameter: no template is for a stack %s%s; the stacks are %s", stack, didYouMean(stack, known), strings.Join(known, ", "))
		}
	}
	return nil
}

// parameters returns those of all that are of a stack of the delivery.
func (n *named) parameters(all map[string]map[string]string) map[string]map[string]string {
	var out map[string]map[string]string
	templates([]named{*n}, func(_ named, _ string, a *bundle.Artifact) {
		if values, ok := all[a.Stack]; ok {
			if out == nil {
				out = make(map[string]map[string]string)
			}
			out[a.Stack] = values
		}
	})
	return out
}
