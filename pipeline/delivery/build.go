package delivery

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// repositoryKey is the last part of the name of the parameter that holds the
// URI of the image repository.
const repositoryKey = "repository-uri"

// Images of the build environment, by the task's processor.
// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
const (
	armImage = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
	x86Image = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
)

// completeBuild fills in the project and the buildspec.
func (p *plan) completeBuild() {
	b := &p.Build
	if b.Image == "" {
		b.Image = x86Image
		if p.arm {
			b.Image = armImage
		}
	}
	p.computed = b.isComputed()
	if b.Spec == nil {
		b.Spec, p.recipeErr = p.recipe().Spec()
	}
}

// recipe completes the recipe: the build reads from Parameter Store where to
// push to, so that the buildspec holds no account.
func (p *plan) recipe() buildspec.DockerImage {
	r := p.Build.Recipe
	variable := cmp.Or(r.RepositoryVariable, "REPOSITORY_URI")
	if !slices.ContainsFunc(r.ParameterStore, func(v buildspec.Variable) bool { return v.Name == variable }) {
		r.ParameterStore = append(slices.Clip(r.ParameterStore), buildspec.Variable{Name: variable, Value: p.parameters + repositoryKey})
	}
	if len(r.Containers) == 0 && p.app >= 0 {
		r.Containers = []string{p.Task.ContainerDefinitions[p.app].Name}
	}
	return r
}

// isARM reports whether a build image is one of AWS's for ARM processors, and
// whether it is one of AWS's at all.
func isARM(image string) (arm, known bool) {
	name, ok := strings.CutPrefix(image, "aws/codebuild/")
	return strings.Contains(name, "aarch64"), ok
}

// environmentType is the kind of machine that the build image runs on.
func (p *plan) environmentType() string {
	arm, known := isARM(p.Build.Image)
	if arm || !known && p.arm {
		return "ARM_CONTAINER"
	}
	return "LINUX_CONTAINER"
}

func (p *plan) project() *cfn.Resource {
	logs := p.object(cfn.Prop("Status", cfn.String("DISABLED")))
	if !p.Logs.BuildOff {
		logs = p.object(
			cfn.Prop("Status", cfn.String("ENABLED")),
			cfn.Prop("GroupName", cfn.Ref("BuildLogGroup")),
		)
	}
	return p.resource("BuildProject", "AWS::CodeBuild::Project", p.object(
		cfn.Prop("Name", cfn.String(p.Build.Project)),
		cfn.Prop("ServiceRole", cfn.Att("BuildRole", "Arn")),
		cfn.Prop("Source", codePipelineSource),
		cfn.Prop("Artifacts", codePipeline),
		cfn.Prop("Environment", p.object(
			cfn.Prop("Type", cfn.String(p.environmentType())),
			cfn.Prop("ComputeType", cfn.String(p.Build.ComputeType)),
			cfn.Prop("Image", cfn.String(p.Build.Image)),
			cfn.Prop("PrivilegedMode", cfn.Bool(true)), // docker build needs it
		)),
		cfn.Prop("LogsConfig", p.object(cfn.Prop("CloudWatchLogs", logs))),
		cfn.Prop("TimeoutInMinutes", cfn.Int(p.Build.TimeoutMinutes)),
	))
}

// buildRole may do what the project's builds do.
// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
func (p *plan) buildRole() *cfn.Resource {
	statements := make(cfn.List, 0, 8)
	statements = append(statements,
		registryLogin, pushToRepository, buildArtifacts, buildBucket,
		p.statement(cfn.String("ssm:GetParameters"), arn("ssm", "parameter"+p.parameters+"*"), nil),
	)
	if !p.Logs.BuildOff {
		statements = append(statements, p.statement(writeLogs, cfn.Att("BuildLogGroup", "Arn"), nil))
	}
	if a, ok := p.clones(); ok {
		statements = append(statements, a)
	}
	return p.role("BuildRole", p.Roles.Build, p.trust("codebuild.amazonaws.com", arn("codebuild", "project/"+p.Build.Project)), statements)
}

// clones returns what the build may do when it clones the source by itself.
func (p *plan) clones() (cfn.Object, bool) {
	switch s := p.Source.(type) {
	case pipeline.CodeCommitSource:
		if s.FullClone {
			return p.statement(cfn.String("codecommit:GitPull"), arn("codecommit", s.Repository), nil), true
		}
	case pipeline.ConnectionSource:
		if s.FullClone {
			return p.useConnection(s), true
		}
	}
	return nil, false
}
