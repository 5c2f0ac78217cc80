package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
)

// A Project is a resource AWS::CodeBuild::Project. Paths of its part are those of
// the properties: Environment.Image.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
type Project struct {
	Resource *cfn.Resource

	Name        Field[string]
	ServiceRole Field[string]

	SourceType Field[string] // CODEPIPELINE, CODECOMMIT, NO_SOURCE, ...
	Location   Field[string] // of the source
	// Buildspec is the path of a file of the source, or an ARN of an object in S3. It
	// is absent when a buildspec stands in the template, which is Inline, and when
	// buildspec.yml is read by default.
	Buildspec Field[string]
	Inline    *Part[*buildspec.Spec] // nil when none stands in the template, or it cannot be read

	hasInline  bool
	unreadable slipway.Problems // why Inline cannot be read

	ArtifactsType      Field[string]
	SecondaryArtifacts Field[[]string] // their identifiers
	SecondarySources   Field[[]string] // their identifiers

	Image          Field[string] // such as aws/codebuild/amazonlinux-x86_64-standard:5.0
	Type           Field[string] // LINUX_CONTAINER, ARM_CONTAINER, ...
	ComputeType    Field[string]
	PrivilegedMode Field[bool]                 // false when it is absent
	Variables      Field[[]ProjectVariable]    // environment variables; unknown when some may be missing
	VPC            Field[*AwsvpcConfiguration] // the network of the build
}

// A ProjectVariable is an environment variable of a [Project]. The path of number i
// is Environment.EnvironmentVariables[i].
type ProjectVariable struct {
	Name, Value Field[string]
	Type        Field[string] // PLAINTEXT when it is absent; PARAMETER_STORE or SECRETS_MANAGER
}

// AwsvpcConfiguration is the network of tasks or builds.
type AwsvpcConfiguration struct {
	VPC            Field[string] // of a project
	Subnets        Field[[]string]
	SecurityGroups Field[[]string]
	AssignPublicIP Field[string] // of a service: ENABLED or DISABLED
}

// A Service is a resource AWS::ECS::Service.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
type Service struct {
	Resource *cfn.Resource

	Name           Field[string]
	Cluster        Field[string] // name, ARN or ${LogicalID}; default when it is absent
	TaskDefinition Field[string] // family, family:revision, ARN or ${LogicalID}
	LaunchType     Field[string] // EC2, FARGATE or EXTERNAL; EC2 when both this and CapacityProviders are absent
	// CapacityProviders are the names of the strategy.
	CapacityProviders Field[[]string]
	PlatformVersion   Field[string]
	Network           Field[*AwsvpcConfiguration] // absent outside of network mode awsvpc
	LoadBalancers     Field[[]LoadBalancer]
	Controller        Field[string] // ECS when it is absent; CODE_DEPLOY or EXTERNAL
	DesiredCount      Field[int]    // 1 when it is absent
	DependsOn         []string      // logical ids
}

// A LoadBalancer ties a container of a [Service] to a target group. The path of
// number i is LoadBalancers[i].
type LoadBalancer struct {
	ContainerName Field[string]
	ContainerPort Field[int]
	TargetGroup   Field[string] // ARN or ${LogicalID}
	Name          Field[string] // of a classic load balancer
}

// A TargetGroup is a resource AWS::ElasticLoadBalancingV2::TargetGroup.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
type TargetGroup struct {
	Resource *cfn.Resource

	Name       Field[string]
	TargetType Field[string] // instance when it is absent; ip, lambda or alb
	Port       Field[int]
	Protocol   Field[string]
	VPC        Field[string]
	HealthPort Field[string] // traffic-port when it is absent
	HealthPath Field[string]
}

// A Listener is a resource AWS::ElasticLoadBalancingV2::Listener or ListenerRule.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html
type Listener struct {
	Resource *cfn.Resource

	Port         Field[int]
	Protocol     Field[string]
	LoadBalancer Field[string]   // ARN or ${LogicalID}; of a rule: the listener
	TargetGroups Field[[]string] // to which its actions forward: ARNs or ${LogicalID}
}

// A DeploymentGroup is a resource AWS::CodeDeploy::DeploymentGroup for Amazon ECS.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codedeploy-deploymentgroup.html
type DeploymentGroup struct {
	Resource *cfn.Resource

	Application Field[string]
	Name        Field[string]
	Cluster     Field[string] // of the first ECS service
	Service     Field[string] // name of the first ECS service
}

// IsInline reports whether the buildspec stands in the template, readable or not.
func (p *Project) IsInline() bool { return p.hasInline }

func (h *host) project(r *cfn.Resource) *Part[*Project] {
	o := r.Properties
	p := &Project{
		Resource: r,
		Name:     textOf(o, "Name"), ServiceRole: textOf(o, "ServiceRole"),
		SourceType: textOf(o, "Source", "Type"), Location: textOf(o, "Source", "Location"),
		Buildspec:          textOf(o, "Source", "BuildSpec"),
		ArtifactsType:      textOf(o, "Artifacts", "Type"),
		SecondaryArtifacts: identifiers(o, "SecondaryArtifacts", "ArtifactIdentifier"),
		SecondarySources:   identifiers(o, "SecondarySources", "SourceIdentifier"),
		Image:              textOf(o, "Environment", "Image"), Type: textOf(o, "Environment", "Type"),
		ComputeType: textOf(o, "Environment", "ComputeType"), PrivilegedMode: boolOf(o, "Environment", "PrivilegedMode"),
		Variables: listOf(o, projectVariable, "Environment", "EnvironmentVariables"),
		VPC:       networkOf(o, "VpcConfig"),
	}
	part := resourcePart(h, r, p)
	if !isInline(p.Buildspec.Value) {
		return part
	}
	v, _ := look(o, "Source", "BuildSpec")
	p.Inline, p.unreadable = h.inline(r.ID, v, part.Path("Source.BuildSpec"))
	p.hasInline, p.Buildspec = true, Field[string]{}
	return part
}

