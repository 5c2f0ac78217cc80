package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Groups returns the groups of the bundle, those with a pipeline first. See
// [Parts.Groups].
func (b *Bundle) Groups() []Group { return b.Parts().Groups() }

// Groups returns the groups of the parts, in the order of their pipelines, and then
// those without one. What belongs together is told by what the parts say: names,
// references, paths of files. Where they say nothing, a part that is alone of its kind
// in the smallest directory around the pipeline that has any is taken, unless the
// directory holds another pipeline too, or names contradict.
//
// Each project, service and task definition and each file that is a buildspec is in
// one group at least.
func (ps *Parts) Groups() []Group {
	groups := ps.links()
	for i := range groups {
		groups[i].Templates = ps.templatesOf(&groups[i])
	}
	return groups
}

// links returns the groups without their templates.
func (ps *Parts) links() []Group {
	g := grouper{
		Parts: ps, pipelines: newSurroundings(ps.Pipelines), projects: newIndex(ps.Projects), specs: newIndex(files(ps.Buildspecs)),
		services: newIndex(ps.Services), tasks: newIndex(ps.Tasks), appSpecs: newIndex(ps.AppSpecs), used: make(map[any]bool),
	}
	var groups []Group
	for _, p := range ps.Pipelines {
		groups = append(groups, g.ofPipeline(p))
	}
	return append(groups, g.rest()...)
}

// files returns the parts that are whole files.
func files[M any](parts []*Part[M]) []*Part[M] {
	return slices.DeleteFunc(slices.Clone(parts), func(p *Part[M]) bool { return p.Template != nil })
}

// A grouper finds what belongs to what.
type grouper struct {
	*Parts
	pipelines surroundings
	projects  index[*Project]
	specs     index[*buildspec.Spec]
	services  index[*Service]
	tasks     index[*taskdef.Definition]
	appSpecs  index[*handover.AppSpec]
	used      map[any]bool // the parts that are in a group
}

// ofPipeline returns the group of a pipeline.
func (g *grouper) ofPipeline(p *Part[*pipeline.Definition]) Group {
	group := Group{Pipeline: p}
	for i := range p.Model.Stages {
		stage := &p.Model.Stages[i]
		for j := range stage.Actions {
			a := &stage.Actions[j]
			switch t := a.ActionTypeID; {
			case t == nil:
			case t.Provider == "CodeBuild":
				group.Builds = append(group.Builds, Build{Stage: i, Number: j, Action: a})
			case t.Provider == "ECS" && t.Category == pipeline.ActionCategoryDeploy, t.Provider == "CodeDeployToECS":
				group.Deploys = append(group.Deploys, Deploy{Stage: i, Number: j, Action: a})
			}
		}
	}
	for i := range group.Builds {
		g.build(&group, &group.Builds[i])
	}
	for i := range group.Deploys {
		if d := &group.Deploys[i]; d.Action.ActionTypeID.Provider == "ECS" {
			g.deploy(&group, d)
		} else {
			g.codeDeploy(&group, d)
		}
	}
	for _, b := range group.Builds {
		g.use(b.Project, b.Buildspec)
	}
	for _, d := range group.Deploys {
		g.use(d.Service, d.Task)
	}
	return group
}

func (g *grouper) use(parts ...any) {
	for _, p := range parts {
		g.used[p] = true
	}
}

// name is a configuration value of an action of the pipeline.
func (g *Group) name(a *pipeline.Action, key string) name {
	return name{a.Configuration[key], g.Pipeline.File, template(g.Pipeline.Template)}
}

// lone returns the part that is alone around the pipeline, unless there are other pipelines.
func lone[M any](g *grouper, group *Group, x index[M]) *Part[M] {
	return x.lone(group.Pipeline.File, g.pipelines.atMost(1))
}

// agrees reports whether a name may be the one that a part has. Where a template gives
// none, CloudFormation makes one that nobody knows.
func agrees(text string, has Field[string]) bool {
	return !IsKnown(text) || !has.Known() || has.Value == text
}

