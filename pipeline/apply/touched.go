package apply

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// What follows for a service when CloudFormation updates it: it sends the whole of the
// resource to ECS, also what has not changed, the number of tasks and the task definition
// among it.

// A touch is what an update of a stack does to one of its services.
type touch struct {
	service *serviceItem
	change  *Change
	live    *ecstypes.Service
	takes   revisionTaken
}

// touched returns the services of a stack that stand and that a step updates or replaces.
func (a *Applier) touched(ctx context.Context, w *stackWork, step *Step, live func(*serviceItem) (*ecstypes.Service, error)) ([]*touch, error) {
	var list []*touch
	for _, s := range w.item.services {
		if !step.touches(s.id) {
			continue
		}
		i := slices.IndexFunc(step.Changes, func(c Change) bool { return c.Resource == s.id })
		stands, err := live(s)
		if err != nil {
			return nil, err
		}
		if stands == nil {
			continue
		}
		t := &touch{service: s, change: &step.Changes[i], live: stands}
		if isRolling(stands) {
			if t.takes, err = a.revisionOf(ctx, w, s); err != nil {
				return nil, err
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// judgeServices foresees what an update of a stack does to its services beside what was
// meant: it sets another number of tasks, or runs another image than the pipeline's.
func (a *Applier) judgeServices(ctx context.Context, w *stackWork, step *Step, list []*touch) error {
	for _, t := range list {
		w.judgeCount(step, t, a.opts.Parameters[w.item.name])
		t.judgePinned(step)
	}
	return a.judgeTogether(ctx, step, list)
}

// judgeCount foresees another number of tasks. One that the caller gives is meant, and so
// is one that the template has in place of another one.
func (w *stackWork) judgeCount(step *Step, t *touch, given map[string]string) {
	const keep = "give its DesiredCount by a parameter that does nothing else, which then keeps what runs"
	s, runs := t.service, t.live.DesiredCount
	_, counted := w.counts[s.count]
	ref, isRef := s.resource.Properties.Get("DesiredCount").(cfn.Ref)
	_, meant := given[string(ref)]
	set, n := w.desired(s)
	remedy := keep + ", or leave it out"
	if isRef {
		remedy = keep + fmt.Sprintf(", or give the number each time with --parameter %s:%s=N", w.item.name, ref)
	}
	switch {
	case counted, meant, n == int(runs):
	case !set && t.change.Action == Update:
	case !set:
		step.block("the service that takes the place of %s begins with %s, and %d run; %s", s.label(), tasks(n), runs, keep)
	case n < 0:
		step.block("the update of service %s sets a number of tasks that only CloudFormation knows, and %d run; %s", s.label(), runs, remedy)
	case !t.setsCount():
		step.block("the update of service %s sets %s, and %d run; %s", s.label(), tasks(n), runs, remedy)
	}
}

// changes reports whether an update changes a property.
func (t *touch) changes(property string) bool {
	return slices.ContainsFunc(t.change.Properties, func(p Property) bool { return topOf(p.Path) == property })
}

// setsCount reports whether the template has another number of tasks in place of the one
// that it had.
func (t *touch) setsCount() bool {
	isNumber := func(text string) bool { _, err := strconv.Atoi(text); return err == nil }
	return slices.ContainsFunc(t.change.Properties, func(p Property) bool {
		return topOf(p.Path) == "DesiredCount" && isNumber(p.Before) && isNumber(p.After) && p.Before != p.After
	})
}

// A revisionTaken is which revision of a task definition a template gives to a service.
// The zero value is one that only CloudFormation knows.
type revisionTaken struct {
	arn    string // of one revision
	own    string // the logical id of a task definition of the stack, if it is that one's
	family string // of which ECS takes the latest revision
}

// revisionOf returns which revision the template of a service gives to it: that of a task
// definition of the stack, one with a number, or the latest of a family.
func (a *Applier) revisionOf(ctx context.Context, w *stackWork, s *serviceItem) (revisionTaken, error) {
	r := w.resolver()
	v := r.known.Resolve(s.resource.Properties.Get("TaskDefinition"))
	text, ok := r.text(v)
	if !ok {
		return a.ownRevision(ctx, w, v)
	}
	name := revision(text)
	if _, number, _ := strings.Cut(name, ":"); number == "" {
		return revisionTaken{family: family(name)}, nil
	}
	if !strings.HasPrefix(text, "arn:") {
		t := w.target
		text = fmt.Sprintf("arn:%s:ecs:%s:%s:task-definition/%s", t.Partition, t.Region, t.Account, name)
	}
	return revisionTaken{arn: text}, nil
}

// ownRevision returns the task definition of the stack to which a value refers; nothing
// when it refers to none, or to several, or when that is yet to be made.
func (a *Applier) ownRevision(ctx context.Context, w *stackWork, v cfn.Value) (revisionTaken, error) {
	var ids []string
	cfn.Walk(v, func(v cfn.Value) bool {
		id := ""
		switch v := v.(type) {
		case cfn.Ref:
			id = string(v)
		case cfn.GetAtt:
			id = v.Resource
		}
		if r := w.item.template.Resource(id); r != nil && r.Type == "AWS::ECS::TaskDefinition" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		return true
	})
	if len(ids) != 1 {
		return revisionTaken{}, nil
	}
	list, err := a.resources(ctx, w.item.name)
	if err != nil {
		return revisionTaken{}, err
	}
	for _, r := range list {
		if aws.ToString(r.LogicalResourceId) == ids[0] {
			return revisionTaken{arn: aws.ToString(r.PhysicalResourceId), own: ids[0]}, nil
		}
	}
	return revisionTaken{}, nil
}

// judgePinned foresees that an update of a service runs another revision than the one
// that was deployed beside the stack. Where no pipeline delivers the image, the template
// may say which revision is to run.
func (t *touch) judgePinned(step *Step) {
	now := running(t.live)
	if !isRolling(t.live) || t.takes.family != "" || t.takes.arn == now {
		return
	}
	switch {
	case t.service.delivered && t.takes.arn == "":
		t.change.Loss = fmt.Sprintf("maybe the image that the pipeline has deployed: only CloudFormation knows which task definition the template takes, and %s runs", revision(now))
	case t.service.delivered:
		t.change.Loss = fmt.Sprintf("the image that the pipeline has deployed: the template takes %s, and %s runs", revision(t.takes.arn), revision(now))
	case t.takes.arn != "" && !t.choosesImage(step):
		t.change.Loss = fmt.Sprintf("what was deployed beside the stack: the template takes %s, and %s runs", revision(t.takes.arn), revision(now))
	default:
		return
	}
	step.need(NeedsImageRollback)
}

// choosesImage reports whether a step changes which revision a service takes, or the image
// of the task definition of the stack that it takes.
func (t *touch) choosesImage(step *Step) bool {
	if t.takes.own == "" {
		return t.changes("TaskDefinition")
	}
	return slices.ContainsFunc(step.Changes, func(c Change) bool {
		return c.Resource == t.takes.own && slices.ContainsFunc(c.Properties, func(p Property) bool { return strings.HasSuffix(p.Path, ".Image") })
	})
}

// judgeTogether foresees that services of one family come to run one image, and ran
// different ones: CloudFormation gives all of them the latest revision.
func (a *Applier) judgeTogether(ctx context.Context, step *Step, list []*touch) error {
	for i, t := range list {
		for _, other := range list[:i] {
			same, err := a.agree(ctx, t, other)
			if err != nil {
				return err
			}
			if same {
				continue
			}
			for _, c := range []*Change{t.change, other.change} {
				c.Loss = fmt.Sprintf("maybe the image that it runs: an update of both %s and %s gives both the latest revision of %s, and they run different images (%s, %s); change one at a time, or deliver to both first",
					other.service.id, t.service.id, t.takes.family, revision(running(other.live)), revision(running(t.live)))
			}
			step.need(NeedsImageRollback)
		}
	}
	return nil
}

// agree reports whether two services can take one revision, and both keep their images.
func (a *Applier) agree(ctx context.Context, t, other *touch) (bool, error) {
	one, two := running(t.live), running(other.live)
	if t.takes.family == "" || t.takes.family != other.takes.family || one == two {
		return true, nil
	}
	first, err := a.describeRevision(ctx, one)
	if err != nil {
		return false, err
	}
	second, err := a.describeRevision(ctx, two)
	if err != nil {
		return false, err
	}
	return first == nil || second == nil || sameImages(first.definition, second.definition), nil
}
