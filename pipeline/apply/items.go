package apply

import (
	"fmt"
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
	ground    []*stackItem // without a service: networks, platforms
	tasks     []*taskItem
	services  []*stackItem // with services
	pipelines []*pipelineItem
	others    []string // files that are not applied: the build reads them from the source
}

// A stackItem is a template with its stack.
type stackItem struct {
	path     string
	name     string // of the stack
	template *cfn.Template
	services []*serviceItem
	imports  []string // names of exports, as far as they are known
	exports  []string // likewise
}

// A serviceItem is an ECS service of a template.
type serviceItem struct {
	stack   *stackItem
	id      string // logical id
	cluster string // name; empty when only the stack knows it
	name    string // likewise
	family  string // of its task definition; empty when that is not one of the bundle
	count   string // the parameter that gives the number of tasks; empty when none does
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

// sort finds what of a bound bundle is applied, and in which order.
func sortItems(b *bundle.Bundle, target bundle.Target) (*items, error) {
	parts := b.Parts()
	s := &sorter{parts: parts, target: target, out: new(items), services: make(map[*bundle.Service]*serviceItem)}
	for _, a := range b.Artifacts {
		s.artifact(a)
	}
	s.link()
	s.out.ground = inOrder(s.out.ground)
	s.out.services = inOrder(s.out.services)
	s.twice()
	return s.out, s.problems.Sorted().Err()
}

type sorter struct {
	parts    *bundle.Parts
	target   bundle.Target
	out      *items
	services map[*bundle.Service]*serviceItem
	problems slipway.Problems
}

func (s *sorter) artifact(a bundle.Artifact) {
	switch m := a.Model.(type) {
	case *cfn.Template:
		item := s.stack(a, m)
		if len(item.services) > 0 {
			s.out.services = append(s.out.services, item)
		} else {
			s.out.ground = append(s.out.ground, item)
		}
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
	for _, o := range t.Outputs {
		if name, ok := s.text(o.Export, item.name); ok {
			item.exports = append(item.exports, name)
		}
	}
	each(t, func(v cfn.Value) {
		if i, ok := v.(cfn.ImportValue); ok {
			if name, ok := s.text(i.Name, item.name); ok && !slices.Contains(item.imports, name) {
				item.imports = append(item.imports, name)
			}
		}
	})
	for _, p := range s.parts.Services {
		if p.Template == t && p.File == a.Path {
			item.services = append(item.services, s.service(item, p))
		}
	}
	return item
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

func (s *sorter) service(stack *stackItem, p *bundle.Part[*bundle.Service]) *serviceItem {
	m := p.Model
	item := &serviceItem{stack: stack, id: p.ID}
	item.name, _ = s.field(m.Name)
	item.cluster, _ = s.field(m.Cluster)
	if m.Cluster.Status == bundle.Absent {
		item.cluster = "default"
	}
	if i := strings.LastIndex(item.cluster, "/"); i >= 0 {
		item.cluster = item.cluster[i+1:] // of an ARN
	}
	if ref, ok := m.Resource.Properties.Get("DesiredCount").(cfn.Ref); ok && parameter(stack.template, string(ref)) != nil {
		item.count = string(ref)
	}
	s.services[m] = item
	return item
}

// field returns a field as text, when target and literals tell it.
func (s *sorter) field(f bundle.Field[string]) (string, bool) {
	if f.Status == bundle.Absent {
		return "", false
	}
	text := s.bind(f.Value)
	return text, text != "" && !strings.Contains(text, "${")
}

func (s *sorter) bind(text string) string {
	return strings.NewReplacer(bundle.Account, s.target.Account, bundle.Region, s.target.Region,
		bundle.Partition, s.target.Partition, bundle.URLSuffix, s.target.URLSuffix).Replace(text)
}

// text returns the value of a name as far as literals, pseudo parameters and the name
// of the stack tell it.
func (s *sorter) text(v cfn.Value, stack string) (string, bool) {
	text := ""
	switch v := v.(type) {
	case cfn.String:
		text = string(v)
	case cfn.Sub:
		text = string(v)
	case cfn.Ref:
		text = "${" + string(v) + "}"
	case cfn.Join:
		list, ok := v.Values.(cfn.List)
		parts := make([]string, len(list))
		for i := range list {
			part, known := s.text(list[i], stack)
			parts[i], ok = part, ok && known
		}
		return strings.Join(parts, v.Delimiter), ok
	default:
		return "", false
	}
	text = strings.NewReplacer("${AWS::StackName}", stack, "${AWS::AccountId}", s.target.Account, "${AWS::Region}", s.target.Region,
		"${AWS::Partition}", s.target.Partition, "${AWS::URLSuffix}", s.target.URLSuffix).Replace(text)
	return text, text != "" && !strings.Contains(text, "${")
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
			item := s.services[p.Model]
			item.family = task.Model.Family
			tasks[task.Model].services = append(tasks[task.Model].services, item)
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
	if d.Service != nil {
		item := s.services[d.Service.Model]
		for _, p := range s.out.pipelines {
			if p.definition == g.Pipeline.Model && item != nil && !slices.Contains(p.services, item) {
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

// inOrder puts stacks whose exports others import before those. What has no such tie
// keeps its place.
func inOrder(stacks []*stackItem) []*stackItem {
	var out []*stackItem
	placed := make(map[*stackItem]bool)
	var place func(s *stackItem)
	place = func(s *stackItem) {
		if placed[s] {
			return
		}
		placed[s] = true
		for _, other := range stacks {
			if slices.ContainsFunc(s.imports, func(name string) bool { return slices.Contains(other.exports, name) }) {
				place(other)
			}
		}
		out = append(out, s)
	}
	for _, s := range stacks {
		place(s)
	}
	return out
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
	for _, i := range slices.Concat(s.out.ground, s.out.services) {
		check(StackSubject, i.name, i.path)
	}
	for _, i := range s.out.tasks {
		check(TaskSubject, i.definition.Family, i.path)
	}
	for _, i := range s.out.pipelines {
		check(PipelineSubject, i.definition.Name, i.path)
	}
}
