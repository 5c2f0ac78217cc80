package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// findServices finds those of a stack's services that are there.
func (p *planner) findServices(ctx context.Context, w *stackWork) error {
	exists := conditionOf(w.live) != absent && conditionOf(w.live) != reviewed && conditionOf(w.live) != broken
	if err := p.nameServices(ctx, w, exists); err != nil {
		return err
	}
	for _, s := range w.item.services {
		if !exists || !s.isNamed() {
			continue
		}
		live, err := p.describeService(ctx, s)
		if err != nil {
			return err
		}
		if live != nil {
			p.live[s] = live
		}
	}
	return nil
}

// nameServices gives the services of a stack the names that the template and its
// parameters tell or, when the stack exists, those that it knows.
func (a *Applier) nameServices(ctx context.Context, w *stackWork, exists bool) error {
	r := &resolver{target: w.target, stack: w.item.name, template: w.item.template, params: w.params}
	unnamed := false
	for _, s := range w.item.services {
		s.resolve(r)
		unnamed = unnamed || !s.isNamed()
	}
	if !unnamed || !exists {
		return nil
	}
	list, err := a.resources(ctx, w.item.name)
	if err != nil {
		return err
	}
	for _, r := range list {
		for _, s := range w.item.services {
			if aws.ToString(r.LogicalResourceId) == s.id {
				s.identify(aws.ToString(r.PhysicalResourceId))
			}
		}
	}
	return nil
}

// resolve gives a service the names that its template tells.
func (s *serviceItem) resolve(r *resolver) {
	if name, ok := r.text(s.resource.Properties.Get("ServiceName")); ok {
		s.name = name
	}
	cluster := s.resource.Properties.Get("Cluster")
	if cluster == nil {
		s.cluster = "default"
	} else if name, ok := r.text(cluster); ok {
		s.cluster = name[strings.LastIndexByte(name, '/')+1:] // of an ARN
	}
}

// identify gives a service the names that are in its ARN. One in the old form has no
// cluster.
func (s *serviceItem) identify(arn string) {
	_, rest, ok := strings.Cut(arn, ":service/")
	if !ok {
		return
	}
	cluster, name, ok := strings.Cut(rest, "/")
	if !ok {
		s.name = rest
		return
	}
	s.cluster, s.name = cluster, name
}

// isNamed reports whether the names of a service are known.
func (s *serviceItem) isNamed() bool { return s.name != "" && s.cluster != "" }

// describeService returns a service, or nil when there is none, or its name is not known.
func (a *Applier) describeService(ctx context.Context, s *serviceItem) (*ecstypes.Service, error) {
	if !s.isNamed() {
		return nil, nil
	}
	out, err := do(ctx, a, call{op: "ecs:DescribeServices", on: "service " + s.label()},
		a.clients.ECS.DescribeServices, &ecs.DescribeServicesInput{Cluster: &s.cluster, Services: []string{s.name}})
	if hasCode(err, "ClusterNotFoundException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range out.Services {
		if live := &out.Services[i]; aws.ToString(live.Status) == "ACTIVE" {
			return live, nil
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
	if !s.isNamed() {
		return s.id + " of stack " + s.stack.name
	}
	return s.cluster + "/" + s.name
}

// tasks is "1 task" or "3 tasks".
func tasks(n int) string {
	return counted(n, "task")
}
