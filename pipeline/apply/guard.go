package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// noteCopies says of which services a copy of what runs is registered before a step.
func (p *planner) noteCopies(ctx context.Context, step *Step, list []*touch) error {
	for _, t := range list {
		if v := p.plan.variantBefore(t.service); t.takes.family == "" || t.change.Loss != "" || v != nil && v.target != v.base {
			continue // it is to have a revision of its own, or may lose what runs
		}
		odd, err := p.oddLatest(ctx, t)
		if err != nil {
			return err
		}
		if odd != nil {
			step.Notes = append(step.Notes, copyNote(odd, t))
		}
	}
	return nil
}

func copyNote(odd *taskRevision, t *touch) string {
	return fmt.Sprintf("the latest revision, %s, differs from %s, which service %s runs: a copy of what runs is registered first, so that the update takes that",
		revision(odd.arn), revision(running(t.live)), aws.ToString(t.live.ServiceName))
}

// oddLatest returns the latest revision of the family that a service takes when it is
// another one than runs, and nil otherwise: one that was never deployed, or was taken back.
func (a *Applier) oddLatest(ctx context.Context, t *touch) (*taskRevision, error) {
	latest, err := a.describeRevision(ctx, t.takes.family)
	if err != nil || latest == nil || latest.arn == running(t.live) {
		return nil, err
	}
	now, err := a.describeRevision(ctx, running(t.live))
	if err != nil || now == nil {
		return nil, err
	}
	was := *now.definition
	was.Family = t.takes.family
	differ, err := taskDifferences(latest.definition, &was)
	if err != nil || len(differ) == 0 {
		return nil, err
	}
	return latest, nil
}

// guardServices makes sure, right before a change set is executed, that it does nothing to
// the services that the plan does not say: somebody may have scaled, and the pipeline may
// have delivered since. Then it guards their images.
func (r *runner) guardServices(ctx context.Context, w *stackWork, step *Step, set *changeSet) ([]*touch, error) {
	list, now, err := r.foresee(ctx, w, set)
	if err != nil {
		return nil, err
	}
	if len(now.Blocked) > 0 {
		return nil, stale(now.Blocked[0])
	}
	for _, t := range list {
		if loss := t.change.Loss; loss != "" && !step.says(t.change) {
			return nil, stale(fmt.Sprintf("the update of %s would lose %s", t.service.id, loss))
		}
	}
	return list, r.guardImages(ctx, w, step, list)
}

// foresee judges what a change set does to the services as they are now.
func (r *runner) foresee(ctx context.Context, w *stackWork, set *changeSet) ([]*touch, *Step, error) {
	now := &Step{Action: Update, work: w}
	w.changesOf(set, now)
	now.Blocked, now.Needs = nil, nil // by what is known already
	list, err := r.touched(ctx, w, now, func(s *serviceItem) (*ecstypes.Service, error) { return r.liveService(ctx, s) })
	if err == nil {
		err = r.judgeServices(ctx, w, now, list)
	}
	return list, now, err
}

// says reports whether a step says of a resource that it loses what a change does.
func (s *Step) says(c *Change) bool {
	return slices.ContainsFunc(s.Changes, func(planned Change) bool { return planned.Resource == c.Resource && planned.Loss == c.Loss })
}

// guardImages makes sure that services which take the latest revision of their family keep
// what they run: where the latest is another one, a copy of what is to run is registered. One
// that is allowed to lose its image takes the latest as it is.
func (r *runner) guardImages(ctx context.Context, w *stackWork, step *Step, list []*touch) error {
	for i, t := range list {
		isGuarded := slices.ContainsFunc(list[:i], func(other *touch) bool { return other.takes.family == t.takes.family })
		if t.takes.family == "" || isGuarded || t.change.Loss != "" {
			continue
		}
		if err := r.guardImage(ctx, w, step, t); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) guardImage(ctx context.Context, w *stackWork, step *Step, t *touch) error {
	odd, err := r.oddLatest(ctx, t)
	if err != nil || odd == nil {
		return err
	}
	v := r.plan.variantBefore(t.service)
	content := running(t.live)
	if v != nil && v.target != "" {
		same, err := r.hasImages(ctx, v, content)
		if err != nil {
			return err
		}
		if same {
			content = v.target // what this plan wants to run
		}
	}
	if content == odd.arn {
		return nil
	}
	now, err := r.describeRevision(ctx, content)
	if err != nil || now == nil {
		return err
	}
	if note := copyNote(odd, t); !slices.Contains(step.Notes, note) {
		r.notef("stack %s: %s", w.item.name, note)
	}
	d := *now.definition
	d.Family = t.takes.family
	arn, err := r.registerDefinition(ctx, &d)
	if err == nil && v != nil && content == v.target {
		v.target = arn
	}
	return err
}
