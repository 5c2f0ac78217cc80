package taskdef

import (
	"maps"
	"slices"
)

func checkLogDrivers(d *Definition, r *report) {
	if !d.IsFargate() {
		return
	}
	for i := range d.ContainerDefinitions {
		l := d.ContainerDefinitions[i].LogConfiguration
		if l == nil {
			continue
		}
		switch l.LogDriver {
		case LogDriverAwslogs, LogDriverSplunk, LogDriverAwsfirelens:
		default:
			if l.LogDriver.IsKnown() {
				r.Addf(container(i, "logConfiguration", "logDriver"), "found %s, Fargate allows awslogs, splunk and awsfirelens", l.LogDriver)
			}
		}
	}
}

func checkLogOptions(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		l := d.ContainerDefinitions[i].LogConfiguration
		if l == nil || hides(l.Extra, "options") || hides(l.Extra, "secretOptions") {
			continue
		}
		switch l.LogDriver {
		case LogDriverAwslogs:
			l.require(r, i, "awslogs-group")
			l.require(r, i, "awslogs-region")
			if d.IsFargate() && !l.hasOption("awslogs-stream-prefix") {
				r.Warnf(container(i, "logConfiguration", "options"), "no awslogs-stream-prefix; the documents require it on Fargate")
			}
			checkAwslogs(l, r, i)
		case LogDriverSplunk:
			l.require(r, i, "splunk-token")
			l.require(r, i, "splunk-url")
		}
	}
}

// require reports an option that the driver cannot do without.
func (l *LogConfiguration) require(r *report, i int, option string) {
	if !l.hasOption(option) {
		r.Addf(container(i, "logConfiguration", "options"), "no %s; the log driver %s requires it", option, l.LogDriver)
	}
}

// hasOption reports whether an option is set, as a secret or not.
func (l *LogConfiguration) hasOption(name string) bool {
	if _, ok := l.Options[name]; ok {
		return true
	}
	return slices.ContainsFunc(l.SecretOptions, func(s Secret) bool { return s.Name == name || isPlaceholder(s.Name) })
}

func checkAwslogs(l *LogConfiguration, r *report, i int) {
	_, format := l.Options["awslogs-datetime-format"]
	_, pattern := l.Options["awslogs-multiline-pattern"]
	if format && pattern {
		r.Addf(container(i, "logConfiguration", "options"), "awslogs-datetime-format and awslogs-multiline-pattern exclude each other")
	}
	for name, value := range l.Options {
		switch name {
		case "awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-datetime-format",
			"awslogs-multiline-pattern", "max-buffer-size":
		case "awslogs-create-group":
			if value != "true" && value != "false" && !isPlaceholder(value) {
				r.Warnf(container(i, "logConfiguration", "options", name), "found %q, want true or false", value)
			}
		case "mode":
			if value != "blocking" && value != "non-blocking" && !isPlaceholder(value) {
				r.Addf(container(i, "logConfiguration", "options", name), "found %q, allowed are blocking and non-blocking", value)
			}
		default:
			if !isPlaceholder(name) {
				r.Warnf(container(i, "logConfiguration", "options", name), "unknown option of the log driver awslogs")
			}
		}
	}
}

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
