package handover

import "github.com/seed-b1f00840/slipway"

// ImageDefinitions says which image each container is to run: the file
// imagedefinitions.json of the deploy provider ECS. The file is a list, at most 100 KB.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
type ImageDefinitions struct {
	Images []ImageDefinition

	Source *slipway.Source // where the parts stood in the file; nil in a value built in Go
}

// An ImageDefinition is the image of one container.
type ImageDefinition struct {
	Name     string // the name of a container of the task definition
	ImageURI string // repository:tag or repository@digest

	Extra map[string]any // members that the format does not have
}

// ImageDetail is the file imageDetail.json: the image that CodeDeployToECS puts into
// a task definition. A build writes ImageURI alone; a source action of ECR writes all.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
type ImageDetail struct {
	ImageURI         string // repository:tag or repository@digest; required
	ImageSizeInBytes string // a whole number, as it stands in the file; empty is absent
	ImageDigest      string // sha256:...
	Version          string
	ImagePushedAt    string
	RegistryID       string // 12 digits
	RepositoryName   string
	ImageTags        []string

	Extra  map[string]any  // members that the format does not have
	Source *slipway.Source // where the parts stood in the file; nil in a value built in Go
}

// An AppSpec tells CodeDeploy how to replace the tasks of a service. Only the form
// for Amazon ECS is modelled; keys are in Pascal case.
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
type AppSpec struct {
	Version   string     // "0.0" is the only one there is; empty is written as that
	Resources []Resource // one
	Hooks     []Hook     // in the order of the file

	Extra  map[string]any  // sections that the format does not have
	Source *slipway.Source // where the parts stood in the file; nil in a value built in Go
}

// A Resource is what CodeDeploy replaces.
type Resource struct {
	Name       string // TargetService
	Type       string // AWS::ECS::Service
	Properties Properties

	Extra map[string]any
}

// Properties are those of the service.
type Properties struct {
	TaskDefinition           string // an ARN; <TASK_DEFINITION> in a pipeline, which puts it in
	LoadBalancerInfo         *LoadBalancerInfo
	PlatformVersion          string // such as LATEST or 1.4.0; empty is the service's
	NetworkConfiguration     *NetworkConfiguration
	CapacityProviderStrategy []CapacityProvider

	Extra map[string]any
}

// LoadBalancerInfo is where traffic is sent.
type LoadBalancerInfo struct {
	ContainerName string // a container of the task definition
	ContainerPort int    // a port that it maps; 0 is absent

	Extra map[string]any
}

// NetworkConfiguration is the network of the tasks; nil is the service's.
type NetworkConfiguration struct {
	Subnets        []string
	SecurityGroups []string
	AssignPublicIP string // ENABLED or DISABLED

	Extra map[string]any
}

// A CapacityProvider takes its share of the tasks.
type CapacityProvider struct {
	Name   string // such as FARGATE; written CapacityProvider
	Base   int    // tasks that it takes first
	Weight int    // its share of the others

	Extra map[string]any
}

// A Hook is a Lambda function that runs at a moment of the deployment.
type Hook struct {
	Event    string // BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic
	Function string // its name or ARN
}
