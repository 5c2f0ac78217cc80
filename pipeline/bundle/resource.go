package bundle

import (
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
	Inline    *Part[*buildspec.Spec] // nil when none stands in the template or it cannot be read

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
