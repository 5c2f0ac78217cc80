package delivery

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// serviceRule is what [Service.Bundle] reports by itself; all else are rules of
// the models.
var serviceRule = slipway.Rule{
	Name: "delivery/service",
	Doc:  "A Service has names that AWS takes, one container to deploy, and a build for the task's processor.",
}

// Rules returns the rules of the package.
func Rules() []slipway.Rule { return []slipway.Rule{serviceRule} }

// checker collects what is wrong with a plan.
type checker struct {
	*plan
	problems slipway.Problems
}

func (c *checker) addf(path, format string, args ...any) {
	c.problems = append(c.problems, &slipway.Problem{
		Path: "Service." + path, Message: fmt.Sprintf(format, args...), Rule: serviceRule.Name,
	})
}

// check returns what is wrong with the service itself.
func (p *plan) check() slipway.Problems {
	c := checker{plan: p}
	c.name("Name", p.Name, 2, 35, isServiceName, "lower-case letters, digits and dashes, beginning with a letter")
	for _, reserved := range [...]string{"aws", "ssm"} {
		if strings.HasPrefix(p.Name, reserved) {
			c.addf("Name", "found %q, Parameter Store keeps names that begin with %s for itself", p.Name, reserved)
		}
	}
	if p.Name != "" {
		c.names()
	}
	c.source()
	c.containers()
	c.processor()
	c.ranges()
	c.roles()
	c.tags()
	c.recipe()
	return c.problems
}

// name checks the length and the characters of a name. Placeholders count as
// long as what they stand for can be.
func (c *checker) name(path, value string, least, most int, valid func(string) bool, what string) {
	value = longest.Replace(value)
	if len(value) < least || len(value) > most || !valid(value) {
		c.addf(path, "found %q with %d characters, want %d to %d %s", value, len(value), least, most, what)
	}
}

// longest puts in place of each placeholder the longest that it can stand for.
var longest = strings.NewReplacer(bundle.Account, "123456789012", bundle.Region, "ap-northeast-1")

func (c *checker) names() {
	const word = "letters, digits, dashes and underscores"
	const stack = "letters, digits and dashes, beginning with a letter"
	c.name("Stacks.Network", c.Stacks.Network, 1, 128, isStackName, stack)
	c.name("Stacks.Platform", c.Stacks.Platform, 1, 128, isStackName, stack)
	c.name("Stacks.Service", c.Stacks.Service, 1, 128, isStackName, stack)
	c.name("Repository.Name", c.Repository.Name, 2, 256, isRepositoryName,
		"lower-case letters and digits, with single . _ - / between them")
	c.name("Build.Project", c.Build.Project, 2, 150, isWord, word)
	c.name("Deploy.Cluster", c.Deploy.Cluster, 1, 255, isWord, word)
	c.name("Deploy.Service", c.Deploy.Service, 1, 255, isWord, word)
	c.name("Pipeline.Name", c.Pipeline.Name, 1, 100, isPipelineName, "letters, digits and . @ - _")
	c.name("Pipeline.Bucket", c.Pipeline.Bucket, 3, 63, isBucketName,
		"lower-case letters, digits, dots and dashes, beginning and ending with a letter or digit")
	stacks := []string{c.Stacks.Network, c.Stacks.Platform, c.Stacks.Service}
	for i, name := range stacks {
		if slices.Contains(stacks[:i], name) {
			c.addf("Stacks", "two stacks are named %s", name)
		}
	}
}

func (c *checker) source() {
	switch s := c.Source.(type) {
	case nil:
		c.addf("Source", "missing; give a pipeline.CodeCommitSource, ConnectionSource or S3Source")
	case pipeline.CodeCommitSource:
		c.name("Source.Repository", s.Repository, 1, 100, isPipelineName, "letters, digits and . - _")
		c.required("Source.Branch", s.Branch)
	case pipeline.ConnectionSource:
		c.required("Source.ConnectionARN", s.ConnectionARN)
		c.required("Source.Repository", s.Repository)
		c.required("Source.Branch", s.Branch)
	case pipeline.S3Source:
		c.required("Source.Bucket", s.Bucket)
		c.required("Source.Key", s.Key)
	default:
		c.addf("Source", "found %T, want a pipeline.CodeCommitSource, ConnectionSource or S3Source by value", s)
	}
	if _, ok := c.Source.(pipeline.CodeCommitSource); c.CreateSource && !ok {
		c.addf("CreateSource", "only a pipeline.CodeCommitSource can be created")
	}
}

func (c *checker) required(path, value string) {
	if value == "" {
		c.addf(path, "missing")
	}
}

