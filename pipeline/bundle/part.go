package bundle

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A Part is a model with its place: the whole of a file, or a resource of a template
// or one of its properties. One part is one pointer, however often it is named.
type Part[M any] struct {
	File  string // path of the file in the bundle
	ID    string // logical id of the resource; empty for a whole file
	Model M

	// Template holds the resource; nil for a whole file.
	Template *cfn.Template

	base   string // path of the model in its file; empty for a whole file
	rename func(path string) string
	locate func(path string) slipway.Position // of a path of the model
	// isSilent reports whether a problem of the model is none in a template. Nil is no.
	isSilent func(*slipway.Problem) bool
}

// Check returns the problems of the model by itself, with their places in the file.
// In a template it is silent about what depends on values that only the stack knows.
func (p *Part[M]) Check() slipway.Problems {
	m, ok := any(p.Model).(interface{ Check() slipway.Problems })
	if !ok {
		return nil
	}
	found := m.Check()
	var out slipway.Problems
	for _, problem := range found {
		if p.isSilent != nil && p.isSilent(problem) {
			continue
		}
		if problem.File != p.File || p.Template != nil {
			q := *problem
			q.File, q.Path = p.File, p.Path(problem.Path)
			q.Related = p.related(problem.Related)
			problem = &q
		}
		out = append(out, problem)
	}
	return out
}

// related gives places in the model their paths in the file.
func (p *Part[M]) related(places []slipway.Place) []slipway.Place {
	out := slices.Clone(places)
	for i := range out {
		out[i].File, out[i].Path = p.File, p.Path(out[i].Path)
	}
	return out
}

// Path returns where in the file the value at a path of the model stands: for a
// task definition that is a resource, containerDefinitions[0].name is
// Resources.Task.Properties.ContainerDefinitions[0].Name. The empty path is the
// model itself.
func (p *Part[M]) Path(path string) string {
	if p.rename != nil {
		return p.rename(path)
	}
	return join(p.base, path)
}

// Pos returns where the value at a path of the model stands, or the nearest one
// around it; zero when that is unknown.
func (p *Part[M]) Pos(path string) slipway.Position {
	if p.locate == nil {
		return slipway.Position{}
	}
	return p.locate(path)
}

// Place returns the place of a value for [slipway.Problem.Related].
func (p *Part[M]) Place(path, message string) slipway.Place {
	return slipway.Place{File: p.File, Pos: p.Pos(path), Path: p.Path(path), Message: message}
}

// Problem returns a problem at the value of that path of the model.
func (p *Part[M]) Problem(rule *slipway.Rule, path, message string) *slipway.Problem {
	return &slipway.Problem{
		File: p.File, Pos: p.Pos(path), Path: p.Path(path), Message: message,
		Rule: rule.Name, Severity: rule.Severity,
	}
}

// join puts a path after another one.
func join(base, path string) string {
	switch {
	case base == "":
		return path
	case path == "" || path[0] == '[':
		return base + path
	}
	return base + "." + path
}

// Parts is all that a bundle holds, by kind, in the order of the artifacts and of
// the resources in a template. What stands in a template is a part of its own.
type Parts struct {
	Templates   []*Part[*cfn.Template]
	Tasks       []*Part[*taskdef.Definition]
	Buildspecs  []*Part[*buildspec.Spec] // files, and those that stand in projects
	Pipelines   []*Part[*pipeline.Definition]
	Images      []*Part[*handover.ImageDefinitions]
	Details     []*Part[*handover.ImageDetail]
	AppSpecs    []*Part[*handover.AppSpec]
	Projects    []*Part[*Project]
	Services    []*Part[*Service]
	Targets     []*Part[*TargetGroup]
	Listeners   []*Part[*Listener] // and listener rules
	Deployments []*Part[*DeploymentGroup]
}
