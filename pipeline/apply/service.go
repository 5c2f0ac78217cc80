package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// findServices finds those of a stack's services that are there, and fills in the
// names that only the stack knows.
func (p *planner) findServices(ctx context.Context, item *stackItem, stack *cfntypes.Stack) error {
	if c := conditionOf(stack); c == absent || c == reviewed || c == broken || len(item.services) == 0 {
		return nil
	}
	if err := p.nameServices(ctx, item); err != nil {
		return err
	}
	for _, s := range item.services {
		if s.name == "" {
			continue
		}
		live, err := p.describeService(ctx, s.cluster, s.name)
		if err != nil {
			return err
		}
		if live != nil {
			p.live[s] = live
		}
	}
	return nil
}

// nameServices asks a stack for the names of its services that the template does not
// tell.
func (a *Applier) nameServices(ctx context.Context, item *stackItem) error {
	unnamed := false
	for _, s := range item.services {
		unnamed = unnamed || s.name == "" || s.cluster == ""
	}
	if !unnamed {
		return nil
	}
	list, err := a.resources(ctx, item.name)
	if err != nil {
		return err
	}
	for _, r := range list {
		for _, s := range item.services {
			if aws.ToString(r.LogicalResourceId) == s.id {
				s.cluster, s.name = splitService(aws.ToString(r.PhysicalResourceId), s.cluster)
			}
		}
	}
	return nil
}

// splitService returns cluster and name of a service by its ARN; one in the old form
// has no cluster.
func splitService(arn, cluster string) (string, string) {
	_, rest, ok := strings.Cut(arn, ":service/")
	if !ok {
		return cluster, arn
	}
	if c, name, ok := strings.Cut(rest, "/"); ok {
		return c, name
	}
	return cluster, rest
}

// describeService returns a service, or nil when there is none.
func (a *Applier) describeService(ctx context.Context, cluster, name string) (*ecstypes.Service, error) {
	out, err := do(ctx, a, call{op: "ecs:DescribeServices", on: "service " + cluster + "/" + name},
		a.clients.ECS.DescribeServices, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{name}})
	if hasCode(err, "ClusterNotFoundException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range out.Services {
		if s := &out.Services[i]; aws.ToString(s.Status) == "ACTIVE" {
			return s, nil
		}
	}
	return nil, nil
}

// isDelivered reports whether a pipeline of the bundle brings the image of a service.
func (p *planner) isDelivered(s *serviceItem) bool {
	for _, item := range p.items.pipelines {
		for _, other := range item.services {
			if other == s {
				return true
			}
		}
	}
	return false
}

// primary returns the deployment of a service that is to stay, or nil.
func primary(s *ecstypes.Service) *ecstypes.Deployment {
	for i := range s.Deployments {
		if aws.ToString(s.Deployments[i].Status) == "PRIMARY" {
			return &s.Deployments[i]
		}
	}
	return nil
}

// running returns the ARN of the revision that a service is to run.
func running(s *ecstypes.Service) string {
	if d := primary(s); d != nil && d.TaskDefinition != nil {
		return *d.TaskDefinition
	}
	for i := range s.TaskSets { // of CodeDeploy
		if t := &s.TaskSets[i]; aws.ToString(t.Status) == "PRIMARY" {
			return aws.ToString(t.TaskDefinition)
		}
	}
	return aws.ToString(s.TaskDefinition)
}

// isRolling reports whether the deployments of a service are those of ECS itself.
func isRolling(s *ecstypes.Service) bool {
	return s.DeploymentController == nil || s.DeploymentController.Type == ecstypes.DeploymentControllerTypeEcs
}

// revision returns family:revision of the ARN of a task definition.
func revision(arn string) string {
	_, rest, ok := strings.Cut(arn, ":task-definition/")
	if !ok {
		return arn
	}
	return rest
}

// family returns the family of the ARN of a task definition.
func family(arn string) string {
	name, _, _ := strings.Cut(revision(arn), ":")
	return name
}

// label is how a service is called.
func (s *serviceItem) label() string {
	if s.name == "" {
		return s.id + " of stack " + s.stack.name
	}
	return s.cluster + "/" + s.name
}

// tasks is "1 task" or "3 tasks".
func tasks(n int) string {
	return counted(n, "task")
}
