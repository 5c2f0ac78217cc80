package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// taskWork is the work of a step on a task definition.
type taskWork struct {
	item *taskItem
	base string // ARN of the revision that it was compared with; empty when there is none
	// target is the ARN of the revision that is to run. It is empty until Apply has
	// registered it.
	target string
	tags   []taskdef.Tag // to be put on the revision that stays
}

// serviceWork is the work of a step that lets a service run another revision.
type serviceWork struct {
	service *serviceItem
	task    *taskWork
	was     string // ARN of the revision that it ran
}

// planTasks plans the task definitions, and the deployments that follow from them.
func (p *planner) planTasks(ctx context.Context) (steps, deployments []*Step, err error) {
	for _, item := range p.items.tasks {
		w := &taskWork{item: item}
		step := &Step{Subject: Subject{TaskSubject, item.definition.Family}, Artifact: item.path, Action: Nothing, work: w}
		if err := p.planTask(ctx, w, step); err != nil {
			return nil, nil, about(step.Subject, err)
		}
		steps = append(steps, step)
		for _, s := range item.services {
			if d := p.planDeployment(s, w, step); d != nil {
				deployments = append(deployments, d)
			}
		}
	}
	return steps, deployments, nil
}

// planTask compares a task definition with the revision that runs or, where none does,
// with the latest.
func (p *planner) planTask(ctx context.Context, w *taskWork, step *Step) error {
	found, err := p.findRevisions(ctx, w.item, p.runningRevision(w.item))
	if err != nil {
		return err
	}
	if found.base == nil {
		step.Action, step.Reason = Create, "the family has no revision"
		_, err := toTaskDefinitionInput(w.item.definition)
		return err
	}
	w.base, w.target = found.base.arn, found.base.arn
	wanted := found.base.withImages(w.item)
	if _, err := toTaskDefinitionInput(wanted); err != nil {
		return err
	}
	for i := range wanted.ContainerDefinitions {
		c := &wanted.ContainerDefinitions[i]
		if slices.Contains(w.item.delivered, c.Name) && found.base.imageFor(c) == "" {
			step.Notes = append(step.Notes, fmt.Sprintf("container %s is new, and the pipeline has delivered no image for it yet: %s has to be there", c.Name, c.Image))
		}
	}
	properties, err := taskDifferences(found.base.definition, wanted)
	if err != nil {
		return err
	}
	w.tags = missingTags(found.base.definition.Tags, wanted.Tags)
	for _, t := range w.tags {
		properties = append(properties, Property{Path: "tags." + t.Key, After: showText(aws.ToString(t.Value), isSecret(t.Key))})
	}
	if len(properties) == 0 {
		return nil
	}
	step.Action = Update
	step.Changes = []Change{{Action: Update, Physical: revision(w.base), Properties: properties}}
	switch {
	case len(properties) == len(w.tags):
		step.Reason = "only its tags differ: they are put on " + revision(w.base)
		return nil
	case found.latest != nil && found.latest.arn != w.base:
		if more, err := taskDifferences(found.latest.definition, wanted); err != nil || len(more) == 0 {
			w.target, w.tags = found.latest.arn, missingTags(found.latest.definition.Tags, wanted.Tags)
			step.Reason = revision(w.target) + " is registered already, and not deployed yet"
			return err
		}
	}
	w.target, w.tags = "", nil
	step.Reason = "another revision is registered, with the image of " + revision(w.base)
	if len(w.item.delivered) == 0 {
		step.Reason = "another revision is registered"
	}
	return nil
}

// runningRevision returns the ARN of the revision that the services of a task
// definition run, or nothing.
func (p *planner) runningRevision(item *taskItem) string {
	for _, s := range item.services {
		if live := p.live[s]; live != nil && family(running(live)) == item.definition.Family {
			return running(live)
		}
	}
	return ""
}

// A taskRevision is a revision of a task definition as it stands.
type taskRevision struct {
	arn        string
	definition *taskdef.Definition
}

// revisions are those of a family that count: the one that runs, or else the latest;
// and the latest.
type revisions struct{ base, latest *taskRevision }

