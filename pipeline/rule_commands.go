package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var commandsRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/commands", Source: reference + "-Commands.html",
		Doc: "A Commands action has 1 to 50 commands of one line, at most 15 output variables and 10 patterns of files.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			isCommands := a.is(ActionCategoryCompute, "Commands")
			switch {
			case isCommands && len(a.Commands) == 0 && absent(a.Extra, "commands"):
				r.Addf(a.path(), "Commands needs commands: 1 to 50 of them, beside the configuration")
			case !isCommands && a.spec != nil && len(a.Commands) > 0:
				r.Warnf(a.path("commands"), "%s runs no commands; only the provider Commands does", a.spec.Provider)
			}
			if len(a.Commands) > 0 {
				checkCommands(r, a.Commands, a.path)
			}
			checkOutputs(r, a)
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				checkCommands(r, c.Rules[i].Commands, func(elem ...any) string {
					return c.path(append([]any{"rules", i}, elem...)...)
				})
			}
		}
	},
}

// checkOutputs looks at what an action exports and at the files of its artifacts.
func checkOutputs(r *check.Report, a *actionRef) {
	if a.OutputVariables != nil {
		checkTexts(r, a.OutputVariables, 15, 128, "output variables", func(elem ...any) string {
			return a.path(append([]any{"outputVariables"}, elem...)...)
		})
	}
	for i := range a.OutputArtifacts {
		if files := a.OutputArtifacts[i].Files; files != nil {
			checkTexts(r, files, 10, 128, "files", func(elem ...any) string {
				return a.path(append([]any{"outputArtifacts", i, "files"}, elem...)...)
			})
		}
	}
}

func checkCommands(r *check.Report, commands []string, path func(...any) string) {
	checkTexts(r, commands, 50, 1000, "commands", func(elem ...any) string {
		return path(append([]any{"commands"}, elem...)...)
	})
	for i, command := range commands {
		if strings.ContainsAny(command, "\n\r") {
			r.Addf(path("commands", i), "found a command of several lines; write each line as a command of its own")
		}
	}
}

// checkTexts looks at the number of texts in a list, and at the size of each.
func checkTexts(r *check.Report, texts []string, most, size int, what string, path func(...any) string) {
	if n := len(texts); n > most || texts != nil && n == 0 {
		r.Addf(path(), "found %d %s, want 1 to %d", n, what, most)
	}
	for i, text := range texts {
		if outside(text, size) {
			r.Addf(path(i), "found %d characters, want 1 to %d", len([]rune(text)), size)
		}
	}
}

var environmentRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/environment", Source: api + "API_EnvironmentVariable.html",
		Doc: "An action has at most 10 environment variables, each with a name of letters, digits and _ and a value.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			variables := a.EnvironmentVariables
			if n := len(variables); n > 10 || variables != nil && n == 0 {
				r.Addf(a.path("environmentVariables"), "found %d environment variables, want 1 to 10", n)
			}
			duplicates(len(variables), func(i int) string { return variables[i].Name }, func(i, first int) {
				r.Warnf(a.path("environmentVariables", i, "name"), "environmentVariables[%d] has the name %s too", first, quote(variables[i].Name))
			})
			for i := range variables {
				checkEnvironment(r, a, i)
			}
		}
	},
}

func checkEnvironment(r *check.Report, a *actionRef, i int) {
	v := &a.EnvironmentVariables[i]
	if !consists(v.Name, 1, 128, "_") && known(v.Name) && absent(v.Extra, "name") {
		r.Addf(a.path("environmentVariables", i, "name"), "found %s, want 1 to 128 letters, digits and _", quote(v.Name))
	}
	if outside(v.Value, 2000) && absent(v.Extra, "value") {
		r.Addf(a.path("environmentVariables", i, "value"), "found %d characters, want 1 to 2,000", len([]rune(v.Value)))
	}
	switch {
	case v.Type == "" || !known(v.Type):
	case !v.Type.IsKnown():
		r.Addf(a.path("environmentVariables", i, "type"), "found %s, want PLAINTEXT or SECRETS_MANAGER", quote(string(v.Type)))
	case v.Type == EnvironmentVariableTypeSecretsManager && a.spec != nil && a.spec.Provider != "Commands":
		r.Addf(a.path("environmentVariables", i, "type"), "found SECRETS_MANAGER, which only the provider Commands has")
	}
}

var timeoutRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/timeout", Source: api + "API_ActionDeclaration.html",
		Doc: "A timeout is 5 to 86,400 minutes, and only a manual approval heeds it.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.TimeoutInMinutes == nil {
				continue
			}
			if n := *a.TimeoutInMinutes; n < 5 || n > 86400 {
				r.Addf(a.path("timeoutInMinutes"), "found %d, want 5 to 86400", n)
			}
			if a.spec != nil && !a.is(ActionCategoryApproval, "Manual") {
				r.Warnf(a.path("timeoutInMinutes"), "%s does not heed it; only manual approvals do", a.spec.Provider)
			}
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				if n := c.Rules[i].TimeoutInMinutes; n != nil && (*n < 5 || *n > 86400) {
					r.Addf(c.path("rules", i, "timeoutInMinutes"), "found %d, want 5 to 86400", *n)
				}
			}
		}
	},
}
