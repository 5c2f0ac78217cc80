package taskdef

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
)

func checkEphemeralStorage(d *Definition, r *report) {
	e := d.EphemeralStorage
	switch {
	case e == nil || hides(e.Extra, "sizeInGiB"):
	case e.SizeInGiB == 20:
		r.Addf("ephemeralStorage.sizeInGiB", "found 20, allowed are 21 to 200; leave ephemeralStorage out to have the default of 20")
	case e.SizeInGiB < 21 || e.SizeInGiB > 200:
		r.Addf("ephemeralStorage.sizeInGiB", "found %d, allowed are 21 to 200", e.SizeInGiB)
	}
}

// within reports a number that is there and not from least to most.
func within(r *report, v *int, least, most int, elem ...any) *slipway.Problem {
	if v == nil || least <= *v && *v <= most {
		return nil
	}
	return r.Addf(slipway.Path(elem...), "found %d, allowed are %d to %d", *v, least, most)
}

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

func checkTimeouts(d *Definition, r *report) {
	if !d.IsFargate() {
		return
	}
	check := func(i int, key string, v *int) {
		switch {
		case v == nil:
		case *v > 120:
			r.Addf(container(i, key), "found %d, Fargate allows 2 to 120 seconds", *v)
		case *v < 2:
			r.Warnf(container(i, key), "found %d, Fargate allows 2 to 120 seconds", *v)
		}
	}
	for i := range d.ContainerDefinitions {
		check(i, "startTimeout", d.ContainerDefinitions[i].StartTimeout)
		check(i, "stopTimeout", d.ContainerDefinitions[i].StopTimeout)
	}
}

func checkRestartPolicies(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		p := d.ContainerDefinitions[i].RestartPolicy
		if p == nil {
			continue
		}
		if n := len(p.IgnoredExitCodes); n > 50 {
			r.Addf(container(i, "restartPolicy", "ignoredExitCodes"), "found %d codes, at most 50 are allowed", n)
		}
		within(r, p.RestartAttemptPeriod, 60, 1800, "containerDefinitions", i, "restartPolicy", "restartAttemptPeriod")
	}
}

func checkUlimits(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		limits := d.ContainerDefinitions[i].Ulimits
		for j := range limits {
			u := &limits[j]
			if len(u.Extra) > 0 {
				continue // a limit may be in there
			}
			if u.HardLimit >= 0 && u.SoftLimit > u.HardLimit {
				r.Addf(container(i, "ulimits", j, "softLimit"), "found %d, more than hardLimit, %d", u.SoftLimit, u.HardLimit)
			}
			if u.Name == UlimitNameNofile && d.IsFargate() && u.HardLimit > 1048576 {
				r.Warnf(container(i, "ulimits", j, "hardLimit"), "found %d, Fargate allows at most 1048576 open files", u.HardLimit)
			}
			for k := range limits[:j] {
				if u.Name != "" && limits[k].Name == u.Name {
					r.Warnf(container(i, "ulimits", j, "name"), "%s is set twice", u.Name)
				}
			}
		}
	}
}
