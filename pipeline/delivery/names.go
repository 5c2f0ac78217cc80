package delivery

import (
	"cmp"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// plan is a Service with every default filled in, and what follows from it.
type plan struct {
	Service
	*arena
	app                   int      // index in Task.Containers of the container that the pipeline deploys
	arm                   bool     // the task's processor
	computed              bool     // nothing of the build is written by hand
	registry              string   // host of the account's ECR registry
	parameters            string   // prefix of the Parameter Store names, with slashes around
	taskLogs              bool     // a container writes to the log group
	ownExecution, ownTask bool     // platform.yml creates the role
	tags                  cfn.List // as templates have them
	from                  source
	recipeErr             error // why Build.Spec is nil
}

// complete fills in what the service leaves to its defaults. The templates are cut
// out of the arena.
func (s Service) complete(a *arena) *plan {
	p := s.names()
	p.arena = a
	p.Build.ComputeType = cmp.Or(p.Build.ComputeType, "BUILD_GENERAL1_SMALL")
	p.Repository.Keep = cmp.Or(p.Repository.Keep, 30)
	p.Logs.RetentionDays = cmp.Or(p.Logs.RetentionDays, 30)
	p.Build.TimeoutMinutes = cmp.Or(p.Build.TimeoutMinutes, 60)
	p.Pipeline.ArtifactDays = cmp.Or(p.Pipeline.ArtifactDays, 30)
	p.registry = bundle.Account + ".dkr.ecr." + bundle.Region + "." + bundle.URLSuffix
	p.parameters = "/" + p.Name + "/"
	p.from = p.source()
	p.tags = p.tagList()
	p.completeTask()
	p.completeBuild()
	return p
}

// names fills in the names.
func (s Service) names() *plan {
	p := &plan{Service: s}
	for _, f := range [...]struct {
		to     *string
		suffix string
	}{
		{&p.Stacks.Network, "-network"},
		{&p.Stacks.Platform, "-platform"},
		{&p.Stacks.Service, "-service"},
		{&p.Repository.Name, ""},
		{&p.Roles.Execution.Name, "-execution-" + bundle.Region},
		{&p.Roles.Task.Name, "-task-" + bundle.Region},
		{&p.Roles.Build.Name, "-build-" + bundle.Region},
		{&p.Roles.Pipeline.Name, "-pipeline-" + bundle.Region},
		{&p.Roles.Start.Name, "-start-" + bundle.Region},
		{&p.Build.Project, "-build"},
		{&p.Deploy.Cluster, ""},
		{&p.Deploy.Service, ""},
		{&p.Pipeline.Name, ""},
		{&p.Pipeline.Bucket, "-" + bundle.Account + "-" + bundle.Region},
		{&p.Task.Family, ""},
	} {
		if *f.to == "" {
			*f.to = p.Name + f.suffix
		}
	}
	return p
}

// pseudo turns the placeholders of JSON files into the pseudo parameters of templates.
func pseudo(s string) string {
	for _, p := range [...]struct{ placeholder, parameter string }{
		{bundle.Region, "${AWS::Region}"},
		{bundle.Account, "${AWS::AccountId}"},
		{bundle.Partition, "${AWS::Partition}"},
		{bundle.URLSuffix, "${AWS::URLSuffix}"},
	} {
		s = strings.ReplaceAll(s, p.placeholder, p.parameter)
	}
	return s
}

// text returns a text that may hold placeholders as a value of a template.
func text(s string) cfn.Value {
	if !strings.Contains(s, "${AWS_") {
		return cfn.String(s)
	}
	return cfn.Sub(pseudo(s))
}

// arn returns the ARN of a resource in the account and region of the stack.
func arn(service, resource string) cfn.Sub {
	return cfn.Sub("arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource)
}

// roleARN returns the ARN of a role with placeholders, for JSON files.
func roleARN(r Role) string {
	return "arn:" + bundle.Partition + ":iam::" + bundle.Account + ":role/" + r.Name
}
