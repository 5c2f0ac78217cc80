package rehearse

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// problemsOf returns what the checks of the bundle say about the fault that made
// an action fail: a rehearsal and a check that find the same fault say the same.
func (r *rehearsal) problemsOf(stage, number int, a *pipeline.Action, out *Action) slipway.Problems {
	if !r.checked {
		r.problems, r.checked = r.bundle.Check().Errors(), true
	}
	topics := topicsOf(out)
	if len(topics) == 0 {
		return nil
	}
	var found slipway.Problems
	for _, p := range r.problems {
		if slices.ContainsFunc(topics, func(topic string) bool { return strings.HasPrefix(p.Rule, topic) }) {
			found = append(found, p)
		}
	}
	return found
}

// topicsOf returns the rules that may speak of the fault of an action.
func topicsOf(out *Action) []string {
	m := out.Message
	switch {
	case strings.Contains(m, "The AWS ECS container"):
		return []string{"bundle/container-name"}
	case strings.Contains(m, "image definition file"), strings.Contains(m, "artifact file from"):
		return []string{"bundle/definition-file", "bundle/image-definitions", "bundle/artifact-files"}
	case strings.Contains(m, "matching artifact paths"), strings.Contains(m, "no artifacts"):
		return []string{"bundle/artifact-files", "bundle/definition-file"}
	case strings.Contains(m, "secondary artifact"):
		return []string{"bundle/secondary-artifact"}
	case strings.Contains(m, "YAML_FILE_ERROR"):
		return []string{"buildspec/", "yaml/", "bundle/buildspec-path"}
	case strings.Contains(m, "input artifact"):
		return []string{"pipeline/artifact"}
	case strings.HasPrefix(m, "the variable #{"):
		return []string{"pipeline/variable", "bundle/exported-variable"}
	case out.Build != nil && strings.Contains(lastOutput(out.Build), "Cannot connect to the Docker daemon"):
		return []string{"bundle/privileged-mode"}
	}
	return nil
}

// lastOutput returns what the command that failed a build has printed.
func lastOutput(b *Build) string {
	for _, p := range b.Phases {
		for _, c := range p.Commands {
			if c.ExitStatus != 0 {
				return c.Output
			}
		}
	}
	return ""
}
