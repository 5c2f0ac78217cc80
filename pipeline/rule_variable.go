package pipeline

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var variableRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/variables", Source: api + "API_PipelineVariableDeclaration.html",
		Doc: "The pipeline has at most 50 variables, each of another name, a default of at most 1,000 characters and a description of at most 200.",
	},
	Check: func(s *subject, r *check.Report) {
		if n := len(s.Variables); n > 50 {
			r.Addf("variables", "found %d variables, at most 50 are allowed", n)
		}
		duplicates(len(s.Variables), func(i int) string { return s.Variables[i].Name }, func(i, first int) {
			r.Addf(slipway.Path("variables", i, "name"), "variables[%d] has the name %s too", first, quote(s.Variables[i].Name))
		})
		for i := range s.Variables {
			v := &s.Variables[i]
			switch {
			case !consists(v.Name, 1, 128, "@-_"):
				if known(v.Name) && absent(v.Extra, "name") {
					r.Addf(slipway.Path("variables", i, "name"), "found %s; a variable's name has 1 to 128 letters, digits, @ - and _", quote(v.Name))
				}
			case strings.ContainsAny(v.Name, "@-"):
				r.Warnf(slipway.Path("variables", i, "name"), "found %s; AWS also documents that the name has letters, digits and _ only", quote(v.Name))
			}
			if len(v.DefaultValue) > 0 && outside(v.DefaultValue, 1000) {
				r.Addf(slipway.Path("variables", i, "defaultValue"), "found %d characters, at most 1,000 are allowed", len([]rune(v.DefaultValue)))
			}
			if len(v.Description) > 0 && outside(v.Description, 200) {
				r.Addf(slipway.Path("variables", i, "description"), "found %d characters, at most 200 are allowed", len([]rune(v.Description)))
			}
		}
	},
}

var namespaceRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/namespace", Source: guide + "reference-variables.html",
		Doc: "A namespace is given by one action only, is not the name of an artifact, and is neither codepipeline nor variables.",
	},
	Check: func(s *subject, r *check.Report) {
		for i, ns := range s.namespaces {
			a, name := ns.action, ns.name
			switch {
			case !known(name):
			case !consists(name, 1, 100, "@-_"):
				r.Addf(a.path("namespace"), "found %s; a namespace has 1 to 100 letters, digits, @ - and _", quote(name))
			case name == "codepipeline" || name == "variables":
				r.Addf(a.path("namespace"), "found %s, which CodePipeline keeps for itself", quote(name))
			case i > 0 && s.namespaces[i-1].name == name:
				first := s.namespaces[i-1].action
				p := r.Addf(a.path("namespace"), "the namespace %s is also that of %s", quote(name), s.where(first))
				p.Related = s.related(first.path("namespace"), "the other one")
			case len(lookup(s.outputs, name)) > 0:
				r.Addf(a.path("namespace"), "the namespace %s is also the name of an artifact; rename one of them", quote(name))
			}
		}
	},
}

var referenceRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/variable-reference", Source: guide + "reference-variables.html",
		Doc: "Every #{namespace.variable} stands for a variable of the pipeline, of the execution, or of an action that has ended before.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			for key, value := range a.Configuration {
				s.checkReferences(r, value, spot{action: a, member: "configuration", key: key})
			}
			for i, command := range a.Commands {
				s.checkReferences(r, command, spot{action: a, member: "commands", index: i})
			}
			for i := range a.EnvironmentVariables {
				s.checkReferences(r, a.EnvironmentVariables[i].Value, spot{action: a, member: "environmentVariables", index: i, key: "value"})
			}
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				for key, value := range c.Rules[i].Configuration {
					s.checkReferences(r, value, spot{condition: c, rule: i, member: "configuration", key: key})
				}
			}
		}
	},
}

// A spot is where a text stands that may hold references, in an action or in the
// rule of a condition.
type spot struct {
	action    *actionRef
	condition *conditionRef
	rule      int    // of the condition
	member    string // configuration, commands or environmentVariables
	index     int    // of a list
	key       string // of the configuration, or of the list's item
}