// build finds the project and the buildspec of an action.
func (g *grouper) build(group *Group, b *Build) {
	n := group.name(b.Action, "ProjectName")
	b.Project = named(g.Projects, n, func(p *Part[*Project]) Field[string] { return p.Model.Name })
	if b.Project == nil && len(group.Builds) == 1 {
		if p := lone(g, group, g.projects); p != nil && agrees(n.text, p.Model.Name) {
			b.Project = p
		}
	}
	if text := b.Action.Configuration["BuildspecOverride"]; text != "" {
		g.override(group, b, text)
		return
	}
	if b.Project != nil {
		b.Buildspec, b.BuildspecPath = g.BuildspecOf(b.Project)
		if b.Buildspec == nil && b.BuildspecPath != "" {
			b.Buildspec = byPath(g.Parts, g.Buildspecs, group.Pipeline.File, b.BuildspecPath)
		}
		if b.Buildspec == nil && b.BuildspecPath == "" && !b.Project.Model.IsInline() && b.Project.Model.Buildspec.Status == Unknown && len(group.Builds) == 1 {
			b.Buildspec = lone(g, group, g.specs)
		}
		return
	}
	if len(group.Builds) == 1 {
		b.Buildspec = lone(g, group, g.specs)
	}
}

// override reads the buildspec that an action puts in the place of the project's.
func (g *grouper) override(group *Group, b *Build, text string) {
	if !isInline(text) {
		if IsKnown(text) {
			b.BuildspecPath = text
			b.Buildspec = byPath(g.Parts, g.Buildspecs, group.Pipeline.File, text)
		}
		return
	}
	p := group.Pipeline
	spec, err := buildspec.ParseLax(p.File, []byte(text))
	if err != nil {
		return
	}
	at := slipway.Path("stages", b.Stage, "actions", b.Number, "configuration", "BuildspecOverride")
	b.Buildspec = &Part[*buildspec.Spec]{
		File: p.File, ID: p.ID, Model: spec, Template: p.Template, base: p.Path(at),
		locate: func(string) slipway.Position { return p.Pos(at) },
	}
	spec.Source.Locate = b.Buildspec.locate
	spec.Source.Notes = nil
}

// deploy finds the service and the task definition of an action of the provider ECS.
func (g *grouper) deploy(group *Group, d *Deploy) {
	n, cluster := group.name(d.Action, "ServiceName"), d.Action.Configuration["ClusterName"]
	isOf := func(s *Part[*Service]) bool {
		known, ok := s.Model.Cluster.Get("default")
		return !ok || !IsKnown(cluster) || clusterName(known) == clusterName(cluster)
	}
	s := named(g.Services, n, func(p *Part[*Service]) Field[string] {
		if !isOf(p) {
			return Field[string]{}
		}
		return p.Model.Name
	})
	if s == nil && group.isUniform() {
		if one := lone(g, group, g.services); one != nil && agrees(n.text, one.Model.Name) && isOf(one) {
			s = one
		}
	}
	d.Service = s
	d.Definitions = byPath(g.Parts, g.Images, group.Pipeline.File, definitionsFile(d.Action))
	if s != nil {
		if d.Task = g.TaskOf(s); d.Task != nil || s.Model.TaskDefinition.Known() {
			return
		}
	}
	if group.isUniform() {
		if one := lone(g, group, g.tasks); one != nil && (s != nil || g.mayRun(one, n.text)) {
			d.Task = one
		}
	}
}

// mayRun reports whether a service of that name may run a task definition: no service
// does, or one that may have the name.
func (g *grouper) mayRun(task *Part[*taskdef.Definition], service string) bool {
	found, may := false, false
	for _, s := range g.Services {
		if g.TaskOf(s) == task {
			found, may = true, may || agrees(service, s.Model.Name)
		}
	}
	return may || !found
}

func definitionsFile(a *pipeline.Action) string {
	if file := a.Configuration["FileName"]; file != "" {
		return file
	}
	return "imagedefinitions.json"
}

