package applytest

import (
	"reflect"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// Operations are the ids of all operations, sorted.
var Operations = operationNames

// Shapes returns an empty input and an empty output of an operation.
func Shapes(id string) []any { return []any{operations[id].input(), operations[id].output()} }

// Writes reports whether an operation may change something.
func Writes(id string) bool { return operations[id].write }

// Has reports whether there is an operation.
func Has(id string) bool { return operations[id] != nil }

// Interfaces returns the operations that package apply asks for, by service.
func Interfaces() map[string][]string {
	fields := map[string]string{
		"STS": "sts", "CloudFormation": "cloudformation", "ECS": "ecs", "CodePipeline": "codepipeline", "CodeBuild": "codebuild",
		"Logs": "logs", "ECR": "ecr", "S3": "s3",
	}
	out := map[string][]string{}
	for f := range reflect.TypeFor[apply.Clients]().Fields() {
		if f.Type.Kind() == reflect.Interface {
			for m := range f.Type.Methods() {
				out[fields[f.Name]] = append(out[fields[f.Name]], m.Name)
			}
		}
	}
	return out
}
