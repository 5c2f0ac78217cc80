package buildspec

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var versionRule = slipway.Rule{
	Name: "buildspec/version", Source: refURL + "#build-spec.version",
	Doc: "The version is 0.2, or 0.1 in old files, and the keys are those of that version.",
}

func checkVersion(s *Spec, r *check.Report) {
	switch s.Version {
	case "", "0.2":
		if s.EnvironmentVariables != nil {
			r.Warnf("environment_variables", "this key is of version 0.1; write env with variables in it")
		}
		if s.Artifacts != nil && s.Artifacts.Type != "" {
			r.Warnf("artifacts.type", "this key is of version 0.1; version 0.2 passes over it")
		}
	case "0.1":
	default:
		r.Addf("version", "found %q, want 0.2", s.Version)
	}
}

var stateRule = slipway.Rule{
	Name: "buildspec/lost-state", Source: refURL + "#build-spec-ref-versions", Severity: slipway.Warning,
	Doc: "In version 0.1 each command has a shell of its own, so that no command ends with a cd or an assignment for a later one.",
}

func checkState(s *Spec, r *check.Report) {
	if s.Version != "0.1" {
		return
	}
	var last Command
	for c := range s.AllCommands() {
		if last.Text != "" {
			reportState(last, r)
		}
		last = c
	}
}

// reportState reports a command that has others after it.
func reportState(c Command, r *check.Report) {
	if what := lastingChange(c.Text); what != "" {
		r.Addf(c.Path(), "%s ends with its command: in version 0.1 the next one runs in a new shell; write version: 0.2", what)
	}
}
