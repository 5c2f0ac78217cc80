package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// taskWork is the work of a step on a task definition.
type taskWork struct {
	item     *taskItem
	variants []*variant
	late     bool // it comes after the stacks of its services, which are updated on what runs
}

// A variant is what a task definition becomes for the services that run one revision of
// it: with the images of that. There is one for each revision that runs, and one without
// services when none does.
type variant struct {
	item     *taskItem
	services []*serviceItem
	base     string // ARN of the revision that it was compared with; empty when there is none
	// target is the ARN of the revision that is to run. It is empty until Apply has
	// registered it.
	target     string
	properties []Property    // that differ from base, but for tags
	tags       []taskdef.Tag // to be put on the revision that stays
}

// serviceWork is the work of a step that lets a service run another revision.
type serviceWork struct {
	service *serviceItem
	variant *variant
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
		for _, v := range w.variants {
			for _, s := range v.services {
				if d := p.planDeployment(s, v, step); d != nil {
					deployments = append(deployments, d)
				}
			}
		}
	}
	return steps, deployments, nil
}

// afterStacks tells the task definitions that come before the stacks with services from
// those that come after them: of services that stand, and that their stack changes in
// nothing for which they need the new revision. So a revision that does not stay up does
// not fail the update of the stack, and a roll back of the stack takes what ran.
func (p *planner) afterStacks(steps []*Step) (early, late []*Step) {
	for _, step := range steps {
		w := step.work.(*taskWork)
		touched := false
		w.late = step.Action != Nothing
		for _, s := range w.item.services {
			stack := p.plan.Step(StackSubject, s.stack.name)
			i := slices.IndexFunc(stack.Changes, func(c Change) bool { return c.Resource == s.id })
			touched = touched || i >= 0
			if i >= 0 && !stack.Changes[i].keepsRevision() {
				w.late = false
			}
		}
		if w.late = w.late && touched; w.late {
			late = append(late, step)
		} else {
			early = append(early, step)
		}
	}
	return early, late
}

// keepsRevision reports whether a service can be changed on the revision that it runs.
func (c *Change) keepsRevision() bool {
	return c.Action == Update && !slices.ContainsFunc(c.Properties, func(p Property) bool {
		switch topOf(p.Path) {
		case "DesiredCount", "DeploymentConfiguration", "HealthCheckGracePeriodSeconds", "EnableExecuteCommand", "EnableECSManagedTags",
			"PropagateTags", "Tags", "AvailabilityZoneRebalancing", "PlacementConstraints", "PlacementStrategies", "NetworkConfiguration", "":
			return false
		}
		return true
	})
}

// planTask compares a task definition with each of its revisions that runs or, where none
// does, with the latest.
func (p *planner) planTask(ctx context.Context, w *taskWork, step *Step) error {
	if _, err := toTaskDefinitionInput(w.item.definition); err != nil {
		return err
	}
	latest, err := p.describeRevision(ctx, w.item.definition.Family)
	if err != nil {
		return err
	}
	owned := p.variants(w, step)
	if latest == nil && len(w.variants) == 0 && !owned {
		step.Action, step.Reason = Create, "the family has no revision"
		w.variants = []*variant{{item: w.item}}
		return nil
	}
	if len(w.variants) == 0 && !owned {
		w.variants = []*variant{{item: w.item, base: latest.arn}}
	}
	known := []*taskRevision{latest}
	for _, v := range w.variants {
		base := latest
		if latest == nil || v.base != latest.arn {
			if base, err = p.describeRevision(ctx, v.base); err != nil {
				return err
			}
		}
		if base == nil {
			return stale("the revision " + revision(v.base) + " is gone")
		}
		known = append(known, base)
		if err := p.compareVariant(v, base, known, step); err != nil {
			return err
		}
	}
	return nil
}