func (a *Applier) findRevisions(ctx context.Context, item *taskItem, running string) (found revisions, err error) {
	if found.latest, err = a.describeRevision(ctx, item.definition.Family); err != nil {
		return found, err
	}
	found.base = found.latest
	if running != "" && (found.latest == nil || found.latest.arn != running) {
		found.base, err = a.describeRevision(ctx, running)
	}
	return found, err
}

// describeRevision returns a revision by its ARN, or the latest active one of a family;
// nil when there is none.
func (a *Applier) describeRevision(ctx context.Context, name string) (*taskRevision, error) {
	out, err := do(ctx, a, call{op: "ecs:DescribeTaskDefinition", on: "task definition " + name},
		a.clients.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{
			TaskDefinition: &name, Include: []ecstypes.TaskDefinitionField{ecstypes.TaskDefinitionFieldTags},
		})
	if says(err, "ClientException", "Unable to describe task definition") || says(err, "ClientException", "not found") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !strings.Contains(name, ":") && out.TaskDefinition.Status == ecstypes.TaskDefinitionStatusInactive {
		return nil, nil // some emulators answer with what AWS does not find
	}
	return &taskRevision{aws.ToString(out.TaskDefinition.TaskDefinitionArn), fromTaskDefinition(out.TaskDefinition, out.Tags)}, nil
}

// withImages returns the definition of the bundle with the images of r in the containers
// that the pipeline deploys.
func (r *taskRevision) withImages(item *taskItem) *taskdef.Definition {
	d := *item.definition
	d.ContainerDefinitions = slices.Clone(d.ContainerDefinitions)
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if slices.Contains(item.delivered, c.Name) {
			c.Image = cmp.Or(r.imageFor(c), c.Image)
		}
	}
	return &d
}

// imageFor returns the image that r has for a container: that of its name or, when the
// container was renamed, one of the same repository; nothing when there is none.
func (r *taskRevision) imageFor(c *taskdef.Container) string {
	if image := imageOf(r.definition, c.Name); image != "" {
		return image
	}
	for i := range r.definition.ContainerDefinitions {
		if other := r.definition.ContainerDefinitions[i].Image; repository(other) == repository(c.Image) {
			return other
		}
	}
	return ""
}

func imageOf(d *taskdef.Definition, container string) string {
	for i := range d.ContainerDefinitions {
		if d.ContainerDefinitions[i].Name == container {
			return d.ContainerDefinitions[i].Image
		}
	}
	return ""
}

// repository returns an image without its tag and digest.
func repository(image string) string {
	name, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	return name
}

// missingTags returns the tags of want that have does not have, or has with another
// value.
func missingTags(have, want []taskdef.Tag) (missing []taskdef.Tag) {
	for _, t := range want {
		if !slices.ContainsFunc(have, func(h taskdef.Tag) bool { return h.Key == t.Key && aws.ToString(h.Value) == aws.ToString(t.Value) }) {
			missing = append(missing, t)
		}
	}
	return missing
}

// planDeployment plans that a service runs the revision of a step on its task
// definition; nil when it does, or does not exist yet.
func (p *planner) planDeployment(s *serviceItem, w *taskWork, task *Step) *Step {
	live := p.live[s]
	if live == nil {
		return nil
	}
	was := running(live)
	if w.target != "" && was == w.target || family(was) != w.item.definition.Family {
		return nil
	}
	to := "the new revision of " + w.item.definition.Family
	if w.target != "" {
		to = revision(w.target)
	}
	step := &Step{
		Subject: Subject{ServiceSubject, s.label()}, Artifact: task.Artifact, Action: Update,
		Changes: []Change{{Action: Update, Properties: []Property{{Path: "taskDefinition", Before: revision(was), After: to}}}},
		work:    &serviceWork{service: s, task: w, was: was},
	}
	if !isRolling(live) {
		step.Action, step.Changes = Nothing, nil
		step.Notes = []string{fmt.Sprintf("its deployments belong to %s: the next one takes %s", live.DeploymentController.Type, to)}
	}
	return step
}
