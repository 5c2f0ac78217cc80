package applytest

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// An execution is one of a pipeline.
type execution struct {
	c                *Cloud
	p                *pipeline
	id               string
	definition       types.PipelineDeclaration // as it was when the execution began
	status           types.PipelineExecutionStatus
	summary          string
	trigger          types.TriggerType
	detail           string
	token            string // of the request that started it
	started, updated time.Time
	revisions        []types.SourceRevision
	stage            int // where it is, or waits to be
	actions          []*actionRun
	artifacts        map[string]*artifact
}

// An artifact is what an action hands on.
type artifact struct {
	bucket, key string
	commit      string            // of a source, and of what was built from it
	images      []imageDefinition // in its imagedefinitions.json; nil when it has none
}

// An imageDefinition is an entry of imagedefinitions.json.
type imageDefinition struct{ name, image string }

// An actionRun is the execution of an action.
type actionRun struct {
	e                      *execution
	id                     string
	stage                  string
	action                 types.ActionDeclaration
	status                 types.ActionExecutionStatus
	started, updated       time.Time
	external, url, summary string
	code, message          string // of a failure
	inputs, outputs        []types.ArtifactDetail
	variables              map[string]string
	decided                func() // called when somebody has decided; nil when nobody has to
}

// startExecution begins an execution.
func (c *Cloud) startExecution(p *pipeline, trigger types.TriggerType, detail string) *execution {
	e := &execution{
		c: c, p: p, id: c.uuid("execution", p.name()), definition: cloned(*p.now()), status: types.PipelineExecutionStatusInProgress,
		trigger: trigger, detail: detail, started: c.now, updated: c.now, artifacts: map[string]*artifact{},
	}
	p.executions = append(p.executions, e)
	c.after(time.Second, func() { e.knock() })
	return e
}

// over reports whether an execution does nothing more.
func (e *execution) over() bool {
	return e.p.deleted || e.status != types.PipelineExecutionStatusInProgress
}

// knock lets an execution enter its stage when that is free, and wait otherwise. One that
// waits is superseded by a later one.
func (e *execution) knock() {
	if e.over() {
		return
	}
	name := *e.definition.Stages[e.stage].Name
	if e.definition.ExecutionMode == types.ExecutionModeParallel || e.p.inside[name] == nil {
		e.p.inside[name] = e
		e.group(0)
		return
	}
	if e.definition.ExecutionMode == types.ExecutionModeSuperseded {
		for _, other := range e.p.waiting {
			if other.stage == e.stage && other != e {
				other.end(types.PipelineExecutionStatusSuperseded, "")
			}
		}
		e.p.waiting = slices.DeleteFunc(e.p.waiting, func(other *execution) bool { return other.over() })
	}
	e.p.waiting = append(e.p.waiting, e)
}

// leave frees a stage for the next execution.
func (e *execution) leave() {
	name := *e.definition.Stages[e.stage].Name
	if e.p.inside[name] == e {
		delete(e.p.inside, name)
	}
	next := find(e.p.waiting, func(other *execution) bool { return other.stage == e.stage && !other.over() })
	if next != nil {
		e.p.waiting = slices.DeleteFunc(e.p.waiting, func(other *execution) bool { return other == next })
		e.c.after(time.Second, next.knock)
	}
}

// end ends an execution.
func (e *execution) end(status types.PipelineExecutionStatus, summary string) {
	e.status, e.summary, e.updated = status, summary, e.c.now
}

// group runs the actions of the stage that have the least run order above the given one.
func (e *execution) group(after int32) {
	stage := e.definition.Stages[e.stage]
	order := int32(0)
	for _, a := range stage.Actions {
		if n := aws.ToInt32(a.RunOrder); n > after && (order == 0 || n < order) {
			order = n
		}
	}
	if order == 0 {
		e.pass()
		return
	}
	var runs []*actionRun
	for _, a := range stage.Actions {
		if aws.ToInt32(a.RunOrder) == order {
			runs = append(runs, e.newRun(*stage.Name, a))
		}
	}
	for _, run := range runs {
		e.c.act(run, func() { e.joined(runs, order) })
	}
}

// joined goes on when all actions of a group are over.
func (e *execution) joined(runs []*actionRun, order int32) {
	e.updated = e.c.now
	failed := false
	for _, run := range runs {
		switch run.status {
		case types.ActionExecutionStatusInProgress:
			return
		case types.ActionExecutionStatusFailed:
			failed = true
		}
	}
	if e.over() {
		return
	}
	if failed {
		e.end(types.PipelineExecutionStatusFailed, "")
		e.leave()
		return
	}
	e.group(order)
}

// pass goes on to the next stage.
func (e *execution) pass() {
	e.leave()
	e.stage++
	if e.stage == len(e.definition.Stages) {
		e.stage--
		e.end(types.PipelineExecutionStatusSucceeded, "")
		return
	}
	e.c.after(time.Second, e.knock)
}

// newRun begins an action.
func (e *execution) newRun(stage string, a types.ActionDeclaration) *actionRun {
	run := &actionRun{
		e: e, id: e.c.uuid("action", e.p.name()+"/"+stage+"/"+*a.Name), stage: stage, action: a,
		status: types.ActionExecutionStatusInProgress, started: e.c.now, updated: e.c.now,
	}
	for _, in := range a.InputArtifacts {
		if art := e.artifacts[*in.Name]; art != nil {
			run.inputs = append(run.inputs, detail(*in.Name, art))
		}
	}
	e.actions = append(e.actions, run)
	return run
}

func detail(name string, art *artifact) types.ArtifactDetail {
	return types.ArtifactDetail{Name: &name, S3location: &types.S3Location{Bucket: &art.bucket, Key: &art.key}}
}

// succeed ends an action.
func (run *actionRun) succeed(summary string) {
	run.status, run.updated = types.ActionExecutionStatusSucceeded, run.e.c.now
	if summary != "" {
		run.summary = summary
	}
}

// fail ends an action with an error.
func (run *actionRun) fail(code, message string) {
	run.status, run.updated = types.ActionExecutionStatusFailed, run.e.c.now
	run.code, run.message, run.summary = code, message, message
}

// store writes an artifact into the bucket of the pipeline. It reports whether there is one.
func (run *actionRun) store(name string, art *artifact) bool {
	e := run.e
	where := e.definition.ArtifactStore
	if where == nil {
		if w, ok := e.definition.ArtifactStores[e.c.opts.Region]; ok {
			where = &w
		}
	}
	if where == nil {
		return false
	}
	b := e.c.data.bucket(aws.ToString(where.Location))
	if b == nil {
		return false
	}
	// The names are cut: https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome-introducing-artifacts.html
	art.bucket = b.name
	art.key = short(e.p.name(), 20) + "/" + short(name, 10) + "/" + e.c.letters("artifact", e.p.name()+"/"+name, 7, false)
	e.c.put(b, art.key, []byte(art.commit))
	e.artifacts[name] = art
	run.outputs = append(run.outputs, detail(name, art))
	return true
}

func short(name string, n int) string { return name[:min(n, len(name))] }
