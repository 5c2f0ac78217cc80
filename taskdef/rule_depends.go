package taskdef

import "strings"

// checkDependsOn follows the conditions of dependsOn. A circle is found by the agent
// only, when it starts the task; here it is an error all the same.
func checkDependsOn(d *Definition, r *report) {
	any := false
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		any = any || len(c.DependsOn) > 0
		for j := range c.DependsOn {
			checkDependency(d, c, r, i, j)
		}
	}
	if any {
		checkDependencyCycles(d, r)
	}
}

// checkDependency checks the j-th dependency of container i.
func checkDependency(d *Definition, c *Container, r *report, i, j int) {
	dep := &c.DependsOn[j]
	if dep.ContainerName == "" || isPlaceholder(dep.ContainerName) {
		return
	}
	path := container(i, "dependsOn", j, "containerName")
	if dep.ContainerName == c.Name {
		r.Addf(path, "a container cannot wait for itself")
		return
	}
	for k := range c.DependsOn[:j] {
		if c.DependsOn[k].ContainerName == dep.ContainerName {
			r.Warnf(path, "the container waits twice for %s", dep.ContainerName)
		}
	}
	target := d.Container(dep.ContainerName)
	switch {
	case target == nil && !d.mayHave(dep.ContainerName):
		r.Addf(path, "there is no container %q", dep.ContainerName)
	case target == nil:
	case dep.Condition == ConditionComplete || dep.Condition == ConditionSuccess:
		if target.isEssential() && !hides(target.Extra, "essential") {
			r.Addf(container(i, "dependsOn", j, "condition"),
				"%s is essential, so the task ends when it does; make it essential: false to wait for %s", target.Name, dep.Condition)
		}
	case dep.Condition == ConditionHealthy:
		if target.HealthCheck == nil && !hides(target.Extra, "healthCheck") {
			r.Addf(container(i, "dependsOn", j, "condition"), "%s has no healthCheck, so it never becomes HEALTHY", target.Name)
		}
	}
}

// checkDependencyCycles reports each circle once, at its first container.
func checkDependencyCycles(d *Definition, r *report) {
	index := make(map[string]int, len(d.ContainerDefinitions))
	for i := range d.ContainerDefinitions {
		index[d.ContainerDefinitions[i].Name] = i
	}
	state := make([]byte, len(d.ContainerDefinitions)) // 0 new, 1 on the way, 2 done
	var way []int
	var visit func(i int)
	visit = func(i int) {
		state[i] = 1
		way = append(way, i)
		for _, dep := range d.ContainerDefinitions[i].DependsOn {
			next, ok := index[dep.ContainerName]
			if !ok || next == i {
				continue
			}
			switch state[next] {
			case 0:
				visit(next)
			case 1:
				reportCycle(d, r, way, next)
			}
		}
		way = way[:len(way)-1]
		state[i] = 2
	}
	for i := range d.ContainerDefinitions {
		if state[i] == 0 {
			visit(i)
		}
	}
}

// reportCycle reports the circle that closes at start, at the end of the way to it.
func reportCycle(d *Definition, r *report, way []int, start int) {
	var names []string
	for k, i := range way {
		if i == start {
			way = way[k:]
			break
		}
	}
	for _, i := range way {
		names = append(names, d.ContainerDefinitions[i].Name)
	}
	names = append(names, d.ContainerDefinitions[start].Name)
	r.Addf(container(start, "dependsOn"), "containers wait for each other in a circle: %s", strings.Join(names, ", "))
}
