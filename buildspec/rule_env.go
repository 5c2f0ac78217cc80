package buildspec

import (
	"iter"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

var shellRule = slipway.Rule{
	Name: "buildspec/shell", Source: refURL + "#build-spec.env.shell", Severity: slipway.Warning,
	Doc: "The shell is bash or /bin/sh on Linux, powershell.exe or cmd.exe on Windows.",
}

func checkShell(s *Spec, r *check.Report) {
	if s.Env == nil {
		return
	}
	switch s.Env.Shell {
	case "", "bash", "/bin/sh", "powershell.exe", "cmd.exe":
	default:
		r.Addf("env.shell", "found %q, want bash or /bin/sh (Linux), powershell.exe or cmd.exe (Windows)", s.Env.Shell)
	}
}

// variables yields every variable that has one value, with its path. Those of
// the stores have names of parameters and secrets as values.
func (s *Spec) variables(stores bool) iter.Seq2[[]any, *Variable] {
	return func(yield func([]any, *Variable) bool) {
		each := func(list []Variable, path ...any) bool {
			for i := range list {
				if !yield(append(path[:len(path):len(path)], list[i].Name), &list[i]) {
					return false
				}
			}
			return true
		}
		if e := s.Env; e != nil && !(each(e.Variables, "env", "variables") &&
			(!stores || each(e.ParameterStore, "env", "parameter-store") && each(e.SecretsManager, "env", "secrets-manager"))) {
			return
		}
		if e := s.EnvironmentVariables; e != nil && !each(e.Plaintext, "environment_variables", "plaintext") {
			return
		}
		for path, env := range s.batchEnvs() {
			if !each(env.Variables, append(path, "variables")...) {
				return
			}
		}
	}
}

var envNameRule = slipway.Rule{
	Name: "buildspec/env-name", Source: refURL + "#build-spec.env.variables", Severity: slipway.Warning,
	Doc: "The name of a variable has letters, digits and underscores, and does not begin with CODEBUILD_, which is CodeBuild's own.",
}

func checkEnvName(s *Spec, r *check.Report) {
	for path, v := range s.variables(true) {
		switch {
		case strings.HasPrefix(v.Name, "CODEBUILD_"):
			r.Addf(slipway.Path(path...), "names that begin with CODEBUILD_ are CodeBuild's own; choose another")
		case !isEnvName(v.Name):
			r.Addf(slipway.Path(path...), "a shell cannot read a variable of this name; use letters, digits and _, and no digit first")
		}
	}
}

func isEnvName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || i > 0 && '0' <= c && c <= '9') {
			return false
		}
	}
	return s != ""
}

var envValueRule = slipway.Rule{
	Name: "buildspec/env-value", Source: refURL + "#build-spec.env.variables", Severity: slipway.Warning,
	Doc: "The value of a variable is the text that its author means: yes and no in quotes, and no variables in it, which nothing expands.",
}

func checkEnvValue(s *Spec, r *check.Report) {
	for path, v := range s.variables(false) {
		switch {
		case v.Plain && scalar.Resolve(v.Value) == scalar.Bool && !strings.EqualFold(v.Value, "true") && !strings.EqualFold(v.Value, "false"):
			r.Addf(slipway.Path(path...), "%s is a boolean to a reader of YAML 1.1, which makes true or false of it; write '%s'", v.Value, v.Value)
		case hasOwnValue(v):
			r.Addf(slipway.Path(path...), "found %q: nothing expands $%s in a value; set the variable in a command", v.Value, v.Name)
		}
	}
}

// hasOwnValue reports whether the value of a variable refers to the variable
// itself, as in PATH: $PATH:/opt/bin. What else has a $ in it may be meant so.
func hasOwnValue(v *Variable) bool {
	_, after, ok := strings.Cut(v.Value, "$"+v.Name)
	return v.Name != "" && (ok && (after == "" || !isEnvName(after[:1])) || strings.Contains(v.Value, "${"+v.Name+"}"))
}

var parameterRule = slipway.Rule{
	Name: "buildspec/parameter-store", Source: refURL + "#build-spec.env.parameter-store", Severity: slipway.Warning,
	Doc: "A variable of parameter-store has the name of a parameter of Systems Manager as its value.",
}

func checkParameter(s *Spec, r *check.Report) {
	if s.Env == nil {
		return
	}
	for _, v := range s.Env.ParameterStore {
		if strings.Contains(v.Value, "$") {
			continue
		}
		bad := strings.IndexFunc(v.Value, func(c rune) bool {
			return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("_.-/:", c))
		})
		if v.Value == "" || bad >= 0 {
			r.Addf(slipway.Path("env", "parameter-store", v.Name),
				"found %q, want the name of a parameter: letters, digits and _.-/, and a version or label after a colon", v.Value)
		}
	}
}
