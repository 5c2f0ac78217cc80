package pipeline

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
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
				for ns, name := range references(value) {
					s.checkReference(r, a, ns, name, a.config(key))
				}
			}
			for i, command := range a.Commands {
				for ns, name := range references(command) {
					s.checkReference(r, a, ns, name, a.path("commands", i))
				}
			}
			for i := range a.EnvironmentVariables {
				for ns, name := range references(a.EnvironmentVariables[i].Value) {
					s.checkReference(r, a, ns, name, a.path("environmentVariables", i, "value"))
				}
			}
		}
		for c := range s.conditions {
			for i := range c.Rules {
				for key, value := range c.Rules[i].Configuration {
					for ns, name := range references(value) {
						s.checkConditionReference(r, c, ns, name, c.path("rules", i, "configuration", key))
					}
				}
			}
		}
	},
}

// references yields the namespace and the name of each #{namespace.name} in s.
func references(s string) func(yield func(namespace, name string) bool) {
	return func(yield func(string, string) bool) {
		for {
			_, rest, ok := strings.Cut(s, "#{")
			if !ok {
				return
			}
			s = rest
			body, rest, ok := strings.Cut(rest, "}")
			if !ok {
				return
			}
			ns, name, ok := strings.Cut(body, ".")
			if !ok || !consists(ns, 1, 100, "@-_") || !consists(name, 1, 128, "@-_") {
				continue
			}
			if s = rest; !yield(ns, name) {
				return
			}
		}
	}
}

// checkReference reports a variable that is not there when the action starts.
func (s *subject) checkReference(r *check.Report, a *actionRef, ns, name, path string) {
	switch ns {
	case "codepipeline":
		checkExecutionVariable(r, name, path)
		return
	case "variables":
		if a.kind.Category == ActionCategorySource {
			r.Addf(path, "found #{variables.%s}; source actions cannot use the pipeline's variables", name)
			return
		}
		s.checkPipelineVariable(r, name, path)
		return
	}
	makers := lookup(s.namespaces, ns)
	for _, m := range makers {
		if m.action.before(a) {
			checkOutputVariable(r, m.action, ns, name, path)
			return
		}
	}
	if len(makers) == 0 {
		s.reportNamespace(r, ns, name, path)
		return
	}
	p := r.Addf(path, "found #{%s.%s}, of %s, which has not ended when this action starts", ns, name, s.where(makers[0].action))
	p.Related = s.related(makers[0].action.path("namespace"), "the namespace")
}

// checkConditionReference is checkReference for the rule of a condition, which
// may use what the actions of its own stage give.
func (s *subject) checkConditionReference(r *check.Report, c *conditionRef, ns, name, path string) {
	switch ns {
	case "codepipeline":
		checkExecutionVariable(r, name, path)
		return
	case "variables":
		s.checkPipelineVariable(r, name, path)
		return
	}
	makers := lookup(s.namespaces, ns)
	if len(makers) == 0 {
		s.reportNamespace(r, ns, name, path)
		return
	}
	if m := makers[0].action; m.stage > c.stage || m.stage == c.stage && c.place == "beforeEntry" {
		r.Addf(path, "found #{%s.%s}, of %s, which has not run when this condition is looked at", ns, name, s.where(m))
	}
}

func (s *subject) reportNamespace(r *check.Report, ns, name, path string) {
	switch like := source.Nearest(ns, append(names(s.namespaces), "variables", "codepipeline")); {
	case s.unknown:
	case like != "":
		r.Addf(path, "found #{%s.%s}, but no action has the namespace %s; did you mean %s?", ns, name, quote(ns), like)
	default:
		r.Addf(path, "found #{%s.%s}, but no action has the namespace %s", ns, name, quote(ns))
	}
}

func checkExecutionVariable(r *check.Report, name, path string) {
	if name != "PipelineExecutionId" {
		r.Warnf(path, "found #{codepipeline.%s}; the documented one is #{codepipeline.PipelineExecutionId}", name)
	}
}

func (s *subject) checkPipelineVariable(r *check.Report, name, path string) {
	if !absent(s.Extra, "variables") {
		return
	}
	var declared []string
	for i := range s.Variables {
		if v := s.Variables[i].Name; v == name || !known(v) {
			return
		}
		declared = append(declared, s.Variables[i].Name)
	}
	if like := source.Nearest(name, declared); like != "" {
		r.Addf(path, "found #{variables.%s}, but the pipeline has no such variable; did you mean %s?", name, like)
		return
	}
	r.Addf(path, "found #{variables.%s}, but the pipeline has no such variable", name)
}

// checkOutputVariable warns of a variable that a provider is not known to give.
func checkOutputVariable(r *check.Report, a *actionRef, ns, name, path string) {
	if a.spec == nil || a.spec.Variables == nil || slices.Contains(a.spec.Variables, name) {
		return
	}
	r.Warnf(path, "found #{%s.%s}; %s gives %s", ns, name, a.spec.Provider, strings.Join(a.spec.Variables, ", "))
}
