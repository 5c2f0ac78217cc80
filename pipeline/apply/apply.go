package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// ErrNotAllowed is the error of a plan that needs a permission of [Allow] which was not
// given.
var ErrNotAllowed = errors.New("it was not allowed")

// ErrBlocked is the error of a plan with a step that would fail.
var ErrBlocked = errors.New("the plan cannot be applied")

// ErrInterrupted is the error of a step whose context has ended.
var ErrInterrupted = errors.New("it was interrupted")

// Apply does what a plan says, step by step, and tells what happens as events. Before
// anything is written it refuses a plan whose ground has changed ([ErrStale]), that needs
// what was not allowed ([ErrNotAllowed]), or that would fail ([ErrBlocked]).
//
// The first step that fails ends it. What is done by then stays: a new plan goes on from
// there, after an interruption too. Change sets that were not used are removed.
func (a *Applier) Apply(ctx context.Context, plan *Plan) (err error) {
	defer func() {
		after, cancel := afterwards(ctx)
		defer cancel()
		err = errors.Join(err, a.Discard(after, plan))
	}()
	if err := a.Permits(plan); err != nil {
		return err
	}
	r := &runner{Applier: a, plan: plan}
	if err := r.check(ctx); err != nil {
		return err
	}
	var todo []*Step
	for _, s := range plan.Steps {
		if s.Action != Nothing {
			todo = append(todo, s)
		}
	}
	for i, s := range todo {
		if err := r.step(ctx, i+1, len(todo), s); err != nil {
			return err
		}
	}
	return nil
}

// A runner applies one plan.
type runner struct {
	*Applier
	plan  *Plan
	place place
}

// stackWork returns the work of the step on a stack.
func (r *runner) stackWork(item *stackItem) *stackWork {
	for _, s := range r.plan.Steps {
		if w, ok := s.work.(*stackWork); ok && w.item == item {
			return w
		}
	}
	return nil
}

// Permits returns the error with which Apply refuses a plan that needs what was not
// allowed ([ErrNotAllowed]), or that would fail ([ErrBlocked]); nil for any other one. It
// makes no call.
func (a *Applier) Permits(plan *Plan) error {
	flags := map[Permission]struct {
		allowed bool
		remedy  string
	}{
		NeedsDataLoss:         {a.opts.Allow.DataLoss, "allow it with --allow-data-loss"},
		NeedsImageRollback:    {a.opts.Allow.ImageRollback, "allow it with --allow-image-rollback, or let the task definition be a file of its own"},
		NeedsReplaceFailed:    {a.opts.Allow.ReplaceFailed, "allow to delete the stack and create it anew with --replace-failed"},
		NeedsContinueRollback: {a.opts.Allow.ContinueRollback, "allow to go on with the roll back with --continue-rollback"},
	}
	var errs []error
	for _, s := range plan.Steps {
		errs = append(errs, s.refusals()...)
		for _, n := range s.Needs {
			if f := flags[n]; !f.allowed {
				errs = append(errs, &Error{Subject: s.Subject, Message: "the plan " + needText(n, s), Remedy: f.remedy, Err: ErrNotAllowed})
			}
		}
	}
	return errors.Join(errs...)
}

// refusals are the errors of what blocks a step.
func (s *Step) refusals() (errs []error) {
	for _, text := range s.Blocked {
		errs = append(errs, &Error{Subject: s.Subject, Message: text, Err: ErrBlocked})
	}
	return errs
}

// needText says what a step would do that needs a permission.
func needText(n Permission, s *Step) string {
	var losses []string
	for _, c := range s.Changes {
		if c.Loss != "" {
			losses = append(losses, fmt.Sprintf("%s (%s) loses %s", c.Resource, c.Type, c.Loss))
		}
	}
	switch n {
	case NeedsDataLoss:
		return "loses data: " + strings.Join(losses, "; ")
	case NeedsImageRollback:
		return "runs another image: " + strings.Join(losses, "; ")
	case NeedsReplaceFailed:
		return "replaces the stack: " + s.Reason
	}
	return "goes on with a roll back: " + s.Reason
}