// variants finds the revisions that services run. It reports whether there are services
// whose deployments are not those of ECS: their revisions are registered by others.
func (p *planner) variants(w *taskWork, step *Step) (owned bool) {
	for _, s := range w.item.services {
		live := p.live[s]
		if live == nil {
			continue
		}
		if !isRolling(live) {
			owned = true
			step.Notes = append(step.Notes, fmt.Sprintf("the deployments of %s belong to %s, which registers revisions from its own source", s.label(), live.DeploymentController.Type))
			continue
		}
		i := slices.IndexFunc(w.variants, func(v *variant) bool { return v.base == running(live) })
		if i < 0 {
			i = len(w.variants)
			w.variants = append(w.variants, &variant{item: w.item, base: running(live)})
		}
		w.variants[i].services = append(w.variants[i].services, s)
	}
	return owned
}

// compareVariant compares what a variant becomes with the revision that runs. One that
// differs takes a revision that is known, and has that content already, or a new one.
func (p *planner) compareVariant(v *variant, base *taskRevision, known []*taskRevision, step *Step) error {
	wanted := base.withImages(v.item)
	var err error
	if v.properties, err = taskDifferences(base.definition, wanted); err != nil {
		return err
	}
	v.target = base.arn
	v.tags = missingTags(base.definition.Tags, wanted.Tags)
	if len(v.properties) == 0 && len(v.tags) == 0 {
		return nil
	}
	step.Action = Update
	shown := slices.Clone(v.properties)
	for _, t := range v.tags {
		shown = append(shown, Property{Path: "tags." + t.Key, After: showText(aws.ToString(t.Value), open.enter(t.Key))})
	}
	step.Changes = append(step.Changes, Change{Action: Update, Physical: revision(v.base), Properties: shown})
	if len(v.properties) == 0 {
		step.Reason = "only its tags differ: they are put on " + revision(v.base)
		return nil
	}
	for i := range wanted.ContainerDefinitions {
		c := &wanted.ContainerDefinitions[i]
		if slices.Contains(v.item.delivered, c.Name) && base.imageFor(c) == "" {
			step.Notes = append(step.Notes, fmt.Sprintf("container %s is new, and the pipeline has delivered no image for it yet: %s has to be there", c.Name, c.Image))
		}
	}
	v.target, v.tags = "", nil
	step.Reason = "another revision is registered"
	if len(v.item.delivered) > 0 {
		step.Reason += ", with the image of " + revision(v.base)
	}
	found, err := equalRevision(known, wanted)
	if err != nil || found == nil {
		return err
	}
	v.target, v.tags = found.arn, missingTags(found.definition.Tags, wanted.Tags)
	step.Reason = revision(v.target) + " is registered already, and not deployed yet"
	return nil
}

// equalRevision returns the first of the revisions that has the content of a definition,
// or nil.
func equalRevision(revisions []*taskRevision, wanted *taskdef.Definition) (*taskRevision, error) {
	for _, r := range revisions {
		if r == nil {
			continue
		}
		differ, err := taskDifferences(r.definition, wanted)
		if err != nil || len(differ) == 0 {
			return r, err
		}
	}
	return nil, nil
}

// isUnderWay reports whether a step only awaits a deployment that somebody has begun.
func (s *Step) isUnderWay() bool { return s.Action == Await && s.Subject.Kind == ServiceSubject }

// planDeployment plans that a service runs the revision that its variant becomes; nil
// when it does, all of it.
func (p *planner) planDeployment(s *serviceItem, v *variant, task *Step) *Step {
	if v.target == v.base {
		if d := primary(p.live[s]); d == nil || d.RolloutState != ecstypes.DeploymentRolloutStateInProgress {
			return nil
		}
		return &Step{
			Subject: Subject{ServiceSubject, s.label()}, Artifact: task.Artifact, Action: Await,
			Reason: "its deployment of " + revision(v.base) + " is in progress",
			work:   &serviceWork{service: s, variant: v},
		}
	}
	to := "the new revision of " + v.item.definition.Family
	if v.target != "" {
		to = revision(v.target)
	}
	return &Step{
		Subject: Subject{ServiceSubject, s.label()}, Artifact: task.Artifact, Action: Update,
		Changes: []Change{{Action: Update, Properties: []Property{{Path: "taskDefinition", Before: revision(v.base), After: to}}}},
		work:    &serviceWork{service: s, variant: v},
	}
}
