package buildspec

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var namesRule = slipway.Rule{
	Name: "buildspec/duplicate-name",
	Doc:  "The names in a list that is written as a map are there, and each of them once.",
}

// checkNames finds what a file cannot have and a value built in Go can.
func checkNames(s *Spec, r *check.Report) {
	var n nameSet
	for path, v := range s.variables(true) {
		n.add(r, path, v.Name)
	}
	for name, phase := range s.Phases.All() {
		for _, v := range phase.RuntimeVersions {
			n.add(r, []any{"phases", name, "runtime-versions", v.Name}, v.Name)
		}
	}
	for i := range s.Reports {
		n.add(r, []any{"reports", s.Reports[i].Name}, s.Reports[i].Name)
	}
	if s.Artifacts != nil {
		for i := range s.Artifacts.SecondaryArtifacts {
			id := s.Artifacts.SecondaryArtifacts[i].Identifier
			n.add(r, []any{"artifacts", "secondary-artifacts", id}, id)
		}
	}
}

// A nameSet is the paths of the names that were seen.
type nameSet map[string]bool

func (n *nameSet) add(r *check.Report, elems []any, name string) {
	if *n == nil {
		*n = nameSet{}
	}
	path := slipway.Path(elems...)
	switch {
	case name == "":
		r.Addf(path, "the name is empty")
	case (*n)[path]:
		r.Addf(path, "%s stands twice; keep one", name)
	}
	(*n)[path] = true
}
