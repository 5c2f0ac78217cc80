// Package taskdef models the ECS task definition: the JSON that
// aws ecs register-task-definition reads, and that a pipeline deploys with a new
// image.
//
// [Parse] and [ParseLax] read it, also in the form that describe-task-definition
// returns; [Definition.Render] writes it, [Definition.Check] finds what AWS would
// refuse, or what would fail when the task starts.
//
// The types are generated from those of the AWS SDK, so that no member is missing
// that it knows, and import nothing of it. A string is absent when it is empty, a
// list or map when it is nil (an empty one is written as [] or {}), and a number
// or boolean that may be absent is a pointer: Essential: new(true). What a file
// holds that the types have no place for stays in Extra, and is written back.
//
// A value that something else fills in later, such as <IMAGE1_NAME>, ${REGION} or
// {{tag}}, is taken as it is: the checks say nothing about what it hides.
package taskdef
