// Package pipeline models the definition of an AWS CodePipeline pipeline: the
// JSON that create-pipeline and update-pipeline take, in which stages run one
// after the other and actions hand artifacts on.
//
// A [Definition] mirrors the API field for field, so nothing that it can say is
// missing. Actions are written as typed structs, one for each provider, which
// know the exact configuration keys and artifacts:
//
//	d := pipeline.Definition{
//		Name:          "app",
//		RoleARN:       "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/app-pipeline",
//		PipelineType:  pipeline.TypeV2,
//		ArtifactStore: &pipeline.ArtifactStore{Type: pipeline.ArtifactStoreTypeS3, Location: "app-artifacts"},
//		Stages: []pipeline.Stage{
//			{Name: "Source", Actions: pipeline.Actions(pipeline.CodeCommitSource{
//				Name: "Source", Repository: "app", Branch: "main", Output: "Source",
//			})},
//			{Name: "Build", Actions: pipeline.Actions(pipeline.CodeBuild{
//				Name: "Build", Project: "app", Input: "Source", Output: "Build",
//			})},
//			{Name: "Deploy", Actions: pipeline.Actions(pipeline.ECSDeploy{
//				Name: "Deploy", Cluster: "app", Service: "app", Input: "Build",
//			})},
//		},
//	}
//
// [Definition.Render] writes {"pipeline": {...}}, and the tags beside it, so that
// the file works as it is with
//
//	aws codepipeline create-pipeline --cli-input-json file://pipeline.json
//
// [Parse] reads that form, the pipeline alone, and what get-pipeline returns.
// [Definition.Check] finds what CodePipeline would refuse, or what must fail when
// it runs: artifacts that nobody made yet, configuration keys that are missing or
// misspelled, variables that lead nowhere, features of V2 in a pipeline of V1.
// Text that something replaces before AWS reads it, such as ${AWS_ACCOUNT_ID} or
// <REGION>, is passed over in silence.
//
// What a provider wants of its actions is a [Spec], which [LookupSpec] returns.
//
// The types are generated from aws-sdk-go-v2 by internal/gen; nothing of the SDK
// is linked.
package pipeline
