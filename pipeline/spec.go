package pipeline

// A Spec is what CodePipeline wants of the actions of one provider.
type Spec struct {
	Category ActionCategory
	Owner    ActionOwner
	Provider string

	MinInputs, MaxInputs   int // number of input artifacts
	MinOutputs, MaxOutputs int // number of output artifacts

	// Required and Optional are the configuration keys. A key that is required
	// only beside some value of another is in Optional.
	Required, Optional []string

	// Variables are the output variables. Nil where they are the user's, such as
	// the exported variables of a build or the outputs of a stack.
	Variables []string

	V2     bool   // only in pipelines of type V2
	Source string // URL of the page that describes it
}

// LookupSpec returns what is known of an action type. It knows those of AWS's
// own that its documents describe, not the custom ones of an account. The type
// may be nil, which is none. The result is shared: it must not be changed.
func LookupSpec(t *ActionType) (*Spec, bool) {
	if t == nil {
		return nil, false
	}
	for i := range specs {
		s := &specs[i]
		if s.Provider == t.Provider && s.Category == t.Category && s.Owner == t.Owner {
			return s, true
		}
	}
	return nil, false
}

const reference = "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference"

const artifactCounts = "https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html"

// specs is the table behind [LookupSpec]. Where the documents do not give the
// keys of a provider both lists are nil, and no key is judged.
var specs = [...]Spec{
	{
		Category: "Source", Owner: "AWS", Provider: "CodeCommit", MinOutputs: 1, MaxOutputs: 1,
		Required:  []string{"RepositoryName", "BranchName"},
		Optional:  []string{"PollForSourceChanges", "OutputArtifactFormat"},
		Variables: []string{"CommitId", "CommitMessage", "RepositoryName", "BranchName", "AuthorDate", "CommitterDate"},
		Source:    reference + "-CodeCommit.html",
	},
	{
		Category: "Source", Owner: "AWS", Provider: "CodeStarSourceConnection", MinOutputs: 1, MaxOutputs: 1,
		Required:  []string{"ConnectionArn", "FullRepositoryId", "BranchName"},
		Optional:  []string{"OutputArtifactFormat", "DetectChanges"},
		Variables: []string{"CommitId", "CommitMessage", "RepositoryName", "BranchName", "AuthorDate", "AuthorDisplayName", "AuthorEmail", "AuthorId", "ProviderType", "ConnectionArn", "FullRepositoryName", "PullRequestId", "PullRequestTitle", "SourceBranchName", "DestinationBranchName", "TagName"},
		Source:    reference + "-CodestarConnectionSource.html",
	},
	{
		Category: "Source", Owner: "AWS", Provider: "S3", MinOutputs: 1, MaxOutputs: 1,
		Required:  []string{"S3Bucket", "S3ObjectKey"},
		Optional:  []string{"AllowOverrideForS3ObjectKey", "PollForSourceChanges"},
		Variables: []string{"BucketName", "ETag", "ObjectKey", "VersionId"},
		Source:    reference + "-S3.html",
	},
	{
		Category: "Source", Owner: "AWS", Provider: "ECR", MinOutputs: 1, MaxOutputs: 1,
		Required:  []string{"RepositoryName"},
		Optional:  []string{"ImageTag"},
		Variables: []string{"ImageDigest", "ImageTag", "ImageURI", "RegistryId", "RepositoryName"},
		Source:    reference + "-ECR.html",
	},
	{
		Category: "Source", Owner: "ThirdParty", Provider: "GitHub", MinOutputs: 1, MaxOutputs: 1,
		Required: []string{"Owner", "Repo", "Branch", "OAuthToken"},
		Optional: []string{"PollForSourceChanges"},
		Source:   "https://docs.aws.amazon.com/codepipeline/latest/userguide/appendix-github-oauth.html",
	},
	{
		Category: "Build", Owner: "AWS", Provider: "CodeBuild", MinInputs: 1, MaxInputs: 5, MaxOutputs: 5,
		Required: []string{"ProjectName"},
		Optional: []string{"PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts", "BuildspecOverride"},
		Source:   reference + "-CodeBuild.html",
	},
	{
		Category: "Test", Owner: "AWS", Provider: "CodeBuild", MinInputs: 1, MaxInputs: 5, MaxOutputs: 5,
		Required: []string{"ProjectName"},
		Optional: []string{"PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts", "BuildspecOverride"},
		Source:   reference + "-CodeBuild.html",
	},
	{
		Category: "Build", Owner: "AWS", Provider: "ECRBuildAndPublish", MinInputs: 1, MaxInputs: 1, V2: true,
		Required:  []string{"ECRRepositoryName"},
		Optional:  []string{"DockerFilePath", "ImageTags", "RegistryType"},
		Variables: []string{"ECRImageDigestId", "ECRRepositoryName"},
		Source:    reference + "-ECRBuildAndPublish.html",
	},
	{
		Category: "Compute", Owner: "AWS", Provider: "Commands", MinInputs: 1, MaxInputs: 10, MaxOutputs: 1, V2: true,
		Optional: []string{"EnvironmentType", "ComputeType", "VpcId", "Subnets", "SecurityGroupIds"},
		Source:   reference + "-Commands.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "ECS", MinInputs: 1, MaxInputs: 1,
		Required: []string{"ClusterName", "ServiceName"},
		Optional: []string{"FileName", "DeploymentTimeout"},
		Source:   reference + "-ECS.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "CodeDeployToECS", MinInputs: 1, MaxInputs: 5,
		Required: []string{"ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"},
		Optional: []string{
			"TaskDefinitionTemplatePath", "AppSpecTemplatePath",
			"Image1ArtifactName", "Image1ContainerName", "Image2ArtifactName", "Image2ContainerName",
			"Image3ArtifactName", "Image3ContainerName", "Image4ArtifactName", "Image4ContainerName",
		},
		Source: reference + "-ECSbluegreen.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "CodeDeploy", MinInputs: 1, MaxInputs: 1,
		Required: []string{"ApplicationName", "DeploymentGroupName"},
		Source:   reference + "-CodeDeploy.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "CloudFormation", MaxInputs: 10, MaxOutputs: 1,
		Required: []string{"ActionMode", "StackName"},
		Optional: []string{
			"ChangeSetName", "TemplatePath", "TemplateConfiguration", "RoleArn",
			"Capabilities", "OutputFileName", "ParameterOverrides",
		},
		Source: reference + "-CloudFormation.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "S3", MinInputs: 1, MaxInputs: 1,
		Required: []string{"BucketName", "Extract"},
		Optional: []string{"ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl"},
		Source:   reference + "-S3Deploy.html",
	},
	{
		Category: "Deploy", Owner: "AWS", Provider: "Lambda", MaxInputs: 1, V2: true,
		Required:  []string{"FunctionName"},
		Optional:  []string{"FunctionAlias", "PublishedTargetVersion", "DeployStrategy", "Alarms"},
		Variables: []string{"FunctionVersion"},
		Source:    reference + "-LambdaDeploy.html",
	},
	{Category: "Deploy", Owner: "AWS", Provider: "ElasticBeanstalk", MinInputs: 1, MaxInputs: 1, Source: artifactCounts},
	{Category: "Deploy", Owner: "AWS", Provider: "OpsWorks", MinInputs: 1, MaxInputs: 1, Source: artifactCounts},
	{Category: "Deploy", Owner: "AWS", Provider: "ServiceCatalog", MinInputs: 1, MaxInputs: 1, Source: artifactCounts},
	{Category: "Deploy", Owner: "ThirdParty", Provider: "AlexaSkillsKit", MaxInputs: 2, Source: artifactCounts},
	{
		Category: "Invoke", Owner: "AWS", Provider: "Lambda", MaxInputs: 5, MaxOutputs: 5,
		Required: []string{"FunctionName"},
		Optional: []string{"UserParameters"},
		Source:   reference + "-Lambda.html",
	},
	{
		Category: "Invoke", Owner: "AWS", Provider: "StepFunctions", MaxInputs: 1, MaxOutputs: 1,
		Required:  []string{"StateMachineArn"},
		Optional:  []string{"ExecutionNamePrefix", "InputType", "Input"},
		Variables: []string{"StateMachineArn", "ExecutionArn"},
		Source:    reference + "-StepFunctions.html",
	},
	{Category: "Test", Owner: "AWS", Provider: "DeviceFarm", MinInputs: 1, MaxInputs: 1, Source: artifactCounts},
	{
		Category: "Approval", Owner: "AWS", Provider: "Manual",
		Optional: []string{"CustomData", "ExternalEntityLink", "NotificationArn"},
		Source:   "https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html",
	},
	{Category: "Build", Owner: "Custom", Provider: "Jenkins", MaxInputs: 5, MaxOutputs: 5, Source: artifactCounts},
	{Category: "Test", Owner: "Custom", Provider: "Jenkins", MaxInputs: 5, MaxOutputs: 5, Source: artifactCounts},
}
