package apply

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// awaitFirst waits until a pipeline has delivered for the first time. An execution that
// found no source is no failure: whoever pushes it starts another one.
func (r *runner) awaitFirst(ctx context.Context, w *executionWork) error {
	if err := r.deliver(ctx, w); err != nil {
		return err
	}
	for _, s := range w.pipeline.item.services {
		if err := r.checkDelivery(ctx, s); err != nil {
			return err
		}
	}
	return r.forgetFirst(ctx, w.pipeline)
}

func (r *runner) deliver(ctx context.Context, w *executionWork) error {
	name := w.pipeline.item.definition.Name
	watch := &executionWatch{Applier: r.Applier, item: w.pipeline.item, told: make(map[string]string)}
	over := "" // the execution that ended without success, and is waited beyond
	limit := r.within(r.opts.Timeouts.Execution, "the first execution of the pipeline")
	for look := 0; ; look++ {
		list, err := r.executions(ctx, name, 20)
		if err != nil {
			return err
		}
		e := latest(list)
		switch {
		case e == nil && look < 12: // it is about to start
		case e == nil, isOver(e.Status) && !succeeded(*e) && look == 0 && w.pipeline.version != 0:
			if err := r.start(ctx, name, e); err != nil {
				return err
			}
			if e != nil {
				over = aws.ToString(e.PipelineExecutionId)
			}
		case aws.ToString(e.PipelineExecutionId) == over: // nothing new yet
		default:
			if err := watch.look(ctx, aws.ToString(e.PipelineExecutionId)); err != nil {
				return err
			}
			if succeeded(*e) {
				return nil
			}
			if isOver(e.Status) {
				if err := watch.failure(ctx, e); err != nil {
					return err
				}
				over = aws.ToString(e.PipelineExecutionId)
				limit = r.awaitSource(w.pipeline.item, watch)
			} else if over != "" {
				over, limit = "", r.within(r.opts.Timeouts.Execution, "the first execution of the pipeline")
			}
		}
		if err := r.pause(ctx, limit, look); err != nil {
			return err
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

// checkDelivery makes sure that a service runs the revision that the pipeline has
// registered: an execution can be reported as successful though ECS has rolled back.
func (r *runner) checkDelivery(ctx context.Context, s *serviceItem) error {
	if err := r.nameServices(ctx, s.stack); err != nil {
		return err
	}
	live, err := r.describeService(ctx, s.cluster, s.name)
	if err != nil {
		return err
	}
	if live == nil {
		return stale("the service " + s.label() + " is gone")
	}
	newest, err := r.describeRevision(ctx, family(running(live)))
	if err != nil || newest == nil || newest.arn == running(live) {
		return err
	}
	e := &Error{
		Message: fmt.Sprintf("the pipeline reports success, and service %s runs %s, not %s", s.label(), revision(running(live)), revision(newest.arn)),
		Remedy:  "see the events of the service: the new revision was rolled back",
	}
	r.watchService(s, aws.ToTime(live.CreatedAt)).explain(ctx, e)
	return e
}

// raise gives a service its tasks, now that it has an image, and waits until they run.
func (r *runner) raise(ctx context.Context, w *countWork) error {
	s := w.service
	if err := r.nameServices(ctx, s.stack); err != nil {
		return err
	}
	live, err := r.describeService(ctx, s.cluster, s.name)
	if err != nil {
		return err
	}
	if live == nil {
		return stale("the service " + s.label() + " is gone")
	}
	if live.DesiredCount == 0 {
		if err := r.scale(ctx, s); err != nil {
			return err
		}
	}
	if err := r.watchService(s, r.now()).settle(ctx, running(live)); err != nil {
		return err
	}
	w.pipeline.raised++
	return r.forgetFirst(ctx, w.pipeline)
}

// scale sets the number of a service's tasks: by the parameter of its stack, so that the
// stack knows it, or directly where the template leaves the number out.
func (r *runner) scale(ctx context.Context, s *serviceItem) error {
	if s.count != "" {
		done, err := r.scaleStack(ctx, s)
		if done || err != nil {
			return err
		}
	}
	count := int32(r.opts.DesiredCount)
	_, err := do(ctx, r.Applier, call{op: "ecs:UpdateService", on: "service " + s.label()}, r.clients.ECS.UpdateService,
		&ecs.UpdateServiceInput{Cluster: &s.cluster, Service: &s.name, DesiredCount: &count})
	return err
}

// scaleStack updates a stack in its parameter alone. It is not done when the stack has
// noted that number already.
func (r *runner) scaleStack(ctx context.Context, s *serviceItem) (done bool, err error) {
	w := r.plan.stackStep(s.stack.name)
	live, err := r.settledStack(ctx, s.stack.name)
	if err != nil {
		return false, err
	}
	if conditionOf(live) != ready {
		return false, stale("the stack " + s.stack.name + " cannot be updated")
	}
	sub := w.submission
	sub.create, sub.parameters = false, nil
	for _, p := range live.Parameters {
		if aws.ToString(p.ParameterKey) == s.count {
			p = cfntypes.Parameter{ParameterKey: p.ParameterKey, ParameterValue: aws.String(fmt.Sprint(r.opts.DesiredCount))}
		} else {
			p = cfntypes.Parameter{ParameterKey: p.ParameterKey, UsePreviousValue: aws.Bool(true)}
		}
		sub.parameters = append(sub.parameters, p)
	}
	set, err := r.begin(ctx, &sub, r.place.caller)
	if err == nil {
		set, err = r.finish(ctx, s.stack, set)
	}
	if err == nil && set != nil {
		err = r.execute(ctx, s.stack, set)
		done = err == nil
	}
	if err != nil && set != nil {
		after, cancel := afterwards(ctx)
		defer cancel()
		_ = r.removeChangeSet(after, set) // the error that comes with it says more
	}
	return done, err
}

// forgetFirst takes the mark off a pipeline once every service that waited for its first
// delivery has its tasks.
func (r *runner) forgetFirst(ctx context.Context, w *pipelineWork) error {
	if !w.first || w.raised < w.waiting {
		return nil
	}
	arn := fmt.Sprintf("arn:%s:codepipeline:%s:%s:%s", r.place.Partition, r.place.Region, r.place.Account, w.item.definition.Name)
	_, err := do(ctx, r.Applier, call{op: "codepipeline:UntagResource", on: arn}, r.clients.CodePipeline.UntagResource,
		&codepipeline.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{firstTag}})
	return err
}
