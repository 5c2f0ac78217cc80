package delivery

import (
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// Names of the artifacts that the pipeline passes on.
const (
	sourceArtifact = "Source"
	buildArtifact  = "Image"
)

// pipeline returns pipeline.json.
func (p *plan) pipeline() *pipeline.Definition {
	build := pipeline.CodeBuild{Name: "Build", Project: p.Build.Project, Input: p.from.output, Output: buildArtifact}
	deploy := pipeline.ECSDeploy{
		Name: "Deploy", Cluster: p.Deploy.Cluster, Service: p.Deploy.Service,
		Input: buildArtifact, TimeoutMinutes: p.Deploy.TimeoutMinutes,
	}
	d := &pipeline.Definition{
		Name:          p.Pipeline.Name,
		RoleARN:       roleARN(p.Roles.Pipeline),
		PipelineType:  pipeline.TypeV2,
		ArtifactStore: &pipeline.ArtifactStore{Type: pipeline.ArtifactStoreTypeS3, Location: p.Pipeline.Bucket},
		Stages:        make([]pipeline.Stage, 0, 4),
	}
	if p.from.provider != nil {
		d.Stages = append(d.Stages, pipeline.Stage{Name: "Source", Actions: pipeline.Actions(p.from.provider)})
	}
	d.Stages = append(d.Stages, pipeline.Stage{Name: "Build", Actions: pipeline.Actions(build)})
	if p.Pipeline.Approval {
		d.Stages = append(d.Stages, pipeline.Stage{Name: "Approve", Actions: pipeline.Actions(pipeline.ManualApproval{Name: "Approve"})})
	}
	d.Stages = append(d.Stages, pipeline.Stage{Name: "Deploy", Actions: pipeline.Actions(deploy)})
	return d
}

// pipelineRole may run the pipeline's actions, and hand the task's two roles, and
// no other, to ECS.
// Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
func (p *plan) pipelineRole() *cfn.Resource {
	statements := make(cfn.List, 0, 10)
	statements = append(statements, pipelineBucket, pipelineArtifacts)
	statements = append(statements, p.from.statements...)
	statements = append(statements,
		startBuild,
		p.statement(updateService, arn("ecs", "service/"+p.Deploy.Cluster+"/"+p.Deploy.Service), nil),
		registerTask,
		p.statement(cfn.String("ecs:TagResource"), arn("ecs", "task-definition/"+p.Task.Family+":*"), onRegistration),
		p.statement(cfn.String("iam:PassRole"), one(p.taskRoleARNs()), toECS),
	)
	return p.role("PipelineRole", p.Roles.Pipeline, p.trust("codepipeline.amazonaws.com", arn("codepipeline", p.Pipeline.Name)), statements)
}
