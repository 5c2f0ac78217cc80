package taskdef

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Where AWS says what the rules hold it to.
const (
	docAPI         = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html"
	docContainer   = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"
	docParameters  = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"
	docFargate     = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
	docSizeError   = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"
	docPorts       = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"
	docDependency  = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html"
	docHealth      = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html"
	docLogs        = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html"
	docAwslogs     = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html"
	docFirelens    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html"
	docSecrets     = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html"
	docSecretsEnv  = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html"
	docEnvFile     = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EnvironmentFile.html"
	docRole        = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"
	docVolume      = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html"
	docEFS         = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html"
	docUlimit      = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html"
	docEphemeral   = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html"
	docRestart     = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html"
	docTag         = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html"
	docQuotas      = "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html"
	docWindows     = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-task-os"
	docProxy       = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html"
	docCredentials = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html#ECS-Type-ContainerDefinition-credentialSpecs"
)

// Check returns every finding: what the rules say, and what parsing noted, sorted.
// It does not change the definition.
func (d *Definition) Check() slipway.Problems {
	return check.Run(rules, d, d.Source)
}

// Validate returns the findings of severity [slipway.Error] as [slipway.Problems],
// or nil when there is none.
func (d *Definition) Validate() error {
	return d.Check().Errors().Err()
}

// Rules returns what the package checks, the rules of parsing first.
func Rules() []slipway.Rule {
	reading := []slipway.Rule{
		source.SyntaxRule, source.DuplicateRule, source.UnknownRule, source.TypeRule,
		source.NullRule, source.EmptyRule, readOnlyRule,
	}
	return append(reading, check.Rules(rules)...)
}

type (
	rule   = slipway.Rule
	report = check.Report
)

