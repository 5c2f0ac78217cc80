package applytest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// containers is what ECS knows.
type containers struct {
	clusters    []*cluster
	definitions []*definition // all revisions, in the order of their registration
	scripts     []*taskScript
}

// A definition is a revision of a task definition.
type definition struct {
	types.TaskDefinition
	tags []types.Tag
}

var familyName = pattern(`^[A-Za-z0-9_-]{1,255}$`)

// refuseClient is the error by which ECS refuses most things.
func refuseClient(format string, args ...any) error {
	return refuse("ClientException", format, args...)
}

func (c *Cloud) registerTaskDefinition(in *ecs.RegisterTaskDefinitionInput) (*ecs.RegisterTaskDefinitionOutput, error) {
	d, err := c.register(in)
	if err != nil {
		return nil, err
	}
	return &ecs.RegisterTaskDefinitionOutput{TaskDefinition: &d.TaskDefinition, Tags: d.tags}, nil
}

// register makes a revision.
func (c *Cloud) register(in *ecs.RegisterTaskDefinitionInput) (*definition, error) {
	if err := checkDefinition(c, in); err != nil {
		return nil, err
	}
	revision := int32(1)
	for _, d := range c.ecs.definitions {
		if *d.Family == *in.Family {
			revision = max(revision, d.Revision+1)
		}
	}
	d := &definition{tags: in.Tags, TaskDefinition: types.TaskDefinition{
		TaskDefinitionArn: aws.String(c.arn("ecs", "task-definition/"+*in.Family+":"+strconv.Itoa(int(revision)))),
		Family:            in.Family, Revision: revision, Status: types.TaskDefinitionStatusActive,
		ContainerDefinitions: in.ContainerDefinitions, Cpu: units(in.Cpu), Memory: units(in.Memory),
		NetworkMode: in.NetworkMode, RequiresCompatibilities: in.RequiresCompatibilities, RuntimePlatform: in.RuntimePlatform,
		TaskRoleArn: c.fullRole(in.TaskRoleArn), ExecutionRoleArn: c.fullRole(in.ExecutionRoleArn), Volumes: in.Volumes,
		PlacementConstraints: in.PlacementConstraints, EphemeralStorage: in.EphemeralStorage, IpcMode: in.IpcMode,
		PidMode: in.PidMode, ProxyConfiguration: in.ProxyConfiguration,
		EnableFaultInjection: in.EnableFaultInjection, RegisteredAt: aws.Time(c.now), RegisteredBy: aws.String(c.caller()),
		Compatibilities: []types.Compatibility{types.CompatibilityEc2, types.CompatibilityFargate},
		RequiresAttributes: []types.Attribute{
			{Name: aws.String("com.amazonaws.ecs.capability.docker-remote-api.1.18")}, {Name: aws.String("ecs.capability.task-eni")},
		},
	}}
	fillDefinition(&d.TaskDefinition)
	c.ecs.definitions = append(c.ecs.definitions, d)
	return d, nil
}

// fullRole returns the ARN of a role that may be given by its name.
func (c *Cloud) fullRole(name *string) *string {
	if name == nil || strings.HasPrefix(*name, "arn:") {
		return name
	}
	return aws.String(c.roleARN("", *name))
}

// units returns a size as ECS keeps it: "1 vCPU" is 1024, "3 GB" is 3072.
func units(size *string) *string {
	if size == nil {
		return nil
	}
	text := strings.ToLower(strings.ReplaceAll(*size, " ", ""))
	for _, unit := range []string{"vcpu", "gb"} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			if n, err := strconv.ParseFloat(number, 64); err == nil {
				return aws.String(strconv.Itoa(int(n * 1024)))
			}
		}
	}
	return size
}