// containers checks that the pipeline has one container to deploy.
func (c *checker) containers() {
	if c.app < 0 {
		c.addf("Task.ContainerDefinitions", "every container has an image; leave it out of the one that the pipeline builds")
	}
	for i := range c.Task.ContainerDefinitions {
		if i != c.app && c.Task.ContainerDefinitions[i].Image == "" {
			c.addf(slipway.Path("Task", "ContainerDefinitions", i, "Image"),
				"missing; the pipeline builds one image, that of container %q", c.Task.ContainerDefinitions[c.app].Name)
		}
	}
	for _, name := range c.Build.Recipe.Containers {
		if !slices.ContainsFunc(c.Task.ContainerDefinitions, func(t taskdef.Container) bool { return t.Name == name }) {
			c.addf("Build.Recipe.Containers", "found %q, the task has no container of that name", name)
		}
	}
}

// processor checks that the image is built for the processor that runs it.
func (c *checker) processor() {
	platform := "linux/amd64"
	if c.arm {
		platform = "linux/arm64"
	}
	if arm, known := isARM(c.Build.Image); known && arm != c.arm && c.Build.Recipe.Platform != platform {
		c.addf("Build.Image", "%s builds for another processor than the task's %s; leave it empty, or give Build.Recipe.Platform %s",
			c.Build.Image, c.Task.RuntimePlatform.CPUArchitecture, platform)
	}
	if p := c.Build.Recipe.Platform; p != "" && p != platform {
		c.addf("Build.Recipe.Platform", "found %s, the task runs on %s", p, platform)
	}
}

// recipe takes over what the recipe refuses.
func (c *checker) recipe() {
	var problems slipway.Problems
	if errors.As(c.recipeErr, &problems) {
		for _, p := range problems {
			p.Path = "Service.Build.Recipe." + p.Path
			c.problems = append(c.problems, p)
		}
	}
}

func (c *checker) ranges() {
	c.between("Repository.Keep", c.Repository.Keep, 1, 100_000)
	c.between("Build.TimeoutMinutes", c.Build.TimeoutMinutes, 5, 2160)
	c.between("Deploy.DesiredCount", c.Deploy.DesiredCount, 0, 5000)
	c.between("Deploy.TimeoutMinutes", c.Deploy.TimeoutMinutes, 0, 60)
	c.between("Pipeline.ArtifactDays", c.Pipeline.ArtifactDays, 1, 36_500)
	// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
	days := [...]int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
	if !slices.Contains(days[:], c.Logs.RetentionDays) {
		c.addf("Logs.RetentionDays", "found %d, want one of %s", c.Logs.RetentionDays, strings.Trim(fmt.Sprint(days), "[]"))
	}
}

func (c *checker) between(path string, n, least, most int) {
	if n < least || n > most {
		c.addf(path, "found %d, want %d to %d", n, least, most)
	}
}

func (c *checker) roles() {
	roles := [...]struct {
		path string
		Role
	}{
		{"Roles.Execution", c.Roles.Execution}, {"Roles.Task", c.Roles.Task}, {"Roles.Build", c.Roles.Build},
		{"Roles.Pipeline", c.Roles.Pipeline}, {"Roles.Start", c.Roles.Start},
	}
	for i, r := range roles {
		c.name(r.path+".Name", r.Name, 1, 64, isRoleName, "letters, digits and + = , . @ - _")
		for _, other := range roles[:i] {
			if strings.EqualFold(r.Name, other.Name) && r.path != "Roles.Task" {
				c.addf(r.path+".Name", "found %s, which %s has too; only the task and its start may share a role", r.Name, other.path)
			}
		}
		for j, s := range r.Statements {
			if len(s.Actions) == 0 || len(s.Resources) == 0 {
				c.addf(fmt.Sprintf("%s.Statements[%d]", r.path, j), "a statement has at least one action and one resource")
			}
		}
	}
	if r := c.Roles.Task; c.sharedRole() && (r.Managed != nil || r.Statements != nil) {
		c.addf("Roles.Task", "shares the role of Roles.Execution; say there what it may do")
	}
	if c.sharedRole() && c.ownExecution != c.ownTask {
		c.addf("Roles.Task.Name", "is that of Roles.Execution, but the task definition names another role for one of them")
	}
	c.existing("Task.ExecutionRoleARN", c.Task.ExecutionRoleARN)
	c.existing("Task.TaskRoleARN", c.Task.TaskRoleARN)
}

// existing checks the ARN of a role that others have made: the pipeline's right
// to pass it needs the whole ARN.
func (c *checker) existing(path, arn string) {
	if !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":role/") {
		c.addf(path, "found %q, want the ARN of a role", arn)
	}
}

func (c *checker) tags() {
	if len(c.Tags) > 40 {
		c.addf("Tags", "found %d, want at most 40", len(c.Tags))
	}
	for key, value := range c.Tags {
		if key == "" || len(key) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			c.addf(slipway.Path("Tags", key), "a tag has a key of 1 to 128 characters that does not begin with aws:, and a value of at most 256")
		}
	}
}

func asProblems(err error) slipway.Problems {
	if problems, ok := err.(slipway.Problems); ok {
		return problems
	}
	return slipway.Problems{{Path: "Service", Message: err.Error(), Err: err}}
}
