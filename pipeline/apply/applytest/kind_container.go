package applytest

import (
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// containerKinds are clusters, services and task definitions.
var containerKinds = []kind{
	{typ: "AWS::ECS::Cluster", named: "ClusterName", takes: 6 * time.Second, attributes: attributes{"Arn": nil}, onMake: func(w *work) error {
		w.c.ecs.clusters = append(w.c.ecs.clusters, &cluster{name: w.r.physical, arn: w.c.arn("ecs", "cluster/"+w.r.physical)})
		return nil
	}, onRemove: removeCluster},
	{typ: "AWS::ECS::ClusterCapacityProviderAssociations", takes: 2 * time.Second, physicalID: idFrom("Cluster"), attributes: attributes{}},
	{typ: "AWS::ECS::Service", named: "ServiceName", takes: 10 * time.Second, physicalID: func(w *work) string {
		name := w.text("ServiceName")
		if name == "" {
			name = w.s.name + "-" + w.r.id + "-" + w.c.letters("service", w.s.name+"/"+w.r.id, 12, false)
		}
		cl := w.c.clusterNamed(w.text("Cluster"))
		if cl == nil {
			return w.c.arn("ecs", "service/"+w.text("Cluster")+"/"+name)
		}
		return w.c.arn("ecs", "service/"+cl.name+"/"+name)
	}, attributes: attributes{
		"ServiceArn": nil,
		"Name":       func(w *work) cfn.Value { return cfn.String(lastPart(w.r.physical)) },
	}, onMake: makeService, onSettle: settleService, onChange: func(w *work, _ cfn.Object) error {
		return w.c.changeService(w)
	}, onRemove: removeService},
	{typ: "AWS::ECS::TaskDefinition", takes: 2 * time.Second, physicalID: func(w *work) string {
		in := &ecs.RegisterTaskDefinitionInput{}
		decode(w.r.properties, in)
		if in.Family == nil {
			in.Family = aws.String(w.s.name + w.r.id + w.c.letters("family", w.s.name+"/"+w.r.id, 8, false))
		}
		d, err := w.c.register(in)
		if err != nil {
			w.failure = err
			return w.c.arn("ecs", "task-definition/"+*in.Family+":0")
		}
		return *d.TaskDefinitionArn
	}, attributes: attributes{"TaskDefinitionArn": nil}, onMake: func(w *work) error {
		return w.c.requestError(w.failure)
	}, onRemove: func(w *work) (bool, error) {
		if d := w.c.definition(w.r.physical); d != nil {
			d.Status, d.DeregisteredAt = types.TaskDefinitionStatusInactive, aws.Time(w.c.now)
		}
		return true, nil
	}},
}

// requestError is how CloudFormation tells what a service has refused.
func (c *Cloud) requestError(err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	return c.handlerError("InvalidRequest", "Invalid request provided: %s (Service: AmazonECS; Status Code: 400; "+
		"Error Code: %s; Request ID: %s; Proxy: null)",
		r.message, r.code, uuid(c.ids.hash("request", "")))
}

func removeCluster(w *work) (bool, error) {
	cl := w.c.clusterNamed(w.r.physical)
	if cl != nil && slices.ContainsFunc(cl.services, func(s *service) bool { return s.status == "ACTIVE" }) {
		return true, w.c.handlerError("GeneralServiceException", "The Cluster cannot be deleted while Services are active. (Service: AmazonECS; "+
			"Status Code: 400; Error Code: ClusterContainsServicesException; Request ID: %s; Proxy: null)", uuid(w.c.ids.hash("request", "")))
	}
	w.c.ecs.clusters = slices.DeleteFunc(w.c.ecs.clusters, func(other *cluster) bool { return other == cl })
	return true, nil
}

// serviceSpecOf reads what a template says of a service.
func (c *Cloud) serviceSpecOf(w *work) (serviceSpec, error) {
	var spec serviceSpec
	decode(w.r.properties, &spec)
	d, err := c.runnable(spec.TaskDefinition)
	if err != nil {
		return spec, err
	}
	spec.TaskDefinition = *d.TaskDefinitionArn
	if w.r.properties.Get("DesiredCount") == nil {
		spec.DesiredCount = 1
	}
	return spec, nil
}

func makeService(w *work) error {
	cl := w.c.clusterNamed(w.text("Cluster"))
	if cl == nil {
		return w.c.requestError(refuse("ClusterNotFoundException", "Cluster not found."))
	}
	spec, err := w.c.serviceSpecOf(w)
	if err != nil {
		return w.c.requestError(err)
	}
	name := lastPart(w.r.physical)
	if svc := cl.service(name); svc != nil && svc.status != "INACTIVE" {
		return w.c.requestError(refuse("InvalidParameterException", "Creation of service was not idempotent."))
	}
	svc := w.c.newService(cl, name, spec)
	svc.tags = w.tags()
	w.follow(svc)
	return nil
}

// changeService makes a service what the template says. The template's family is its
// latest revision.
func (c *Cloud) changeService(w *work) error {
	svc := c.serviceAt(w.r.physical)
	if svc == nil {
		return c.handlerError("NotFound", "Service %s was not found.", w.r.physical)
	}
	spec, err := c.serviceSpecOf(w)
	if err != nil {
		return c.requestError(err)
	}
	if w.r.properties.Get("DesiredCount") == nil { // https://github.com/aws/aws-cdk/pull/13130
		spec.DesiredCount = svc.spec.DesiredCount
	}
	svc.update(spec, false)
	svc.tags = w.tags()
	w.follow(svc)
	return nil
}

// tags returns the tags of a service: the stack's, and its own, which win.
func (w *work) tags() []types.Tag {
	var own []types.Tag
	decode(w.r.properties.Get("Tags"), &own)
	var all []types.Tag
	for _, t := range w.s.tags {
		if !slices.ContainsFunc(own, func(o types.Tag) bool { return aws.ToString(o.Key) == aws.ToString(t.Key) }) {
			all = append(all, types.Tag{Key: t.Key, Value: t.Value})
		}
	}
	return append(all, own...)
}

func (c *Cloud) serviceAt(arn string) *service {
	for _, cl := range c.ecs.clusters {
		if svc := cl.service(arn); svc != nil && svc.status != "INACTIVE" {
			return svc
		}
	}
	return nil
}

// follow notes which deployment a resource waits for.
func (w *work) follow(svc *service) { w.deployment, w.since = svc.deployments[0], w.c.now }

// serviceTimeout is how long CloudFormation waits for a service.
// https://repost.aws/knowledge-center/cloudformation-ecs-service-stabilize
const serviceTimeout = 3 * time.Hour

func settleService(w *work) (bool, error) {
	svc := w.c.serviceAt(w.r.physical)
	switch {
	case svc == nil:
		return true, w.c.handlerError("NotFound", "Service %s was not found.", w.r.physical)
	case w.deployment.state == types.DeploymentRolloutStateFailed:
		return true, w.c.handlerError("GeneralServiceException", "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.")
	case w.c.now.Sub(w.since) >= serviceTimeout:
		return true, w.c.handlerError("NotStabilized", "Exceeded attempts to wait")
	}
	return svc.stable(), nil
}

// removeService lets a service end: its tasks are stopped first.
func removeService(w *work) (bool, error) {
	svc := w.c.serviceAt(w.r.physical)
	if svc == nil {
		return true, nil
	}
	if svc.status == "ACTIVE" {
		svc.status = "DRAINING"
		svc.spec.DesiredCount = 0
		svc.reconcile()
	}
	for _, d := range svc.deployments {
		if len(svc.present(d)) > 0 {
			return false, nil
		}
	}
	svc.status = "INACTIVE"
	return true, nil
}
