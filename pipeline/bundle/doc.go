// Package bundle is a set of delivery artifacts with their paths: loaded from a
// directory or built in Go, checked, rendered, written and compared.
//
// A [Bundle] holds [Artifact]s: models of templates, task definitions,
// buildspecs and pipelines. [Load] finds them in a file system, by name and by
// content; package delivery builds them from one Go value. [Bundle.Check]
// reports what is wrong with them. [Bundle.Files] renders them, and of the
// [Files] that this gives
//
//   - [Files.Write] puts into a directory those that differ, each of them whole or
//     not at all;
//   - [Files.Compare] tells how a directory differs, for a check in CI.
//
// [Bundle.Parts] is all that a bundle holds by kind, also what stands inside of
// templates: a task definition that is a resource is the same model as one in a file,
// and its problems have their places in the template. [Bundle.Groups] tells which parts
// belong together: a pipeline, the projects and buildspecs that it runs, the services
// and task definitions that it deploys. What a parameter or a condition decides is not
// known, and what is not known is neither checked nor linked.
//
// Files that are checked in hold no account and no region. The task definition
// and the pipeline have placeholders such as ${AWS_ACCOUNT_ID} instead;
// [Bundle.Bind] resolves them for a [Target].
package bundle
