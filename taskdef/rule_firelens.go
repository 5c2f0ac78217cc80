package taskdef

import (
	"maps"
	"slices"
)

// checkFirelens looks for the log router that the log driver awsfirelens sends to.
func checkFirelens(d *Definition, r *report) {
	router, users := -1, -1
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if hides(c.Extra, "firelensConfiguration") {
			return
		}
		if c.FirelensConfiguration != nil {
			if router >= 0 {
				r.Addf(container(i, "firelensConfiguration"), "container %s is a log router already; a task has one", d.ContainerDefinitions[router].label(router))
			}
			router = i
			checkFirelensOptions(c.FirelensConfiguration, r, i)
		}
		if l := c.LogConfiguration; l != nil && l.LogDriver == LogDriverAwsfirelens && users < 0 {
			users = i
		}
	}
	if users >= 0 && router < 0 {
		r.Addf(container(users, "logConfiguration", "logDriver"), "found awsfirelens, but no container has a firelensConfiguration")
	}
}

// checkFirelensOptions knows the three options of a router; those of outputs stand at
// the log driver, and are the router's affair.
func checkFirelensOptions(f *FirelensConfiguration, r *report, i int) {
	for _, name := range slices.Sorted(maps.Keys(f.Options)) {
		switch name {
		case "enable-ecs-log-metadata", "config-file-type", "config-file-value":
		default:
			if !isPlaceholder(name) {
				r.Warnf(container(i, "firelensConfiguration", "options", name), "unknown option of FireLens")
			}
		}
	}
}
