package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seed-b1f00840/slipway/cfn"
)

// What follows for a service when CloudFormation updates it: it sends the whole of the
// resource to ECS, also what has not changed, the number of tasks and the task definition
// among it.

// judgeServices foresees what an update of a stack would do to its services beside what
// was meant: set another number of tasks, or run another image than the pipeline's.
func (p *planner) judgeServices(ctx context.Context, w *stackWork, step *Step) error {
	if step.Action != Update {
		return nil
	}
	var latest []*Change // of services that take the latest revision
	var runs []string    // what each of them runs
	for _, s := range w.item.services {
		live := p.live[s]
		i := slices.IndexFunc(step.Changes, func(c Change) bool { return c.Resource == s.id && c.Action != Create && c.Action != Delete })
		if live == nil || i < 0 {
			continue
		}
		_, counted := w.counts[s.count]
		_, given := p.opts.Parameters[w.item.name][s.count]
		if n, known := w.desired(s); !counted && !given && known && n != int(live.DesiredCount) && s.resource.Properties.Get("DesiredCount") != nil {
			step.block("the update of service %s sets %s, and %d run; give its DesiredCount by a parameter that does nothing else, which then keeps what runs, or give the number each time with --parameter, or leave it out",
				s.label(), tasks(n), live.DesiredCount)
		}
		byFamily, err := p.judgeImage(ctx, w, step, s, &step.Changes[i])
		if err != nil {
			return err
		}
		if byFamily {
			latest, runs = append(latest, &step.Changes[i]), append(runs, running(live))
		}
	}
	return p.judgeTogether(ctx, step, latest, runs)
}

// judgeTogether foresees that services of one family come to run one image, and ran
// different ones: CloudFormation gives all of them the latest revision.
func (p *planner) judgeTogether(ctx context.Context, step *Step, changes []*Change, runs []string) error {
	for i, c := range changes {
		for j := range i {
			if runs[i] == runs[j] || family(runs[i]) != family(runs[j]) {
				continue
			}
			one, err := p.describeRevision(ctx, runs[i])
			if err != nil {
				return err
			}
			other, err := p.describeRevision(ctx, runs[j])
			if err != nil {
				return err
			}
			if one == nil || other == nil || sameImages(one.definition, other.definition) {
				continue
			}
			for _, c := range []*Change{c, changes[j]} {
				c.Loss = fmt.Sprintf("maybe the image that it runs: an update of both %s and %s gives both the latest revision of %s, and they run different images (%s, %s); change one at a time, or deliver to both first",
					changes[j].Resource, changes[i].Resource, family(runs[i]), revision(runs[j]), revision(runs[i]))
			}
			step.need(NeedsImageRollback)
		}
	}
	return nil
}

// judgeImage foresees that an update of a service runs another image than the pipeline
// has deployed: the template names a revision, or the latest one is not what runs. It
// reports whether the template names only the family.
func (p *planner) judgeImage(ctx context.Context, w *stackWork, step *Step, s *serviceItem, c *Change) (byFamily bool, err error) {
	if !p.isDelivered(s) || !isRolling(p.live[s]) {
		return false, nil
	}
	pinned, err := p.pinned(ctx, w, s)
	if err != nil {
		return false, err
	}
	now := running(p.live[s])
	if pinned == "" {
		odd, err := p.oddLatest(ctx, s, now)
		if err == nil && odd != nil {
			step.Notes = append(step.Notes, fmt.Sprintf("the latest revision, %s, has another image than %s, which runs: a copy of what runs is registered first, so that the update takes that",
				revision(odd.arn), revision(now)))
		}
		return true, err
	}
	if pinned == now {
		return false, nil
	}
	c.Loss = fmt.Sprintf("the image that the pipeline has deployed: the template takes %s, and %s runs", revision(pinned), revision(now))
	step.need(NeedsImageRollback)
	return false, nil
}

// pinned returns the ARN of the revision that the template of a service names, as far as
// it stands: that of a task definition of the stack, or one with a number. Nothing is a
// family, of which ECS takes the latest revision.
func (a *Applier) pinned(ctx context.Context, w *stackWork, s *serviceItem) (string, error) {
	v := s.resource.Properties.Get("TaskDefinition")
	if ref, ok := v.(cfn.Ref); ok && w.item.template.Resource(string(ref)) != nil {
		list, err := a.resources(ctx, w.item.name)
		if err != nil {
			return "", err
		}
		for _, r := range list {
			if aws.ToString(r.LogicalResourceId) == string(ref) {
				return aws.ToString(r.PhysicalResourceId), nil
			}
		}
		return "", nil
	}
	r := &resolver{target: w.target, stack: w.item.name, template: w.item.template, params: w.params}
	text, ok := r.text(v)
	if _, number, found := strings.Cut(revision(text), ":"); !ok || !found || number == "" {
		return "", nil
	}
	if strings.HasPrefix(text, "arn:") {
		return text, nil
	}
	t := w.target
	return fmt.Sprintf("arn:%s:ecs:%s:%s:task-definition/%s", t.Partition, t.Region, t.Account, text), nil
}

// oddLatest returns the latest revision of a service's family when it has other images
// than the one that runs, and nil otherwise.
func (a *Applier) oddLatest(ctx context.Context, s *serviceItem, running string) (*taskRevision, error) {
	latest, err := a.describeRevision(ctx, family(running))
	if err != nil || latest == nil || latest.arn == running {
		return nil, err
	}
	now, err := a.describeRevision(ctx, running)
	if err != nil || now == nil || sameImages(now.definition, latest.definition) {
		return nil, err
	}
	return latest, nil
}

// guardImages makes sure that an update of a stack's services by their family runs the
// images that run: where the latest revision has others (it was rolled back, or is another
// service's), a copy of what is to run is registered. touched says which services the
// update works on.
func (r *runner) guardImages(ctx context.Context, w *stackWork, touched func(id string) bool) error {
	for _, s := range w.item.services {
		live, err := r.describeService(ctx, s)
		if err != nil {
			return err
		}
		if live == nil || !touched(s.id) || !isRolling(live) {
			continue
		}
		pinned, err := r.pinned(ctx, w, s)
		if err != nil {
			return err
		}
		if pinned != "" {
			continue
		}
		if err := r.guardImage(ctx, s, running(live)); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) guardImage(ctx context.Context, s *serviceItem, running string) error {
	odd, err := r.oddLatest(ctx, s, running)
	if err != nil || odd == nil {
		return err
	}
	v := r.variantOf(s)
	content := running
	if v != nil && v.target != "" {
		same, err := r.hasImages(ctx, v, running)
		if err != nil {
			return err
		}
		if same {
			content = v.target // what this plan wants to run
		}
	}
	now, err := r.describeRevision(ctx, content)
	if err != nil || now == nil {
		return err
	}
	arn, err := r.registerDefinition(ctx, now.definition)
	if err == nil && v != nil && content == v.target {
		v.target = arn
	}
	return err
}
