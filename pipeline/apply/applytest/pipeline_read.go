package applytest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

func (c *Cloud) startPipelineExecution(in *codepipeline.StartPipelineExecutionInput) (*codepipeline.StartPipelineExecutionOutput, error) {
	p, err := c.findPipeline(in.Name)
	if err != nil {
		return nil, err
	}
	token := aws.ToString(in.ClientRequestToken)
	for _, e := range p.executions {
		if token != "" && e.token == token {
			return &codepipeline.StartPipelineExecutionOutput{PipelineExecutionId: &e.id}, nil
		}
	}
	e := c.startExecution(p, types.TriggerTypeStartPipelineExecution, c.caller())
	e.token = token
	return &codepipeline.StartPipelineExecutionOutput{PipelineExecutionId: &e.id}, nil
}

func (c *Cloud) listPipelineExecutions(in *codepipeline.ListPipelineExecutionsInput) (*codepipeline.ListPipelineExecutionsOutput, error) {
	p, err := c.findPipeline(in.PipelineName)
	if err != nil {
		return nil, err
	}
	var all []types.PipelineExecutionSummary
	for _, e := range slices.Backward(p.executions) {
		all = append(all, types.PipelineExecutionSummary{
			PipelineExecutionId: &e.id, Status: e.status, StatusSummary: optional(e.summary), StartTime: &e.started, LastUpdateTime: &e.updated,
			SourceRevisions: notNil(e.revisions), Trigger: &types.ExecutionTrigger{TriggerType: e.trigger, TriggerDetail: &e.detail},
			ExecutionMode: e.definition.ExecutionMode, ExecutionType: types.ExecutionTypeStandard,
		})
	}
	list, next, err := page(all, in.NextToken, pageSize(in.MaxResults, 100))
	if err != nil {
		err = refuse("InvalidNextTokenException", "The next token was specified in an invalid format.")
	}
	return &codepipeline.ListPipelineExecutionsOutput{PipelineExecutionSummaries: list, NextToken: next}, err
}

func (c *Cloud) listActionExecutions(in *codepipeline.ListActionExecutionsInput) (*codepipeline.ListActionExecutionsOutput, error) {
	p, err := c.findPipeline(in.PipelineName)
	if err != nil {
		return nil, err
	}
	wanted := ""
	if f := in.Filter; f != nil {
		wanted = aws.ToString(f.PipelineExecutionId)
		if f.LatestInPipelineExecution != nil {
			wanted = aws.ToString(f.LatestInPipelineExecution.PipelineExecutionId)
		}
		if !slices.ContainsFunc(p.executions, func(e *execution) bool { return e.id == wanted }) {
			return nil, refuse("PipelineExecutionNotFoundException", "Could not find the pipeline execution id '%s' in pipeline '%s'", wanted, p.name())
		}
	}
	var all []types.ActionExecutionDetail
	for _, e := range slices.Backward(p.executions) {
		if wanted != "" && e.id != wanted {
			continue
		}
		for _, run := range slices.Backward(e.actions) {
			all = append(all, run.describe())
		}
	}
	list, next, err := page(all, in.NextToken, pageSize(in.MaxResults, 100))
	if err != nil {
		err = refuse("InvalidNextTokenException", "The next token was specified in an invalid format.")
	}
	return &codepipeline.ListActionExecutionsOutput{ActionExecutionDetails: list, NextToken: next}, err
}

// describe returns the execution of an action as ListActionExecutions shows it.
func (run *actionRun) describe() types.ActionExecutionDetail {
	stages := []types.StageDeclaration{{Actions: []types.ActionDeclaration{run.action}}}
	shown := shownPipeline(types.PipelineDeclaration{Stages: stages}).Stages[0].Actions[0]
	out := types.ActionExecutionDetail{
		ActionExecutionId: &run.id, PipelineExecutionId: &run.e.id, PipelineVersion: run.e.definition.Version, StageName: &run.stage,
		ActionName: run.action.Name, Status: run.status, StartTime: &run.started, LastUpdateTime: &run.updated,
		Input: &types.ActionExecutionInput{
			ActionTypeId: run.action.ActionTypeId, Configuration: shown.Configuration, ResolvedConfiguration: shown.Configuration,
			Region: aws.String(run.e.c.opts.Region), InputArtifacts: notNil(run.inputs), Namespace: run.action.Namespace,
		},
		Output: &types.ActionExecutionOutput{
			OutputArtifacts: notNil(run.outputs), OutputVariables: run.variables,
			ExecutionResult: &types.ActionExecutionResult{
				ExternalExecutionId: optional(run.external), ExternalExecutionUrl: optional(run.url), ExternalExecutionSummary: optional(run.summary),
			},
		},
	}
	if run.code != "" {
		out.Output.ExecutionResult.ErrorDetails = &types.ErrorDetails{Code: &run.code, Message: &run.message}
	}
	return out
}
