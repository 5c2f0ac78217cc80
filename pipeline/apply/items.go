package apply

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// items are what of a bundle is applied, each kind in its order.
type items struct {
	stacks    []*stackItem // each after those from which it imports
	tasks     []*taskItem  // before the first stack with a service
	pipelines []*pipelineItem
	others    []string // files that are not applied: the build reads them from the source
}

// ground returns the number of stacks that come before the task definitions: those
// before the first one with a service.
func (i *items) ground() int {
	if n := slices.IndexFunc(i.stacks, func(s *stackItem) bool { return len(s.services) > 0 }); n >= 0 {
		return n
	}
	return len(i.stacks)
}

// A stackItem is a template with its stack.
type stackItem struct {
	path     string
	name     string // of the stack
	template *cfn.Template
	services []*serviceItem
	imports  []string // names of exports, as far as they are known
	exports  []string // likewise
	hidden   []string // values of parameters that are not to be shown
}

// A serviceItem is an ECS service of a template.
type serviceItem struct {
	stack     *stackItem
	id        string // logical id
	resource  *cfn.Resource
	cluster   string       // name; empty as long as only the stack knows it
	name      string       // likewise
	former    *serviceItem // the service that this one takes the place of, when it gets another name; nil when it does not
	delivered bool         // a pipeline of the bundle brings its image
	bare      bool         // it is delivered, and its image is none that stands before
	count     string       // the parameter that gives the number of its tasks, and nothing else; empty when there is none
}

// A taskItem is a task definition.
type taskItem struct {
	path       string
	definition *taskdef.Definition
	services   []*serviceItem // that run it
	delivered  []string       // containers whose image a pipeline of the bundle deploys
}

// A pipelineItem is a pipeline.
type pipelineItem struct {
	path       string
	definition *pipeline.Definition
	services   []*serviceItem // of the bundle, that it deploys
}

// itemsOf finds what of a bound bundle is applied, and in which order. Parameters are
// the values that are given, by stack.
func itemsOf(b *bundle.Bundle, target bundle.Target, parameters map[string]map[string]string) (*items, error) {
	s := &sorter{parts: b.Parts(), target: target, parameters: parameters, out: new(items), services: make(map[*bundle.Service]*serviceItem)}
	for _, a := range b.Artifacts {
		s.artifact(a)
	}
	s.link()
	s.order()
	s.twice()
	s.unknown()
	return s.out, s.problems.Sorted().Err()
}

type sorter struct {
	parts      *bundle.Parts
	target     bundle.Target
	parameters map[string]map[string]string
	out        *items
	services   map[*bundle.Service]*serviceItem
	problems   slipway.Problems
}

// ssmPrefix tells the name of a parameter of Systems Manager, which a stack may take from
// another one too, from that of an export.
const ssmPrefix = "ssm:"

func (s *sorter) artifact(a bundle.Artifact) {
	switch m := a.Model.(type) {
	case *cfn.Template:
		s.out.stacks = append(s.out.stacks, s.stack(a, m))
	case *taskdef.Definition:
		s.out.tasks = append(s.out.tasks, &taskItem{path: a.Path, definition: m})
	case *pipeline.Definition:
		s.out.pipelines = append(s.out.pipelines, &pipelineItem{path: a.Path, definition: m})
	default:
		s.out.others = append(s.out.others, a.Path)
	}
}

func (s *sorter) stack(a bundle.Artifact, t *cfn.Template) *stackItem {
	item := &stackItem{path: a.Path, name: a.Stack, template: t}
	if item.name == "" {
		s.problems = append(s.problems, &slipway.Problem{File: a.Path, Message: "the template does not say which stack it is for; " +
			"name it with --stack " + a.Path + "=NAME, or in the template under Metadata.Slipway.Stack"})
	}
	r := newResolver(s.target, item.name, t, s.parameters[item.name])
	for _, o := range t.Outputs {
		if name, ok := r.text(o.Export); ok {
			item.exports = append(item.exports, name)
		}
	}
	for _, resource := range t.Resources {
		if name, ok := r.text(resource.Properties.Get("Name")); ok && resource.Type == "AWS::SSM::Parameter" {
			item.exports = append(item.exports, ssmPrefix+name)
		}
	}
	for _, p := range t.Parameters {
		if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value") {
			name, ok := s.parameters[item.name][p.Name]
			if !ok {
				name, _ = plainText(p.Default)
			}
			item.imports = append(item.imports, ssmPrefix+name)
		}
	}
	each(t, func(v cfn.Value) {
		if i, ok := v.(cfn.ImportValue); ok {
			if name, ok := r.text(i.Name); ok && !slices.Contains(item.imports, name) {
				item.imports = append(item.imports, name)
			}
		}
	})
	for _, p := range s.parts.Services {
		if p.Template == t && p.File == a.Path {
			service := &serviceItem{stack: item, id: p.ID, resource: p.Model.Resource}
			service.count = countParameter(t, service.resource)
			item.services = append(item.services, service)
			s.services[p.Model] = service
		}
	}
	return item
}

// countParameter returns the parameter that gives the number of a service's tasks. One
// that has another use too is none: its value says something else as well.
func countParameter(t *cfn.Template, service *cfn.Resource) string {
	ref, ok := service.Properties.Get("DesiredCount").(cfn.Ref)
	if p := parameter(t, string(ref)); !ok || p == nil || p.Type != "Number" && p.Type != "String" {
		return ""
	}
	n := 0
	for _, r := range t.Resources {
		n += uses(r.Properties, string(ref))
	}
	for _, o := range t.Outputs {
		n += uses(o.Value, string(ref))
	}
	n += uses(t.Conditions, string(ref))
	if n != 1 {
		return ""
	}
	return string(ref)
}