// rules are in the order of the fields that they look at first.
var rules = []check.Rule[*Definition]{
	{Rule: rule{Name: "taskdef/family", Source: docAPI,
		Doc: "The family is 1 to 255 letters, digits, hyphens and underscores."}, Check: checkFamily},
	{Rule: rule{Name: "taskdef/required", Source: docAPI,
		Doc: "Every member that the API requires is there."}, Check: checkRequired},
	{Rule: rule{Name: "taskdef/enum", Source: docAPI,
		Doc: "A member of which the API knows all values has one of them."}, Check: checkEnums},
	{Rule: rule{Name: "taskdef/fargate-size", Source: docSizeError,
		Doc: "On Fargate, cpu and memory of the task are one of the pairs that Fargate has."}, Check: checkFargateSize},
	{Rule: rule{Name: "taskdef/task-size", Source: docAPI,
		Doc: "The cpu and memory of the task are written in a form that ECS reads, and are within its range."}, Check: checkTaskSize},
	{Rule: rule{Name: "taskdef/fargate-network", Source: docFargate,
		Doc: "On Fargate, the network mode is awsvpc."}, Check: checkFargateNetwork},
	{Rule: rule{Name: "taskdef/fargate-unsupported", Source: docFargate,
		Doc: "On Fargate, nothing is asked for that Fargate does not have."}, Check: checkFargateUnsupported},
	{Rule: rule{Name: "taskdef/windows", Source: docWindows,
		Doc: "On Fargate with Windows, nothing is asked for that only Linux has."}, Check: checkWindows},
	{Rule: rule{Name: "taskdef/network-mode", Source: docContainer,
		Doc: "Links, host names and extra hosts fit the network mode."}, Check: checkNetworkMode},
	{Rule: rule{Name: "taskdef/ephemeral-storage", Source: docEphemeral,
		Doc: "Ephemeral storage is 21 to 200 GiB."}, Check: checkEphemeralStorage},
	{Rule: rule{Name: "taskdef/roles", Source: docAPI,
		Doc: "What stands for a role is the ARN of a role."}, Check: checkRoles},
	{Rule: rule{Name: "taskdef/execution-role", Source: docRole,
		Doc: "There is an execution role where the agent must pull, read or write something in the name of the task."}, Check: checkExecutionRole},
	{Rule: rule{Name: "taskdef/containers", Source: docQuotas,
		Doc: "There are 1 to 10 containers, and at least one of them is essential."}, Check: checkContainers},
	{Rule: rule{Name: "taskdef/container-name", Source: docContainer,
		Doc: "Each container has a name of its own, of letters, digits, hyphens and underscores."}, Check: checkContainerNames},
	{Rule: rule{Name: "taskdef/image", Source: docContainer,
		Doc: "An image is named by at most 255 letters, digits and - _ : . / # @."}, Check: checkImages},
	{Rule: rule{Name: "taskdef/container-size", Source: docContainer,
		Doc: "The cpu and memory of the containers fit into those of the task."}, Check: checkContainerSizes},
	{Rule: rule{Name: "taskdef/ports", Source: docPorts,
		Doc: "Port mappings are within range, fit the network mode and do not meet each other."}, Check: checkPorts},
	{Rule: rule{Name: "taskdef/port-names", Source: docPorts,
		Doc: "Names of port mappings are well-formed and stand once."}, Check: checkPortNames},
	{Rule: rule{Name: "taskdef/environment", Source: docContainer,
		Doc: "No variable of a container is set twice, and environment files are S3 objects that end in .env."}, Check: checkEnvironment},
	{Rule: rule{Name: "taskdef/secrets", Source: docSecretsEnv,
		Doc: "A secret names the ARN of a secret, or the ARN or name of a parameter."}, Check: checkSecrets},
	{Rule: rule{Name: "taskdef/depends-on", Source: docDependency,
		Doc: "Containers wait for containers that exist and can reach the condition, and not in a circle."}, Check: checkDependsOn},
	{Rule: rule{Name: "taskdef/health-check", Source: docHealth,
		Doc: "A health check has a command of the form that ECS reads, and times within its ranges."}, Check: checkHealthChecks},
	{Rule: rule{Name: "taskdef/timeouts", Source: docContainer,
		Doc: "On Fargate, containers have 2 to 120 seconds to start and to stop."}, Check: checkTimeouts},
	{Rule: rule{Name: "taskdef/restart-policy", Source: docRestart,
		Doc: "A restart policy is within its ranges."}, Check: checkRestartPolicies},
	{Rule: rule{Name: "taskdef/log-options", Source: docAwslogs,
		Doc: "A log driver has the options that it needs, and only such as it knows."}, Check: checkLogOptions},
	{Rule: rule{Name: "taskdef/log-driver", Source: docLogs,
		Doc: "On Fargate, the log driver is awslogs, splunk or awsfirelens."}, Check: checkLogDrivers},
	{Rule: rule{Name: "taskdef/firelens", Source: docFirelens,
		Doc: "Containers that log to FireLens have one log router in their task."}, Check: checkFirelens},
	{Rule: rule{Name: "taskdef/mounts", Source: docVolume,
		Doc: "Containers mount volumes, and take over mounts of containers, that the task has."}, Check: checkMounts},
	{Rule: rule{Name: "taskdef/volumes", Source: docVolume,
		Doc: "Each volume has a name of its own and is of one kind."}, Check: checkVolumes},
	{Rule: rule{Name: "taskdef/efs", Source: docEFS,
		Doc: "An EFS volume with an access point or IAM encrypts its traffic."}, Check: checkEFS},
	{Rule: rule{Name: "taskdef/ulimits", Source: docUlimit,
		Doc: "A soft limit is not above its hard limit, and each limit is set once."}, Check: checkUlimits},
	{Rule: rule{Name: "taskdef/credential-specs", Source: docCredentials,
		Doc: "A container has at most one credential spec, with its prefix."}, Check: checkCredentialSpecs},
	{Rule: rule{Name: "taskdef/proxy", Source: docProxy,
		Doc: "The proxy is a container of the task, in network mode awsvpc."}, Check: checkProxy},
	{Rule: rule{Name: "taskdef/placement", Source: docAPI,
		Doc: "There are at most 10 placement constraints."}, Check: checkPlacement},
	{Rule: rule{Name: "taskdef/tags", Source: docTag,
		Doc: "There are at most 50 tags, each key once, of the characters that AWS allows."}, Check: checkTags},
	{Rule: rule{Name: "taskdef/size", Source: docQuotas,
		Doc: "The whole definition has at most 64 KiB."}, Check: checkSize},
}

// container returns the path of what stands in the container of index i.
func container(i int, elem ...any) string {
	return slipway.Path(append([]any{"containerDefinitions", i}, elem...)...)
}
