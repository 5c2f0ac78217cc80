package applytest

import (
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// diff returns what an update of a stack to content changes in its resources.
func diff(s *stack, content *stackContent) []stackdiff.Change {
	return stackdiff.Diff(side(&s.stackContent), side(content))
}

// side is content as a side of a comparison.
func side(content *stackContent) stackdiff.Side {
	out := stackdiff.Side{Template: content.template, Parameters: map[string]string{}}
	for _, p := range content.parameters {
		out.Parameters[p.name] = p.value
	}
	return out
}

// replaces reports whether a change of one of the properties replaces a resource.
func replaces(typ string, properties []string) bool {
	for _, name := range properties {
		if stackdiff.ReplacementOf(typ, name) == stackdiff.Always {
			return true
		}
	}
	return false
}

// exists reports whether the condition of a resource is true.
func exists(scope *intrinsic.Scope, r *cfn.Resource) bool {
	if r.Condition == "" {
		return true
	}
	yes, err := scope.Condition(r.Condition)
	return yes && err == nil
}
