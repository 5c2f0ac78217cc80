package applytest

import (
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// A cluster is one of ECS.
type cluster struct {
	name, arn string
	services  []*service
	tasks     []*task
	tags      []types.Tag
}

// A service is one of a cluster.
type service struct {
	c       *Cloud
	cluster *cluster
	name    string
	arn     string
	status  string // ACTIVE, DRAINING or INACTIVE
	created time.Time
	spec    serviceSpec
	tags    []types.Tag

	deployments []*deployment // the primary one first
	completed   string        // ARN of the task definition of the last one that was completed
	events      []types.ServiceEvent
	pause       time.Duration // before the next task, after one has failed
	waiting     bool          // for the pause to end
	steady      bool          // as the events have told
}

// serviceSpec is what a service is told to be.
type serviceSpec struct {
	TaskDefinition                string // ARN
	DesiredCount                  int32
	LaunchType                    types.LaunchType
	CapacityProviderStrategy      []types.CapacityProviderStrategyItem
	PlatformVersion               *string
	NetworkConfiguration          *types.NetworkConfiguration
	LoadBalancers                 []types.LoadBalancer
	HealthCheckGracePeriodSeconds *int32
	DeploymentConfiguration       *types.DeploymentConfiguration
	EnableExecuteCommand          bool
	PropagateTags                 types.PropagateTags
}

// breaker returns the circuit breaker.
func (s *serviceSpec) breaker() types.DeploymentCircuitBreaker {
	if s.DeploymentConfiguration == nil || s.DeploymentConfiguration.DeploymentCircuitBreaker == nil {
		return types.DeploymentCircuitBreaker{}
	}
	return *s.DeploymentConfiguration.DeploymentCircuitBreaker
}

// A deployment is one of a service.
type deployment struct {
	id               string
	definition       string // ARN
	created, updated time.Time
	failed           int32 // tasks
	strikes          int   // failed tasks that count for the circuit breaker
	state            types.DeploymentRolloutState
	reason           string
	crashes          int // of its tasks, since it was completed
}

func (c *Cloud) clusterNamed(nameOrARN string) *cluster {
	if nameOrARN == "" {
		nameOrARN = "default"
	}
	return find(c.ecs.clusters, func(cl *cluster) bool { return cl.name == nameOrARN || cl.arn == nameOrARN })
}

// service returns the service of a cluster, the deleted ones too, or nil.
func (cl *cluster) service(nameOrARN string) *service {
	for _, svc := range slices.Backward(cl.services) {
		if svc.name == nameOrARN || svc.arn == nameOrARN {
			return svc
		}
	}
	return nil
}

// newService creates a service.
func (c *Cloud) newService(cl *cluster, name string, spec serviceSpec) *service {
	svc := &service{
		c: c, cluster: cl, name: name, arn: c.arn("ecs", "service/"+cl.name+"/"+name), status: "ACTIVE", created: c.now, spec: spec,
	}
	cl.services = append(cl.services, svc)
	svc.deploy()
	return svc
}

// deploy begins a deployment of what the service is told to be.
func (svc *service) deploy() *deployment {
	c := svc.c
	d := &deployment{
		id: "ecs-svc/" + c.digits("deployment", svc.arn, 19), definition: svc.spec.TaskDefinition, created: c.now, updated: c.now,
		state: types.DeploymentRolloutStateInProgress,
	}
	d.reason = "ECS deployment " + d.id + " in progress."
	svc.deployments = append([]*deployment{d}, svc.deployments...)
	svc.pause, svc.steady = 0, false
	c.after(2*time.Second, svc.reconcile)
	return d
}

// update makes a service what it is told to be. It is another deployment when more than
// its size changes, or by force.
func (svc *service) update(spec serviceSpec, force bool) {
	before, after := svc.spec, spec
	svc.spec = spec
	// These change nothing that runs.
	before.DesiredCount, before.DeploymentConfiguration, before.HealthCheckGracePeriodSeconds = 0, nil, nil
	after.DesiredCount, after.DeploymentConfiguration, after.HealthCheckGracePeriodSeconds = 0, nil, nil
	if force || !reflect.DeepEqual(before, after) {
		svc.deploy()
		return
	}
	svc.pause = 0
	svc.deployments[0].updated = svc.c.now
	svc.c.after(2*time.Second, svc.reconcile)
}

// say adds an event.
func (svc *service) say(message string) {
	svc.events = append(svc.events, types.ServiceEvent{
		Id: aws.String(svc.c.uuid("service event", svc.arn)), CreatedAt: aws.Time(svc.c.now),
		Message: aws.String("(service " + svc.name + ") " + message),
	})
}

// alive returns the tasks of a deployment that are there to stay, in the order of their start.
func (svc *service) alive(d *deployment) []*task {
	var out []*task
	for _, t := range svc.cluster.tasks {
		if t.service == svc && t.deployment == d && t.desired == "RUNNING" {
			out = append(out, t)
		}
	}
	return out
}

// present returns the tasks of a deployment that have not stopped yet.
func (svc *service) present(d *deployment) []*task {
	var out []*task
	for _, t := range svc.cluster.tasks {
		if t.service == svc && t.deployment == d && t.last != "STOPPED" {
			out = append(out, t)
		}
	}
	return out
}

// good returns how many tasks of a deployment run, and are healthy where that is known.
func (svc *service) good(d *deployment) int {
	n := 0
	for _, t := range svc.alive(d) {
		if t.last == "RUNNING" && t.ready {
			n++
		}
	}
	return n
}

// stable reports whether a service has what it is told to have, and nothing else.
func (svc *service) stable() bool {
	d := svc.deployments[0]
	return len(svc.deployments) == 1 && svc.settled(d) && d.state == types.DeploymentRolloutStateCompleted
}
