package apply

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// checkTask refuses a step on a task definition whose revisions have changed since, in
// more than their image.
func (r *runner) checkTask(ctx context.Context, w *taskWork) error {
	for _, v := range w.variants {
		now, err := r.base(ctx, v)
		if err != nil {
			return err
		}
		switch {
		case now == nil && v.base == "", now != nil && now.arn == v.base:
			continue
		case now == nil:
			return stale("the revision " + revision(v.base) + " is gone")
		case v.base == "":
			return stale("there was no revision, and now there is " + revision(now.arn))
		}
		properties, err := taskDifferences(now.definition, now.withImages(w.item))
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(properties, v.properties) { // it is not only that the pipeline has deployed another image
			return stale(revision(now.arn) + " runs in place of " + revision(v.base) + ", and differs in more than its image")
		}
	}
	return nil
}

// base returns the revision on which a variant stands now: the one that its service runs,
// or the latest of the family.
func (a *Applier) base(ctx context.Context, v *variant) (*taskRevision, error) {
	for _, s := range v.services {
		live, err := a.liveService(ctx, s)
		if err != nil {
			return nil, err
		}
		if live != nil {
			return a.describeRevision(ctx, running(live))
		}
	}
	return a.describeRevision(ctx, v.item.definition.Family)
}

// applyTask registers the revisions that there are not yet.
func (r *runner) applyTask(ctx context.Context, w *taskWork) error {
	for _, v := range w.variants {
		if v.target == "" {
			if err := r.register(ctx, w, v); err != nil {
				return err
			}
		}
		if len(v.tags) == 0 {
			continue
		}
		in := &ecs.TagResourceInput{ResourceArn: &v.target}
		for _, t := range v.tags {
			in.Tags = append(in.Tags, ecstypes.Tag{Key: &t.Key, Value: t.Value})
		}
		if _, err := do(ctx, r.Applier, call{op: "ecs:TagResource", on: v.target}, r.clients.ECS.TagResource, in); err != nil {
			return err
		}
	}
	return nil
}

// register gives a variant its revision, with the image that runs: one that has that
// content already, or a new one.
func (r *runner) register(ctx context.Context, w *taskWork, v *variant) error {
	wanted := v.item.definition
	base, err := r.base(ctx, v)
	if err != nil {
		return err
	}
	if base != nil {
		wanted = base.withImages(v.item)
	}
	latest, err := r.describeRevision(ctx, wanted.Family)
	if err != nil {
		return err
	}
	known := []*taskRevision{latest}
	for _, other := range w.variants { // two may come to the same
		if other != v && other.target != "" && (latest == nil || other.target != latest.arn) {
			found, err := r.describeRevision(ctx, other.target)
			if err != nil {
				return err
			}
			known = append(known, found)
		}
	}
	found, err := equalRevision(known, wanted)
	if err != nil {
		return err
	}
	if found != nil {
		v.target, v.tags = found.arn, missingTags(found.definition.Tags, wanted.Tags)
		return nil
	}
	v.target, err = r.registerDefinition(ctx, wanted)
	v.tags = nil
	return err
}

// retry waits before what may have been done is looked up, and done if it was not.
func (a *Applier) retry(ctx context.Context, op string, attempt int, err error) error {
	pause, _ := a.backoff.BackoffDelay(attempt-1, err)
	a.emit(Retrying{a.now(), op, attempt + 1, pause, fault.Reason(err)})
	return a.opts.Clock.Sleep(ctx, pause)
}

// variantBefore returns the variant for a service whose revision is registered before the
// service's stack is updated, or nil.
func (p *Plan) variantBefore(s *serviceItem) *variant {
	for _, step := range p.Steps {
		if w, ok := step.work.(*taskWork); ok && !w.late {
			for _, v := range w.variants {
				if slices.Contains(v.services, s) {
					return v
				}
			}
		}
	}
	return nil
}

