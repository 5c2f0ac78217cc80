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
	switch m := out.Message; {
	case strings.Contains(m, "The AWS ECS container"):
		return []string{"bundle/container-name"}
	}
	return nil
}
