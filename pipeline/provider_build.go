package pipeline

// CodeBuild runs an AWS CodeBuild project, as a build or as a test.
//
// With one output artifact the project's buildspec fills it by its section
// artifacts. With several, each must be the id of one of its secondary-artifacts.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
type CodeBuild struct {
	Name         string          // required: name of the action
	Project      string          // required: name of the project
	Input        string          // required: the artifact that holds the buildspec, in which the build runs
	ExtraInputs  []string        // at most 4 more artifacts
	Output       string          // name of the artifact that it makes; empty for none
	ExtraOutputs []string        // at most 4 more artifacts
	Environment  []BuildVariable // as JSON at most 1,000 characters
	Buildspec    string          // a path or a whole buildspec instead of the project's; empty is the project's
	Batch        bool            // run the buildspec's section batch
	Combine      bool            // one artifact for all builds of a batch; needs Batch
	Test         bool            // an action of category Test instead of Build

	Namespace string // of its output variables, the buildspec's exported-variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (b CodeBuild) Action() Action {
	c := config{}
	c.set("ProjectName", b.Project)
	if len(b.ExtraInputs) > 0 {
		c.set("PrimarySource", b.Input)
	}
	if len(b.Environment) > 0 {
		c["EnvironmentVariables"] = string(appendBuildVariables(nil, b.Environment))
	}
	c.set("BuildspecOverride", b.Buildspec)
	c.setTrue("BatchEnabled", b.Batch)
	c.setTrue("CombineArtifacts", b.Combine)
	category := ActionCategoryBuild
	if b.Test {
		category = ActionCategoryTest
	}
	return Action{
		Name: b.Name, ActionTypeID: aws(category, "CodeBuild"), Configuration: c,
		InputArtifacts:  inputs(append([]string{b.Input}, b.ExtraInputs...)...),
		OutputArtifacts: outputs(append([]string{b.Output}, b.ExtraOutputs...)...),
		Namespace:       b.Namespace, RunOrder: optional(b.RunOrder), Region: b.Region, RoleARN: b.RoleARN,
	}
}

// ECRBuildAndPublish builds an image from a Dockerfile and pushes it to Amazon
// ECR, without a CodeBuild project. Only in pipelines of type V2.
//
// It makes no artifact. Its output variables ECRImageDigestId and
// ECRRepositoryName say what it pushed.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECRBuildAndPublish.html
type ECRBuildAndPublish struct {
	Name       string   // required: name of the action
	Repository string   // required: name of the repository
	Input      string   // required: the artifact that holds the Dockerfile
	Dockerfile string   // where the Dockerfile is; empty is the root of the source
	Tags       []string // of the image; none is AWS's default, latest
	Public     bool     // a repository of the public registry instead of the private one

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (b ECRBuildAndPublish) Action() Action {
	c := config{}
	c.set("ECRRepositoryName", b.Repository)
	c.set("DockerFilePath", b.Dockerfile)
	c.setList("ImageTags", b.Tags)
	if b.Public {
		c["RegistryType"] = "public"
	}
	return Action{
		Name: b.Name, ActionTypeID: aws(ActionCategoryBuild, "ECRBuildAndPublish"), Configuration: c, InputArtifacts: inputs(b.Input),
		Namespace: b.Namespace, RunOrder: optional(b.RunOrder), Region: b.Region, RoleARN: b.RoleARN,
	}
}

// Commands runs shell commands on compute that CodePipeline manages, for at most
// 55 minutes. Only in pipelines of type V2.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Commands.html
type Commands struct {
	Name            string                // required: name of the action
	Commands        []string              // required: 1 to 50 commands of one line, each of 1 to 1,000 characters
	Input           string                // required: the artifact in which they run
	ExtraInputs     []string              // at most 9 more artifacts
	Output          string                // name of the artifact that it makes; empty for none
	Files           []string              // what the artifact holds: 1 to 10 patterns of at most 128 characters
	Environment     []EnvironmentVariable // at most 10
	OutputVariables []string              // environment variables to export: at most 15
	EnvironmentType string                // LINUX_CONTAINER or WINDOWS_SERVER_2022_CONTAINER; empty is the former
	ComputeType     string                // BUILD_GENERAL1_SMALL, _MEDIUM or _LARGE; empty is small

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (b Commands) Action() Action {
	c := config{}
	c.set("EnvironmentType", b.EnvironmentType)
	c.set("ComputeType", b.ComputeType)
	out := outputs(b.Output)
	if len(out) > 0 {
		out[0].Files = b.Files
	}
	if len(c) == 0 {
		c = nil
	}
	return Action{
		Name: b.Name, ActionTypeID: aws(ActionCategoryCompute, "Commands"), Configuration: c, Commands: b.Commands,
		InputArtifacts:  inputs(append([]string{b.Input}, b.ExtraInputs...)...),
		OutputArtifacts: out, OutputVariables: b.OutputVariables, EnvironmentVariables: b.Environment,
		Namespace: b.Namespace, RunOrder: optional(b.RunOrder), Region: b.Region, RoleARN: b.RoleARN,
	}
}

// ManualApproval stops the pipeline until a person lets it go on, or refuses.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html
type ManualApproval struct {
	Name           string // required: name of the action
	Message        string // what the approver is to know; may hold #{namespace.variable}
	Link           string // URL that the approver is to look at
	TopicARN       string // of the Amazon SNS topic that is told; empty for none
	TimeoutMinutes int    // 5 to 86,400, after which it fails; 0 is AWS's default, 7 days

	RunOrder int    // 1 to 999; 0 is the default, 1
	Region   string // empty is the pipeline's
	RoleARN  string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (m ManualApproval) Action() Action {
	c := config{}
	c.set("CustomData", m.Message)
	c.set("ExternalEntityLink", m.Link)
	c.set("NotificationArn", m.TopicARN)
	if len(c) == 0 {
		c = nil
	}
	return Action{
		Name: m.Name, ActionTypeID: aws(ActionCategoryApproval, "Manual"), Configuration: c, TimeoutInMinutes: optional(m.TimeoutMinutes),
		RunOrder: optional(m.RunOrder), Region: m.Region, RoleARN: m.RoleARN,
	}
}
