package buildspec

import (
	"regexp/syntax"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var phasesRule = slipway.Rule{
	Name: "buildspec/phases", Source: refURL + "#build-spec.phases", Severity: slipway.Warning,
	Doc: "There is at least one phase, but in the file of a batch whose builds have buildspecs of their own.",
}

func checkPhases(s *Spec, r *check.Report) {
	for range s.Phases.All() {
		return
	}
	if len(s.Phases.Extra) > 0 || s.Batch != nil {
		return // phases of an unknown shape; a batch may run the phases of other files
	}
	if !has(s.Extra, "batch") && !has(s.Extra, "phases") {
		r.Addf("phases", "there is no phase; write at least build with its commands")
	}
}

var commandsRule = slipway.Rule{
	Name: "buildspec/commands", Source: refURL + "#build-spec.phases.pre_build.commands", Severity: slipway.Warning,
	Doc: "The phases pre_build, build and post_build have commands.",
}

func checkCommands(s *Spec, r *check.Report) {
	for name, phase := range s.Phases.All() {
		if name != Install && len(phase.Commands) == 0 && !has(phase.Extra, "commands") {
			r.Addf(slipway.Path("phases", name), "the phase has no commands; write some or remove it")
		}
	}
}

func has(m map[string]any, key string) bool {
	_, ok := m[key]
	return ok
}

var onFailureRule = slipway.Rule{
	Name: "buildspec/on-failure", Source: refURL + "#build-spec.phases",
	Doc: "on-failure is ABORT, CONTINUE, or RETRY with a count of 0 to 100 and a pattern, both optional.",
}

func checkOnFailure(s *Spec, r *check.Report) {
	for name, phase := range s.Phases.All() {
		if phase.OnFailure == "" {
			continue
		}
		path := slipway.Path("phases", name, "on-failure")
		if !phase.OnFailure.isValid() {
			r.Addf(path, "found %q, want ABORT, CONTINUE or RETRY, RETRY-<count>, RETRY-<pattern>, RETRY-<count>-<pattern>", phase.OnFailure)
			continue
		}
		count, pattern, ok := phase.OnFailure.Retry()
		if !ok {
			continue
		}
		if count > MaxRetries {
			r.Addf(path, "found a count above %d in %q, want one of 0 to %d", MaxRetries, phase.OnFailure, MaxRetries)
		}
		if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
			r.Warnf(path, "%q may be no regular expression: %v", pattern, err)
		}
	}
}
