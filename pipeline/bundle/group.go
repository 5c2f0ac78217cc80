package bundle

import (
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A Group is artifacts that belong together: a pipeline with what its actions build
// and deploy. In a repository that holds no pipeline, a group is the others alone.
// Where it is not certain what belongs to what, the link is nil.
type Group struct {
	Pipeline  *Part[*pipeline.Definition] // nil when there is none
	Builds    []Build                     // one for each CodeBuild action, in their order
	Deploys   []Deploy                    // one for each action of the providers ECS and CodeDeployToECS, in their order
	Templates []*Part[*cfn.Template]      // that hold a part of the group, or export what one of them imports
}

// A Build is an action of the provider CodeBuild, or, in a group without a pipeline,
// a project or a buildspec alone.
type Build struct {
	Stage, Number int              // indexes of the stage, and of the action in it; -1 without a pipeline
	Action        *pipeline.Action // nil without a pipeline

	Project *Part[*Project] // nil when it is not in the bundle
	// Buildspec is what the build runs: a file, what stands in the project, or what
	// the action puts in its place.
	Buildspec *Part[*buildspec.Spec]
	// BuildspecPath is the path of the buildspec in the source of the build; empty when
	// it is no file of the source, or not known.
	BuildspecPath string
}

// A Deploy is an action of the provider ECS or CodeDeployToECS, or, in a group without
// a pipeline, a service or a task definition alone.
type Deploy struct {
	Stage, Number int              // indexes of the stage, and of the action in it; -1 without a pipeline
	Action        *pipeline.Action // nil without a pipeline

	Service    *Part[*Service]            // nil when it is not in the bundle
	Task       *Part[*taskdef.Definition] // that the service runs, or that the action deploys
	AppSpec    *Part[*handover.AppSpec]   // of CodeDeployToECS
	Deployment *Part[*DeploymentGroup]    // of CodeDeployToECS
	// Definitions is an imagedefinitions.json that stands in the repository instead of
	// being built; Detail an imageDetail.json.
	Definitions *Part[*handover.ImageDefinitions]
	Detail      *Part[*handover.ImageDetail]
}
