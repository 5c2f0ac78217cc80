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
	arena
	app                   int      // index in Task.Containers of the container that the pipeline deploys
	arm                   bool     // the task's processor
	registry              string   // host of the account's ECR registry
	parameters            string   // prefix of the Parameter Store names, with slashes around
	taskLogs              bool     // a container writes to the log group
	ownExecution, ownTask bool     // platform.yml creates the role
	tags                  cfn.List // as templates have them
	from                  source
	recipeErr             error // why Build.Spec is nil
}

// complete fills the names in.
func (s Service) complete() *plan {
	p := &plan{Service: s}
	name := s.Name
	for _, f := range [...]struct {
		to    *string
		value string
	}{
		{&p.Stacks.Network, name + "-network"},
		{&p.Stacks.Platform, name + "-platform"},
		{&p.Stacks.Service, name + "-service"},
		{&p.Repository.Name, name},
		{&p.Roles.Execution.Name, name + "-execution-" + bundle.Region},
		{&p.Roles.Task.Name, name + "-task-" + bundle.Region},
		{&p.Roles.Build.Name, name + "-build-" + bundle.Region},
		{&p.Roles.Pipeline.Name, name + "-pipeline-" + bundle.Region},
		{&p.Roles.Start.Name, name + "-start-" + bundle.Region},
		{&p.Build.Project, name + "-build"},
		{&p.Build.ComputeType, "BUILD_GENERAL1_SMALL"},
		{&p.Deploy.Cluster, name},
		{&p.Deploy.Service, name},
		{&p.Pipeline.Name, name},
		{&p.Pipeline.Bucket, name + "-" + bundle.Account + "-" + bundle.Region},
		{&p.Task.Family, name},
	} {
		if *f.to == "" {
			*f.to = f.value
		}
	}
	p.Repository.Keep = cmp.Or(p.Repository.Keep, 30)
	p.Logs.RetentionDays = cmp.Or(p.Logs.RetentionDays, 30)
	p.Build.TimeoutMinutes = cmp.Or(p.Build.TimeoutMinutes, 60)
	p.Pipeline.ArtifactDays = cmp.Or(p.Pipeline.ArtifactDays, 30)
	p.registry = bundle.Account + ".dkr.ecr." + bundle.Region + "." + bundle.URLSuffix
	p.parameters = "/" + name + "/"
	p.from = p.source()
	p.tags = p.tagList()
	p.completeTask()
	p.completeBuild()
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
