package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
)

var exportedVariableRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/exported-variable", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html#action-reference-CodeBuild-variables",
		Doc: "A variable of a build that a later action uses is one of the exported variables of its buildspec, and its commands set it.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			g := &v.groups[i]
			for j := range g.builds {
				if b := &g.builds[j]; b.Action != nil && b.Action.Namespace != "" && b.Buildspec != nil && !b.isBatch() {
					checkUses(g, b, r)
				}
			}
		}
	},
}

// checkUses looks at each use of a variable of a build.
func checkUses(g *group, b *build, r *check.Report) {
	prefix := "#{" + b.Action.Namespace + "."
	for i := range g.Pipeline.Model.Stages {
		for j := range g.Pipeline.Model.Stages[i].Actions {
			a := &g.Pipeline.Model.Stages[i].Actions[j]
			for text, where := range actionTexts(a) {
				if strings.Contains(text, prefix) {
					at := slipway.Path(append([]any{"stages", i, "actions", j}, where...)...)
					checkUse(g, b, r, text, prefix, at)
				}
			}
		}
	}
}

func checkUse(g *group, b *build, r *check.Report, text, prefix, at string) {
	spec := b.Buildspec.Model
	var exported []string
	if spec.Env != nil {
		exported = spec.Env.ExportedVariables
		if spec.Env.Extra["exported-variables"] != nil {
			return
		}
	}
	if spec.Extra["env"] != nil {
		return
	}
	for _, piece := range strings.Split(text, prefix)[1:] {
		name, _, ok := strings.Cut(piece, "}")
		if !ok || name == "" || strings.ContainsAny(name, "{$ ") {
			continue
		}
		i := slices.Index(exported, name)
		if i < 0 {
			remedy := "add it there"
			if like := source.Nearest(name, exported); like != "" {
				remedy = "did you mean " + like + "?"
			}
			p := addf(r, g.Pipeline, at, "found %s%s}, but the buildspec of %s does not export %s; %s", prefix, name, b.label(), name, remedy)
			relate(p, b.Buildspec.Place("env.exported-variables", "the exported variables"))
			continue
		}
		if !b.sets(name) {
			where := slipway.Path("env", "exported-variables", i)
			p := warnf(r, b.Buildspec, where, "no command sets %s, and it is no variable of the buildspec, the project or the action; %s%s} will have no value", name, prefix, name)
			relate(p, g.Pipeline.Place(at, "where it is used"))
		}
	}
}

// sets reports whether a variable may have a value at the end of a build.
func (b *build) sets(name string) bool {
	if strings.HasPrefix(name, "CODEBUILD_") || name == "HOME" || b.Project == nil || b.Project.Model.Variables.Status == Unknown {
		return true
	}
	report := b.commands()
	for _, e := range report.Effects {
		if e.Variables >= shell.Maybe {
			return true
		}
	}
	for _, v := range b.variables() {
		if v.Name == name {
			return true
		}
	}
	if e := b.Buildspec.Model.Env; e != nil {
		for _, list := range [...][]buildspec.Variable{e.Variables, e.ParameterStore, e.SecretsManager} {
			if slices.ContainsFunc(list, func(v buildspec.Variable) bool { return v.Name == name }) {
				return true
			}
		}
	}
	return report.MaySet(name) != shell.No
}

// actionTexts yields the texts of an action that may hold variables, with their places.
func actionTexts(a *pipeline.Action) func(yield func(string, []any) bool) {
	return func(yield func(string, []any) bool) {
		for key, value := range a.Configuration {
			if !yield(value, []any{"configuration", key}) {
				return
			}
		}
		for i, command := range a.Commands {
			if !yield(command, []any{"commands", i}) {
				return
			}
		}
		for i := range a.EnvironmentVariables {
			if !yield(a.EnvironmentVariables[i].Value, []any{"environmentVariables", i, "value"}) {
				return
			}
		}
	}
}
