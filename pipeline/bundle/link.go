package bundle

import (
	"path"
	"strings"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// DefaultBuildspec is the file that a project reads when it names none.
const DefaultBuildspec = "buildspec.yml"

// BuildspecOf returns what a project runs, and its path when it is a file of the
// source. It returns nil when that is not in the bundle, or not certain.
func (ps *Parts) BuildspecOf(p *Part[*Project]) (spec *Part[*buildspec.Spec], path string) {
	if p.Model.IsInline() {
		return p.Model.Inline, ""
	}
	path, known := p.Model.Buildspec.Get(DefaultBuildspec)
	if !known || !IsKnown(path) || strings.HasPrefix(path, "arn:") || p.Model.SourceType.Value == "NO_SOURCE" {
		return nil, ""
	}
	return byPath(ps, ps.Buildspecs, p.File, path), path
}

// TaskOf returns the task definition that a service names, by reference or by family.
// It returns nil when that is not in the bundle, or not certain.
func (ps *Parts) TaskOf(s *Part[*Service]) *Part[*taskdef.Definition] {
	text := s.Model.TaskDefinition.Value
	if _, rest, ok := strings.Cut(text, ":task-definition/"); ok {
		text = rest
	}
	if i := strings.LastIndexByte(text, ':'); i >= 0 && isRevision(text[i+1:]) {
		text = text[:i]
	}
	return named(ps.Tasks, name{text, s.File, template(s.Template)}, func(p *Part[*taskdef.Definition]) Field[string] {
		return literal(p.Model.Family)
	})
}

func isRevision(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// literal is the text of a model as a field.
func literal(text string) Field[string] {
	switch {
	case text == "":
		return Field[string]{}
	case IsKnown(text):
		return Field[string]{Value: text, Status: Known}
	}
	return Field[string]{Value: text, Status: Unknown}
}

// template makes of a nil pointer a nil interface.
func template(t *cfn.Template) any {
	if t == nil {
		return nil
	}
	return t
}

// TargetOf returns the target group that a load balancer of a service or a listener
// names; nil when it is none of the service's template.
func (ps *Parts) TargetOf(t *cfn.Template, text string) *Part[*TargetGroup] {
	return named(ps.Targets, name{text: text, template: template(t)}, func(*Part[*TargetGroup]) Field[string] { return Field[string]{} })
}

// ExporterOf returns the template, and its output, of which a template imports the
// value of that name (see [cfn.ImportValue]). It returns nil when none exports it, or
// several may. A name that holds ${AWS::StackName} fits any name of a stack.
func (ps *Parts) ExporterOf(importer *Part[*cfn.Template], v cfn.ImportValue) (*Part[*cfn.Template], *cfn.Output) {
	want, _, _ := symbol(v.Name)
	outputs := make(map[*Part[*cfn.Template]]*cfn.Output)
	var exact, fitting []*Part[*cfn.Template]
	for _, t := range ps.Templates {
		for _, o := range t.Model.Outputs {
			if o == nil || o.Export == nil || t == importer {
				continue
			}
			text, _, _ := symbol(o.Export)
			switch {
			case text == want && isEverywhere(want):
				exact = append(exact, t)
			case fits(want, text):
				fitting = append(fitting, t)
			default:
				continue
			}
			outputs[t] = o
			break
		}
	}
	if len(exact) > 0 {
		fitting = exact
	}
	t := nearest(fitting, importer.File)
	return t, outputs[t]
}

// fits reports whether the name of an import can be that of an export.
func fits(want, export string) bool {
	before, after, ok := strings.Cut(export, "${AWS::StackName}")
	if !ok || strings.Contains(before+after, "${") || before+after == "" {
		return false
	}
	if _, rest, ok := strings.Cut(want, "}"); ok && strings.HasPrefix(want, "${") && before == "" {
		return rest == after // a parameter holds the stack's name
	}
	return IsKnown(want) && strings.HasPrefix(want, before) && strings.HasSuffix(want, after) && len(want) > len(before)+len(after)
}

// surroundings are what a place holds of other pipelines.
type surroundings map[string]int

func newSurroundings[M any](parts []*Part[M]) surroundings {
	s := make(surroundings)
	for _, p := range parts {
		for at := p.File; ; at = path.Dir(at) {
			s[at]++
			if at == "." || at == "/" {
				break
			}
		}
	}
	return s
}

// atMost returns a function that reports whether a place holds at most n of them.
func (s surroundings) atMost(n int) func(place string) bool {
	return func(place string) bool { return s[place] <= n }
}
