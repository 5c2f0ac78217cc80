package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

const maxName = 255

// checkNames finds logical ids that CloudFormation refuses. Where a macro may
// rename what it is given it is silent.
func checkNames(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	for _, p := range g.Parameters {
		checkName(r, "Parameters", p.Name)
	}
	for i := range g.Mappings {
		checkName(r, "Mappings", g.Mappings[i].Key)
	}
	for i := range g.Conditions {
		checkConditionName(r, g.Conditions[i].Key)
	}
	for _, res := range g.Resources {
		checkName(r, "Resources", res.ID)
	}
	for _, o := range g.Outputs {
		checkName(r, "Outputs", o.Name)
	}
}

func checkName(r *check.Report, section, name string) { checkNameAnd(r, section, name, "") }

// checkNameAnd is checkName where other characters are allowed as well.
func checkNameAnd(r *check.Report, section, name, others string) {
	switch {
	case name == "":
		r.Addf(section, "a name is empty; it has 1 to %d letters and digits", maxName)
	case len(name) > maxName:
		r.Addf(slipway.Path(section, name), "the name has %d characters, at most %d are allowed", len(name), maxName)
	case !consistsOf(name, others):
		r.Addf(slipway.Path(section, name), "the name %q has other characters than letters and digits", name)
	}
}

// checkConditionName is milder: the documentation allows letters and digits, and
// CloudFormation & and _ as well.
func checkConditionName(r *check.Report, name string) {
	checkNameAnd(r, "Conditions", name, "&_")
}

// isLogicalID reports whether name has nothing but letters and digits.
func isLogicalID(name string) bool { return name != "" && consistsOf(name, "") }

// consistsOf reports whether name has nothing but letters, digits and others.
func consistsOf(name, others string) bool {
	for i := 0; i < len(name); i++ {
		if !isAlphanumeric(name[i]) && strings.IndexByte(others, name[i]) < 0 {
			return false
		}
	}
	return true
}

// checkDuplicates finds logical ids that are taken twice. A parsed section
// cannot have one: that is a key that stands twice.
func checkDuplicates(g *graph, r *check.Report) {
	if len(g.symbols) < len(g.Parameters)+len(g.Resources) {
		seen := make(map[string]string, len(g.symbols))
		note := func(section, name string) {
			switch first, taken := seen[name]; {
			case !taken:
				seen[name] = section
			case first == section:
				r.Addf(slipway.Path(section, name), "the name stands twice in %s", section)
			default:
				r.Addf(slipway.Path(section, name), "a parameter has the name %s too; Ref could mean either", name)
			}
		}
		for _, p := range g.Parameters {
			note("Parameters", p.Name)
		}
		for _, res := range g.Resources {
			note("Resources", res.ID)
		}
	}
	twice(r, "Outputs", len(g.Outputs), func(i int) string { return g.Outputs[i].Name })
	twice(r, "Mappings", len(g.Mappings), func(i int) string { return g.Mappings[i].Key })
	if len(g.conditions) < len(g.Conditions) {
		twice(r, "Conditions", len(g.Conditions), func(i int) string { return g.Conditions[i].Key })
	}
}

// twice finds the names of a section that stand twice. Where there are far more
// than allowed, that is problem enough.
func twice(r *check.Report, section string, n int, name func(int) string) {
	if n > 4*maxEntries {
		return
	}
	for i := range n {
		for j := range i {
			if name(i) == name(j) {
				r.Addf(slipway.Path(section, name(i)), "the name stands twice in %s", section)
				break
			}
		}
	}
}
