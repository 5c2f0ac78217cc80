package taskdef

import (
	"strings"
)

// checkSecrets looks at the references of containers and of their log drivers. A name
// that a variable has already is an error: ECS does not choose between the two.
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
