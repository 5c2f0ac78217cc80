package taskdef

import (
	"strings"
)

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

func checkSecrets(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		for j := range c.Secrets {
			s := &c.Secrets[j]
			if fault := secretFault(s.ValueFrom); fault != "" {
				r.Addf(container(i, "secrets", j, "valueFrom"), "found %q, %s", s.ValueFrom, fault)
			}
			if s.Name == "" || isPlaceholder(s.Name) {
				continue
			}
			if what := otherVariable(c, s.Name, j); what != "" {
				r.Addf(container(i, "secrets", j, "name"), "%q is also the name of %s; a variable is set once", s.Name, what)
			}
		}
		if c.LogConfiguration == nil {
			continue
		}
		for j := range c.LogConfiguration.SecretOptions {
			s := &c.LogConfiguration.SecretOptions[j]
			if fault := secretFault(s.ValueFrom); fault != "" {
				r.Addf(container(i, "logConfiguration", "secretOptions", j, "valueFrom"), "found %q, %s", s.ValueFrom, fault)
			}
		}
	}
}

// otherVariable returns what else has the name of the j-th secret of c.
func otherVariable(c *Container, name string, j int) string {
	for k := range c.Environment {
		if c.Environment[k].Name == name {
			return "a variable in environment"
		}
	}
	for k := range c.Secrets[:j] {
		if c.Secrets[k].Name == name {
			return "an earlier secret"
		}
	}
	return ""
}

// secretFault returns what is wrong with the valueFrom of a secret, or "". What is
// no ARN is the name of a parameter.
func secretFault(v string) string {
	if !strings.HasPrefix(v, "arn:") || isPlaceholder(v) {
		return ""
	}
	rest := arnField(v, 5)
	switch arnField(v, 2) {
	case "ssm":
		if !strings.HasPrefix(rest, "parameter/") {
			return "want arn:aws:ssm:REGION:ACCOUNT:parameter/NAME"
		}
	case "secretsmanager":
		fields := strings.Split(rest, ":")
		switch {
		case fields[0] != "secret" || len(fields) < 2:
			return "want arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME"
		case len(fields) != 2 && len(fields) != 5:
			return "after the secret's name stand none or all three of :json-key:version-stage:version-id, empty ones too"
		case len(fields) == 5 && fields[3] != "" && fields[4] != "":
			return "a version is named by its stage or by its id, not by both"
		}
	default:
		return "want the ARN of a secret in Secrets Manager, or the ARN or name of a parameter in Systems Manager"
	}
	return ""
}