// isUniform reports whether all deploy actions deploy the same: the same file of the
// same artifact.
func (g *Group) isUniform() bool {
	for _, d := range g.Deploys[1:] {
		first := g.Deploys[0].Action
		if !slices.EqualFunc(first.InputArtifacts, d.Action.InputArtifacts, func(a, b pipeline.InputArtifact) bool { return a.Name == b.Name }) ||
			first.ActionTypeID.Provider != d.Action.ActionTypeID.Provider || definitionsFile(first) != definitionsFile(d.Action) {
			return false
		}
	}
	return true
}

// clusterName returns the name of a cluster of which an ARN may be given.
func clusterName(text string) string {
	return text[strings.LastIndexByte(text, '/')+1:]
}

// codeDeploy finds what an action of the provider CodeDeployToECS deploys.
func (g *grouper) codeDeploy(group *Group, d *Deploy) {
	c, file := d.Action.Configuration, group.Pipeline.File
	path := func(key, def string) string {
		if c[key] != "" {
			return c[key]
		}
		return def
	}
	d.Task = byPath(g.Parts, g.Tasks, file, path("TaskDefinitionTemplatePath", "taskdef.json"))
	d.AppSpec = byPath(g.Parts, g.AppSpecs, file, path("AppSpecTemplatePath", "appspec.yaml"))
	if d.AppSpec == nil && c["AppSpecTemplatePath"] == "" && group.isUniform() {
		d.AppSpec = lone(g, group, g.appSpecs)
	}
	d.Detail = byPath(g.Parts, g.Details, file, "imageDetail.json")
	d.Deployment = named(g.Deployments, group.name(d.Action, "DeploymentGroupName"), func(p *Part[*DeploymentGroup]) Field[string] {
		if !agrees(c["ApplicationName"], p.Model.Application) {
			return Field[string]{}
		}
		return p.Model.Name
	})
	if dg := d.Deployment; dg != nil {
		d.Service = named(g.Services, name{dg.Model.Service.Value, dg.File, template(dg.Template)}, func(p *Part[*Service]) Field[string] { return p.Model.Name })
	}
	if d.Service == nil && group.isUniform() && d.Deployment == nil {
		d.Service = lone(g, group, g.services)
	}
}

// templatesOf returns the templates that hold a part of a group, and those from which
// they import, in the order of the bundle.
func (ps *Parts) templatesOf(g *Group) []*Part[*cfn.Template] {
	in := make(map[*cfn.Template]bool)
	if g.Pipeline != nil {
		in[g.Pipeline.Template] = true
	}
	for _, b := range g.Builds {
		if b.Project != nil {
			in[b.Project.Template] = true
		}
	}
	for _, d := range g.Deploys {
		if d.Service != nil {
			in[d.Service.Template] = true
		}
		if d.Task != nil {
			in[d.Task.Template] = true
		}
		if d.Deployment != nil {
			in[d.Deployment.Template] = true
		}
	}
	delete(in, nil)
	if len(in) == 0 {
		return nil
	}
	ps.addExporters(in)
	return slices.DeleteFunc(slices.Clone(ps.Templates), func(t *Part[*cfn.Template]) bool { return !in[t.Model] })
}

// addExporters adds the templates from which those of a set import, directly or not.
func (ps *Parts) addExporters(in map[*cfn.Template]bool) {
	done := make(map[*cfn.Template]bool)
	for before := -1; before < len(done); {
		before = len(done)
		for _, t := range ps.Templates {
			if !in[t.Model] || done[t.Model] {
				continue
			}
			done[t.Model] = true
			for _, name := range imports(t.Model) {
				if from, _ := ps.ExporterOf(t, name); from != nil {
					in[from.Model] = true
				}
			}
		}
	}
}

// imports returns what the resources of a template import.
func imports(t *cfn.Template) (names []cfn.ImportValue) {
	for _, r := range t.Resources {
		if r == nil {
			continue
		}
		cfn.Walk(r.Properties, func(v cfn.Value) bool {
			name, ok := v.(cfn.ImportValue)
			if ok {
				names = append(names, name)
			}
			return !ok
		})
	}
	return names
}
