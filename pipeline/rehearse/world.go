package rehearse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A world is what the files of a bundle say about the account in which the
// pipeline runs.
type world struct {
	opts      Options
	bundle    *bundle.Bundle // as it was given
	bound     *bundle.Bundle // without placeholders, where they could be replaced
	target    bundle.Target
	templates []*cfn.Template
	group     bundle.Group
	pipeline  *pipeline.Definition
	file      string // of the pipeline
	notes     []string
}

func newWorld(b *bundle.Bundle, opts Options) (*world, error) {
	if b == nil {
		return nil, fmt.Errorf("there is no bundle to rehearse")
	}
	target, err := opts.Target.Complete()
	if err != nil {
		return nil, err
	}
	w := &world{opts: opts, bundle: b, target: target}
	if w.bound, err = b.Bind(target); err != nil {
		w.bound = b
		w.notes = append(w.notes, "the placeholders stay as they are: "+firstOf(err.Error()))
	}
	for _, a := range w.bound.Artifacts {
		if t, ok := a.Model.(*cfn.Template); ok {
			w.templates = append(w.templates, t)
		}
	}
	return w, w.choose()
}

func firstOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// choose finds the pipeline.
func (w *world) choose() error {
	var names []string
	for _, g := range w.bound.Groups() {
		if g.Pipeline == nil {
			continue
		}
		d := g.Pipeline.Model
		names = append(names, cmp.Or(d.Name, g.Pipeline.File))
		if w.pipeline == nil && (w.opts.Pipeline == "" || w.opts.Pipeline == d.Name) {
			w.pipeline, w.file, w.group = d, g.Pipeline.File, g
		}
	}
	switch {
	case w.pipeline == nil && w.opts.Pipeline != "":
		return fmt.Errorf("the bundle has no pipeline %q; it has %s", w.opts.Pipeline, cmp.Or(strings.Join(names, ", "), "none"))
	case w.pipeline == nil:
		return fmt.Errorf("the bundle has no pipeline to rehearse")
	case len(names) > 1 && w.opts.Pipeline == "":
		return fmt.Errorf("the bundle has %d pipelines: say which of %s is to be rehearsed", len(names), strings.Join(names, ", "))
	}
	return nil
}

// A project is what is known of a CodeBuild project.
type project struct {
	name       string
	known      bool
	buildspec  string // path, or the whole text
	image      string
	arm        bool
	privileged bool
	env        []projectVariable
}

type projectVariable struct {
	name, value, kind string
	known             bool
}

// project returns the project of a build action.
func (w *world) project(stage, number int, a *pipeline.Action) *project {
	p := &project{name: a.Configuration["ProjectName"], privileged: true}
	t, r := w.projectResource(stage, number, p.name)
	if r == nil {
		return p
	}
	p.known = true
	text := func(path string) (string, bool) { return w.resolve(t, r.Get(path)) }
	if strings.Contains(p.name, "${") {
		if p.name, _ = text("Name"); p.name == "" {
			p.name = r.ID
		}
	}
	p.buildspec, _ = text("Source.BuildSpec")
	p.image, _ = text("Environment.Image")
	kind, _ := text("Environment.Type")
	p.arm = strings.HasPrefix(kind, "ARM")
	if v, ok := text("Environment.PrivilegedMode"); r.Get("Environment.PrivilegedMode") == nil || ok {
		// The old images of CodeBuild for Docker bring their own right.
		p.privileged = strings.EqualFold(v, "true") || strings.HasPrefix(p.image, "aws/codebuild/docker:") || p.image == ""
	}
	list, _ := r.Get("Environment.EnvironmentVariables").(cfn.List)
	for i := range list {
		path := fmt.Sprintf("Environment.EnvironmentVariables[%d].", i)
		v := projectVariable{}
		v.name, _ = text(path + "Name")
		v.kind, _ = text(path + "Type")
		if v.value, v.known = text(path + "Value"); v.name != "" {
			p.env = append(p.env, v)
		}
	}
	return p
}

func (w *world) projectResource(stage, number int, name string) (*cfn.Template, *cfn.Resource) {
	for _, b := range w.group.Builds {
		if b.Stage == stage && b.Number == number && b.Project != nil {
			return b.Project.Template, b.Project.Model.Resource
		}
	}
	for t, r := range w.resources("AWS::CodeBuild::Project") {
		if text, ok := w.resolve(t, r.Properties.Get("Name")); ok && text == name {
			return t, r
		}
	}
	return nil, nil
}

// service returns the task definition that the service of a deploy action runs,
// and whether the bundle has the service.
func (w *world) service(stage, number int, a *pipeline.Action) (d *taskdef.Definition, file string, known bool) {
	for _, dep := range w.group.Deploys {
		if dep.Stage == stage && dep.Number == number && dep.Task != nil {
			return dep.Task.Model, dep.Task.File, true
		}
	}
	for t, r := range w.resources("AWS::ECS::Service") {
		if name, ok := w.resolve(t, r.Properties.Get("ServiceName")); !ok || name != a.Configuration["ServiceName"] {
			continue
		}
		family, ok := w.resolve(t, r.Properties.Get("TaskDefinition"))
		if !ok {
			return nil, "", true
		}
		if i := strings.LastIndexByte(family, '/'); i >= 0 {
			family = family[i+1:]
		}
		family, _, _ = strings.Cut(family, ":")
		d, file := w.taskFile(family)
		return d, file, true
	}
	return nil, "", false
}

// task returns the task definition of a family, or nil.
func (w *world) task(family string) *taskdef.Definition {
	d, _ := w.taskFile(family)
	return d
}

func (w *world) taskFile(family string) (*taskdef.Definition, string) {
	for _, a := range w.bound.Artifacts {
		if d, ok := a.Model.(*taskdef.Definition); ok && d.Family == family {
			return d, a.Path
		}
	}
	return nil, ""
}

// onlyTask returns the task definition of a bundle that has one.
func (w *world) onlyTask() (*taskdef.Definition, string) {
	var only *taskdef.Definition
	var file string
	for _, a := range w.bound.Artifacts {
		if d, ok := a.Model.(*taskdef.Definition); ok {
			if only != nil {
				return nil, ""
			}
			only, file = d, a.Path
		}
	}
	return only, file
}

// spec returns the buildspec of the bundle at a path, or nil.
func (w *world) spec(path string) *buildspec.Spec {
	for _, a := range w.bundle.Artifacts {
		if s, ok := a.Model.(*buildspec.Spec); ok && a.Path == path {
			return s
		}
	}
	return nil
}

// order returns the indexes of the actions of a stage by their run order: those of
// one group run side by side.
func order(actions []pipeline.Action) [][]int {
	at := func(i int) int {
		if n := actions[i].RunOrder; n != nil {
			return *n
		}
		return 1
	}
	index := make([]int, len(actions))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(i, j int) int { return at(i) - at(j) })
	var groups [][]int
	for _, i := range index {
		if n := len(groups); n > 0 && at(groups[n-1][0]) == at(i) {
			groups[n-1] = append(groups[n-1], i)
			continue
		}
		groups = append(groups, []int{i})
	}
	return groups
}
