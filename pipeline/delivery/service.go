package delivery

import (
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn/network"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A Service describes the delivery of one containerised service on Fargate. Only
// Name and Source are required; every other field has a default that follows
// from Name, or that suits most services.
//
// Names of roles and of the bucket may hold the placeholders ${AWS_REGION} and
// ${AWS_ACCOUNT_ID} (see [bundle.Bundle.Bind]).
type Service struct {
	// Name names what is not named otherwise: 2 to 35 lower-case letters, digits
	// and dashes, beginning with a letter. Two services in one account and
	// region need two names.
	Name string

	// Source is where the code comes from: a [pipeline.CodeCommitSource],
	// [pipeline.ConnectionSource] or [pipeline.S3Source]. Its name and its artifact
	// may be left empty.
	Source pipeline.Provider

	// CreateSource makes platform.yml create the CodeCommit repository of Source.
	// False means that it exists.
	CreateSource bool

	Stacks     Stacks
	Network    network.Network // an empty Ingress is the ports of the containers, from everywhere
	Repository Repository
	Roles      Roles
	Logs       Logs
	Build      Build
	Deploy     Deploy
	Pipeline   Pipeline

	// Task is the task definition as far as it is not the default: the family is
	// Name; 0.25 vCPU and 512 MiB; LINUX on X86_64; the roles are those of Roles,
	// unless it names others, which then must exist.
	//
	// The container without an image, or the one without a name, is the one that
	// the pipeline builds and deploys; there must be exactly one. Without any
	// container it is one with the name Name that listens on port 80. The others
	// run beside it with the images that they name.
	Task taskdef.Definition

	// Tags go on every resource of platform.yml and service.yml that takes tags, and
	// on the tasks. At most 40. (Tags that a stack is given reach the network too.)
	Tags map[string]string
}

// Stacks names the CloudFormation stacks: 1 to 128 letters, digits and dashes,
// beginning with a letter. The network's exports bear the name of its stack.
type Stacks struct {
	Network  string // empty is Name-network
	Platform string // empty is Name-platform
	Service  string // empty is Name-service
}

// Repository is the ECR repository of the image. It scans on push.
type Repository struct {
	Name    string // empty is the Service's name
	Keep    int    // how many images to keep, the newest; 0 is 30
	Mutable bool   // allow a tag to be moved to another image; false refuses that
}

// Roles are the IAM roles. Execution and Task may have one name, and are then one
// role; all others have names of their own.
type Roles struct {
	Execution Role // starts the containers: pulls images, reads secrets, writes logs; empty name is Name-execution-${AWS_REGION}
	Task      Role // what the application itself may do: nothing, unless you say more; empty name is Name-task-${AWS_REGION}
	Build     Role // of the CodeBuild project; empty name is Name-build-${AWS_REGION}
	Pipeline  Role // of the pipeline; empty name is Name-pipeline-${AWS_REGION}
	Start     Role // of the EventBridge rule that starts the pipeline; empty name is Name-start-${AWS_REGION}
}

// A Role is an IAM role of platform.yml.
type Role struct {
	Name string // 1 to 64 characters of A-Z a-z 0-9 + = , . @ - _

	// Managed are AWS managed policies by the part of their ARN after policy/,
	// such as service-role/AmazonECSTaskExecutionRolePolicy. They take the place
	// of the policy that is computed, which grants less. Nil computes it.
	Managed []string

	// Statements are added to the computed policy.
	Statements []Statement
}

// A Statement is an Allow statement of an IAM policy.
type Statement struct {
	Actions   []string // such as s3:GetObject; at least one
	Resources []string // ARNs, in which ${AWS_PARTITION}, ${AWS_REGION} and ${AWS_ACCOUNT_ID} may stand; at least one
}

// Logs are the CloudWatch log groups of the containers and of the builds.
type Logs struct {
	RetentionDays int  // one of the numbers that CloudWatch Logs takes, such as 7, 30, 365; 0 is 30
	TaskOff       bool // give no log configuration to containers that have none
	BuildOff      bool // do not keep the builds' output
}

// Build is the CodeBuild project and what it does.
type Build struct {
	Project        string // empty is Name-build
	Image          string // of the build environment; empty is AWS's Amazon Linux image of the task's processor
	ComputeType    string // empty is BUILD_GENERAL1_SMALL
	TimeoutMinutes int    // 5 to 2160; 0 is 60

	// Recipe is the build of the image, as far as it is not the default: the
	// containers, the repository and the platform follow from the rest.
	Recipe buildspec.DockerImage

	// Spec takes the place of the recipe. It must push the image and write
	// imagedefinitions.json. Nil is the recipe's.
	Spec *buildspec.Spec
}

// Deploy is the ECS service and its cluster.
type Deploy struct {
	Cluster string // empty is Name
	Service string // empty is Name

	// DefaultSecurityGroup adds the VPC's default security group to the service's own.
	DefaultSecurityGroup bool

	// DesiredCount is the number of tasks with which the service stack is created:
	// leave it 0, which lets the service become stable before the first image.
	DesiredCount int

	TimeoutMinutes int // 1 to 60 for a deployment to become stable; 0 is 60
}

// Pipeline is the pipeline and its artifact bucket.
type Pipeline struct {
	Name         string // empty is Name
	Bucket       string // empty is Name-${AWS_ACCOUNT_ID}-${AWS_REGION}; at most 63 characters with both
	ArtifactDays int    // after which artifacts are deleted; 0 is 30
	Approval     bool   // wait for a person before each deployment
}

// The files of the bundle.
const (
	NetworkFile   = "network.yml"
	PlatformFile  = "platform.yml"
	TaskFile      = "taskdef.json"
	ServiceFile   = "service.yml"
	PipelineFile  = "pipeline.json"
	BuildspecFile = "buildspec.yml"
)
