package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

var pipelineOperations = []operation{
	reads("codepipeline:GetPipeline", "Name", (*Cloud).getPipeline),
	reads("codepipeline:ListTagsForResource", "ResourceArn", (*Cloud).listPipelineTags),
	reads("codepipeline:ListPipelineExecutions", "PipelineName", (*Cloud).listPipelineExecutions),
	reads("codepipeline:ListActionExecutions", "PipelineName", (*Cloud).listActionExecutions),
	writes("codepipeline:CreatePipeline", "Pipeline.Name", (*Cloud).createPipeline),
	writes("codepipeline:UpdatePipeline", "Pipeline.Name", (*Cloud).updatePipeline),
	writes("codepipeline:DeletePipeline", "Name", (*Cloud).deletePipeline),
	writes("codepipeline:StartPipelineExecution", "Name", (*Cloud).startPipelineExecution),
	writes("codepipeline:TagResource", "ResourceArn", (*Cloud).tagPipeline),
	writes("codepipeline:UntagResource", "ResourceArn", (*Cloud).untagPipeline),
}

// delivery is what CodePipeline, CodeBuild, CodeCommit and EventBridge know.
type delivery struct {
	pipelines []*pipeline
	projects  []*project
	rules     []*rule
	branches  []*branch
	scripts   []*buildScript
}

// A pipeline is one of CodePipeline.
type pipeline struct {
	versions         []types.PipelineDeclaration
	arn              string
	tags             []types.Tag
	created, updated time.Time
	executions       []*execution          // in the order in which they came
	inside           map[string]*execution // that is in a stage
	waiting          []*execution          // for a stage, in the order in which they came
	deleted          bool
}

// now returns the present version.
func (p *pipeline) now() *types.PipelineDeclaration { return &p.versions[len(p.versions)-1] }

func (p *pipeline) name() string { return aws.ToString(p.now().Name) }

func (c *Cloud) pipelineNamed(name string) *pipeline {
	return find(c.cicd.pipelines, func(p *pipeline) bool { return p.name() == name || p.arn == name })
}

func (c *Cloud) findPipeline(name *string) (*pipeline, error) {
	p := c.pipelineNamed(aws.ToString(name))
	if p == nil {
		return nil, refuse("PipelineNotFoundException", "Account '%s' does not have a pipeline with name '%s'", c.opts.Account, aws.ToString(name))
	}
	return p, nil
}

func (c *Cloud) createPipeline(in *codepipeline.CreatePipelineInput) (*codepipeline.CreatePipelineOutput, error) {
	if c.pipelineNamed(aws.ToString(in.Pipeline.Name)) != nil {
		return nil, refuse("PipelineNameInUseException", "A pipeline with the name '%s' already exists in account '%s'",
			aws.ToString(in.Pipeline.Name), c.opts.Account)
	}
	if err := c.checkPipeline(in.Pipeline); err != nil {
		return nil, err
	}
	p := &pipeline{
		arn: c.arn("codepipeline", aws.ToString(in.Pipeline.Name)), tags: in.Tags, created: c.now, updated: c.now,
		inside: map[string]*execution{},
	}
	in.Pipeline.Version = aws.Int32(1)
	p.versions = append(p.versions, filledPipeline(*in.Pipeline))
	c.cicd.pipelines = append(c.cicd.pipelines, p)
	c.startExecution(p, types.TriggerTypeCreatePipeline, c.caller())
	return &codepipeline.CreatePipelineOutput{Pipeline: shownPipeline(*p.now()), Tags: p.tags}, nil
}

// checkPipeline refuses what CodePipeline refuses; its role has to be there and to trust it.
func (c *Cloud) checkPipeline(p *types.PipelineDeclaration) error {
	role := c.data.role(aws.ToString(p.RoleArn))
	if role == nil || !slices.Contains(role.trusts, "codepipeline.amazonaws.com") {
		return refuse("InvalidStructureException", "CodePipeline is not authorized to perform AssumeRole on role %s", aws.ToString(p.RoleArn))
	}
	if n := len(p.Stages); n < 2 {
		return refuse("InvalidStructureException", "Pipeline has only %d stage(s). There should be a minimum of 2 stages in a pipeline", n)
	}
	names := map[string]bool{}
	for i, stage := range p.Stages {
		if name := aws.ToString(stage.Name); names[name] {
			return refuse("InvalidStructureException", "Stage names must be unique within a pipeline: %s", name)
		}
		names[aws.ToString(stage.Name)] = true
		for _, a := range stage.Actions {
			if source := a.ActionTypeId.Category == types.ActionCategorySource; source != (i == 0) {
				return refuse("InvalidStructureException", "Source actions must be in the first stage, and only there: %s", aws.ToString(a.Name))
			}
		}
	}
	return nil
}

// filledPipeline sets what CodePipeline sets by default, as GetPipeline shows it.
func filledPipeline(p types.PipelineDeclaration) types.PipelineDeclaration {
	p = cloned(p)
	if p.ExecutionMode == "" {
		p.ExecutionMode = types.ExecutionModeSuperseded
	}
	if p.PipelineType == "" {
		p.PipelineType = types.PipelineTypeV1
	}
	for i := range p.Stages {
		for j := range p.Stages[i].Actions {
			a := &p.Stages[i].Actions[j]
			if a.RunOrder == nil {
				a.RunOrder = aws.Int32(1)
			}
			if a.Configuration == nil {
				a.Configuration = map[string]string{}
			}
			a.InputArtifacts, a.OutputArtifacts = notNil(a.InputArtifacts), notNil(a.OutputArtifacts)
		}
	}
	return p
}