// uses returns how often a value takes that of a parameter.
func uses(v cfn.Value, parameter string) (n int) {
	cfn.Walk(v, func(v cfn.Value) bool {
		switch v := v.(type) {
		case cfn.Ref:
			if string(v) == parameter {
				n++
			}
		case cfn.Sub:
			n += strings.Count(string(v), "${"+parameter+"}")
		case cfn.SubMap:
			n += strings.Count(v.Text, "${"+parameter+"}")
		}
		return true
	})
	return n
}

// each visits every value of a template's resources and outputs.
func each(t *cfn.Template, visit func(cfn.Value)) {
	see := func(v cfn.Value) bool { visit(v); return true }
	for _, r := range t.Resources {
		cfn.Walk(r.Properties, see)
	}
	for _, o := range t.Outputs {
		cfn.Walk(o.Value, see)
	}
}

func parameter(t *cfn.Template, name string) *cfn.Parameter {
	for _, p := range t.Parameters {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// link finds which services run which task definition, and which of them a pipeline
// deploys.
func (s *sorter) link() {
	tasks := make(map[*taskdef.Definition]*taskItem)
	for _, t := range s.out.tasks {
		tasks[t.definition] = t
	}
	for _, p := range s.parts.Services {
		if task := s.parts.TaskOf(p); task != nil && tasks[task.Model] != nil {
			t := tasks[task.Model]
			t.services = append(t.services, s.services[p.Model])
		}
	}
	for _, g := range s.parts.Groups() {
		if g.Pipeline == nil {
			continue
		}
		for i := range g.Deploys {
			s.deploys(&g, &g.Deploys[i], tasks)
		}
	}
}

func (s *sorter) deploys(g *bundle.Group, d *bundle.Deploy, tasks map[*taskdef.Definition]*taskItem) {
	if d.Service != nil && s.services[d.Service.Model] != nil {
		item := s.services[d.Service.Model]
		item.delivered, item.bare = true, item.bare || isBare(g, d)
		for _, p := range s.out.pipelines {
			if p.definition == g.Pipeline.Model && !slices.Contains(p.services, item) {
				p.services = append(p.services, item)
			}
		}
	}
	if d.Task == nil || tasks[d.Task.Model] == nil {
		return
	}
	task := tasks[d.Task.Model]
	for _, name := range g.Delivered(d) {
		if !slices.Contains(task.delivered, name) {
			task.delivered = append(task.delivered, name)
		}
	}
}

// isBare reports whether a container that is delivered names an image of a private
// repository: there is none before the first delivery, as a rule.
func isBare(g *bundle.Group, d *bundle.Deploy) bool {
	names := g.Delivered(d)
	return d.Task != nil && slices.ContainsFunc(d.Task.Model.ContainerDefinitions, func(c taskdef.Container) bool {
		return slices.Contains(names, c.Name) && (c.Image == "" || strings.Contains(c.Image, ".dkr.ecr"))
	})
}

// order puts each stack after those whose exports it imports, and those without a service
// before those with one where nothing else is said.
func (s *sorter) order() {
	stacks := slices.Clone(s.out.stacks)
	slices.SortStableFunc(stacks, func(a, b *stackItem) int {
		return cmp.Compare(min(len(a.services), 1), min(len(b.services), 1))
	})
	const placing, placed = 1, 2
	state := make(map[*stackItem]int)
	s.out.stacks = nil
	var place func(item *stackItem)
	place = func(item *stackItem) {
		state[item] = placing
		for _, other := range stacks {
			if other == item || !item.importsFrom(other) {
				continue
			}
			switch state[other] {
			case placing:
				s.problems = append(s.problems, &slipway.Problem{File: item.path, Message: fmt.Sprintf(
					"stack %s imports from stack %s, which imports from it: neither can be the first", item.name, other.name)})
			case 0:
				place(other)
			}
		}
		state[item] = placed
		s.out.stacks = append(s.out.stacks, item)
	}
	for _, item := range stacks {
		if state[item] == 0 {
			place(item)
		}
	}
}

// importsFrom reports whether a template imports what another one exports.
func (i *stackItem) importsFrom(other *stackItem) bool {
	return slices.ContainsFunc(i.imports, func(name string) bool { return slices.Contains(other.exports, name) })
}

// twice reports what two artifacts would both be.
func (s *sorter) twice() {
	seen := make(map[Subject]string)
	check := func(kind SubjectKind, name, path string) {
		subject := Subject{kind, name}
		if first, ok := seen[subject]; ok && name != "" {
			s.problems = append(s.problems, &slipway.Problem{File: path, Message: fmt.Sprintf("%s is in %s too; one of them has to go", subject, first)})
		}
		seen[subject] = path
	}
	for _, i := range s.out.stacks {
		check(StackSubject, i.name, i.path)
	}
	for _, i := range s.out.tasks {
		check(TaskSubject, i.definition.Family, i.path)
	}
	for _, i := range s.out.pipelines {
		check(PipelineSubject, i.definition.Name, i.path)
	}
}

// unknown reports parameters that are given for stacks which there are not.
func (s *sorter) unknown() {
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		if !slices.ContainsFunc(s.out.stacks, func(i *stackItem) bool { return i.name == name }) {
			s.problems = append(s.problems, &slipway.Problem{Message: fmt.Sprintf("a value is given for a parameter of stack %s, which no template is for", name)})
		}
	}
}
