package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

// checkContainers counts containers, and those that are essential. One of which it
// is not known whether it is essential is taken for one.
func checkContainers(d *Definition, r *report) {
	n := len(d.ContainerDefinitions)
	switch {
	case n == 0 && !hides(d.Extra, "containerDefinitions"):
		r.Addf("containerDefinitions", "missing; a task definition has 1 to 10 containers")
	case n > 10:
		r.Addf("containerDefinitions", "found %d containers, at most 10 are allowed", n)
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.isEssential() || hides(c.Extra, "essential") {
			return
		}
	}
	if n > 0 {
		r.Addf("containerDefinitions", "no container is essential; at least one must be, or the task has nothing to run for")
	}
}

// checkContainerNames compares names letter by letter, as ECS does: web and Web are
// two containers. Two equal placeholders are no finding.
func checkContainerNames(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		switch {
		case lacks(c.Name, c.Extra, "name"):
			r.Addf(container(i, "name"), "missing; a container has a name")
			continue
		case c.Name == "" || isPlaceholder(c.Name):
			continue
		case !isName(c.Name, 255):
			r.Addf(container(i, "name"), "found %q, allowed are 1 to 255 letters, digits, hyphens and underscores", c.Name)
		}
		for j := range d.ContainerDefinitions[:i] {
			if d.ContainerDefinitions[j].Name != c.Name {
				continue
			}
			p := r.Addf(container(i, "name"), "%q is also the name of container %d; names are unique in a task", c.Name, j+1)
			p.Related = []slipway.Place{related(d, container(j, "name"), "the other one")}
			break
		}
	}
}

// mayHave reports whether there is a container of that name, or one whose name is
// not known.
func (d *Definition) mayHave(name string) bool {
	if hides(d.Extra, "containerDefinitions") {
		return true
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.Name == name || isPlaceholder(c.Name) || hides(c.Extra, "name") {
			return true
		}
	}
	return false
}
