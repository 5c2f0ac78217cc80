package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// checkReferences finds names that lead nowhere. Where a macro may add names
// only those of pseudo parameters are known.
func checkReferences(g *graph, r *check.Report) {
	for i := range g.refs {
		ref := &g.refs[i]
		switch {
		case ref.kind == refCondition:
		case ref.target == toNothing:
			g.checkNothing(ref, r)
		case g.generated:
		case ref.kind == refAttribute && ref.target == toParameter:
			r.Addf(g.path(ref.node), "%s is a parameter, which has no attribute %s; use Ref for its value", ref.name, ref.attribute)
		case ref.kind == refDependsOn && ref.target == toParameter:
			r.Addf(g.refPath(ref), "%s is a parameter; a resource can only wait for a resource", ref.name)
		}
	}
}

// checkNothing reports a name that the template does not have.
func (g *graph) checkNothing(ref *reference, r *check.Report) {
	pseudo := strings.HasPrefix(ref.name, "AWS::")
	switch {
	case isPlaceholder(ref.name), !isReferable(ref.name) && g.isText(ref):
		// Nothing to know, or a case for checkVariables.
	case ref.kind == refValue && pseudo:
		r.Addf(g.path(ref.node), "there is no pseudo parameter %s%s", ref.name, g.nearest(ref.name, func() []string { return pseudoParameters[:] }))
	case g.generated:
	case ref.kind == refValue:
		r.Addf(g.path(ref.node), "there is no parameter or resource %s%s", ref.name, g.nearest(ref.name, g.referable))
	case ref.kind == refAttribute:
		r.Addf(g.path(ref.node), "there is no resource %s%s", ref.name, g.nearest(ref.name, g.resourceIDs))
	case ref.kind == refDependsOn:
		r.Addf(g.refPath(ref), "there is no resource %s%s", ref.name, g.nearest(ref.name, g.resourceIDs))
	}
}

func (g *graph) resourceIDs() []string {
	names := make([]string, 0, len(g.Resources)+len(g.Parameters))
	for _, r := range g.Resources {
		names = append(names, r.ID)
	}
	return names
}

// referable returns the names that Ref may have.
func (g *graph) referable() []string {
	names := g.resourceIDs()
	for _, p := range g.Parameters {
		names = append(names, p.Name)
	}
	return names
}

// maxRemedies bounds how often a like name is looked for: whoever has that many
// names wrong has another problem than letters.
const maxRemedies = 20

// nearest returns the remedy of a name that is not known, or "".
func (g *graph) nearest(name string, known func() []string) string {
	if g.remedies++; g.remedies > maxRemedies {
		return ""
	}
	if like := source.Nearest(name, known()); like != "" {
		return "; did you mean " + like + "?"
	}
	return ""
}

// checkVariables finds variables that CloudFormation would refuse as such. Most
// are those of a shell.
func checkVariables(g *graph, r *check.Report) {
	for i := range g.refs {
		ref := &g.refs[i]
		if ref.target != toNothing || isReferable(ref.name) || !g.isText(ref) {
			continue
		}
		name := ref.name
		if ref.kind == refAttribute {
			name += "." + ref.attribute
		}
		r.Addf(g.path(ref.node), "${%s} is no variable: letters, digits, dots and colons are allowed; write ${!%s} for the text itself", name, name)
	}
}

// isText reports whether a reference is a variable in a text of Fn::Sub.
func (g *graph) isText(ref *reference) bool {
	switch g.nodes[ref.node].value.(type) {
	case Sub, SubMap:
		return true
	}
	return false
}

// isReferable reports whether name consists of the characters that a variable
// of Fn::Sub may have before a dot.
func isReferable(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; !isAlphanumeric(c) && c != ':' && c != '_' {
			return false
		}
	}
	return name != ""
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}
