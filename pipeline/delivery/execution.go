package delivery

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// executionStatements is what Fargate must be allowed in order to start the
// containers of the task definition, and no more.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
func (p *plan) executionStatements() cfn.List {
	statements := p.list(registryLogin, p.statement(pull, one(p.images()), nil))
	if p.taskLogs {
		statements = append(statements, p.statement(writeLogs, cfn.Att("TaskLogGroup", "Arn"), nil))
	}
	var n needs
	for i := range p.Task.ContainerDefinitions {
		n.add(&p.Task.ContainerDefinitions[i])
	}
	return append(statements, n.statements(p)...)
}

// images returns the ARNs of the repositories in ECR that the containers' images
// come from.
func (p *plan) images() cfn.List {
	repositories := p.list(cfn.Att("Repository", "Arn"))
	for i, c := range p.Task.ContainerDefinitions {
		if i == p.app {
			continue
		}
		if a := repositoryARN(c.Image); a != "" && !slices.Contains(repositories, text(a)) {
			repositories = append(repositories, text(a))
		}
	}
	return repositories
}

// repositoryARN returns the ARN of the repository of an image in a private ECR
// registry, and "" of any other image.
func repositoryARN(image string) string {
	host, repository, _ := strings.Cut(image, "/")
	account, rest, _ := strings.Cut(host, ".")
	rest, ok := strings.CutPrefix(rest, "dkr.ecr.")
	if !ok {
		return ""
	}
	region, _, _ := strings.Cut(rest, ".")
	repository, _, _ = strings.Cut(repository, "@")
	repository, _, _ = strings.Cut(repository, ":")
	return "arn:" + bundle.Partition + ":ecr:" + region + ":" + account + ":repository/" + repository
}

// needs collects the ARNs of what containers read when they start.
type needs struct {
	secrets, parameters, files, buckets []string
}

func (n *needs) add(c *taskdef.Container) {
	for _, s := range c.Secrets {
		n.value(s.ValueFrom)
	}
	if c.LogConfiguration != nil {
		for _, s := range c.LogConfiguration.SecretOptions {
			n.value(s.ValueFrom)
		}
	}
	if c.RepositoryCredentials != nil {
		n.value(c.RepositoryCredentials.CredentialsParameter)
	}
	for _, f := range c.EnvironmentFiles {
		bucket, _, _ := strings.Cut(f.Value, "/")
		n.files, n.buckets = include(n.files, f.Value), include(n.buckets, bucket)
	}
}

// value adds what the valueFrom of a secret names: the ARN of a secret, with or
// without a key and a version behind it, or a parameter by its ARN or name.
func (n *needs) value(from string) {
	fields := strings.Split(from, ":")
	switch {
	case len(fields) >= 7 && fields[2] == "secretsmanager":
		n.secrets = include(n.secrets, strings.Join(fields[:7], ":"))
	case len(fields) >= 6 && fields[2] == "ssm":
		n.parameters = include(n.parameters, from)
	case from != "":
		n.parameters = include(n.parameters,
			"arn:"+bundle.Partition+":ssm:"+bundle.Region+":"+bundle.Account+":parameter/"+strings.TrimPrefix(from, "/"))
	}
}

func (n *needs) statements(p *plan) cfn.List {
	var out cfn.List
	for _, need := range [...]struct {
		action string
		arns   []string
	}{
		{"secretsmanager:GetSecretValue", n.secrets},
		{"ssm:GetParameters", n.parameters},
		{"s3:GetObject", n.files},
		{"s3:GetBucketLocation", n.buckets},
	} {
		if len(need.arns) == 0 {
			continue
		}
		resources := make(cfn.List, len(need.arns))
		for i, a := range need.arns {
			resources[i] = text(a)
		}
		out = append(out, p.statement(cfn.String(need.action), one(resources), nil))
	}
	return out
}

func include(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
