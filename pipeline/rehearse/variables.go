package rehearse

import (
	"fmt"
	"strings"

	"github.com/seed-b1f00840/slipway/pipeline"
)

// expand returns an action in whose configuration the variables have their values.
func (r *rehearsal) expand(a *pipeline.Action) (*pipeline.Action, error) {
	b := *a
	b.Configuration = make(map[string]string, len(a.Configuration))
	var failed error
	for key, value := range a.Configuration {
		text, err := r.substituteVariables(value)
		if err != nil && (failed == nil || err.Error() < failed.Error()) {
			failed = err
		}
		b.Configuration[key] = text
	}
	return &b, failed
}

// substituteVariables replaces #{namespace.name}.
func (r *rehearsal) substituteVariables(text string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "#{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("#{" + rest)
			return b.String(), nil
		}
		value, known := r.variables[name]
		if variable, isPipeline := strings.CutPrefix(name, "variables."); isPipeline {
			value, known = r.pipelineVariable(variable)
		}
		switch {
		case name == "codepipeline.PipelineExecutionId":
			value, known = "00000000-0000-4000-8000-000000000000", true
		case !known:
			return "", fmt.Errorf("the variable #{%s} has no value: no action that has run before gives it", name)
		}
		b.WriteString(value)
		text = after
	}
}

func (r *rehearsal) pipelineVariable(name string) (string, bool) {
	for _, v := range r.pipeline.Variables {
		if v.Name == name {
			return v.DefaultValue, true
		}
	}
	return "", false
}