// shownPipeline hides secrets.
func shownPipeline(p types.PipelineDeclaration) *types.PipelineDeclaration {
	p = cloned(p)
	for _, stage := range p.Stages {
		for _, a := range stage.Actions {
			if _, ok := a.Configuration["OAuthToken"]; ok {
				a.Configuration["OAuthToken"] = "****"
			}
		}
	}
	return &p
}

func (c *Cloud) getPipeline(in *codepipeline.GetPipelineInput) (*codepipeline.GetPipelineOutput, error) {
	p, err := c.findPipeline(in.Name)
	if err != nil {
		return nil, err
	}
	version := *p.now()
	if in.Version != nil {
		n := int(*in.Version)
		if n < 1 || n > len(p.versions) {
			return nil, refuse("PipelineVersionNotFoundException", "Could not find version %d of pipeline '%s'", n, p.name())
		}
		version = p.versions[n-1]
	}
	return &codepipeline.GetPipelineOutput{
		Pipeline: shownPipeline(version),
		Metadata: &types.PipelineMetadata{PipelineArn: &p.arn, Created: &p.created, Updated: &p.updated},
	}, nil
}

func (c *Cloud) updatePipeline(in *codepipeline.UpdatePipelineInput) (*codepipeline.UpdatePipelineOutput, error) {
	p := c.pipelineNamed(aws.ToString(in.Pipeline.Name))
	if p == nil { // not PipelineNotFoundException, which the operation does not have
		return nil, c.noSuchPipeline(aws.ToString(in.Pipeline.Name))
	}
	if err := c.checkPipeline(in.Pipeline); err != nil {
		return nil, err
	}
	fresh := filledPipeline(*in.Pipeline)
	fresh.Version = aws.Int32(int32(len(p.versions) + 1))
	keepSecrets(&fresh, p.now())
	p.versions, p.updated = append(p.versions, fresh), c.now
	return &codepipeline.UpdatePipelineOutput{Pipeline: shownPipeline(fresh)}, nil
}

// keepSecrets keeps tokens that are given as they are shown.
func keepSecrets(fresh, old *types.PipelineDeclaration) {
	tokens := map[string]string{}
	for _, stage := range old.Stages {
		for _, a := range stage.Actions {
			tokens[*stage.Name+"/"+*a.Name] = a.Configuration["OAuthToken"]
		}
	}
	for _, stage := range fresh.Stages {
		for _, a := range stage.Actions {
			if strings.Trim(a.Configuration["OAuthToken"], "*") == "" && a.Configuration["OAuthToken"] != "" {
				a.Configuration["OAuthToken"] = tokens[*stage.Name+"/"+*a.Name]
			}
		}
	}
}

func (c *Cloud) deletePipeline(in *codepipeline.DeletePipelineInput) (*codepipeline.DeletePipelineOutput, error) {
	if p := c.pipelineNamed(aws.ToString(in.Name)); p != nil {
		p.deleted = true
		c.cicd.pipelines = slices.DeleteFunc(c.cicd.pipelines, func(other *pipeline) bool { return other == p })
	}
	return &codepipeline.DeletePipelineOutput{}, nil
}

func (c *Cloud) findPipelineResource(arn *string) (*pipeline, error) {
	p := find(c.cicd.pipelines, func(p *pipeline) bool { return p.arn == aws.ToString(arn) })
	if p == nil {
		return nil, c.noSuchPipeline(lastPart(strings.ReplaceAll(aws.ToString(arn), ":", "/")))
	}
	return p, nil
}

func (c *Cloud) noSuchPipeline(name string) error {
	return refuse("ResourceNotFoundException", "The account with id '%s' does not include a pipeline with the name '%s'", c.opts.Account, name)
}

func (c *Cloud) listPipelineTags(in *codepipeline.ListTagsForResourceInput) (*codepipeline.ListTagsForResourceOutput, error) {
	p, err := c.findPipelineResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &codepipeline.ListTagsForResourceOutput{Tags: p.tags}, nil
}

func (c *Cloud) tagPipeline(in *codepipeline.TagResourceInput) (*codepipeline.TagResourceOutput, error) {
	p, err := c.findPipelineResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, tag := range in.Tags {
		same := func(t types.Tag) bool { return aws.ToString(t.Key) == aws.ToString(tag.Key) }
		if i := slices.IndexFunc(p.tags, same); i >= 0 {
			p.tags[i] = tag
		} else {
			p.tags = append(p.tags, tag)
		}
	}
	return &codepipeline.TagResourceOutput{}, nil
}

func (c *Cloud) untagPipeline(in *codepipeline.UntagResourceInput) (*codepipeline.UntagResourceOutput, error) {
	p, err := c.findPipelineResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	p.tags = slices.DeleteFunc(p.tags, func(t types.Tag) bool { return slices.Contains(in.TagKeys, aws.ToString(t.Key)) })
	return &codepipeline.UntagResourceOutput{}, nil
}
