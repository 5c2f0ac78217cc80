package bundle

import (
	"errors"
	"slices"
	"strconv"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

const fileReference = "https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html"

// The definition files of the deploy providers.
const (
	imageDefinitionsFile = "imagedefinitions.json" // of ECS, where the action names no other
	imageDetailFile      = "imageDetail.json"      // of CodeDeployToECS
)

var containerNameRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/container-name", Source: fileReference + "#pipelines-create-image-definitions",
		Doc: "imagedefinitions.json names containers of the task definition that is deployed.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			checkContainerNames(v, &v.groups[i], r)
		}
	},
}

func checkContainerNames(v *view, g *group, r *check.Report) {
	if g.Pipeline == nil {
		var tasks []*Part[*taskdef.Definition]
		for i := range g.Deploys {
			if t := g.Deploys[i].Task; t != nil && !slices.Contains(tasks, t) {
				tasks = append(tasks, t)
			}
		}
		for i := range g.builds {
			checkWritten(&g.builds[i], imageDefinitionsFile, tasks, r)
		}
		return
	}
	for i := range g.Deploys {
		d := &g.Deploys[i]
		task := v.taskOf(d)
		if !d.is("ECS") || task == nil || len(d.Action.InputArtifacts) != 1 {
			continue
		}
		tasks := []*Part[*taskdef.Definition]{task}
		if d.Definitions != nil {
			checkStanding(d.Definitions, task, r)
		}
		file, ok := d.setting("FileName", imageDefinitionsFile)
		if m := g.maker(d.Action.InputArtifacts[0].Name); ok && m.build != nil {
			checkWritten(m.build, file, tasks, r)
		}
	}
}

// taskOf returns the task definition that a deployment is for: the one of its
// service or, where the service is nowhere to be seen, the only one that there is.
func (v *view) taskOf(d *Deploy) *Part[*taskdef.Definition] {
	if d.Task == nil && d.Service == nil && len(v.Tasks) == 1 && len(v.Pipelines) == 1 {
		return v.Tasks[0]
	}
	return d.Task
}

// checkWritten compares the names that the commands of a build write into a file
// with those of the containers.
func checkWritten(b *build, file string, tasks []*Part[*taskdef.Definition], r *check.Report) {
	if b.Buildspec == nil || len(tasks) == 0 {
		return
	}
	var names []string
	for _, t := range tasks {
		some, ok := containers(t.Model)
		if !ok {
			return
		}
		names = append(names, some...)
	}
	writes := b.definitions(file)
	for i := range writes {
		w := &writes[i]
		for _, image := range w.images {
			name, ok := image.Name.Known()
			if !ok || slices.Contains(names, name) {
				continue
			}
			p := addf(r, b.Buildspec, w.Place.Path, "%s gets the container name %q, but the task definition has %s; %s",
				file, name, listed(names), remedy(name, names))
			if !w.Sure && len(writes) > 1 || b.mayChange(w) {
				p.Severity = slipway.Warning // another branch, or a later command, may set it right
			}
			for _, t := range tasks {
				relate(p, containerPlaces(t)...)
			}
		}
	}
}

// mayChange reports whether a later command, of which too little is seen, may have
// changed what a command wrote.
func (b *build) mayChange(w *definitionWrite) bool {
	name, ok := w.Name.Known()
	return !ok || b.commands().File(name).Later >= shell.Maybe
}

func remedy(name string, names []string) string {
	if len(names) == 1 {
		return "write " + strconv.Quote(names[0]) + " here, or rename the container"
	}
	if like := source.Nearest(name, names); like != "" {
		return "did you mean " + strconv.Quote(like) + "?"
	}
	return "write the name of one of them"
}

// checkStanding compares an imagedefinitions.json of the repository with the
// containers.
func checkStanding(file *Part[*handover.ImageDefinitions], task *Part[*taskdef.Definition], r *check.Report) {
	names, ok := containers(task.Model)
	if !ok {
		return
	}
	for i, image := range file.Model.Images {
		if IsKnown(image.Name) && !slices.Contains(names, image.Name) {
			p := addf(r, file, slipway.Path(i, "name"), "found the container name %q, but the task definition has %s; %s",
				image.Name, listed(names), remedy(image.Name, names))
			relate(p, containerPlaces(task)...)
		}
	}
}

var imageDefinitionsRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/image-definitions", Source: fileReference,
		Doc: "What a build writes into imagedefinitions.json is a JSON list of name and imageUri, and into imageDetail.json a map with ImageURI.",
	},
	Check: func(v *view, r *check.Report) {
		for b, file := range v.handovers() {
			for _, w := range b.definitions(file) {
				if w.err != nil && !errors.Is(w.err, shell.ErrUnknown) {
					p := addf(r, b.Buildspec, w.Place.Path, "%s is not what the deploy action reads: %v", file, w.err)
					p.Err = w.err
				}
			}
		}
	},
}

// fileName returns the FileName of an ECS action.
func (d *Deploy) fileName() (string, bool) {
	if !d.is("ECS") {
		return "", false
	}
	return d.setting("FileName", imageDefinitionsFile)
}
