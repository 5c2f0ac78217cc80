package pipeline_test

import (
	"fmt"
	"os"

	"github.com/seed-b1f00840/slipway/pipeline"
)

// A service is built from CodeCommit and rolled out to Amazon ECS.
func Example() {
	d := pipeline.Definition{
		Name:          "app",
		RoleARN:       "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/app-pipeline",
		PipelineType:  pipeline.TypeV1,
		ArtifactStore: &pipeline.ArtifactStore{Type: pipeline.ArtifactStoreTypeS3, Location: "app-artifacts"},
		Stages: []pipeline.Stage{
			{Name: "Source", Actions: pipeline.Actions(pipeline.CodeCommitSource{
				Name: "Source", Repository: "app", Branch: "main", Output: "Source", Namespace: "SourceVariables",
			})},
			{Name: "Build", Actions: pipeline.Actions(pipeline.CodeBuild{
				Name: "Build", Project: "app", Input: "Source", Output: "Build",
				Environment: []pipeline.BuildVariable{{Name: "TAG", Value: "#{SourceVariables.CommitId}"}},
			})},
			{Name: "Deploy", Actions: pipeline.Actions(pipeline.ECSDeploy{
				Name: "Deploy", Cluster: "app", Service: "app", Input: "Build",
			})},
		},
	}
	if err := d.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	text, err := d.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(text)
	// Output:
	// {
	//   "pipeline": {
	//     "name": "app",
	//     "roleArn": "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/app-pipeline",
	//     "pipelineType": "V1",
	//     "artifactStore": {
	//       "type": "S3",
	//       "location": "app-artifacts"
	//     },
	//     "stages": [
	//       {
	//         "name": "Source",
	//         "actions": [
	//           {
	//             "name": "Source",
	//             "actionTypeId": {
	//               "category": "Source",
	//               "owner": "AWS",
	//               "provider": "CodeCommit",
	//               "version": "1"
	//             },
	//             "namespace": "SourceVariables",
	//             "configuration": {
	//               "BranchName": "main",
	//               "PollForSourceChanges": "false",
	//               "RepositoryName": "app"
	//             },
	//             "outputArtifacts": [
	//               {
	//                 "name": "Source"
	//               }
	//             ]
	//           }
	//         ]
	//       },
	//       {
	//         "name": "Build",
	//         "actions": [
	//           {
	//             "name": "Build",
	//             "actionTypeId": {
	//               "category": "Build",
	//               "owner": "AWS",
	//               "provider": "CodeBuild",
	//               "version": "1"
	//             },
	//             "configuration": {
	//               "EnvironmentVariables": "[{\"name\":\"TAG\",\"value\":\"#{SourceVariables.CommitId}\"}]",
	//               "ProjectName": "app"
	//             },
	//             "inputArtifacts": [
	//               {
	//                 "name": "Source"
	//               }
	//             ],
	//             "outputArtifacts": [
	//               {
	//                 "name": "Build"
	//               }
	//             ]
	//           }
	//         ]
	//       },
	//       {
	//         "name": "Deploy",
	//         "actions": [
	//           {
	//             "name": "Deploy",
	//             "actionTypeId": {
	//               "category": "Deploy",
	//               "owner": "AWS",
	//               "provider": "ECS",
	//               "version": "1"
	//             },
	//             "configuration": {
	//               "ClusterName": "app",
	//               "ServiceName": "app"
	//             },
	//             "inputArtifacts": [
	//               {
	//                 "name": "Build"
	//               }
	//             ]
	//           }
	//         ]
	//       }
	//     ]
	//   }
	// }
}

// Check names every finding with its place.
func ExampleDefinition_Check() {
	d, err := pipeline.ParseLax("pipeline.json", []byte(`{"pipeline": {
  "name": "app",
  "roleArn": "arn:aws:iam::123456789012:role/app",
  "pipelineType": "V2",
  "artifactStore": {"type": "S3", "location": "app-artifacts"},
  "stages": [
    {"name": "Source", "actions": [{
      "name": "Source",
      "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "ECR", "version": "1"},
      "configuration": {"RepositoryName": "app"},
      "outputArtifacts": [{"name": "Image"}]
    }]},
    {"name": "Deploy", "actions": [{
      "name": "Deploy",
      "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "ECS", "version": "1"},
      "configuration": {"ClusterName": "app", "ServiceName": "app", "DeploymentTimeout": "90"},
      "inputArtifacts": [{"name": "Images"}]
    }]}
  ]
}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range d.Check() {
		fmt.Println(p)
	}
	// Output:
	// pipeline.json:16:69: stages[1].actions[0].configuration.DeploymentTimeout: found "90", want whole minutes from "1" to "60" (pipeline/ecs)
	// pipeline.json:17:27: stages[1].actions[0].inputArtifacts[0].name: no action makes the artifact "Images"; did you mean Image? (pipeline/artifact-flow)
}
