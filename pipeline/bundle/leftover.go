package bundle

import "path"

// rest returns the groups of what no pipeline has: a build and a deployment that are
// each alone in a directory belong together, every other one is a group of its own.
func (g *grouper) rest() []Group {
	builds, deploys := g.builds(), g.deploys()
	counts := make(map[string][2]int)
	for _, b := range builds {
		count(counts, b.file(), 0)
	}
	for _, d := range deploys {
		count(counts, d.file(), 1)
	}
	var groups []Group
	joined := make(map[int]bool)
	for _, d := range deploys {
		group := Group{Deploys: []Deploy{d}}
		if place, ok := g.shared(d.file(), counts); ok {
			for i, b := range builds {
				if isIn(b.file(), place) {
					group.Builds, joined[i] = []Build{b}, true
				}
			}
		}
		groups = append(groups, group)
	}
	for i, b := range builds {
		if !joined[i] {
			groups = append(groups, Group{Builds: []Build{b}})
		}
	}
	return groups
}

// builds returns the projects and the buildspecs that no pipeline has.
func (g *grouper) builds() (builds []Build) {
	for _, p := range g.Projects {
		if g.used[p] {
			continue
		}
		b := Build{Stage: -1, Number: -1, Project: p}
		b.Buildspec, b.BuildspecPath = g.BuildspecOf(p)
		g.use(p, b.Buildspec)
		builds = append(builds, b)
	}
	for _, p := range g.Buildspecs {
		if !g.used[p] && p.Template == nil {
			builds = append(builds, Build{Stage: -1, Number: -1, Buildspec: p})
		}
	}
	return builds
}

// deploys returns the services and the task definitions that no pipeline has.
func (g *grouper) deploys() (deploys []Deploy) {
	for _, s := range g.Services {
		if g.used[s] {
			continue
		}
		d := Deploy{Stage: -1, Number: -1, Service: s, Task: g.TaskOf(s)}
		g.use(s, d.Task)
		deploys = append(deploys, d)
	}
	for _, t := range g.Tasks {
		if !g.used[t] {
			deploys = append(deploys, Deploy{Stage: -1, Number: -1, Task: t})
		}
	}
	return deploys
}

// file returns the file in which a build stands.
func (b *Build) file() string {
	if b.Project != nil {
		return b.Project.File
	}
	return b.Buildspec.File
}

// file returns the file in which a deployment stands.
func (d *Deploy) file() string {
	if d.Service != nil {
		return d.Service.File
	}
	return d.Task.File
}

func count(counts map[string][2]int, file string, kind int) {
	for at := file; ; at = path.Dir(at) {
		n := counts[at]
		n[kind]++
		counts[at] = n
		if at == "." || at == "/" {
			return
		}
	}
}

// shared returns the smallest place around the file of a deployment that has a build,
// if both are alone there and there is no pipeline.
func (g *grouper) shared(file string, counts map[string][2]int) (place string, ok bool) {
	for at := file; counts[at][1] == 1 && g.pipelines[at] == 0; at = path.Dir(at) {
		if n := counts[at][0]; n > 0 {
			return at, n == 1
		}
		if at == "." || at == "/" {
			break
		}
	}
	return "", false
}

// isIn reports whether a file is a place or stands in it.
func isIn(file, place string) bool {
	return place == "." || file == place || len(file) > len(place) && file[:len(place)] == place && file[len(place)] == '/'
}
