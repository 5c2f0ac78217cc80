package applytest

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

var containerOperations = []operation{
	reads("ecs:DescribeTaskDefinition", "TaskDefinition", (*Cloud).describeTaskDefinition),
	reads("ecs:ListTaskDefinitions", "FamilyPrefix", (*Cloud).listTaskDefinitions),
	reads("ecs:DescribeServices", "Services", (*Cloud).describeServices),
	reads("ecs:ListTasks", "ServiceName", (*Cloud).listTasks),
	reads("ecs:DescribeTasks", "Tasks", (*Cloud).describeTasks),
	writes("ecs:RegisterTaskDefinition", "Family", (*Cloud).registerTaskDefinition),
	writes("ecs:DeregisterTaskDefinition", "TaskDefinition", (*Cloud).deregisterTaskDefinition),
	writes("ecs:UpdateService", "Service", (*Cloud).updateService),
	writes("ecs:TagResource", "ResourceArn", (*Cloud).tagContainers),
}

// findCluster returns the cluster that a call names.
func (c *Cloud) findCluster(name *string) (*cluster, error) {
	cl := c.clusterNamed(aws.ToString(name))
	if cl == nil {
		return nil, refuse("ClusterNotFoundException", "Cluster not found.")
	}
	return cl, nil
}

func (c *Cloud) describeServices(in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
	cl, err := c.findCluster(in.Cluster)
	if err != nil {
		return nil, err
	}
	if len(in.Services) > 10 {
		return nil, refuse("InvalidParameterException", "Services cannot be more than 10.")
	}
	out := &ecs.DescribeServicesOutput{}
	for _, name := range in.Services {
		if svc := cl.service(name); svc != nil {
			shown := svc.describe()
			if slices.Contains(in.Include, types.ServiceFieldTags) {
				shown.Tags = svc.tags
			}
			out.Services = append(out.Services, shown)
			continue
		}
		arn := name
		if !strings.HasPrefix(arn, "arn:") {
			arn = c.arn("ecs", "service/"+cl.name+"/"+name)
		}
		out.Failures = append(out.Failures, types.Failure{Arn: &arn, Reason: aws.String("MISSING")})
	}
	return out, nil
}

// describe returns a service as DescribeServices shows it. At most 100 events are shown.
func (svc *service) describe() types.Service {
	spec := &svc.spec
	out := types.Service{
		ServiceName: &svc.name, ServiceArn: &svc.arn, ClusterArn: &svc.cluster.arn, Status: &svc.status,
		DesiredCount: spec.DesiredCount, TaskDefinition: &spec.TaskDefinition, LaunchType: spec.LaunchType,
		CapacityProviderStrategy: spec.CapacityProviderStrategy, PlatformVersion: spec.PlatformVersion,
		PlatformFamily: aws.String("Linux"), NetworkConfiguration: spec.NetworkConfiguration, LoadBalancers: notNil(spec.LoadBalancers),
		HealthCheckGracePeriodSeconds: spec.HealthCheckGracePeriodSeconds, DeploymentConfiguration: spec.DeploymentConfiguration,
		DeploymentController: &types.DeploymentController{Type: types.DeploymentControllerTypeEcs},
		SchedulingStrategy:   types.SchedulingStrategyReplica, CreatedAt: &svc.created, EnableExecuteCommand: spec.EnableExecuteCommand,
		PropagateTags: spec.PropagateTags, ServiceRegistries: []types.ServiceRegistry{}, PlacementConstraints: []types.PlacementConstraint{},
		PlacementStrategy: []types.PlacementStrategy{}, Deployments: []types.Deployment{}, Events: []types.ServiceEvent{},
		RoleArn:   aws.String(svc.c.roleARN("/aws-service-role/ecs.amazonaws.com/", "AWSServiceRoleForECS")),
		CreatedBy: aws.String(svc.c.caller()),
	}
	for i, d := range svc.deployments {
		shown := svc.describeDeployment(d)
		if i > 0 {
			shown.Status = aws.String("ACTIVE")
			shown.DesiredCount = int32(len(svc.alive(d)))
		}
		out.Deployments = append(out.Deployments, shown)
		out.RunningCount += shown.RunningCount
		out.PendingCount += shown.PendingCount
	}
	for _, e := range slices.Backward(svc.events[max(0, len(svc.events)-100):]) {
		out.Events = append(out.Events, e)
	}
	if svc.status == "INACTIVE" {
		out.Deployments = []types.Deployment{}
	}
	return out
}

func (svc *service) describeDeployment(d *deployment) types.Deployment {
	out := types.Deployment{
		Id: &d.id, Status: aws.String("PRIMARY"), TaskDefinition: &d.definition, DesiredCount: svc.spec.DesiredCount,
		FailedTasks: d.failed, CreatedAt: &d.created, UpdatedAt: &d.updated, RolloutState: d.state, RolloutStateReason: &d.reason,
		LaunchType: svc.spec.LaunchType, CapacityProviderStrategy: svc.spec.CapacityProviderStrategy,
		PlatformVersion: aws.String("1.4.0"), PlatformFamily: aws.String("Linux"), NetworkConfiguration: svc.spec.NetworkConfiguration,
	}
	if d.state == types.DeploymentRolloutStateFailed {
		out.DesiredCount = 0
	}
	for _, t := range svc.present(d) {
		switch t.last {
		case "RUNNING":
			out.RunningCount++
		case "PENDING", "PROVISIONING":
			out.PendingCount++
		}
	}
	return out
}

