package taskdef

import (
	"slices"
	"strconv"
)

// checkLogDrivers leaves a driver that is none of the API's to the rule on those.
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

// checkLogOptions looks for the options that a driver needs, set in the open or as
// secrets. ECS itself asks for group and region of awslogs; the prefix of its streams
// is asked for in a document only, and so its lack is a warning.
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

// checkAwslogs looks at the options themselves. Those that exclude each other make the
// container fail to start.
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
			if _, err := strconv.ParseBool(value); err != nil && !isPlaceholder(value) { // Docker reads True and 1, too
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
