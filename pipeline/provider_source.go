package pipeline

// CodeCommitSource takes its source from an AWS CodeCommit repository.
//
// It is changed by pushes to one branch. Unless Poll is set, something else must
// start the pipeline, commonly an Amazon EventBridge rule.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
type CodeCommitSource struct {
	Name       string // required: name of the action
	Repository string // required: name of the repository
	Branch     string // required: name of the branch
	Output     string // required: name of the artifact that it makes

	// Poll makes CodePipeline ask for changes by itself. It is written either way,
	// because AWS polls where it is not. An EventBridge rule and polling together
	// start the pipeline twice.
	Poll bool

	// FullClone hands over a reference by which the build clones the repository,
	// with its history, instead of a ZIP file. Only CodeBuild actions can read it.
	FullClone bool

	Namespace string // of its output variables, such as CommitId; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (s CodeCommitSource) Action() Action {
	c := config{"PollForSourceChanges": poll(s.Poll)}
	c.set("RepositoryName", s.Repository)
	c.set("BranchName", s.Branch)
	c.set("OutputArtifactFormat", format(s.FullClone))
	return Action{
		Name: s.Name, ActionTypeID: aws(ActionCategorySource, "CodeCommit"), Configuration: c, OutputArtifacts: outputs(s.Output),
		Namespace: s.Namespace, RunOrder: optional(s.RunOrder), RoleARN: s.RoleARN,
	}
}

// ConnectionSource takes its source from a repository at GitHub, GitHub
// Enterprise Server, GitLab, Bitbucket or Azure DevOps through an AWS
// CodeConnections connection. The connection must have been authorised in the
// console once.
//
// By default every push to the branch starts the pipeline. [Trigger]s in the
// definition (V2) take the place of that.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
type ConnectionSource struct {
	Name          string // required: name of the action
	ConnectionARN string // required: ARN of the connection
	Repository    string // required: owner/name, in its exact case; GitLab groups are group/subgroup/name
	Branch        string // required: name of the branch
	Output        string // required: name of the artifact that it makes
	DetectChanges *bool  // whether a push starts the pipeline; nil is AWS's default, true
	FullClone     bool   // a reference to clone from, for CodeBuild actions only, instead of a ZIP file

	Namespace string // of its output variables, such as CommitId; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (s ConnectionSource) Action() Action {
	c := config{}
	c.set("ConnectionArn", s.ConnectionARN)
	c.set("FullRepositoryId", s.Repository)
	c.set("BranchName", s.Branch)
	c.set("OutputArtifactFormat", format(s.FullClone))
	if s.DetectChanges != nil {
		c["DetectChanges"] = poll(*s.DetectChanges)
	}
	return Action{
		Name: s.Name, ActionTypeID: aws(ActionCategorySource, "CodeStarSourceConnection"), Configuration: c, OutputArtifacts: outputs(s.Output),
		Namespace: s.Namespace, RunOrder: optional(s.RunOrder), RoleARN: s.RoleARN,
	}
}

// S3Source takes its source from a ZIP file in a versioned Amazon S3 bucket.
//
// Unless Poll is set, something else must start the pipeline, commonly an
// Amazon EventBridge rule.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
type S3Source struct {
	Name             string // required: name of the action
	Bucket           string // required: name of the bucket, which must keep versions
	Key              string // required: key of the ZIP file
	Output           string // required: name of the artifact that it makes
	Poll             bool   // ask for changes; written either way, because AWS polls where it is not
	AllowKeyOverride bool   // an execution may be started with another key

	Namespace string // of its output variables, such as VersionId; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (s S3Source) Action() Action {
	c := config{"PollForSourceChanges": poll(s.Poll)}
	c.set("S3Bucket", s.Bucket)
	c.set("S3ObjectKey", s.Key)
	c.setTrue("AllowOverrideForS3ObjectKey", s.AllowKeyOverride)
	return Action{
		Name: s.Name, ActionTypeID: aws(ActionCategorySource, "S3"), Configuration: c, OutputArtifacts: outputs(s.Output),
		Namespace: s.Namespace, RunOrder: optional(s.RunOrder), RoleARN: s.RoleARN,
	}
}

// ECRSource takes an image from an Amazon ECR repository. Its artifact holds
// imageDetail.json, which [CodeDeployToECS] reads. It never polls: an Amazon
// EventBridge rule must start the pipeline.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
type ECRSource struct {
	Name       string // required: name of the action
	Repository string // required: name of the repository
	Tag        string // tag of the image; empty is AWS's default, latest
	Output     string // required: name of the artifact that it makes

	Namespace string // of its output variables, such as ImageURI; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (s ECRSource) Action() Action {
	c := config{}
	c.set("RepositoryName", s.Repository)
	c.set("ImageTag", s.Tag)
	return Action{
		Name: s.Name, ActionTypeID: aws(ActionCategorySource, "ECR"), Configuration: c, OutputArtifacts: outputs(s.Output),
		Namespace: s.Namespace, RunOrder: optional(s.RunOrder), RoleARN: s.RoleARN,
	}
}

// aws returns the type of an action of AWS's own. They all have version 1.
func aws(category ActionCategory, provider string) *ActionType {
	return &ActionType{Category: category, Owner: ActionOwnerAWS, Provider: provider, Version: "1"}
}

func poll(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

// format returns the format of a source artifact; "" is the default, CODE_ZIP.
func format(clone bool) string {
	if clone {
		return "CODEBUILD_CLONE_REF"
	}
	return ""
}
