package rehearse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// maxDefinitions is the largest file that the deploy provider ECS reads, in bytes.
const maxDefinitions = 100 << 10

// readArtifact reads a file of an artifact.
func (r *rehearsal) readArtifact(artifact, file string, limit int64) ([]byte, error) {
	dir := r.artifacts[artifact]
	if dir == "" {
		return nil, fs.ErrNotExist
	}
	name := filepath.FromSlash(path.Join(dir, path.Clean("/"+file)))
	info, err := r.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%d bytes are more than %d: %w", info.Size(), limit, errTooLarge)
	}
	return r.root.ReadFile(name)
}

// deployECS does what the deploy action ECS does with the file of images.
func (r *rehearsal) deployECS(stage, number int, a *pipeline.Action, out *Action) {
	file := firstNonEmpty(a.Configuration["FileName"], "imagedefinitions.json")
	out.Deployment = &Deployment{Cluster: a.Configuration["ClusterName"], Service: a.Configuration["ServiceName"]}
	if len(a.InputArtifacts) == 0 {
		out.fail("the action has no input artifact")
		return
	}
	images, message := r.definitions(a.InputArtifacts[0].Name, file)
	if message != "" {
		out.fail(message)
		return
	}
	d, _, known := r.service(stage, number, a)
	if d == nil {
		if d, _ = r.onlyTask(); d == nil {
			out.State, out.Message = NotRehearsed, fmt.Sprintf("the task definition that the service %s runs is not in the bundle", a.Configuration["ServiceName"])
			return
		}
		if !known {
			out.Notes = append(out.Notes, fmt.Sprintf("the service %s is in no template of the bundle; it is taken to run the only task definition, %s", a.Configuration["ServiceName"], d.Family))
		}
	}
	next := *d
	next.ContainerDefinitions = slices.Clone(d.ContainerDefinitions)
	for _, image := range images {
		c := next.Container(image.Container)
		if c == nil {
			out.fail(fmt.Sprintf("Invalid action configuration: The AWS ECS container %s does not exist", image.Container))
			return
		}
		c.Image = image.Image
	}
	r.finish(out, d, &next)
}

// definitions reads the file of images. It returns what is wrong with it.
func (r *rehearsal) definitions(artifact, file string) ([]ContainerImage, string) {
	data, err := r.readArtifact(artifact, file, maxDefinitions)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, fmt.Sprintf("The image definition file %s is larger than 100 KB", file)
	case err != nil:
		return nil, fmt.Sprintf("Did not find the image definition file %s in the input artifacts ZIP file: the artifact %s does not have it", file, artifact)
	}
	var list []struct{ Name, ImageURI *string }
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&list); err != nil || dec.More() {
		return nil, fmt.Sprintf("The image definition file %s contents invalid JSON format", file)
	}
	if len(list) == 0 {
		return nil, fmt.Sprintf("The image definition file %s is empty", file)
	}
	images := make([]ContainerImage, len(list))
	for i, e := range list {
		if e.Name == nil || e.ImageURI == nil || *e.Name == "" || *e.ImageURI == "" {
			return nil, fmt.Sprintf("The image definition file %s contents invalid JSON format: an element needs name and imageUri", file)
		}
		images[i] = ContainerImage{*e.Name, *e.ImageURI}
	}
	return images, ""
}

// finish records the next revision.
func (r *rehearsal) finish(out *Action, previous, next *taskdef.Definition) {
	dep := out.Deployment
	dep.Previous, dep.Next = previous, next
	for _, c := range next.ContainerDefinitions {
		dep.Images = append(dep.Images, ContainerImage{c.Name, c.Image})
		r.checkImage(out, c.Image)
	}
	out.Variables = append(out.Variables, Variable{"ServiceName", dep.Service})
	out.Variables = slices.DeleteFunc(out.Variables, func(v Variable) bool { return v.Value == "" })
	if previous == nil {
		return
	}
	from, err1 := previous.Render()
	to, err2 := next.Render()
	if err := errors.Join(err1, err2); err != nil {
		out.fail(err.Error())
		return
	}
	dep.Diff = udiff.Unified(next.Family+" (now)", next.Family+" (next)", string(from), string(to))
}

