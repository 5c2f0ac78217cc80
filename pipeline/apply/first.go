package apply

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// awaitFirst waits until a pipeline has delivered for the first time. An execution that
// found no source is no failure: whoever pushes it starts another one.
func (r *runner) awaitFirst(ctx context.Context, w *executionWork) error {
	if w.isDone {
		return r.forgetFirst(ctx, w.pipeline)
	}
	e, err := r.deliver(ctx, w)
	if err != nil {
		return err
	}
	for _, s := range w.pipeline.item.services {
		if err := r.checkDelivery(ctx, s, aws.ToTime(e.StartTime)); err != nil {
			return err
		}
	}
	return r.forgetFirst(ctx, w.pipeline)
}

// deliver waits for an execution that succeeds, and returns it.
func (r *runner) deliver(ctx context.Context, w *executionWork) (*cptypes.PipelineExecutionSummary, error) {
	name := w.pipeline.item.definition.Name
	watch := &executionWatch{Applier: r.Applier, item: w.pipeline.item, told: make(map[string]string)}
	over := "" // the execution that ended without success, and is waited beyond
	limit := r.within(r.opts.Timeouts.Execution, "the first execution of the pipeline")
	for look := 0; ; look++ {
		list, err := r.executions(ctx, name, 20)
		if err != nil {
			return nil, err
		}
		e := latest(list)
		switch {
		case e == nil && look < 12: // it is about to start
		case e == nil, isOver(e.Status) && !succeeded(*e) && look == 0 && w.pipeline.version != 0:
			if err := r.start(ctx, name, e); err != nil {
				return nil, err
			}
			if e != nil {
				over = aws.ToString(e.PipelineExecutionId)
			}
		case aws.ToString(e.PipelineExecutionId) == over && isOver(e.Status) && !succeeded(*e): // nothing new yet
		default:
			if err := watch.look(ctx, aws.ToString(e.PipelineExecutionId)); err != nil {
				return nil, err
			}
			if succeeded(*e) {
				return e, nil
			}
			if watch.awaitsApproval() {
				if err := r.raiseDelivered(ctx, w.pipeline, aws.ToTime(e.StartTime)); err != nil {
					return nil, err
				}
			}
			if isOver(e.Status) {
				if err := watch.failure(ctx, e); err != nil {
					return nil, err
				}
				over = aws.ToString(e.PipelineExecutionId)
				limit = r.awaitSource(w.pipeline.item, watch)
			} else if over != "" {
				over, limit = "", r.within(r.opts.Timeouts.Execution, "the first execution of the pipeline")
			}
		}
		if err := r.pause(ctx, limit, look); err != nil {
			return nil, err
		}
	}
}

// start starts an execution. after is the one before it, which tells repetitions of the
// call apart from another start.
func (r *runner) start(ctx context.Context, name string, after *cptypes.PipelineExecutionSummary) error {
	seed := name
	if after != nil {
		seed += aws.ToString(after.PipelineExecutionId)
	}
	_, err := do(ctx, r.Applier, call{op: "codepipeline:StartPipelineExecution", on: "pipeline " + name}, r.clients.CodePipeline.StartPipelineExecution,
		&codepipeline.StartPipelineExecutionInput{Name: &name, ClientRequestToken: aws.String(token(seed))})
	return err
}

// awaitSource says what has to be pushed, and returns until when it is waited for.
func (r *runner) awaitSource(item *pipelineItem, w *executionWatch) deadline {
	limit := r.within(r.opts.Timeouts.Source, "the source")
	limit.remedy = "push the source, and run again"
	r.emit(Waiting{Time: r.now(), Wait: WaitSource, For: "a push to the source of pipeline " + item.definition.Name + ", which then goes on by itself (" + w.source + ")", Upto: limit.limit})
	return limit
}

// checkDelivery makes sure that a service runs what the pipeline has deployed: an execution
// can be reported as successful though ECS has rolled back. begun is when the execution
// began.
func (r *runner) checkDelivery(ctx context.Context, s *serviceItem, begun time.Time) error {
	live, err := r.standing(ctx, s)
	if err != nil || !isRolling(live) {
		return err
	}
	now, err := r.describeRevision(ctx, running(live))
	if err != nil || now == nil || now.registered.IsZero() || !now.registered.Before(begun) {
		return err
	}
	e := &Error{
		Message: fmt.Sprintf("the pipeline reports success, and service %s runs %s, which is older", s.label(), revision(now.arn)),
		Remedy:  "see the events of the service: the new revision was rolled back",
	}
	watch := r.watchService(s)
	watch.since = begun
	watch.explain(ctx, e)
	return e
}

