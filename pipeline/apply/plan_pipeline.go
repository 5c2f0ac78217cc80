package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// The tag of a pipeline that was created here and has not delivered yet: a run that was
// interrupted is completed by the next one as long as it stands.
const (
	firstTag   = "slipway:first-delivery"
	firstValue = "pending"
)

// pipelineWork is the work of a step on a pipeline.
type pipelineWork struct {
	item    *pipelineItem
	version int32 // that it was compared with; 0 when there was none
	first   bool  // it has not delivered yet
	tags    []pipeline.Tag

	waiting, raised int // services that wait for the first delivery, and that have got their tasks since
}

// executionWork is the work of a step that awaits the first delivery.
type executionWork struct {
	pipeline *pipelineWork
	isDone   bool // only the mark says otherwise
}

// countWork is the work of a step that raises the number of a service's tasks.
type countWork struct {
	service  *serviceItem
	pipeline *pipelineWork
	desired  int
}

// planPipelines plans the pipelines and, where one has not delivered yet, what
// completes the first delivery.
func (p *planner) planPipelines(ctx context.Context) (steps []*Step, err error) {
	for _, item := range p.items.pipelines {
		w := &pipelineWork{item: item}
		step := &Step{Subject: Subject{PipelineSubject, item.definition.Name}, Artifact: item.path, Action: Nothing, work: w}
		if err := p.planPipeline(ctx, w, step); err != nil {
			return nil, about(step.Subject, err)
		}
		steps = append(steps, step)
		first, err := p.planFirst(ctx, w)
		if err != nil {
			return nil, about(Subject{ExecutionSubject, item.definition.Name}, err)
		}
		steps = append(steps, first...)
	}
	return steps, nil
}

func (p *planner) planPipeline(ctx context.Context, w *pipelineWork, step *Step) error {
	want := w.item.definition
	if _, _, err := toPipelineDeclaration(want); err != nil {
		return err
	}
	live, err := p.getPipeline(ctx, want.Name)
	if err != nil {
		return err
	}
	if live == nil {
		step.Action, step.Reason = Create, "there is no pipeline of that name"
		w.first = len(w.item.services) > 0
		return nil
	}
	w.version = aws.ToInt32(live.Version)
	properties, err := pipelineDifferences(fromPipelineDeclaration(live, nil), want)
	if err != nil {
		return err
	}
	tags, err := p.pipelineTags(ctx, pipelineARN(p.place.Target, want.Name))
	if err != nil {
		return err
	}
	w.first = tags[firstTag] == firstValue
	for _, t := range want.Tags {
		if value, ok := tags[t.Key]; !ok || value != aws.ToString(t.Value) {
			w.tags = append(w.tags, t)
			properties = append(properties, Property{Path: "tags." + t.Key,
				Before: showText(value, open.enter(t.Key)), After: showText(aws.ToString(t.Value), open.enter(t.Key))})
		}
	}
	if len(properties) > 0 {
		step.Action = Update
		step.Changes = []Change{{Action: Update, Properties: properties}}
	}
	return nil
}

// getPipeline returns a pipeline, or nil when there is none.
func (a *Applier) getPipeline(ctx context.Context, name string) (*cptypes.PipelineDeclaration, error) {
	out, err := do(ctx, a, call{op: "codepipeline:GetPipeline", on: "pipeline " + name}, a.clients.CodePipeline.GetPipeline, &codepipeline.GetPipelineInput{Name: &name})
	if hasCode(err, "PipelineNotFoundException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if out.Pipeline == nil {
		return nil, &Error{Call: "codepipeline:GetPipeline", Resource: "pipeline " + name, Message: "the answer has no pipeline"}
	}
	return out.Pipeline, nil
}

func pipelineARN(t bundle.Target, name string) string {
	return fmt.Sprintf("arn:%s:codepipeline:%s:%s:%s", t.Partition, t.Region, t.Account, name)
}

// pipelineTags returns the tags of a pipeline.
func (a *Applier) pipelineTags(ctx context.Context, arn string) (map[string]string, error) {
	tags := make(map[string]string)
	in := &codepipeline.ListTagsForResourceInput{ResourceArn: &arn}
	for {
		out, err := do(ctx, a, call{op: "codepipeline:ListTagsForResource", on: arn}, a.clients.CodePipeline.ListTagsForResource, in)
		if err != nil {
			return nil, err
		}
		for _, t := range out.Tags {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return tags, nil
		}
	}
}

