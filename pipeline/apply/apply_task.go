package apply

import (
	"context"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// checkTask refuses a step on a task definition whose revision has changed since, in
// more than its image.
func (r *runner) checkTask(ctx context.Context, w *taskWork, s *Step) error {
	now, err := r.presentRevisions(ctx, w.item)
	if err != nil {
		return err
	}
	switch {
	case now.base == nil && w.base == "", now.base != nil && now.base.arn == w.base:
		return nil
	case now.base == nil:
		return stale("the revision " + revision(w.base) + " is gone")
	case w.base == "":
		return stale("there was no revision, and now there is " + revision(now.base.arn))
	}
	properties, err := taskDifferences(now.base.definition, now.base.withImages(w.item))
	if err != nil {
		return err
	}
	var planned []Property
	if len(s.Changes) > 0 {
		planned = s.Changes[0].Properties
	}
	if len(w.tags) == 0 && reflect.DeepEqual(properties, planned) || len(properties) == 0 && len(planned) == 0 {
		return nil // the pipeline has deployed another image: what runs is kept
	}
	return stale(revision(now.base.arn) + " runs in place of " + revision(w.base) + ", and differs in more than its image")
}

// presentRevisions returns the revisions that count now.
func (a *Applier) presentRevisions(ctx context.Context, item *taskItem) (revisions, error) {
	for _, s := range item.services {
		if s.name == "" {
			continue
		}
		live, err := a.describeService(ctx, s.cluster, s.name)
		if err != nil {
			return revisions{}, err
		}
		if live != nil && family(running(live)) == item.definition.Family {
			return a.findRevisions(ctx, item, running(live))
		}
	}
	return a.findRevisions(ctx, item, "")
}

// applyTask registers a revision, unless the one that is wanted is there.
func (r *runner) applyTask(ctx context.Context, _ *Step, w *taskWork) error {
	if w.target == "" {
		if err := r.register(ctx, w); err != nil {
			return err
		}
	}
	if len(w.tags) == 0 {
		return nil
	}
	in := &ecs.TagResourceInput{ResourceArn: &w.target}
	for _, t := range w.tags {
		in.Tags = append(in.Tags, ecstypes.Tag{Key: &t.Key, Value: t.Value})
	}
	_, err := do(ctx, r.Applier, call{op: "ecs:TagResource", on: w.target}, r.clients.ECS.TagResource, in)
	return err
}

// register registers a revision with the image that runs. A call that may have been
// successful is not repeated blindly: the latest revision tells.
func (r *runner) register(ctx context.Context, w *taskWork) error {
	for attempt := 1; ; attempt++ {
		found, err := r.presentRevisions(ctx, w.item)
		if err != nil {
			return err
		}
		wanted := w.item.definition
		if found.base != nil {
			wanted = found.base.withImages(w.item)
		}
		if found.latest != nil {
			more, err := taskDifferences(found.latest.definition, wanted)
			if err != nil {
				return err
			}
			if len(more) == 0 {
				w.target, w.tags = found.latest.arn, missingTags(found.latest.definition.Tags, wanted.Tags)
				return nil
			}
		}
		in, err := toTaskDefinitionInput(wanted)
		if err != nil {
			return err
		}
		out, err := do(ctx, r.Applier, call{op: "ecs:RegisterTaskDefinition", on: "task definition " + wanted.Family, once: true}, r.clients.ECS.RegisterTaskDefinition, in)
		if err == nil {
			w.target, w.tags = aws.ToString(out.TaskDefinition.TaskDefinitionArn), nil
			return nil
		}
		if !isUnsure(err) || attempt == attemptsOnce {
			return err
		}
		if err := r.retry(ctx, "ecs:RegisterTaskDefinition", attempt, err); err != nil {
			return err
		}
	}
}

// retry waits before what may have been done is looked up, and done if it was not.
func (a *Applier) retry(ctx context.Context, op string, attempt int, err error) error {
	pause, _ := a.backoff.BackoffDelay(attempt-1, err)
	a.emit(Retrying{a.now(), op, attempt + 1, pause, reasonOf(err)})
	return a.opts.Clock.Sleep(ctx, pause)
}

// deploy lets a service run the revision of its task definition, and waits until it
// does. A deployment in progress is let come to its end first, and the image that it
// brings is kept.
func (r *runner) deploy(ctx context.Context, w *serviceWork) error {
	const attempts = 3
	for range attempts {
		live, err := r.quiet(ctx, w.service)
		if err != nil {
			return err
		}
		was := running(live)
		if was == w.task.target {
			break
		}
		same, err := r.sameImages(ctx, w.task, was)
		if err != nil {
			return err
		}
		if !same { // the pipeline has deployed meanwhile
			w.task.target = ""
			if err := r.register(ctx, w.task); err != nil {
				return err
			}
			continue
		}
		watch := r.watchService(w.service, r.now())
		if _, err := do(ctx, r.Applier, call{op: "ecs:UpdateService", on: "service " + w.service.label()}, r.clients.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: &w.service.cluster, Service: &w.service.name, TaskDefinition: &w.task.target,
		}); err != nil {
			return err
		}
		return watch.settle(ctx, w.task.target)
	}
	return r.watchService(w.service, r.now()).settle(ctx, w.task.target)
}

// quiet waits until no deployment of a service is in progress, and returns it.
func (r *runner) quiet(ctx context.Context, s *serviceItem) (*ecstypes.Service, error) {
	limit := r.within(r.opts.Timeouts.Busy, "the deployment in progress")
	for look := 0; ; look++ {
		live, err := r.describeService(ctx, s.cluster, s.name)
		if err != nil {
			return nil, err
		}
		if live == nil {
			return nil, stale("the service " + s.label() + " is gone")
		}
		busy := len(live.Deployments) > 1
		if d := primary(live); d != nil {
			busy = busy || d.RolloutState == ecstypes.DeploymentRolloutStateInProgress
		}
		if !busy {
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

// sameImages reports whether the revision that is to be deployed has the images of the
// one that runs, in the containers that the pipeline deploys.
func (r *runner) sameImages(ctx context.Context, w *taskWork, running string) (bool, error) {
	if len(w.item.delivered) == 0 {
		return true, nil
	}
	now, err := r.describeRevision(ctx, running)
	if err != nil || now == nil {
		return true, err
	}
	next, err := r.describeRevision(ctx, w.target)
	if err != nil || next == nil {
		return false, err
	}
	for i := range next.definition.ContainerDefinitions {
		c := &next.definition.ContainerDefinitions[i]
		if image := now.imageFor(c); slices.Contains(w.item.delivered, c.Name) && image != "" && image != c.Image {
			return false, nil
		}
	}
	return true, nil
}