// fillDefinition sets what ECS sets by default, as DescribeTaskDefinition shows it. The
// order of variables is not kept.
// https://github.com/hashicorp/terraform-provider-aws (service/ecs, equivalence of container definitions)
func fillDefinition(d *types.TaskDefinition) {
	d.NetworkMode = cmp.Or(d.NetworkMode, types.NetworkModeBridge)
	d.Volumes = notNil(d.Volumes)
	d.PlacementConstraints = notNil(d.PlacementConstraints)
	for i := range d.ContainerDefinitions {
		container := &d.ContainerDefinitions[i]
		container.Environment = notNil(container.Environment)
		container.MountPoints = notNil(container.MountPoints)
		container.VolumesFrom = notNil(container.VolumesFrom)
		container.SystemControls = notNil(container.SystemControls)
		container.PortMappings = notNil(container.PortMappings)
		if container.Essential == nil {
			container.Essential = aws.Bool(true)
		}
		slices.SortStableFunc(container.Environment, func(a, b types.KeyValuePair) int {
			return cmp.Compare(aws.ToString(a.Name), aws.ToString(b.Name))
		})
		for j := range container.PortMappings {
			port := &container.PortMappings[j]
			port.Protocol = cmp.Or(port.Protocol, types.TransportProtocolTcp)
			if port.HostPort == nil && port.ContainerPortRange == nil {
				port.HostPort = aws.Int32(0)
				if d.NetworkMode == types.NetworkModeAwsvpc {
					port.HostPort = port.ContainerPort
				}
			}
		}
		if check := container.HealthCheck; check != nil {
			check.Interval = cmp.Or(check.Interval, aws.Int32(30))
			check.Timeout = cmp.Or(check.Timeout, aws.Int32(5))
			check.Retries = cmp.Or(check.Retries, aws.Int32(3))
		}
	}
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// checkDefinition refuses what ECS refuses; see rules/taskdef.md for its words.
func checkDefinition(c *Cloud, in *ecs.RegisterTaskDefinitionInput) error {
	fargate := slices.Contains(in.RequiresCompatibilities, types.CompatibilityFargate)
	if !familyName().MatchString(aws.ToString(in.Family)) {
		return refuseClient("Family contains invalid characters.")
	}
	if len(in.ContainerDefinitions) == 0 {
		return refuseClient("Container list cannot be empty.")
	}
	if len(in.ContainerDefinitions) > 10 {
		return refuseClient("Too many containers.")
	}
	if fargate {
		if err := checkFargate(in); err != nil {
			return err
		}
	}
	names := map[string]bool{}
	for _, container := range in.ContainerDefinitions {
		name, image := aws.ToString(container.Name), aws.ToString(container.Image)
		switch {
		case name == "":
			return refuseClient("Container.name should not be null or empty.")
		case !familyName().MatchString(name):
			return refuseClient("Container.name contains invalid characters.")
		case names[name]:
			return refuseClient("Container names must be unique within a Task Definition")
		case image == "":
			return refuseClient("Container.image should not be null or empty.")
		case fargate && in.ExecutionRoleArn == nil && strings.Contains(image, ".dkr.ecr."):
			return refuseClient("Fargate requires task definition to have execution role ARN to support ECR images.")
		}
		names[name] = true
		if log := container.LogConfiguration; fargate && log != nil && log.LogDriver == types.LogDriverAwslogs && in.ExecutionRoleArn == nil {
			return refuseClient("Fargate requires task definition to have execution role ARN to support log driver awslogs.")
		}
		for _, port := range container.PortMappings {
			if in.NetworkMode == types.NetworkModeAwsvpc && port.HostPort != nil && port.ContainerPort != nil && *port.HostPort != *port.ContainerPort {
				return refuseClient("When networkMode=awsvpc, the host ports and container ports in port mappings must match.")
			}
		}
	}
	return nil
}

// checkFargate refuses what Fargate does not run.
func checkFargate(in *ecs.RegisterTaskDefinitionInput) error {
	cpu, badCPU := strconv.Atoi(aws.ToString(units(in.Cpu)))
	memory, badMemory := strconv.Atoi(aws.ToString(units(in.Memory)))
	switch {
	case in.NetworkMode != types.NetworkModeAwsvpc:
		return refuseClient("Fargate only supports network mode ‘awsvpc’.")
	case in.Cpu == nil:
		return refuseClient("Fargate requires that 'cpu' be defined at the task level.")
	case in.Memory == nil:
		return refuseClient("Fargate requires that 'memory' be defined at the task level.")
	case badCPU != nil:
		return refuseClient("Invalid 'cpu' setting for task.")
	case badMemory != nil:
		return refuseClient("Invalid 'memory' setting for task.")
	}
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
	sizes := map[int][3]int{ // least and most memory, and the step
		256: {512, 2048, 512}, 512: {1024, 4096, 1024}, 1024: {2048, 8192, 1024}, 2048: {4096, 16384, 1024},
		4096: {8192, 30720, 1024}, 8192: {16384, 61440, 4096}, 16384: {32768, 122880, 8192}, 32768: {61440, 249856, 1024},
	}
	row, ok := sizes[cpu]
	if ok = ok && memory >= row[0] && memory <= row[1] && memory%row[2] == 0; !ok || cpu == 256 && memory == 1536 {
		return refuseClient("No Fargate configuration exists for given values.")
	}
	return nil
}
