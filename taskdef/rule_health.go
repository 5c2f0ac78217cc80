package taskdef

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// checkHealthChecks holds times to their ranges. For the timeout the sources have 60
// and 120 seconds: what lies between is a warning.
func checkHealthChecks(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		h := d.ContainerDefinitions[i].HealthCheck
		if h == nil {
			continue
		}
		within(r, h.Interval, 5, 300, "containerDefinitions", i, "healthCheck", "interval")
		within(r, h.Retries, 1, 10, "containerDefinitions", i, "healthCheck", "retries")
		within(r, h.StartPeriod, 0, 300, "containerDefinitions", i, "healthCheck", "startPeriod")
		if p := within(r, h.Timeout, 2, 60, "containerDefinitions", i, "healthCheck", "timeout"); p != nil && *h.Timeout > 60 && *h.Timeout <= 120 {
			p.Severity = slipway.Warning // another source goes to 120
		}
		checkHealthCommand(h.Command, r, i)
	}
}

// checkHealthCommand only warns: ECS takes any list, and one document says that a
// list without CMD is read as if it had it.
func checkHealthCommand(command []string, r *report, i int) {
	if len(command) == 0 || isPlaceholder(command[0]) {
		return
	}
	path := container(i, "healthCheck", "command")
	switch command[0] {
	case "CMD", "CMD-SHELL":
		if len(command) == 1 {
			r.Warnf(path, "no command follows %s", command[0])
		}
		if len(command) == 2 && command[0] == "CMD" && strings.ContainsAny(command[1], " |&;") && !isPlaceholder(command[1]) {
			r.Warnf(path, "CMD takes %q for the name of one program; use CMD-SHELL, or one item an argument", command[1])
		}
	case "NONE":
	default:
		r.Warnf(path, "begins with %q, should begin with CMD or CMD-SHELL", command[0])
	}
}
