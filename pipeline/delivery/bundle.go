package delivery

import (
	"errors"
	"maps"
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// Bundle returns the six files of the delivery as models, in the order in which
// they are applied. It checks the service and every file by itself, and how the
// files fit together where part of the build was written by hand; the rest is
// computed from one value. It refuses, with every problem named, what AWS would
// refuse or what could not run. The error is a [slipway.Problems]; the path of a
// problem in the Go value begins with Service. The receiver does not change.
func (s Service) Bundle() (*bundle.Bundle, error) { return s.checked(new(arena)) }

// checked builds and checks the bundle out of an arena.
func (s Service) checked(a *arena) (*bundle.Bundle, error) {
	p := s.complete(a)
	problems := p.check()
	b, err := p.bundle()
	if err != nil {
		problems = append(problems, asProblems(err)...)
	}
	problems = append(problems, p.checkFiles(b).Errors()...)
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return b, nil
}

// checkFiles returns what the rules say of the files. How they fit together is
// asked only where something in them was not computed: what is all computed from
// one value agrees, as a test holds, and reading the commands of the build would
// take longer than all the rest.
func (p *plan) checkFiles(b *bundle.Bundle) slipway.Problems {
	if p.computed {
		return b.Parts().Check()
	}
	return b.Check()
}

// isComputed reports whether every command of the build, and what it hands over,
// follows from the service.
func (b *Build) isComputed() bool {
	r := &b.Recipe
	return b.Spec == nil && len(r.Before) == 0 && len(r.After) == 0 && len(r.Files) == 0 && len(r.Containers) == 0 &&
		!r.CodeDeploy && r.File == "" && r.RepositoryVariable == "" && len(r.ParameterStore) == 0
}

// bundle builds the six models. A network or a buildspec that cannot be built is
// left out.
func (p *plan) bundle() (*bundle.Bundle, error) {
	b := &bundle.Bundle{Artifacts: make([]bundle.Artifact, 0, 6)}
	n, err := p.network()
	if err == nil {
		b.Artifacts = append(b.Artifacts, p.template(NetworkFile, p.Stacks.Network, n))
	}
	task := p.Task
	b.Artifacts = append(b.Artifacts,
		p.template(PlatformFile, p.Stacks.Platform, p.platform()),
		bundle.Artifact{Path: TaskFile, Model: &task},
		p.template(ServiceFile, p.Stacks.Service, p.service()),
		bundle.Artifact{Path: PipelineFile, Model: p.pipeline()},
	)
	if p.Build.Spec != nil {
		b.Add(BuildspecFile, p.Build.Spec)
	}
	return b, err
}

// template returns a template as an artifact that knows its stack.
func (p *plan) template(path, stack string, t *cfn.Template) bundle.Artifact {
	bundle.NameStack(t, stack)
	return bundle.Artifact{Path: path, Stack: stack, Model: t}
}

// network returns network.yml. An error has the paths of the Go value.
func (p *plan) network() (*cfn.Template, error) {
	n := p.Network
	if n.Ingress == nil {
		for _, port := range p.ports() {
			n.Ingress = append(n.Ingress, network.Ingress{Port: port})
		}
		if n.Ingress == nil {
			n.Ingress = []network.Ingress{}
		}
	}
	t, err := n.Template()
	var problems slipway.Problems
	if errors.As(err, &problems) {
		for _, problem := range problems {
			problem.Path = "Service." + problem.Path
		}
	}
	return t, err
}

// tagList returns the service's tags as templates have them, sorted.
func (p *plan) tagList() cfn.List {
	var tags cfn.List
	for _, key := range slices.Sorted(maps.Keys(p.Tags)) {
		tags = append(tags, p.object(
			cfn.Prop("Key", cfn.String(key)),
			cfn.Prop("Value", cfn.String(p.Tags[key])),
		))
	}
	return tags
}
