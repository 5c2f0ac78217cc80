package bundle_test

import (
	"fmt"
	"testing/fstest"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A rule that looks at two artifacts finds them in a group, and points at both.
func ExampleBundle_Groups() {
	b, err := bundle.Load(fstest.MapFS{
		"buildspec.yml": {Data: []byte("version: 0.2\nphases:\n  build:\n    commands: [make]\n")},
		"pipeline.json": {Data: []byte(`{"name": "p", "roleArn": "r", "stages": [
			{"name": "Build", "actions": [{"name": "Build", "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
				"configuration": {"ProjectName": "web"}}]}]}`)},
		"infra.yml": {Data: []byte(`Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties:
      Name: web
      Environment: {Image: aws/codebuild/standard:7.0}
`)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range b.Groups() {
		for _, build := range group.Builds {
			fmt.Printf("%s runs %s\n", build.Action.Name, build.Buildspec.File)
			place := build.Project.Place("Environment.Image", "")
			fmt.Printf("%s:%v: %s\n", place.File, place.Pos, place.Path)
		}
	}
	// Output:
	// Build runs buildspec.yml
	// infra.yml:6:21: Resources.Build.Properties.Environment.Image
}
