package apply

import (
	"context"
	"errors"
	"slices"

	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// work is what a step has to do: a *stackWork, *taskWork, *serviceWork, *pipelineWork,
// *executionWork or *countWork.
type work any

// A planner makes one plan.
type planner struct {
	*Applier
	plan  *Plan
	place place
	items *items
	live  map[*serviceItem]*ecstypes.Service // services that are there

	impatient bool // what is in progress is not waited for
}

// Plan says what has to happen so that the account holds what the bundle says. It
// changes nothing that stands; the package's documentation lists what it writes. Apply
// uses that, and [Applier.Discard] removes it.
//
// The bundle is checked first: what [bundle.Bundle.Validate] refuses is not planned.
// Neither is it changed. The error is a [slipway.Problems] when the bundle is wrong, and
// otherwise an [*Error], or the cause of ctx's end; nothing is left behind then.
func (a *Applier) Plan(ctx context.Context, b *bundle.Bundle) (*Plan, error) {
	p, err := a.begun(ctx, b)
	if err != nil {
		return nil, err
	}
	if err := p.steps(ctx); err != nil {
		after, cancel := afterwards(ctx)
		defer cancel()
		return nil, errors.Join(err, a.Discard(after, p.plan))
	}
	return p.plan, nil
}

// begun returns a planner for a bundle that was checked and bound.
func (a *Applier) begun(ctx context.Context, b *bundle.Bundle) (*planner, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	at, err := a.locate(ctx)
	if err != nil {
		return nil, err
	}
	bound, err := b.Bind(at.Target)
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(bound, at.Target, a.opts.Parameters)
	if err != nil {
		return nil, err
	}
	return &planner{
		Applier: a, place: at, items: items, live: make(map[*serviceItem]*ecstypes.Service),
		plan: &Plan{Target: at.Target, Caller: at.caller, ReadOnly: a.opts.ReadOnly},
	}, nil
}

// steps plans every step, in the order in which they are applied.
func (p *planner) steps(ctx context.Context) error {
	for _, item := range p.items.stacks {
		step, err := p.planStack(ctx, item)
		if step != nil {
			p.plan.Steps = append(p.plan.Steps, step) // for isAhead, and to be discarded
		}
		if err != nil {
			return about(Subject{StackSubject, item.name}, err)
		}
	}
	stacks := p.plan.Steps
	for _, step := range stacks {
		if err := p.finishStack(ctx, step); err != nil {
			return about(step.Subject, err)
		}
	}
	tasks, deployments, err := p.planTasks(ctx)
	if err != nil {
		return err
	}
	pipelines, err := p.planPipelines(ctx)
	if err != nil {
		return err
	}
	ground := p.items.ground()
	early, late := p.afterStacks(tasks)
	p.plan.Steps = slices.Concat(stacks[:ground], early, stacks[ground:], late, deployments, pipelines)
	for _, step := range p.plan.Steps {
		if err := p.finishServices(ctx, step); err != nil {
			return about(step.Subject, err)
		}
		p.noteIdle(step)
	}
	p.notes()
	return nil
}

// notes says what a plan leaves to others.
func (p *planner) notes() {
	for _, file := range p.items.others {
		p.plan.Notes = append(p.plan.Notes, file+" is not applied: it goes with the source")
	}
	p.plan.Notes = slices.Compact(p.plan.Notes)
}

// Discard removes what a plan has written: its change sets, and the empty records of
// stacks that they were made for. A plan that was applied has none.
func (a *Applier) Discard(ctx context.Context, plan *Plan) error {
	var errs []error
	for _, s := range plan.Steps {
		if w, ok := s.work.(*stackWork); ok && w.set != nil {
			if err := a.removeChangeSet(ctx, w.set); err != nil {
				errs = append(errs, about(s.Subject, err))
				continue
			}
			w.set = nil
		}
	}
	return errors.Join(errs...)
}