// check refuses a plan whose ground has changed.
func (r *runner) check(ctx context.Context) error {
	var err error
	if r.place, err = r.locate(ctx); err != nil {
		return err
	}
	if r.place.Target != r.plan.Target {
		return stale(fmt.Sprintf("the plan is for account %s in %s, and the clients are in account %s in %s",
			r.plan.Target.Account, r.plan.Target.Region, r.place.Account, r.place.Region))
	}
	for _, s := range r.plan.Steps {
		if err := r.checkStep(ctx, s); err != nil {
			return about(s.Subject, err)
		}
	}
	return nil
}

func (r *runner) checkStep(ctx context.Context, s *Step) error {
	switch w := s.work.(type) {
	case *stackWork:
		now, err := r.describeStack(ctx, w.item.name)
		if err != nil {
			return err
		}
		return sameStack(w, now)
	case *taskWork:
		return r.checkTask(ctx, w)
	case *pipelineWork:
		now, err := r.getPipeline(ctx, w.item.definition.Name)
		if err != nil {
			return err
		}
		return samePipeline(w, now)
	}
	return nil
}

// samePipeline refuses a pipeline that is not as it was planned on.
func samePipeline(w *pipelineWork, now *cptypes.PipelineDeclaration) error {
	var version int32
	if now != nil {
		version = aws.ToInt32(now.Version)
	}
	if version != w.version {
		return stale(fmt.Sprintf("the pipeline had version %d and has version %d", w.version, version))
	}
	return nil
}

// sameStack refuses a stack that is not as it was planned on.
func sameStack(w *stackWork, now *cfntypes.Stack) error {
	was := w.live
	switch {
	case conditionOf(was) == absent || conditionOf(was) == reviewed:
		if c := conditionOf(now); c != absent && c != reviewed {
			return stale("the stack did not exist and is in " + string(now.StackStatus))
		}
	case now == nil:
		return stale("the stack is gone")
	case aws.ToString(now.StackId) != aws.ToString(was.StackId):
		return stale("the stack was deleted and made anew")
	case now.StackStatus != was.StackStatus || !aws.ToTime(now.LastUpdatedTime).Equal(aws.ToTime(was.LastUpdatedTime)):
		return stale("the stack has been worked on; it is in " + string(now.StackStatus))
	}
	return nil
}

// step runs one step between its events.
func (r *runner) step(ctx context.Context, number, of int, s *Step) error {
	begin := r.now()
	r.emit(StepStarted{begin, number, of, s.Action, s.Subject, s})
	err := about(s.Subject, r.run(ctx, s))
	if err != nil && ctx.Err() != nil {
		message := "interrupted"
		if cause := context.Cause(ctx); cause != ctx.Err() { // whoever has given a cause says why
			message += ": " + cause.Error()
		}
		err = &Error{
			Subject: s.Subject, Message: message,
			Remedy: "run again: it goes on from here", Err: errors.Join(ErrInterrupted, context.Cause(ctx)),
		}
	}
	r.emit(StepEnded{r.now(), number, of, s.Action, r.now().Sub(begin), err, s.Subject, s})
	return err
}

func (r *runner) run(ctx context.Context, s *Step) error {
	switch w := s.work.(type) {
	case *stackWork:
		return r.applyStack(ctx, s, w)
	case *taskWork:
		return r.applyTask(ctx, w)
	case *serviceWork:
		if s.isUnderWay() {
			return r.awaitDeployment(ctx, w)
		}
		return r.deploy(ctx, w)
	case *pipelineWork:
		return r.applyPipeline(ctx, w)
	case *executionWork:
		return r.awaitFirst(ctx, w)
	case *countWork:
		return r.raise(ctx, w)
	case *removalWork:
		return r.remove(ctx, s, w)
	}
	return fmt.Errorf("a step of a plan that was not made here")
}
