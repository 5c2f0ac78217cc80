package pipeline

import "strconv"

// ECSDeploy rolls the images that a build names out to an Amazon ECS service, by
// a rolling update. It copies the service's present task definition, replaces
// the images of the containers that the file names, and registers a revision.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html
type ECSDeploy struct {
	Name           string // required: name of the action
	Cluster        string // required: name of the cluster
	Service        string // required: name of the service
	Input          string // required: the artifact that holds the file of images
	File           string // name of that file; empty is imagedefinitions.json
	TimeoutMinutes int    // 1 to 60 for the service to become stable; 0 is AWS's default, 60

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (d ECSDeploy) Action() Action {
	c := config{}
	c.set("ClusterName", d.Cluster)
	c.set("ServiceName", d.Service)
	c.set("FileName", d.File)
	c.setInt("DeploymentTimeout", d.TimeoutMinutes)
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "ECS"), Configuration: c, InputArtifacts: inputs(d.Input),
		Namespace: d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// A TaskImage is an image that [CodeDeployToECS] puts into a task definition.
type TaskImage struct {
	Artifact    string // the artifact that holds imageDetail.json
	Placeholder string // what stands in the task definition as "<IMAGE1_NAME>"; given here without the brackets
}

// CodeDeployToECS deploys a task definition to an Amazon ECS service by AWS
// CodeDeploy, blue and green. Its input artifacts are those that its fields name.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html
type CodeDeployToECS struct {
	Name            string       // required: name of the action
	Application     string       // required: name of the CodeDeploy application
	DeploymentGroup string       // required: name of its deployment group
	TaskDefinition  ArtifactFile // artifact required; an empty path is taskdef.json
	AppSpec         ArtifactFile // artifact required; an empty path is appspec.yaml
	Images          []TaskImage  // at most 4

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (d CodeDeployToECS) Action() Action {
	c := config{}
	c.set("ApplicationName", d.Application)
	c.set("DeploymentGroupName", d.DeploymentGroup)
	c.set("TaskDefinitionTemplateArtifact", d.TaskDefinition.Artifact)
	c.set("TaskDefinitionTemplatePath", d.TaskDefinition.Path)
	c.set("AppSpecTemplateArtifact", d.AppSpec.Artifact)
	c.set("AppSpecTemplatePath", d.AppSpec.Path)
	names := []string{d.TaskDefinition.Artifact, d.AppSpec.Artifact}
	for i, image := range d.Images {
		key := "Image" + strconv.Itoa(i+1)
		c.set(key+"ArtifactName", image.Artifact)
		c.set(key+"ContainerName", image.Placeholder)
		names = append(names, image.Artifact)
	}
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "CodeDeployToECS"), Configuration: c, InputArtifacts: inputs(names...),
		Namespace: d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// CodeDeploy deploys a revision to instances by AWS CodeDeploy. For Amazon ECS
// see [CodeDeployToECS].
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeDeploy.html
type CodeDeploy struct {
	Name            string // required: name of the action
	Application     string // required: name of the application
	DeploymentGroup string // required: name of its deployment group
	Input           string // required: the artifact that holds appspec.yml

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (d CodeDeploy) Action() Action {
	c := config{}
	c.set("ApplicationName", d.Application)
	c.set("DeploymentGroupName", d.DeploymentGroup)
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "CodeDeploy"), Configuration: c, InputArtifacts: inputs(d.Input),
		Namespace: d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// S3Deploy copies an artifact into an Amazon S3 bucket.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3Deploy.html
type S3Deploy struct {
	Name         string // required: name of the action
	Bucket       string // required: name of the bucket
	Input        string // required: the artifact
	KeepZipped   bool   // upload the ZIP file itself instead of the files in it
	Key          string // prefix of the files; required with KeepZipped: key of the ZIP file
	KMSKeyARN    string // of the key that encrypts what is uploaded; empty is the bucket's default
	CannedACL    string // such as bucket-owner-full-control; empty leaves it as it is
	CacheControl string // the header, such as "public, max-age=60"; empty for none

	Namespace string // of its output variables; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (d S3Deploy) Action() Action {
	c := config{"Extract": poll(!d.KeepZipped)}
	c.set("BucketName", d.Bucket)
	c.set("ObjectKey", d.Key)
	c.set("KMSEncryptionKeyARN", d.KMSKeyARN)
	c.set("CannedACL", d.CannedACL)
	c.set("CacheControl", d.CacheControl)
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "S3"), Configuration: c, InputArtifacts: inputs(d.Input),
		Namespace: d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// LambdaDeploy deploys code to an AWS Lambda function, or moves its alias to a
// published version. Only in pipelines of type V2.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-LambdaDeploy.html
type LambdaDeploy struct {
	Name     string   // required: name of the action
	Function string   // required: name of the function, which has a version already
	Input    string   // the artifact that holds the code; required without Version
	Alias    string   // the alias to move, which exists; empty deploys to $LATEST
	Version  string   // the published version to move Alias to; required without Input
	Strategy string   // AllAtOnce, Canary10Percent5Minutes, Linear10PercentEvery1Minute, ...; needs Alias; empty is AllAtOnce
	Alarms   []string // names of at most 10 alarms that fail the deployment

	Namespace string // of its output variable FunctionVersion; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (d LambdaDeploy) Action() Action {
	c := config{}
	c.set("FunctionName", d.Function)
	c.set("FunctionAlias", d.Alias)
	c.set("PublishedTargetVersion", d.Version)
	c.set("DeployStrategy", d.Strategy)
	c.setList("Alarms", d.Alarms)
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "Lambda"), Configuration: c, InputArtifacts: inputs(d.Input),
		Namespace: d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// LambdaInvoke calls an AWS Lambda function, which must report its result to
// CodePipeline.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html
type LambdaInvoke struct {
	Name           string   // required: name of the action
	Function       string   // required: name of the function
	UserParameters string   // handed to the function; at most 1,000 characters
	Inputs         []string // at most 5 artifacts
	Outputs        []string // at most 5 artifacts

	Namespace string // of the output variables that the function reports; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// Action returns the action.
func (i LambdaInvoke) Action() Action {
	c := config{}
	c.set("FunctionName", i.Function)
	c.set("UserParameters", i.UserParameters)
	return Action{
		Name: i.Name, ActionTypeID: aws(ActionCategoryInvoke, "Lambda"), Configuration: c,
		InputArtifacts: inputs(i.Inputs...), OutputArtifacts: outputs(i.Outputs...),
		Namespace: i.Namespace, RunOrder: optional(i.RunOrder), Region: i.Region, RoleARN: i.RoleARN,
	}
}
