package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// findServices finds those of a stack's services that are there.
func (p *planner) findServices(ctx context.Context, w *stackWork, step *Step) error {
	exists := conditionOf(w.live) != absent && conditionOf(w.live) != reviewed && conditionOf(w.live) != broken
	if err := p.nameServices(ctx, w, exists); err != nil || !exists {
		return err
	}
	for _, s := range w.item.services {
		live, err := p.describeService(ctx, s)
		if err != nil {
			return err
		}
		if live == nil {
			if live, err = p.findFormer(ctx, s, step); err != nil {
				return err
			}
		}
		if live != nil {
			p.live[s] = live
		}
	}
	return nil
}

// findFormer returns the service that stands in the place of one that is not there: it has
// another name still. It returns nil when there is none.
func (p *planner) findFormer(ctx context.Context, s *serviceItem, step *Step) (*ecstypes.Service, error) {
	list, err := p.resources(ctx, s.stack.name)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(r cfntypes.StackResourceSummary) bool {
		return aws.ToString(r.LogicalResourceId) == s.id && aws.ToString(r.ResourceType) == "AWS::ECS::Service" && r.ResourceStatus != cfntypes.ResourceStatusDeleteComplete
	})
	if i < 0 {
		return nil, nil
	}
	former := &serviceItem{stack: s.stack, id: s.id}
	former.identify(aws.ToString(list[i].PhysicalResourceId))
	if former.cluster == "" {
		former.cluster = s.cluster
	}
	live, err := p.describeService(ctx, former)
	if err != nil {
		return nil, err
	}
	if live == nil {
		step.Notes = append(step.Notes, fmt.Sprintf("the stack has a service %s that is not there any more: somebody has deleted it; take it out of the template and put it in again, one apply each, to have it anew", former.label()))
		return nil, nil
	}
	s.former = former
	return live, nil
}

// nameServices gives the services of a stack the names that the template and its
// parameters tell or, when the stack exists, those that it knows.
func (a *Applier) nameServices(ctx context.Context, w *stackWork, exists bool) error {
	r := w.resolver()
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
			if aws.ToString(r.LogicalResourceId) == s.id && !s.isNamed() {
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

// liveService is describeService, but that it returns the service in whose place another
// one is to come as long as that is not there.
func (a *Applier) liveService(ctx context.Context, s *serviceItem) (*ecstypes.Service, error) {
	live, err := a.describeService(ctx, s)
	if err == nil && live == nil && s.former != nil {
		return a.describeService(ctx, s.former)
	}
	return live, err
}

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
