// Package handover models the small files that a build hands to the deploy
// action of a pipeline:
//
//   - [ImageDefinitions], imagedefinitions.json, which the deploy provider ECS reads;
//   - [ImageDetail], imageDetail.json, which CodeDeployToECS reads;
//   - [AppSpec], appspec.yaml or appspec.json, by which CodeDeploy replaces a service.
//
// They have the verbs of every model of slipway: Parse reads strictly, ParseLax keeps
// what it does not know, Check reports every problem, and AppendText writes.
package handover
