package applytest

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// startDeploy is a deploy action of the provider ECS: it copies the task definition that
// the service has now, changes its images, and waits until the service is stable.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html
func (c *Cloud) startDeploy(run *actionRun, done func()) {
	c.after(3*time.Second, func() {
		svc, d, reason := c.beginDeploy(run)
		if reason != "" {
			run.fail("ConfigurationError", reason)
			done()
			return
		}
		run.external = d.id
		run.url = "https://" + c.opts.Region + ".console.aws.amazon.com/ecs/v2/clusters/" + svc.cluster.name + "/services/" + svc.name + "/deployments"
		minutes, err := strconv.Atoi(run.action.Configuration["DeploymentTimeout"])
		if err != nil {
			minutes = 60
		}
		c.watchDeploy(run, svc, d, c.now.Add(time.Duration(minutes)*time.Minute), done)
	})
}

// beginDeploy registers a revision, and makes the service run it.
func (c *Cloud) beginDeploy(run *actionRun) (*service, *deployment, string) {
	svc := c.deployed(&run.action)
	if svc == nil || svc.status != "ACTIVE" {
		return nil, nil, "Service not found. (Service: AmazonECS; Status Code: 400; Error Code: ServiceNotFoundException; Request ID: " +
			uuid(c.ids.hash("request", "")) + "; Proxy: null)"
	}
	file := run.action.Configuration["FileName"]
	if file == "" {
		file = "imagedefinitions.json"
	}
	var art *artifact
	for _, in := range run.action.InputArtifacts {
		art = run.e.artifacts[*in.Name]
	}
	if art == nil || len(art.images) == 0 {
		return nil, nil, "Did not find the image definition file " + file + " in the input artifacts ZIP file. Verify the file is stored in your " +
			"pipeline's Amazon S3 artifact bucket"
	}
	next := cloned(c.definition(svc.spec.TaskDefinition).TaskDefinition)
	for _, image := range art.images {
		container := containerIn(next.ContainerDefinitions, image.name)
		if container == nil {
			return nil, nil, "Container named " + image.name + " does not exist in the task definition " + *next.TaskDefinitionArn
		}
		container.Image = &image.image
	}
	d, err := c.register(registration(&next, c.definition(svc.spec.TaskDefinition).tags))
	if err != nil {
		return nil, nil, err.Error()
	}
	spec := svc.spec
	spec.TaskDefinition = *d.TaskDefinitionArn
	svc.update(spec, false)
	return svc, svc.deployments[0], ""
}

func containerIn(list []ecstypes.ContainerDefinition, name string) *ecstypes.ContainerDefinition {
	for i := range list {
		if aws.ToString(list[i].Name) == name {
			return &list[i]
		}
	}
	return nil
}

// registration returns what registers a task definition again.
func registration(d *ecstypes.TaskDefinition, tags []ecstypes.Tag) *ecs.RegisterTaskDefinitionInput {
	return &ecs.RegisterTaskDefinitionInput{
		Family: d.Family, ContainerDefinitions: d.ContainerDefinitions, Cpu: d.Cpu, Memory: d.Memory, NetworkMode: d.NetworkMode,
		RequiresCompatibilities: d.RequiresCompatibilities, RuntimePlatform: d.RuntimePlatform, TaskRoleArn: d.TaskRoleArn,
		ExecutionRoleArn: d.ExecutionRoleArn, Volumes: d.Volumes, PlacementConstraints: d.PlacementConstraints,
		EphemeralStorage: d.EphemeralStorage, IpcMode: d.IpcMode, PidMode: d.PidMode, ProxyConfiguration: d.ProxyConfiguration,
		EnableFaultInjection: d.EnableFaultInjection, Tags: tags,
	}
}

// watchDeploy waits until a service is stable.
func (c *Cloud) watchDeploy(run *actionRun, svc *service, d *deployment, until time.Time, done func()) {
	c.after(settleEvery, func() {
		switch {
		case run.e.over():
			return
		case d.state == ecstypes.DeploymentRolloutStateFailed:
			run.fail("JobFailed", "(deployment "+d.id+") deployment failed: tasks failed to start.")
		case svc.status != "ACTIVE":
			run.fail("JobFailed", "Service was not ACTIVE.")
		case svc.stable():
			run.succeed("")
		case !c.now.Before(until):
			run.fail("JobFailed", "The action timed out: the service "+svc.name+" did not become stable.")
		default:
			c.watchDeploy(run, svc, d, until, done)
			return
		}
		done()
	})
}