func (p *spot) path() string {
	elem := []any{p.member, p.index, p.key}
	switch p.member {
	case "configuration":
		elem = []any{p.member, p.key}
	case "commands":
		elem = elem[:2]
	}
	if p.action != nil {
		return p.action.path(elem...)
	}
	return p.condition.path(append([]any{"rules", p.rule}, elem...)...)
}

// checkReferences looks at each #{namespace.name} in a text.
func (s *subject) checkReferences(r *check.Report, text string, at spot) {
	for {
		_, rest, ok := strings.Cut(text, "#{")
		if !ok {
			return
		}
		text = rest
		body, rest, ok := strings.Cut(rest, "}")
		if !ok {
			return
		}
		ns, name, ok := strings.Cut(body, ".")
		if ok && consists(ns, 1, 100, "@-_") && consists(name, 1, 128, "@-_") {
			text = rest
			s.checkReference(r, ns, name, &at)
		}
	}
}

// checkReference reports a variable that is not there when it is needed.
func (s *subject) checkReference(r *check.Report, ns, name string, at *spot) {
	switch {
	case ns == "codepipeline":
		if name != "PipelineExecutionId" {
			r.Warnf(at.path(), "found #{codepipeline.%s}; the documented one is #{codepipeline.PipelineExecutionId}", name)
		}
		return
	case ns == "variables" && at.action != nil && at.action.kind.Category == ActionCategorySource:
		r.Addf(at.path(), "found #{variables.%s}; source actions cannot use the pipeline's variables", name)
		return
	case ns == "variables":
		s.checkPipelineVariable(r, name, at)
		return
	}
	makers := lookup(s.namespaces, ns)
	if len(makers) == 0 {
		s.reportNamespace(r, ns, name, at)
		return
	}
	for _, m := range makers {
		if at.follows(m.action) {
			checkOutputVariable(r, m.action, ns, name, at)
			return
		}
	}
	what := "which has not ended when this action starts"
	if at.condition != nil {
		what = "which has not run when this condition is looked at"
	}
	p := r.Addf(at.path(), "found #{%s.%s}, of %s, %s", ns, name, s.where(makers[0].action), what)
	p.Related = s.related(makers[0].action.path("namespace"), "the namespace")
}

// follows reports whether what the action gives is there at p. The conditions of
// a stage's end may use what its own actions give.
func (p *spot) follows(a *actionRef) bool {
	if c := p.condition; c != nil {
		return a.stage < c.stage || a.stage == c.stage && c.place != "beforeEntry"
	}
	return a.before(p.action)
}

func (s *subject) reportNamespace(r *check.Report, ns, name string, at *spot) {
	if s.unknown {
		return
	}
	for _, a := range s.actions {
		if a.Name == ns && a.Namespace != "" {
			r.Addf(at.path(), "found #{%s.%s}; the namespace of the action %s is %s", ns, name, quote(ns), quote(a.Namespace))
			return
		}
	}
	switch like := suggest(ns, append(names(s.namespaces), "variables", "codepipeline")); {
	case like != "":
		r.Addf(at.path(), "found #{%s.%s}, but no action has the namespace %s; did you mean %s?", ns, name, quote(ns), like)
	default:
		r.Addf(at.path(), "found #{%s.%s}, but no action has the namespace %s", ns, name, quote(ns))
	}
}

func (s *subject) checkPipelineVariable(r *check.Report, name string, at *spot) {
	if !absent(s.Extra, "variables") {
		return
	}
	var declared []string
	for i := range s.Variables {
		if v := s.Variables[i].Name; v == name || !given(v) {
			return
		}
		declared = append(declared, s.Variables[i].Name)
	}
	if like := suggest(name, declared); like != "" {
		r.Addf(at.path(), "found #{variables.%s}, but the pipeline has no such variable; did you mean %s?", name, like)
		return
	}
	r.Addf(at.path(), "found #{variables.%s}, but the pipeline has no such variable", name)
}

// checkOutputVariable warns of a variable that a provider is not known to give.
func checkOutputVariable(r *check.Report, a *actionRef, ns, name string, at *spot) {
	if a.spec == nil || a.spec.Variables == nil || slices.Contains(a.spec.Variables, name) {
		return
	}
	r.Warnf(at.path(), "found #{%s.%s}; %s gives %s", ns, name, a.spec.Provider, strings.Join(a.spec.Variables, ", "))
}