// checkImage notes an image of our own repositories that nobody has pushed.
func (r *rehearsal) checkImage(out *Action, image string) {
	if registry(image) != r.registry() {
		return
	}
	if _, ok := r.images[reference(image)]; ok {
		return
	}
	for ref, digest := range r.images {
		if image == repository(ref)+"@"+digest {
			return
		}
	}
	out.Notes = append(out.Notes, fmt.Sprintf("no action has pushed %s: without it in the repository, the task does not start", image))
}

// deployCodeDeploy does what the deploy action CodeDeployToECS does with
// taskdef.json, appspec.yaml and imageDetail.json.
func (r *rehearsal) deployCodeDeploy(stage, number int, a *pipeline.Action, out *Action) {
	c := a.Configuration
	out.Deployment = &Deployment{}
	artifact, file := c["TaskDefinitionTemplateArtifact"], firstNonEmpty(c["TaskDefinitionTemplatePath"], "taskdef.json")
	template, err := r.readArtifact(artifact, file, 3<<20)
	if err != nil {
		out.fail(fmt.Sprintf("Invalid action configuration: Exception while trying to read the task definition artifact file from: %s: it has no %s", artifact, file))
		return
	}
	spec, specFile := c["AppSpecTemplateArtifact"], firstNonEmpty(c["AppSpecTemplatePath"], "appspec.yaml")
	appSpec, err := r.readArtifact(spec, specFile, 3<<20)
	if err != nil {
		out.fail(fmt.Sprintf("Invalid action configuration: Exception while trying to read the appspec artifact file from: %s: it has no %s", spec, specFile))
		return
	}
	text := string(template)
	for n := '1'; n <= '4'; n++ {
		from, placeholder := c["Image"+string(n)+"ArtifactName"], c["Image"+string(n)+"ContainerName"]
		if from == "" || placeholder == "" {
			continue
		}
		uri, message := r.imageDetail(from)
		if message != "" {
			out.fail(message)
			return
		}
		if !strings.Contains(text, "<"+placeholder+">") {
			out.Notes = append(out.Notes, fmt.Sprintf("%s has no <%s>: the image %s is not used", file, placeholder, uri))
		}
		text = strings.ReplaceAll(text, "<"+placeholder+">", uri)
	}
	next, err := taskdef.ParseLax(file, []byte(text))
	if err != nil {
		out.fail(fmt.Sprintf("Invalid action configuration: %s: %s", file, firstOf(err.Error())))
		return
	}
	if !strings.Contains(string(appSpec), "<TASK_DEFINITION>") {
		out.Notes = append(out.Notes, fmt.Sprintf("%s has no <TASK_DEFINITION>: the new revision is not what is deployed", specFile))
	}
	arn := fmt.Sprintf("arn:%s:ecs:%s:%s:task-definition/%s:2", r.target.Partition, r.target.Region, r.target.Account, next.Family)
	out.Deployment.AppSpec = strings.ReplaceAll(string(appSpec), "<TASK_DEFINITION>", arn)
	previous, _, _ := r.service(stage, number, a)
	if previous == nil {
		previous = r.task(next.Family)
	}
	r.finish(out, previous, next)
}

// imageDetail returns the image of an imageDetail.json.
func (r *rehearsal) imageDetail(artifact string) (uri, message string) {
	const read = "Invalid action configuration: Exception while trying to read the image artifact file from the artifact: "
	data, err := r.readArtifact(artifact, "imageDetail.json", 3<<20)
	if err != nil {
		return "", read + artifact + ": it has no imageDetail.json"
	}
	var detail struct{ ImageURI string }
	if err := json.Unmarshal(data, &detail); err != nil || detail.ImageURI == "" {
		return "", read + artifact + ": imageDetail.json has no ImageURI"
	}
	return detail.ImageURI, ""
}
