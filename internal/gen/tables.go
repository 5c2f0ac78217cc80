package main

import (
	"reflect"

	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// A subject is a package to generate, with what the SDK's types do not tell.
type subject struct {
	pkg    string
	module string // of the SDK
	prefix string // of the names of the conversions, which all stand in one package
	alias  string // by which that package imports the SDK's package types
	root   reflect.Type

	answer   reflect.Type // what comes back for root; nil where the type is the same
	apart    []string     // fields of root that stand beside the answer: converted by hand
	readOnly []string     // fields of answer that root has not

	types      map[string]string   // Go names of the SDK's types where they differ
	first      map[string][]string // the fields that stand first in a struct; others follow by name
	required   []string            // numbers and booleans that the API requires: no pointers
	mayBeEmpty []string            // strings of which the empty one means something: pointers
	ahead      map[string][]string // members that the API has and this SDK has not: kept in Extra, without complaint
	beside     []sdkField          // fields of the root that stand beside it in the file, read and written by hand
}

// unions are the SDK's interfaces with their members, which reflection cannot find.
var unions = map[reflect.Type][]sdkField{
	reflect.TypeFor[ecstypes.SharingStrategy](): {
		{"NvidiaMps", reflect.TypeFor[*ecstypes.NvidiaMpsAllocation]()},
	},
}

func subjects() []subject { return []subject{taskdef(), pipeline()} }

func taskdef() subject {
	return subject{
		pkg:    "taskdef",
		module: "github.com/aws/aws-sdk-go-v2/service/ecs",
		prefix: "ECS",
		alias:  "ecstypes",
		root:   reflect.TypeFor[ecs.RegisterTaskDefinitionInput](),
		answer: reflect.TypeFor[ecstypes.TaskDefinition](),
		apart:  []string{"tags"},
		readOnly: []string{
			"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
			"registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt",
		},
		types: map[string]string{
			"RegisterTaskDefinitionInput":             "Definition",
			"ApplicationProtocol":                     "AppProtocol",
			"ContainerCondition":                      "Condition",
			"ContainerDefinition":                     "Container",
			"ContainerDependency":                     "Dependency",
			"ContainerRestartPolicy":                  "RestartPolicy",
			"DeviceCgroupPermission":                  "DevicePermission",
			"DockerVolumeConfiguration":               "DockerVolume",
			"EFSAuthorizationConfig":                  "EFSAuthorization",
			"EFSAuthorizationConfigIAM":               "EFSIAM",
			"EFSVolumeConfiguration":                  "EFSVolume",
			"FSxWindowsFileServerAuthorizationConfig": "FSxAuthorization",
			"FSxWindowsFileServerVolumeConfiguration": "FSxVolume",
			"HostVolumeProperties":                    "HostVolume",
			"KernelCapabilities":                      "Capabilities",
			"KeyValuePair":                            "KeyValue",
			"S3FilesVolumeConfiguration":              "S3FilesVolume",
			"Scope":                                   "VolumeScope",
			"TaskDefinitionPlacementConstraint":       "PlacementConstraint",
			"TaskDefinitionPlacementConstraintType":   "PlacementConstraintType",
			"TransportProtocol":                       "Protocol",
		},
		first: map[string][]string{
			"Definition": {
				"family", "requiresCompatibilities", "networkMode", "cpu", "memory", "runtimePlatform", "ephemeralStorage",
				"executionRoleArn", "taskRoleArn", "containerDefinitions", "volumes", "placementConstraints",
			},
			"Container": {
				"name", "image", "repositoryCredentials", "essential", "cpu", "memory", "memoryReservation", "entryPoint", "command",
				"workingDirectory", "user", "portMappings", "environment", "environmentFiles", "secrets", "dependsOn",
				"healthCheck", "startTimeout", "stopTimeout", "restartPolicy", "logConfiguration", "firelensConfiguration",
				"mountPoints", "volumesFrom", "readonlyRootFilesystem", "linuxParameters", "ulimits",
			},
			"RuntimePlatform":     {"operatingSystemFamily", "cpuArchitecture"},
			"PortMapping":         {"name", "containerPort", "containerPortRange", "hostPort", "protocol", "appProtocol"},
			"HealthCheck":         {"command", "interval", "timeout", "retries", "startPeriod"},
			"Dependency":          {"containerName", "condition"},
			"MountPoint":          {"sourceVolume", "containerPath", "readOnly"},
			"VolumeFrom":          {"sourceContainer", "readOnly"},
			"Ulimit":              {"name", "softLimit", "hardLimit"},
			"KeyValue":            {"name", "value"},
			"Tag":                 {"key", "value"},
			"Volume":              {"name", "configuredAtLaunch", "host", "efsVolumeConfiguration"},
			"EFSVolume":           {"fileSystemId", "rootDirectory", "transitEncryption", "transitEncryptionPort", "authorizationConfig"},
			"S3FilesVolume":       {"fileSystemArn", "accessPointArn", "rootDirectory"},
			"FSxVolume":           {"fileSystemId", "rootDirectory"},
			"DockerVolume":        {"scope", "autoprovision", "driver"},
			"Device":              {"hostPath", "containerPath"},
			"Tmpfs":               {"containerPath", "size"},
			"LogConfiguration":    {"logDriver"},
			"Firelens":            {},
			"RestartPolicy":       {"enabled"},
			"EnvironmentFile":     {"type", "value"},
			"NvidiaMPSAllocation": {"memory"},
			"ProxyConfiguration":  {"type", "containerName"},
			"PlacementConstraint": {"type", "expression"},
			"ResourceRequirement": {"type", "value"},
		},
		required: []string{
			"EphemeralStorage.sizeInGiB", "NvidiaMPSAllocation.memory", "RestartPolicy.enabled",
			"Tmpfs.size", "Ulimit.softLimit", "Ulimit.hardLimit",
		},
		mayBeEmpty: []string{"KeyValue.value", "Tag.value"},
		ahead:      map[string][]string{"Definition": {"trustedExecutionConfiguration"}},
	}
}

func pipeline() subject {
	return subject{
		pkg:    "pipeline",
		module: "github.com/aws/aws-sdk-go-v2/service/codepipeline",
		prefix: "CodePipeline",
		alias:  "cptypes",
		root:   reflect.TypeFor[cptypes.PipelineDeclaration](),
		types: map[string]string{
			"PipelineDeclaration":         "Definition",
			"ActionDeclaration":           "Action",
			"ActionTypeId":                "ActionType",
			"BeforeEntryConditions":       "EntryConditions",
			"BlockerDeclaration":          "Blocker",
			"GitBranchFilterCriteria":     "BranchFilter",
			"GitFilePathFilterCriteria":   "FilePathFilter",
			"GitPullRequestEventType":     "PullRequestEvent",
			"GitPullRequestFilter":        "PullRequestFilter",
			"GitPushFilter":               "PushFilter",
			"GitTagFilterCriteria":        "TagFilter",
			"PipelineTriggerDeclaration":  "Trigger",
			"PipelineTriggerProviderType": "TriggerProvider",
			"PipelineType":                "Type",
			"PipelineVariableDeclaration": "Variable",
			"RuleCategory":                "ConditionRuleCategory",
			"RuleDeclaration":             "ConditionRule",
			"RuleOwner":                   "ConditionRuleOwner",
			"RuleTypeId":                  "ConditionRuleType",
			"StageDeclaration":            "Stage",
			"StageRetryMode":              "RetryMode",
		},
		first: map[string][]string{
			"Definition": {
				"name", "roleArn", "pipelineType", "executionMode", "artifactStore", "artifactStores",
				"variables", "triggers", "stages", "version",
			},
			"ArtifactStore":     {"type", "location"},
			"EncryptionKey":     {"id", "type"},
			"Variable":          {"name"},
			"Trigger":           {"providerType"},
			"GitConfiguration":  {"sourceActionName", "push", "pullRequest"},
			"PullRequestFilter": {"events"},
			"Stage":             {"name", "beforeEntry", "actions", "onSuccess", "onFailure"},
			"Action": {
				"name", "actionTypeId", "runOrder", "region", "roleArn", "namespace", "configuration", "commands",
				"environmentVariables", "inputArtifacts", "outputArtifacts", "outputVariables",
			},
			"ActionType":          {"category", "owner", "provider", "version"},
			"OutputArtifact":      {"name"},
			"EnvironmentVariable": {"name", "value"},
			"FailureConditions":   {"result", "retryConfiguration", "conditions"},
			"Condition":           {"result", "rules"},
			"ConditionRule":       {"name", "ruleTypeId", "region", "roleArn", "configuration"},
			"ConditionRuleType":   {"category", "owner", "provider", "version"},
			"TagFilter":           {"includes", "excludes"},
			"BranchFilter":        {"includes", "excludes"},
			"FilePathFilter":      {"includes", "excludes"},
			"Tag":                 {"key", "value"},
		},
		mayBeEmpty: []string{"Tag.value"},
		beside:     []sdkField{{"Tags", reflect.TypeFor[[]cptypes.Tag]()}},
	}
}
