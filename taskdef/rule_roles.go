package taskdef

import (
	"strconv"
	"strings"
)

// checkRoles looks only at what is an ARN: a short name is allowed for the task role,
// and no document forbids it for the other.
func checkRoles(d *Definition, r *report) {
	check := func(key, arn string) {
		if !strings.HasPrefix(arn, "arn:") || isPlaceholder(arn) {
			return
		}
		if arnField(arn, 2) != "iam" || !strings.HasPrefix(arnField(arn, 5), "role/") {
			r.Addf(key, "found %q, want the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME", arn)
		}
	}
	check("executionRoleArn", d.ExecutionRoleARN)
	check("taskRoleArn", d.TaskRoleARN)
}

// checkExecutionRole reports the first reason of each container.
func checkExecutionRole(d *Definition, r *report) {
	if !lacks(d.ExecutionRoleARN, d.Extra, "executionRoleArn") {
		return
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if reason := executionReason(c, d.IsFargate()); reason != "" {
			r.Addf("executionRoleArn", "missing; container %s needs it %s", c.label(i), reason)
		}
	}
}

// executionReason returns why a container needs the execution role. On EC2, the
// role of the instance can stand in for it, but not for secrets.
func executionReason(c *Container, fargate bool) string {
	switch {
	case len(c.Secrets) > 0:
		return "to read its secrets"
	case c.LogConfiguration != nil && len(c.LogConfiguration.SecretOptions) > 0:
		return "to read the secret options of its log driver"
	case !fargate:
		return ""
	case c.RepositoryCredentials != nil:
		return "to read the credentials of its registry"
	case isECR(c.Image):
		return "to pull its image from ECR"
	case c.LogConfiguration != nil && c.LogConfiguration.LogDriver == LogDriverAwslogs:
		return "for the log driver awslogs"
	case len(c.EnvironmentFiles) > 0:
		return "to read its environment files"
	}
	return ""
}

// isECR reports whether an image is in a private registry of ECR, as its host
// tells, of which parts may be placeholders.
func isECR(image string) bool {
	host, _, ok := strings.Cut(image, "/")
	if !ok || strings.Contains(host, "{{") && !strings.Contains(host, "}}") {
		return false
	}
	return strings.Contains(host, ".dkr.ecr.") || strings.Contains(host, ".dkr.ecr-fips.") || strings.Contains(host, ".dkr-ecr.")
}

// label returns how messages call a container: by its name or number.
func (c *Container) label(i int) string {
	if c.Name != "" {
		return c.Name
	}
	return "number " + strconv.Itoa(i+1)
}
