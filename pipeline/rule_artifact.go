package pipeline

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var artifactNameRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/artifact-name", Source: api + "API_OutputArtifact.html",
		Doc: "The name of an artifact has 1 to 100 letters, digits, _ and -.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			for i := range a.InputArtifacts {
				if in := &a.InputArtifacts[i]; !consists(in.Name, 1, 100, "_-") {
					checkArtifactName(r, in.Name, in.Extra, a.path("inputArtifacts", i, "name"))
				}
			}
			for i := range a.OutputArtifacts {
				if out := &a.OutputArtifacts[i]; !consists(out.Name, 1, 100, "_-") {
					checkArtifactName(r, out.Name, out.Extra, a.path("outputArtifacts", i, "name"))
				}
			}
		}
	},
}

// checkArtifactName reports a name that is not one, unless it is not known.
func checkArtifactName(r *check.Report, name string, extra map[string]any, path string) {
	switch {
	case name == "":
		if absent(extra, "name") {
			r.Addf(path, "name is missing, want the name of an artifact")
		}
	case strings.Contains(name, "#{"):
		r.Addf(path, "found %s; variables are not resolved in the names of artifacts", quote(name))
	case known(name):
		r.Addf(path, "found %s; the name of an artifact has 1 to 100 letters, digits, _ and -", quote(name))
	}
}

var artifactCountRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/artifact-count", Source: artifactCounts,
		Doc: "Every action has as many input and output artifacts as its provider takes and makes.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.spec == nil {
				continue
			}
			if n := len(a.InputArtifacts); (n < a.spec.MinInputs || n > a.spec.MaxInputs) && absent(a.Extra, "inputArtifacts") {
				r.Addf(a.path("inputArtifacts"), "found %d, %s takes %s", n, a.spec.Provider, span(a.spec.MinInputs, a.spec.MaxInputs, "input artifact"))
			}
			if n := len(a.OutputArtifacts); (n < a.spec.MinOutputs || n > a.spec.MaxOutputs) && absent(a.Extra, "outputArtifacts") {
				r.Addf(a.path("outputArtifacts"), "found %d, %s makes %s", n, a.spec.Provider, span(a.spec.MinOutputs, a.spec.MaxOutputs, "output artifact"))
			}
		}
	},
}

// span returns "no input artifact", "1 input artifact" or "1 to 5 input artifacts".
func span(lo, hi int, what string) string {
	switch {
	case hi == 0:
		return "no " + what
	case lo == hi && lo == 1:
		return "1 " + what
	case lo == hi:
		return strconv.Itoa(lo) + " " + what + "s"
	}
	return strconv.Itoa(lo) + " to " + strconv.Itoa(hi) + " " + what + "s"
}

var artifactUniqueRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/unique-artifact", Source: guide + "action-requirements.html",
		Doc: "No two actions make artifacts of the same name.",
	},
	Check: func(s *subject, r *check.Report) {
		for i := 1; i < len(s.outputs); i++ {
			first, second := s.outputs[i-1], s.outputs[i]
			if first.name == second.name && second.name != "" {
				p := r.Addf(second.action.path("outputArtifacts", second.index, "name"),
					"the artifact %s is also made by %s; its name must be unique in the pipeline", quote(second.name), s.where(first.action))
				p.Related = s.related(first.action.path("outputArtifacts", first.index, "name"), "the other one")
			}
		}
	},
}

var artifactFlowRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/artifact-flow", Source: guide + "action-requirements.html",
		Doc: "Every input artifact is made by an action that has ended before: of an earlier stage, or of a lower run order in the same stage.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			for i, in := range a.InputArtifacts {
				if in.Name != "" && given(in.Name) {
					s.checkInput(r, a, i)
				}
			}
		}
	},
}

// checkInput reports an input artifact that is not there when the action starts.
func (s *subject) checkInput(r *check.Report, a *actionRef, i int) {
	name := a.InputArtifacts[i].Name
	makers := lookup(s.outputs, name)
	for _, m := range makers {
		if m.action.before(a) {
			return
		}
	}
	path := a.path("inputArtifacts", i, "name")
	if len(makers) > 0 {
		m := makers[0].action
		p := r.Addf(path, "the artifact %s is made by %s, which has not ended when this action starts", quote(name), s.where(m))
		p.Related = s.related(m.path("outputArtifacts", makers[0].index, "name"), "made here")
		return
	}
	switch like := suggest(name, names(s.outputs)); {
	case s.unknown:
	case like != "":
		r.Addf(path, "no action makes the artifact %s; did you mean %s?", quote(name), like)
	default:
		r.Addf(path, "no action makes the artifact %s", quote(name))
	}
}

// where names an action with its stage, for messages.
func (s *subject) where(a *actionRef) string {
	return "the action " + quote(a.Name) + " of the stage " + quote(s.Stages[a.stage].Name)
}

// related returns one other place that takes part in a problem.
func (s *subject) related(path, message string) []slipway.Place {
	place := slipway.Place{Path: path, Pos: s.Source.Position(path), Message: message}
	if s.Source != nil {
		place.File = s.Source.File
	}
	return []slipway.Place{place}
}