func (c *Cloud) listTasks(in *ecs.ListTasksInput) (*ecs.ListTasksOutput, error) {
	cl, err := c.findCluster(in.Cluster)
	if err != nil {
		return nil, err
	}
	var of *service
	if in.ServiceName != nil {
		if of = cl.service(*in.ServiceName); of == nil || of.status == "INACTIVE" {
			return nil, refuse("ServiceNotFoundException", "Service not found.")
		}
	}
	status := string(in.DesiredStatus)
	if status == "" {
		status = "RUNNING"
	}
	arns := []string{}
	for _, t := range slices.Backward(cl.tasks) {
		family := *t.definition.Family
		if t.desired == status && (of == nil || t.service == of) && (in.Family == nil || *in.Family == family) &&
			(in.StartedBy == nil || *in.StartedBy == t.deployment.id) {
			arns = append(arns, t.arn)
		}
	}
	shown, next, err := page(arns, in.NextToken, pageSize(in.MaxResults, 100))
	return &ecs.ListTasksOutput{TaskArns: shown, NextToken: next}, err
}

func (c *Cloud) describeTasks(in *ecs.DescribeTasksInput) (*ecs.DescribeTasksOutput, error) {
	cl, err := c.findCluster(in.Cluster)
	if err != nil {
		return nil, err
	}
	if len(in.Tasks) > 100 {
		return nil, refuse("InvalidParameterException", "Tasks cannot be more than 100.")
	}
	out := &ecs.DescribeTasksOutput{}
	for _, name := range in.Tasks {
		t := find(cl.tasks, func(t *task) bool { return t.arn == name || t.id == name })
		if t == nil {
			arn := name
			if !strings.HasPrefix(arn, "arn:") {
				arn = c.arn("ecs", "task/"+cl.name+"/"+name)
			}
			out.Failures = append(out.Failures, types.Failure{Arn: &arn, Reason: aws.String("MISSING")})
			continue
		}
		out.Tasks = append(out.Tasks, t.describe())
	}
	return out, nil
}

// describe returns a task as DescribeTasks shows it.
func (t *task) describe() types.Task {
	spec := &t.service.spec
	out := types.Task{
		TaskArn: &t.arn, ClusterArn: &t.service.cluster.arn, TaskDefinitionArn: t.definition.TaskDefinitionArn,
		LastStatus: &t.last, DesiredStatus: &t.desired, Group: aws.String("service:" + t.service.name), StartedBy: &t.deployment.id,
		CreatedAt: &t.created, StartedAt: optionalTime(t.started), StoppingAt: optionalTime(t.stopping), StoppedAt: optionalTime(t.stopped),
		StopCode: t.code, StoppedReason: optional(t.reason), Cpu: t.definition.Cpu, Memory: t.definition.Memory,
		LaunchType: types.LaunchTypeFargate, PlatformVersion: aws.String("1.4.0"), PlatformFamily: aws.String("Linux"),
		HealthStatus: types.HealthStatusUnknown, Containers: t.containers, Version: 1,
	}
	if len(spec.CapacityProviderStrategy) > 0 {
		out.CapacityProviderName = spec.CapacityProviderStrategy[0].CapacityProvider
	}
	for _, container := range t.containers {
		if container.HealthStatus != types.HealthStatusUnknown {
			out.HealthStatus = container.HealthStatus
		}
	}
	return out
}

func (c *Cloud) updateService(in *ecs.UpdateServiceInput) (*ecs.UpdateServiceOutput, error) {
	cl, err := c.findCluster(in.Cluster)
	if err != nil {
		return nil, err
	}
	svc := cl.service(aws.ToString(in.Service))
	switch {
	case svc == nil:
		return nil, refuse("ServiceNotFoundException", "Service not found.")
	case svc.status != "ACTIVE":
		return nil, refuse("ServiceNotActiveException", "Service was not ACTIVE.")
	}
	spec := svc.spec
	if in.TaskDefinition != nil {
		d, err := c.runnable(*in.TaskDefinition)
		if err != nil {
			return nil, err
		}
		spec.TaskDefinition = *d.TaskDefinitionArn
	}
	if in.DesiredCount != nil {
		if *in.DesiredCount < 0 {
			return nil, refuse("InvalidParameterException", "desiredCount cannot be less than 0")
		}
		spec.DesiredCount = *in.DesiredCount
	}
	if in.NetworkConfiguration != nil {
		spec.NetworkConfiguration = in.NetworkConfiguration
	}
	if in.CapacityProviderStrategy != nil {
		spec.CapacityProviderStrategy, spec.LaunchType = in.CapacityProviderStrategy, ""
	}
	if in.PlatformVersion != nil {
		spec.PlatformVersion = in.PlatformVersion
	}
	if in.LoadBalancers != nil {
		spec.LoadBalancers = in.LoadBalancers
	}
	if in.DeploymentConfiguration != nil {
		spec.DeploymentConfiguration = in.DeploymentConfiguration
	}
	if in.HealthCheckGracePeriodSeconds != nil {
		spec.HealthCheckGracePeriodSeconds = in.HealthCheckGracePeriodSeconds
	}
	if in.EnableExecuteCommand != nil {
		spec.EnableExecuteCommand = *in.EnableExecuteCommand
	}
	svc.update(spec, in.ForceNewDeployment)
	shown := svc.describe()
	return &ecs.UpdateServiceOutput{Service: &shown}, nil
}

// runnable returns the revision that a service is to run.
func (c *Cloud) runnable(name string) (*definition, error) {
	d := c.definition(name)
	switch {
	case d == nil:
		return nil, refuseClient("TaskDefinition not found.")
	case d.Status != types.TaskDefinitionStatusActive:
		return nil, refuseClient("TaskDefinition is inactive")
	}
	return d, nil
}
