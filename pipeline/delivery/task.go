package delivery

import (
	"slices"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// initialTag is the tag that the first revision of the task definition names. No
// image ever has it: no task runs before the pipeline has deployed one.
const initialTag = "not-yet-built"

// completeTask fills in the task definition. It copies what it changes.
func (p *plan) completeTask() {
	d := &p.Task
	if d.RequiresCompatibilities == nil {
		d.RequiresCompatibilities = []taskdef.Compatibility{taskdef.CompatibilityFargate}
	}
	if d.NetworkMode == "" {
		d.NetworkMode = taskdef.NetworkModeAwsvpc
	}
	if d.CPU == "" && d.Memory == "" {
		d.CPU, d.Memory = "256", "512"
	}
	platform := taskdef.RuntimePlatform{}
	if d.RuntimePlatform != nil {
		platform = *d.RuntimePlatform
	}
	if platform.CPUArchitecture == "" {
		platform.CPUArchitecture = taskdef.CPUArchitectureX8664
	}
	if platform.OperatingSystemFamily == "" && d.RuntimePlatform == nil {
		platform.OperatingSystemFamily = taskdef.OSFamilyLinux
	}
	d.RuntimePlatform = &platform
	p.arm = platform.CPUArchitecture == taskdef.CPUArchitectureARM64
	if p.ownExecution = d.ExecutionRoleARN == ""; p.ownExecution {
		d.ExecutionRoleARN = roleARN(p.Roles.Execution)
	}
	if p.ownTask = d.TaskRoleARN == ""; p.ownTask {
		d.TaskRoleARN = roleARN(p.Roles.Task)
	}
	p.completeContainers()
}

func (p *plan) completeContainers() {
	d := &p.Task
	if len(d.ContainerDefinitions) == 0 {
		d.ContainerDefinitions = []taskdef.Container{{}}
	} else {
		d.ContainerDefinitions = slices.Clone(d.ContainerDefinitions)
	}
	p.app = slices.IndexFunc(d.ContainerDefinitions, func(c taskdef.Container) bool { return c.Image == "" })
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if i == p.app {
			p.completeApp(c)
		}
		if c.LogConfiguration == nil && !p.Logs.TaskOff {
			c.LogConfiguration = &taskdef.LogConfiguration{
				LogDriver: taskdef.LogDriverAwslogs,
				Options: map[string]string{
					"awslogs-group":         p.logGroup(),
					"awslogs-region":        bundle.Region,
					"awslogs-stream-prefix": c.Name,
				},
			}
		}
		if l := c.LogConfiguration; l != nil && l.LogDriver == taskdef.LogDriverAwslogs && l.Options["awslogs-group"] == p.logGroup() {
			p.taskLogs = true
		}
	}
}

func (p *plan) completeApp(c *taskdef.Container) {
	if c.Name == "" {
		c.Name = p.Name
		if len(c.PortMappings) == 0 {
			c.PortMappings = []taskdef.PortMapping{{ContainerPort: new(80)}}
		}
	}
	c.Image = p.registry + "/" + p.Repository.Name + ":" + initialTag
}

// logGroup is where the containers write to.
func (p *plan) logGroup() string { return "/ecs/" + p.Task.Family }

// ports returns the container ports of the task, each once.
func (p *plan) ports() []int {
	var ports []int
	for _, c := range p.Task.ContainerDefinitions {
		for _, m := range c.PortMappings {
			if m.ContainerPort != nil && !slices.Contains(ports, *m.ContainerPort) {
				ports = append(ports, *m.ContainerPort)
			}
		}
	}
	return ports
}
