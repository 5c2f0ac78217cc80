package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A host is a template from which parts are taken.
type host struct {
	file     string
	template *cfn.Template
	text     []byte // of the file; nil when it is not known
}

// task returns the task definition that is a resource; nil when it is not readable.
func (h *host) task(r *cfn.Resource) *Part[*taskdef.Definition] {
	root := taskDialect.root(r)
	d, holes := grow(h, root, taskdef.ParseLax, func(d *taskdef.Definition) *slipway.Source { return d.Source })
	if d == nil {
		return nil
	}
	p := implanted(h, r, root, d, d.Source)
	p.isSilent = func(problem *slipway.Problem) bool {
		// CloudFormation makes a name where there is none.
		return problem.Rule == "taskdef/family" && d.Family == "" || isTaskSilent(holes, problem)
	}
	return p
}

// pipeline returns the pipeline that is a resource; nil when it is not readable.
func (h *host) pipeline(r *cfn.Resource) *Part[*pipeline.Definition] {
	root := pipelineDialect.root(r)
	d, holes := grow(h, root, pipeline.ParseLax, func(d *pipeline.Definition) *slipway.Source { return d.Source })
	if d == nil {
		return nil
	}
	p := implanted(h, r, root, d, d.Source)
	p.isSilent = func(problem *slipway.Problem) bool {
		return problem.Path == "name" && d.Name == "" || isPipelineSilent(holes, problem)
	}
	return p
}

// root makes a graft of the properties of a resource.
func (d dialect) root(r *cfn.Resource) *graft {
	way := &graft{elem: []any{"Resources", r.ID, "Properties"}}
	root := d.plant(way, nil, "", r.Properties, 0)
	if root == nil {
		root = &graft{kind: source.Map, around: way}
	}
	return root
}

func implanted[M any](h *host, r *cfn.Resource, root *graft, model M, src *slipway.Source) *Part[M] {
	return &Part[M]{
		File: h.file, ID: r.ID, Model: model, Template: h.template,
		base: slipway.Path("Resources", r.ID, "Properties"), rename: root.path, locate: src.Position,
	}
}

// grow reads a graft by the reader of a model. What CloudFormation converts is
// converted. It returns the paths of the model that the reader could not fill because
// only the stack knows what stands there, but for texts.
func grow[M comparable](h *host, root *graft, parse func(string, []byte) (M, error), src func(M) *slipway.Source) (model M, holes []string) {
	var none M
	if root.hole {
		return none, nil
	}
	for {
		w := emit.JSON{}
		root.write(&w)
		m, err := parse(h.file, w.Buf)
		if err != nil {
			return none, nil
		}
		if root.convert(src(m).Notes) {
			continue
		}
		s := src(m)
		s.Locate = func(path string) slipway.Position { return h.template.Source.Position(root.path(path)) }
		s.Notes, holes = root.sift(s, s.Notes)
		return m, holes
	}
}

// convert offers other forms of the values that a reader refused, and reports
// whether there are any.
func (g *graft) convert(notes slipway.Problems) bool {
	changed := false
	for _, note := range notes {
		if note.Rule != source.TypeRule.Name {
			continue
		}
		at, rest := g.find(note.Path)
		if len(rest) > 0 || at.hole || at.tried > 2 {
			continue
		}
		at.retry()
		changed = true
	}
	return changed
}

// sift drops what a reader noted about values that are not known, and returns their
// paths. The others get the positions of the template.
func (g *graft) sift(s *slipway.Source, notes slipway.Problems) (kept slipway.Problems, holes []string) {
	for _, note := range notes {
		at, rest := g.find(note.Path)
		isHole := at.hole || at.kind == source.String && source.IsPlaceholder(at.text)
		switch {
		case note.Rule == source.TypeRule.Name && len(rest) == 0 && isHole:
			holes = append(holes, note.Path)
		case note.Rule == source.NullRule.Name:
		default:
			q := *note
			q.Pos, q.Related = s.Position(q.Path), nil
			if q.Rule == source.UnknownRule.Name {
				q.Message = respell(q.Message)
			}
			kept = append(kept, &q)
		}
	}
	return kept, holes
}

// respell gives the keys that a message proposes the spelling of templates.
func respell(message string) string {
	if before, key, ok := strings.Cut(message, "did you mean "); ok {
		return before + "did you mean " + property(key)
	}
	before, list, ok := strings.Cut(message, "known here are ")
	if !ok {
		return message
	}
	keys := strings.Split(list, ", ")
	for i := range keys {
		keys[i] = property(keys[i])
	}
	return before + "known here are " + strings.Join(keys, ", ")
}

// isTaskSilent reports whether a problem of a task definition may come of a value
// that is not known.
func isTaskSilent(holes []string, p *slipway.Problem) bool {
	for _, hole := range holes {
		elems := slipway.SplitPath(hole)
		switch first, _ := elems[0].(string); {
		case isReading(p) && p.Path != hole:
			continue
		case first == "containerDefinitions" && len(elems) <= 2:
			return true
		case first == "containerDefinitions":
			switch p.Rule {
			case "taskdef/depends-on", "taskdef/containers", "taskdef/firelens":
				return true
			}
			if isNear(elems, p.Path) {
				return true
			}
		case len(elems) > 1:
			if isNear(elems, p.Path) {
				return true
			}
		default:
			switch first {
			case "tags", "placementConstraints", "ephemeralStorage", "inferenceAccelerators", "enableFaultInjection":
			case "volumes":
				if p.Rule == "taskdef/mounts" {
					return true
				}
			default:
				return true
			}
			if strings.HasPrefix(p.Path, first) {
				return true
			}
		}
	}
	return false
}

// isPipelineSilent reports whether a problem of a pipeline may come of a value that is
// not known. What flows from stage to stage may come of any.
func isPipelineSilent(holes []string, p *slipway.Problem) bool {
	for _, hole := range holes {
		elems := slipway.SplitPath(hole)
		if isReading(p) && p.Path != hole {
			continue
		}
		if !slices.Contains(elems, any("configuration")) || isNear(elems, p.Path) {
			return true
		}
	}
	return false
}

// isReading reports whether a problem is one of the reader's, which looks at one
// value only.
func isReading(p *slipway.Problem) bool {
	switch p.Rule {
	case source.UnknownRule.Name, source.TypeRule.Name:
		return true
	}
	return false
}

// isNear reports whether a path leads to a place around the hole, or stands in the
// same map or list as it.
func isNear(hole []any, path string) bool {
	elems := slipway.SplitPath(path)
	around := hole[:len(hole)-1]
	n := min(len(elems), len(around))
	return slices.Equal(elems[:n], around[:n])
}
