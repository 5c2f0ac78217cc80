package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkOutputs finds outputs without a value and names that are exported twice.
func checkOutputs(g *graph, r *check.Report) {
	for i, o := range g.Outputs {
		if o.Raw != nil {
			continue
		}
		if o.Value == nil && len(o.Extra) == 0 && !g.generated {
			r.Addf(slipway.Path("Outputs", o.Name), "there is no Value")
		}
		name, ok := exportName(o)
		if !ok || i > 4*maxEntries {
			continue // more than a stack can have
		}
		for _, other := range g.Outputs[:i] {
			if o.Condition == other.Condition && sameExport(name, other) {
				r.Addf(slipway.Path("Outputs", o.Name, "Export", "Name"), "the output %s exports %q too; a name is exported once in an account and Region", other.Name, name)
				break
			}
		}
	}
}

// exportName returns the name of an export whose text is known but for pseudo
// parameters and parameters.
func exportName(o *Output) (string, bool) {
	switch name := o.Export.(type) {
	case String:
		return string(name), true
	case Sub:
		return string(name), true
	}
	return "", false
}

func sameExport(name string, other *Output) bool {
	otherName, ok := exportName(other)
	return ok && otherName == name
}