// deploy lets a service run the revision of its task definition, and waits until it
// does. A deployment in progress is let come to its end first, and the image that it
// brings is kept.
func (r *runner) deploy(ctx context.Context, w *serviceWork) error {
	const attempts = 3
	watch := r.watchService(w.service)
	if err := watch.mark(ctx); err != nil {
		return err
	}
	for range attempts {
		live, err := r.quiet(ctx, w.service)
		if err != nil {
			return err
		}
		was := running(live)
		if was == w.variant.target {
			break
		}
		same, err := r.hasImages(ctx, w.variant, was)
		if err != nil {
			return err
		}
		if !same { // the pipeline has deployed meanwhile
			if err := r.registerAgain(ctx, w.variant); err != nil {
				return err
			}
			continue
		}
		_, err = do(ctx, r.Applier, call{op: "ecs:UpdateService", on: "service " + w.service.label()}, r.clients.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: &w.service.cluster, Service: &w.service.name, TaskDefinition: &w.variant.target,
		})
		if err != nil {
			return err
		}
		break
	}
	return watch.settle(ctx, w.variant.target, 0)
}

// awaitDeployment waits until a deployment that somebody has begun is done, or a newer one
// in its place.
func (r *runner) awaitDeployment(ctx context.Context, w *serviceWork) error {
	watch := r.watchService(w.service)
	if err := watch.mark(ctx); err != nil {
		return err
	}
	for target := w.variant.target; ; {
		err := watch.settle(ctx, target, 0)
		if !errors.Is(err, errDisplaced) {
			return err
		}
		live, lost := r.describeService(ctx, w.service)
		if lost != nil || live == nil || !isNewer(running(live), target) {
			return err
		}
		target = running(live)
	}
}

// isNewer reports whether a revision was registered after another one of its family.
func isNewer(arn, than string) bool {
	number := func(arn string) int {
		_, text, _ := strings.Cut(revision(arn), ":")
		n, _ := strconv.Atoi(text)
		return n
	}
	return family(arn) == family(than) && number(arn) > number(than)
}

// registerAgain registers the revision of a variant anew, with the image that runs now.
func (r *runner) registerAgain(ctx context.Context, v *variant) error {
	for _, step := range r.plan.Steps {
		if w, ok := step.work.(*taskWork); ok && slices.Contains(w.variants, v) {
			v.target = ""
			return r.register(ctx, w, v)
		}
	}
	return nil
}

// quiet waits until no deployment of a service is in progress, and returns it. One that
// does not get on is not waited for: what comes may mend it.
func (r *runner) quiet(ctx context.Context, s *serviceItem) (*ecstypes.Service, error) {
	limit := r.within(r.opts.Timeouts.Busy, "the deployment in progress")
	for look := 0; ; look++ {
		live, err := r.describeService(ctx, s)
		if err != nil {
			return nil, err
		}
		if live == nil {
			return nil, stale("the service " + s.label() + " is gone")
		}
		d := primary(live)
		if d == nil || d.FailedTasks > 0 || len(live.Deployments) == 1 && d.RolloutState != ecstypes.DeploymentRolloutStateInProgress {
			return live, nil
		}
		if look == 0 {
			r.emit(Waiting{Time: r.now(), Wait: WaitDeployment, For: "the deployment in progress of service " + s.label(), Upto: limit.limit})
		}
		if err := r.pause(ctx, limit, look); err != nil {
			return nil, err
		}
	}
}

// hasImages reports whether the revision that is to be deployed has the images of the
// one that runs, in the containers that the pipeline deploys.
func (r *runner) hasImages(ctx context.Context, v *variant, running string) (bool, error) {
	if len(v.item.delivered) == 0 {
		return true, nil
	}
	now, err := r.describeRevision(ctx, running)
	if err != nil || now == nil {
		return true, err
	}
	next, err := r.describeRevision(ctx, v.target)
	if err != nil || next == nil {
		return false, err
	}
	for i := range next.definition.ContainerDefinitions {
		c := &next.definition.ContainerDefinitions[i]
		if image := now.imageFor(c); slices.Contains(v.item.delivered, c.Name) && image != "" && image != c.Image {
			return false, nil
		}
	}
	return true, nil
}
