package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// Delivered returns the names of the containers whose image a deploy action of the
// group replaces, in the order of the task definition: those that the build names in
// the file which it hands over, or that have a placeholder for CodeDeploy. Where the
// build cannot be followed, it is the containers whose image is of a private repository
// of ECR, or the only one that there is. It is nil when d.Task is.
func (g *Group) Delivered(d *Deploy) []string {
	if d.Task == nil {
		return nil
	}
	all := d.Task.Model.ContainerDefinitions
	if d.is("CodeDeployToECS") {
		return containersThat(all, func(c *taskdef.Container) bool { return strings.HasPrefix(c.Image, "<") })
	}
	if names, ok := g.handed(d); ok {
		return containersThat(all, func(c *taskdef.Container) bool { return slices.Contains(names, c.Name) })
	}
	if len(all) == 1 {
		return []string{all[0].Name}
	}
	return containersThat(all, func(c *taskdef.Container) bool { return strings.Contains(c.Image, ".dkr.ecr.") })
}

func containersThat(all []taskdef.Container, ok func(*taskdef.Container) bool) (names []string) {
	for i := range all {
		if ok(&all[i]) {
			names = append(names, all[i].Name)
		}
	}
	return names
}

// handed returns the containers that are named in the file which a deploy action of
// the provider ECS reads; ok is false where that is not known.
func (g *Group) handed(d *Deploy) (names []string, ok bool) {
	if d.Definitions != nil {
		for _, image := range d.Definitions.Model.Images {
			names = append(names, image.Name)
		}
		return names, true
	}
	if !d.is("ECS") || len(d.Action.InputArtifacts) != 1 {
		return nil, false
	}
	file, known := d.setting("FileName", imageDefinitionsFile)
	linked := group{Group: g, builds: make([]build, len(g.Builds))}
	for i := range g.Builds {
		linked.builds[i] = build{Build: &g.Builds[i]}
	}
	m := linked.maker(d.Action.InputArtifacts[0].Name)
	if !known || m.build == nil {
		return nil, false
	}
	for _, w := range m.build.definitions(file) {
		for _, image := range w.images {
			if name, ok := image.Name.Known(); ok {
				names = append(names, name)
			}
		}
	}
	return names, len(names) > 0
}
