package applytest

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// Build scripts what becomes of builds. Those that nothing is scripted for succeed: they
// push an image with the tag of slipway's own recipes, build-NUMBER-COMMIT, into the
// repository that the project was made with, and hand on an imagedefinitions.json for the
// container of the service that has an image of that repository.
type Build struct {
	Project string // name; empty is any
	Times   int    // how many builds; 0 is all

	Fail       string // the command that fails; empty for none
	Phase      string // in which it fails: PRE_BUILD, BUILD or POST_BUILD; empty is BUILD
	ExitStatus int    // of that command; 0 is 1
	Log        []string

	Repository string            // of the image; empty is as above
	Tag        string            // of the image; empty is as above
	Containers map[string]string // imagedefinitions.json, by container; nil is as above
}

func (b *Build) phase() types.BuildPhaseType {
	if b.Phase == "" {
		return types.BuildPhaseTypeBuild
	}
	return types.BuildPhaseType(b.Phase)
}

// buildScript is a script with how often it was used.
type buildScript struct {
	Build
	used int
}

// ScriptBuilds says what becomes of builds that start from now on. Of several scripts that
// fit a build, the last one counts. It panics when there is no such phase.
func (c *Cloud) ScriptBuilds(b Build) {
	switch b.Phase {
	case "", "PRE_BUILD", "BUILD", "POST_BUILD":
	default:
		panic("applytest: Build.Phase is " + b.Phase + ", want PRE_BUILD, BUILD or POST_BUILD")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cicd.scripts = append([]*buildScript{{Build: b}}, c.cicd.scripts...)
}

func (c *Cloud) buildScript(project string) Build {
	for _, s := range c.cicd.scripts {
		if (s.Project == "" || s.Project == project) && (s.Times == 0 || s.used < s.Times) {
			s.used++
			return s.Build
		}
	}
	return Build{}
}

// buildImages pushes what a build makes. It returns what docker prints, and why it fails.
func (c *Cloud) buildImages(b *build, script Build) (lines []string, message string) {
	r := c.imageTarget(b, script)
	if r == nil {
		return nil, "" // it builds no image
	}
	tag := script.Tag
	if tag == "" {
		tag = "build-" + strconv.Itoa(b.number) + "-" + b.commit
	}
	uri := c.registry() + "/" + r.name + ":" + tag
	if !c.push(r, tag) {
		return []string{"tag invalid: The image tag '" + tag + "' already exists in the '" + r.name +
				"' repository and cannot be overwritten because the tag is immutable."},
			"Error while executing command: docker push \"$IMAGE\". Reason: exit status 1"
	}
	for _, container := range slices.Sorted(maps.Keys(script.Containers)) {
		b.images = append(b.images, imageDefinition{container, script.Containers[container]})
	}
	if script.Containers == nil {
		for _, container := range c.containersOf(b.p, r) {
			b.images = append(b.images, imageDefinition{container, uri})
		}
	}
	return []string{"The push refers to repository [" + c.registry() + "/" + r.name + "]", tag + ": digest: " + r.byTag(tag).digest}, ""
}

// imageTarget returns the repository into which a build pushes.
func (c *Cloud) imageTarget(b *build, script Build) *repository {
	if script.Repository != "" {
		r := c.data.repository(script.Repository)
		if r == nil {
			panic("applytest: Build.Repository is " + script.Repository + ", which no stack has made")
		}
		return r
	}
	for _, variable := range slices.Sorted(maps.Keys(b.p.variables)) {
		if name, ok := strings.CutPrefix(b.p.variables[variable], c.registry()+"/"); ok {
			return c.data.repository(name)
		}
	}
	return find(c.data.repositories, func(r *repository) bool { return r.stack == b.p.stack })
}

// containersOf returns the containers whose images come from a repository, in the
// services that are deployed after a build of the project.
func (c *Cloud) containersOf(p *project, r *repository) []string {
	var names []string
	for _, pl := range c.cicd.pipelines {
		if !builds(pl.now(), p.name) {
			continue
		}
		for _, stage := range pl.now().Stages {
			for _, a := range stage.Actions {
				svc := c.deployed(&a)
				if svc == nil {
					continue
				}
				for _, d := range c.definition(svc.deployments[0].definition).ContainerDefinitions {
					image, ours := strings.CutPrefix(aws.ToString(d.Image), c.registry()+"/"+r.name)
					if ours && strings.ContainsAny(image[:min(1, len(image))], ":@") {
						names = append(names, *d.Name)
					}
				}
			}
		}
	}
	return sorted(names)
}

// builds reports whether a pipeline builds a project.
func builds(p *cptypes.PipelineDeclaration, project string) bool {
	for _, stage := range p.Stages {
		for _, a := range stage.Actions {
			if aws.ToString(a.ActionTypeId.Provider) == "CodeBuild" && a.Configuration["ProjectName"] == project {
				return true
			}
		}
	}
	return false
}

// deployed returns the service that an action deploys to, or nil.
func (c *Cloud) deployed(a *cptypes.ActionDeclaration) *service {
	if aws.ToString(a.ActionTypeId.Provider) != "ECS" {
		return nil
	}
	cl := c.clusterNamed(a.Configuration["ClusterName"])
	if cl == nil {
		return nil
	}
	return cl.service(a.Configuration["ServiceName"])
}