// resourcePart returns the part of a resource whose model has the paths of its
// properties.
func resourcePart[M any](h *host, r *cfn.Resource, model M) *Part[M] {
	base := slipway.Path("Resources", r.ID, "Properties")
	return &Part[M]{
		File: h.file, ID: r.ID, Model: model, Template: h.template, base: base,
		locate: func(path string) slipway.Position { return h.template.Source.Position(join(base, path)) },
	}
}

// identifiers returns the text under a key of each item of a list of maps.
func identifiers(o cfn.Object, list, key string) Field[[]string] {
	return listOf(o, func(v cfn.Value) string { return textOf(v, key).Value }, list)
}

func projectVariable(v cfn.Value) ProjectVariable {
	return ProjectVariable{Name: textOf(v, "Name"), Value: textOf(v, "Value"), Type: textOf(v, "Type")}
}

// networkOf returns the network under keys.
func networkOf(v cfn.Value, keys ...string) Field[*AwsvpcConfiguration] {
	v, status := look(v, keys...)
	if _, ok := v.(cfn.Object); status == Known && !ok {
		status = Unknown
	}
	if status != Known {
		return Field[*AwsvpcConfiguration]{Status: status}
	}
	return Field[*AwsvpcConfiguration]{Status: Known, Value: &AwsvpcConfiguration{
		VPC: textOf(v, "VpcId"), Subnets: texts(v, "Subnets"),
		SecurityGroups: texts(v, "SecurityGroups"), AssignPublicIP: textOf(v, "AssignPublicIp"),
	}}
}

func (h *host) service(r *cfn.Resource) *Part[*Service] {
	o := r.Properties
	return resourcePart(h, r, &Service{
		Resource: r,
		Name:     textOf(o, "ServiceName"), Cluster: textOf(o, "Cluster"), TaskDefinition: textOf(o, "TaskDefinition"),
		LaunchType:        textOf(o, "LaunchType"),
		CapacityProviders: identifiers(o, "CapacityProviderStrategy", "CapacityProvider"),
		PlatformVersion:   textOf(o, "PlatformVersion"),
		Network:           networkOf(o, "NetworkConfiguration", "AwsvpcConfiguration"),
		LoadBalancers:     listOf(o, loadBalancer, "LoadBalancers"),
		Controller:        textOf(o, "DeploymentController", "Type"),
		DesiredCount:      intOf(o, "DesiredCount"),
		DependsOn:         r.DependsOn,
	})
}

func loadBalancer(v cfn.Value) LoadBalancer {
	return LoadBalancer{
		ContainerName: textOf(v, "ContainerName"), ContainerPort: intOf(v, "ContainerPort"),
		TargetGroup: textOf(v, "TargetGroupArn"), Name: textOf(v, "LoadBalancerName"),
	}
}

func (h *host) target(r *cfn.Resource) *Part[*TargetGroup] {
	o := r.Properties
	return resourcePart(h, r, &TargetGroup{
		Resource: r,
		Name:     textOf(o, "Name"), TargetType: textOf(o, "TargetType"), Port: intOf(o, "Port"), Protocol: textOf(o, "Protocol"),
		VPC: textOf(o, "VpcId"), HealthPort: textOf(o, "HealthCheckPort"), HealthPath: textOf(o, "HealthCheckPath"),
	})
}

func (h *host) listener(r *cfn.Resource) *Part[*Listener] {
	o := r.Properties
	l := &Listener{
		Resource: r,
		Port:     intOf(o, "Port"), Protocol: textOf(o, "Protocol"), LoadBalancer: textOf(o, "LoadBalancerArn"),
	}
	actions := "DefaultActions"
	if strings.HasSuffix(r.Type, "::ListenerRule") {
		l.LoadBalancer, actions = textOf(o, "ListenerArn"), "Actions"
	}
	targets := listOf(o, forwardsTo, actions)
	l.TargetGroups.Status = targets.Status
	for _, groups := range targets.Value {
		l.TargetGroups.Value = append(l.TargetGroups.Value, groups.Value...)
		if groups.Status == Unknown {
			l.TargetGroups.Status = Unknown
		}
	}
	return resourcePart(h, r, l)
}

// forwardsTo returns the target groups of an action of a listener.
func forwardsTo(v cfn.Value) Field[[]string] {
	if one := textOf(v, "TargetGroupArn"); one.Status != Absent {
		return Field[[]string]{Value: []string{one.Value}, Status: Known}
	}
	return listOf(v, func(v cfn.Value) string { return textOf(v, "TargetGroupArn").Value }, "ForwardConfig", "TargetGroups")
}

func (h *host) deployment(r *cfn.Resource) *Part[*DeploymentGroup] {
	o := r.Properties
	d := &DeploymentGroup{Resource: r, Application: textOf(o, "ApplicationName"), Name: textOf(o, "DeploymentGroupName")}
	services := listOf(o, func(v cfn.Value) [2]Field[string] {
		return [2]Field[string]{textOf(v, "ClusterName"), textOf(v, "ServiceName")}
	}, "ECSServices")
	if len(services.Value) > 0 {
		d.Cluster, d.Service = services.Value[0][0], services.Value[0][1]
	}
	return resourcePart(h, r, d)
}