// standing returns a service that has to be there by now.
func (r *runner) standing(ctx context.Context, s *serviceItem) (*ecstypes.Service, error) {
	if err := r.nameServices(ctx, r.stackWork(s.stack), true); err != nil {
		return nil, err
	}
	live, err := r.describeService(ctx, s)
	if err == nil && live == nil {
		err = stale("the service " + s.label() + " is gone")
	}
	return live, err
}

// raise gives a service its tasks, now that it has an image, and waits until they run.
func (r *runner) raise(ctx context.Context, w *countWork) error {
	if err := r.giveTasks(ctx, w); err != nil {
		return err
	}
	w.pipeline.raised++
	return r.forgetFirst(ctx, w.pipeline)
}

func (r *runner) giveTasks(ctx context.Context, w *countWork) error {
	live, err := r.standing(ctx, w.service)
	if err != nil {
		return err
	}
	watch := r.watchService(w.service)
	if err := watch.mark(ctx); err != nil {
		return err
	}
	if live.DesiredCount == 0 {
		if err := r.scale(ctx, w, watch); err != nil {
			return err
		}
		// CloudFormation takes the latest revision of the family.
		if live, err = r.standing(ctx, w.service); err != nil {
			return err
		}
	}
	return watch.settle(ctx, running(live), 1)
}

// raiseDelivered gives the services their tasks to which an execution has delivered that
// began then, while it waits for an approval: who has to approve looks at them.
func (r *runner) raiseDelivered(ctx context.Context, p *pipelineWork, begun time.Time) error {
	for _, step := range r.plan.Steps {
		w, ok := step.work.(*countWork)
		if !ok || w.pipeline != p {
			continue
		}
		live, err := r.standing(ctx, w.service)
		if err != nil {
			return err
		}
		now, err := r.describeRevision(ctx, running(live))
		if err != nil {
			return err
		}
		if live.DesiredCount > 0 || now == nil || now.registered.Before(begun) {
			continue
		}
		if err := r.giveTasks(ctx, w); err != nil {
			return about(step.Subject, err)
		}
	}
	return nil
}

// scale sets the number of a service's tasks: by the parameter of its stack, so that the
// stack knows it, or directly where the template leaves the number out.
func (r *runner) scale(ctx context.Context, w *countWork, watch *serviceWatch) error {
	s := w.service
	if s.count != "" {
		done, err := r.scaleStack(ctx, s, w.desired)
		if err != nil {
			return err
		}
		if done { // what has happened meanwhile was told with the stack
			return watch.mark(ctx)
		}
	}
	count := int32(w.desired)
	_, err := do(ctx, r.Applier, call{op: "ecs:UpdateService", on: "service " + s.label()}, r.clients.ECS.UpdateService,
		&ecs.UpdateServiceInput{Cluster: &s.cluster, Service: &s.name, DesiredCount: &count})
	return err
}

// scaleStack updates a stack in its parameter alone. It is not done when the stack has
// noted that number already.
func (r *runner) scaleStack(ctx context.Context, s *serviceItem, desired int) (done bool, err error) {
	w := r.stackWork(s.stack)
	live, err := r.settledStack(ctx, s.stack.name)
	if err != nil {
		return false, err
	}
	if conditionOf(live) != ready {
		return false, stale("the stack " + s.stack.name + " cannot be updated")
	}
	sub := w.submission
	sub.create, sub.parameters = false, keeping(live, map[string]string{s.count: strconv.Itoa(desired)})
	if done, err = r.numbers(ctx, w, &sub); err == nil && !done {
		r.notef("service %s gets its tasks beside its stack: that has noted their number, or would take the image of the template again", s.label())
	}
	return done, err
}

// forgetFirst takes the mark off a pipeline once every service that waited for its first
// delivery has its tasks.
func (r *runner) forgetFirst(ctx context.Context, w *pipelineWork) error {
	if !w.first || w.raised < w.waiting {
		return nil
	}
	arn := pipelineARN(r.place.Target, w.item.definition.Name)
	_, err := do(ctx, r.Applier, call{op: "codepipeline:UntagResource", on: arn}, r.clients.CodePipeline.UntagResource,
		&codepipeline.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{firstTag}})
	return err
}
