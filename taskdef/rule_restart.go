package taskdef

// checkTimeouts knows the limits of Fargate; on EC2 the agent's configuration sets them.
// That less than 2 seconds are refused, one document says.
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

// checkRestartPolicies looks at how often and after what a container is started again.
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