// planFirst plans what completes the first delivery: its execution, and tasks for the
// services that have none yet. A service whose stack is made anew, when the pipeline has
// delivered before, gets its tasks too.
func (p *planner) planFirst(ctx context.Context, w *pipelineWork) (steps []*Step, err error) {
	var execution *Step
	if w.first {
		if execution, err = p.planExecution(ctx, w); err != nil {
			return nil, err
		}
		steps = append(steps, execution)
	}
	for _, s := range w.item.services {
		live := p.live[s]
		if live != nil && (!w.first || live.DesiredCount > 0) || s.isDaemon() {
			continue
		}
		if live == nil && p.createsTasks(s, w.first) {
			continue
		}
		steps = append(steps, &Step{
			Subject: Subject{CountSubject, s.label()}, Artifact: s.stack.path, Action: Update,
			Reason:  "by then the pipeline has delivered its image",
			Changes: []Change{{Action: Update, Properties: []Property{{Path: "desiredCount", Before: "0", After: fmt.Sprint(p.opts.DesiredCount)}}}},
			work:    &countWork{s, w, p.opts.DesiredCount},
		})
		w.waiting++
	}
	if execution != nil && execution.Action == Nothing && w.waiting == 0 {
		execution.Action, execution.Reason = Update, "it is complete: the mark on the pipeline that says otherwise is removed"
		execution.work.(*executionWork).isDone = true
	}
	return steps, nil
}

// createsTasks reports whether a stack creates a service with tasks by itself. Before the
// first delivery that must fail, because there is no image.
func (p *planner) createsTasks(s *serviceItem, first bool) bool {
	step := p.plan.Step(StackSubject, s.stack.name)
	_, n := step.work.(*stackWork).desired(s)
	if n <= 0 {
		return false
	}
	switch {
	case !first:
	case !s.bare:
		step.Notes = append(step.Notes, fmt.Sprintf("the service %s begins with its tasks: their image has to be there before the pipeline has delivered one", s.id))
	default:
		step.block("the service %s is created with %s, and there is no image before the pipeline has delivered one; "+
			"give its DesiredCount by a parameter that does nothing else, with the default 0 (--count raises it after the first delivery)", s.id, tasks(n))
	}
	return true
}

// isDaemon reports whether a service runs a task on each instance, however many that are.
func (s *serviceItem) isDaemon() bool {
	return s.resource.Properties.Get("SchedulingStrategy") == cfn.Value(cfn.String("DAEMON"))
}

// leavesOut reports whether the condition of a service is known not to be met.
func (p *planner) leavesOut(s *serviceItem) bool {
	w := p.plan.Step(StackSubject, s.stack.name).work.(*stackWork)
	return s.resource.Condition != "" && w.resolver().known.Resolve(cfn.Condition(s.resource.Condition)) == cfn.Value(cfn.Bool(false))
}

// noteIdle says of services that are created without a task that nobody gives them one.
func (p *planner) noteIdle(step *Step) {
	w, ok := step.work.(*stackWork)
	if !ok {
		return
	}
	for _, s := range w.item.services {
		isNew := slices.ContainsFunc(step.Changes, func(c Change) bool { return c.Resource == s.id && c.Action == Create })
		if set, n := w.desired(s); isNew && set && n == 0 && !p.isAwaited(s) && !p.leavesOut(s) {
			step.Notes = append(step.Notes, fmt.Sprintf("the service %s is created without a task, and no pipeline that is applied here delivers it: give it its tasks when there is an image", s.id))
		}
	}
}

// planExecution plans the first delivery of a pipeline.
func (p *planner) planExecution(ctx context.Context, w *pipelineWork) (*Step, error) {
	step := &Step{Subject: Subject{ExecutionSubject, w.item.definition.Name}, Artifact: w.item.path, Action: Await, work: &executionWork{pipeline: w}}
	if w.version == 0 {
		step.Reason = "the pipeline starts when it is created; its source has to be there, or to be pushed"
		return step, nil
	}
	list, err := p.executions(ctx, w.item.definition.Name, 20)
	if err != nil {
		return nil, err
	}
	switch e := latest(list); {
	case slices.ContainsFunc(list, succeeded):
		step.Action = Nothing
	case e == nil || isOver(e.Status):
		step.Reason = "no execution has succeeded yet: one is started"
	default:
		step.Reason = "an execution is in progress"
	}
	return step, nil
}

// executions returns the last executions of a pipeline, the newest first.
func (a *Applier) executions(ctx context.Context, name string, most int32) ([]cptypes.PipelineExecutionSummary, error) {
	out, err := do(ctx, a, call{op: "codepipeline:ListPipelineExecutions", on: "pipeline " + name}, a.clients.CodePipeline.ListPipelineExecutions,
		&codepipeline.ListPipelineExecutionsInput{PipelineName: &name, MaxResults: &most})
	if err != nil {
		return nil, err
	}
	return out.PipelineExecutionSummaries, nil
}

func succeeded(e cptypes.PipelineExecutionSummary) bool {
	return e.Status == cptypes.PipelineExecutionStatusSucceeded
}

// latest returns the newest execution that no other one has superseded, or nil.
func latest(list []cptypes.PipelineExecutionSummary) *cptypes.PipelineExecutionSummary {
	for i := range list {
		if list[i].Status != cptypes.PipelineExecutionStatusSuperseded {
			return &list[i]
		}
	}
	return nil
}

// isOver reports whether an execution has ended.
func isOver(s cptypes.PipelineExecutionStatus) bool {
	return s != cptypes.PipelineExecutionStatusInProgress && s != cptypes.PipelineExecutionStatusStopping
}
