package apply

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// A taskRevision is a revision of a task definition as it stands.
type taskRevision struct {
	arn        string
	definition *taskdef.Definition
	registered time.Time
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
	d := out.TaskDefinition
	if d == nil || !strings.Contains(name, ":") && d.Status == ecstypes.TaskDefinitionStatusInactive {
		return nil, nil // some emulators answer with what AWS does not find
	}
	return &taskRevision{aws.ToString(d.TaskDefinitionArn), fromTaskDefinition(d, out.Tags), aws.ToTime(d.RegisteredAt)}, nil
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

// sameImages reports whether the containers of one definition have the same images in
// the other one. Containers that only one has do not count.
func sameImages(a, b *taskdef.Definition) bool {
	for i := range b.ContainerDefinitions {
		c := &b.ContainerDefinitions[i]
		if image := imageOf(a, c.Name); image != "" && image != c.Image {
			return false
		}
	}
	return true
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

// registerDefinition registers a revision. A call that may have been successful is not
// repeated blindly: the latest revision of the family tells.
func (r *runner) registerDefinition(ctx context.Context, d *taskdef.Definition) (arn string, err error) {
	in, err := toTaskDefinitionInput(d)
	if err != nil {
		return "", err
	}
	limit := r.within(2*time.Minute, "the registration")
	for attempt := 1; ; attempt++ {
		out, err := do(ctx, r.Applier, call{op: "ecs:RegisterTaskDefinition", on: "task definition " + d.Family, once: true}, r.clients.ECS.RegisterTaskDefinition, in)
		switch {
		case err == nil && out.TaskDefinition != nil:
			return aws.ToString(out.TaskDefinition.TaskDefinitionArn), nil
		case err == nil:
			err = &Error{Call: "ecs:RegisterTaskDefinition", Message: "the answer has no revision"}
		case isUnsure(err) && attempt < attemptsOnce:
			if err := r.retry(ctx, "ecs:RegisterTaskDefinition", attempt, err); err != nil {
				return "", err
			}
			latest, lost := r.describeRevision(ctx, d.Family)
			if lost != nil {
				return "", lost
			}
			if found, lost := equalRevision([]*taskRevision{latest}, d); found != nil || lost != nil {
				return latest.arn, lost
			}
			continue
		case says(err, "ClientException", "Role is not valid"), says(err, "ClientException", "Too many concurrent attempts"):
			// A role that was created a moment ago, or another registration: that passes.
			if r.pause(ctx, limit, attempt-1) == nil {
				continue
			}
		}
		return "", err
	}
}
