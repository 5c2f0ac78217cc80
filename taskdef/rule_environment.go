package taskdef

import (
	"strings"
)

// checkEnvironment warns of variables that are set twice, which ECS accepts, and looks
// at the ARNs of environment files.
func checkEnvironment(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		for j := range c.Environment {
			name := c.Environment[j].Name
			if name == "" || isPlaceholder(name) {
				continue
			}
			for k := range c.Environment[:j] {
				if c.Environment[k].Name == name {
					r.Warnf(container(i, "environment", j, "name"), "%q is set twice, first by item %d; the last one counts", name, k+1)
					break
				}
			}
		}
		if n := len(c.EnvironmentFiles); n > 10 {
			r.Addf(container(i, "environmentFiles"), "found %d files, at most 10 are allowed", n)
		}
		for j := range c.EnvironmentFiles {
			v := c.EnvironmentFiles[j].Value
			switch {
			case v == "" || isPlaceholder(v):
			case !strings.HasPrefix(v, "arn:") || arnField(v, 2) != "s3":
				r.Addf(container(i, "environmentFiles", j, "value"), "found %q, want the ARN of an S3 object, such as arn:aws:s3:::bucket/app.env", v)
			case !strings.HasSuffix(v, ".env"):
				r.Addf(container(i, "environmentFiles", j, "value"), "found %q, the name of the file must end in .env", v)
			}
		}
	}
}

// arnField returns a field of an ARN, counted from 0; field 5 is the whole rest.
// It is empty where there are not so many.
func arnField(arn string, n int) string {
	fields := strings.SplitN(arn, ":", 6)
	if n >= len(fields) {
		return ""
	}
	return fields[n]
}
