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
// Files that are checked in hold no account and no region. The task definition
// and the pipeline have placeholders such as ${AWS_ACCOUNT_ID} instead;
// [Bundle.Bind] resolves them for a [Target].
package bundle
