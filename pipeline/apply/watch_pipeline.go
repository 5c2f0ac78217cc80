package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	cbtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// An executionWatch follows executions of a pipeline, and tells how their actions go.
type executionWatch struct {
	*Applier
	item    *pipelineItem
	actions []cptypes.ActionExecutionDetail // of the execution that was looked at last, in the order of their start
	told    map[string]string               // action execution to status
	source  string                          // what the source action says, when it has failed
}

// look tells what has changed in an execution.
func (w *executionWatch) look(ctx context.Context, id string) error {
	name := w.item.definition.Name
	in := &codepipeline.ListActionExecutionsInput{PipelineName: &name, Filter: &cptypes.ActionExecutionFilter{PipelineExecutionId: &id}}
	w.actions = nil
	for {
		out, err := do(ctx, w.Applier, call{op: "codepipeline:ListActionExecutions", on: "pipeline " + name}, w.clients.CodePipeline.ListActionExecutions, in)
		if err != nil {
			return err
		}
		w.actions = append(w.actions, out.ActionExecutionDetails...)
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	slices.Reverse(w.actions) // the newest come first
	slices.SortStableFunc(w.actions, func(a, b cptypes.ActionExecutionDetail) int {
		return cmp.Compare(aws.ToTime(a.StartTime).UnixNano(), aws.ToTime(b.StartTime).UnixNano())
	})
	for i := range w.actions {
		w.tell(&w.actions[i])
	}
	return nil
}

func (w *executionWatch) tell(a *cptypes.ActionExecutionDetail) {
	key := aws.ToString(a.ActionExecutionId)
	if w.told[key] == string(a.Status) {
		return
	}
	w.told[key] = string(a.Status)
	result := resultOf(a)
	e := ActionChanged{
		Time: aws.ToTime(a.LastUpdateTime), Pipeline: w.item.definition.Name, Execution: aws.ToString(a.PipelineExecutionId),
		Stage: aws.ToString(a.StageName), Action: aws.ToString(a.ActionName), Status: string(a.Status),
		Summary: fault.Redact(aws.ToString(result.ExternalExecutionSummary)), Link: aws.ToString(result.ExternalExecutionUrl),
	}
	if e.Time.IsZero() {
		e.Time = w.now()
	}
	w.emit(e)
	if category(a) == cptypes.ActionCategoryApproval && a.Status == cptypes.ActionExecutionStatusInProgress {
		w.emit(Waiting{Time: w.now(), Wait: WaitApproval, For: "the approval " + e.Stage + "/" + e.Action + " of pipeline " + e.Pipeline, Upto: w.opts.Timeouts.Execution, Link: e.Link})
	}
}

// awaitsApproval reports whether the execution that was looked at waits for somebody.
func (w *executionWatch) awaitsApproval() bool {
	return slices.ContainsFunc(w.actions, func(a cptypes.ActionExecutionDetail) bool {
		return category(&a) == cptypes.ActionCategoryApproval && a.Status == cptypes.ActionExecutionStatusInProgress
	})
}

// resultOf returns what an action has ended with; empty while it goes on.
func resultOf(a *cptypes.ActionExecutionDetail) *cptypes.ActionExecutionResult {
	if a.Output == nil || a.Output.ExecutionResult == nil {
		return new(cptypes.ActionExecutionResult)
	}
	return a.Output.ExecutionResult
}

func category(a *cptypes.ActionExecutionDetail) cptypes.ActionCategory {
	if a.Input == nil || a.Input.ActionTypeId == nil {
		return ""
	}
	return a.Input.ActionTypeId.Category
}

func providerOf(a *cptypes.ActionExecutionDetail) string {
	if a.Input == nil || a.Input.ActionTypeId == nil {
		return ""
	}
	return aws.ToString(a.Input.ActionTypeId.Provider)
}

// failure returns why the execution that was looked at has not succeeded; nil when only
// its source was missing, which is then in w.source.
func (w *executionWatch) failure(ctx context.Context, e *cptypes.PipelineExecutionSummary) error {
	failed := w.firstFailed()
	if failed == nil {
		return &Error{
			Message: fmt.Sprintf("the execution %s has ended: %s", aws.ToString(e.PipelineExecutionId), strings.TrimSpace(string(e.Status)+" "+fault.Redact(aws.ToString(e.StatusSummary)))),
			Remedy:  "run again: it starts another one",
		}
	}
	reason := reasonOfAction(failed)
	if category(failed) == cptypes.ActionCategorySource && !isUnreadable(reason) {
		w.source = reason
		return nil
	}
	err := &Error{
		Resource: aws.ToString(failed.StageName) + "/" + aws.ToString(failed.ActionName),
		Message:  "the action has failed: " + reason,
		Remedy:   cmp.Or(remedyOf(reason), "mend that, push it, and run again"),
	}
	switch providerOf(failed) {
	case "CodeStarSourceConnection":
		err.Remedy = "see that the connection is complete (a new one waits for that in the console, under Settings, Connections), and that the role of the pipeline may use it; then run again"
	case "CodeBuild":
		w.explainBuild(ctx, aws.ToString(resultOf(failed).ExternalExecutionId), err)
	case "ECS", "CodeDeployToECS":
		for _, s := range w.item.services {
			if s.isNamed() {
				watch := w.watchService(s)
				watch.since = aws.ToTime(failed.StartTime)
				watch.explain(ctx, err)
			}
		}
	}
	return err
}

// isUnreadable reports whether a source cannot be read, whoever pushes to it.
func isUnreadable(reason string) bool {
	lower := strings.ToLower(reason)
	return slices.ContainsFunc([]string{
		"access denied", "accessdenied", "not authorized", "permission", "may not", "forbidden", "credentials", "unable to use connection", "connection is not available",
	}, func(part string) bool { return strings.Contains(lower, part) })
}

// firstFailed returns the action that failed first, or nil. One that was tried again
// does not count.
func (w *executionWatch) firstFailed() *cptypes.ActionExecutionDetail {
	for i := range w.actions {
		a := &w.actions[i]
		isAgain := slices.ContainsFunc(w.actions[i+1:], func(b cptypes.ActionExecutionDetail) bool {
			return aws.ToString(a.StageName) == aws.ToString(b.StageName) && aws.ToString(a.ActionName) == aws.ToString(b.ActionName)
		})
		if a.Status == cptypes.ActionExecutionStatusFailed && !isAgain {
			return a
		}
	}
	return nil
}

// failed returns which action failed first, and why; nothing when none did.
func (w *executionWatch) failed() string {
	a := w.firstFailed()
	if a == nil {
		return ""
	}
	return aws.ToString(a.StageName) + "/" + aws.ToString(a.ActionName) + ": " + reasonOfAction(a)
}

// reasonOfAction returns why an action has failed.
func reasonOfAction(a *cptypes.ActionExecutionDetail) string {
	r := resultOf(a)
	text := ""
	if r.ErrorDetails != nil {
		text = aws.ToString(r.ErrorDetails.Message)
	}
	text = cmp.Or(text, aws.ToString(r.ExternalExecutionSummary), "no reason is given")
	return strings.TrimSuffix(fault.Redact(text), ".")
}

// explainBuild adds to an error the phase and the command in which a build has failed,
// and its last output.
func (w *executionWatch) explainBuild(ctx context.Context, id string, e *Error) {
	if id == "" {
		return
	}
	out, err := do(ctx, w.Applier, call{op: "codebuild:BatchGetBuilds", on: "build " + id}, w.clients.CodeBuild.BatchGetBuilds,
		&codebuild.BatchGetBuildsInput{Ids: []string{id}})
	if err != nil {
		e.Log = []string{"the build cannot be read: " + fault.Reason(err)}
		return
	}
	for i := range out.Builds {
		b := &out.Builds[i]
		if text := failedPhase(b); text != "" {
			e.Message = "the build " + id + " has failed: " + text
		}
		if b.Logs != nil {
			e.Log = w.lastLines(ctx, aws.ToString(b.Logs.GroupName), aws.ToString(b.Logs.StreamName))
		}
	}
}

// failedPhase returns what CodeBuild says of the phase that failed first.
func failedPhase(b *cbtypes.Build) string {
	for _, p := range b.Phases {
		if p.PhaseStatus == "" || p.PhaseStatus == cbtypes.StatusTypeSucceeded || p.PhaseStatus == cbtypes.StatusTypeInProgress {
			continue
		}
		text := string(p.PhaseType) + " " + string(p.PhaseStatus)
		for _, c := range p.Contexts {
			if message := strings.TrimSpace(aws.ToString(c.Message)); message != "" {
				text += ": " + fault.Redact(message)
			}
		}
		return text
	}
	return ""
}
