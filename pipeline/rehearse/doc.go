// Package rehearse runs the pipeline of a bundle offline: what happens between
// the push of a commit and the task that runs, on a laptop and in milliseconds.
//
//	report, err := rehearse.Run(ctx, b, rehearse.Options{Source: os.DirFS("app")})
//
// A rehearsal does what AWS would do with the same files. The source action
// hands on a copy of [Options.Source]. A build runs the commands of its buildspec
// by the rules of CodeBuild: the order of the phases, what runs after a failure,
// the variables, the artifacts that are collected by their patterns. A deploy
// action reads what the build has left, and computes the next revision of the
// task definition. The [Report] has every action with its state, every command
// with its output, the images that would run, and what changes in the task
// definition. The same input gives the same report, save for the order in which
// programs that run side by side print.
//
// # What runs
//
// Commands are interpreted; no shell and no program of the machine runs. A
// program is a stand-in of this package (aws, docker, git, jq and the small tools
// that buildspecs use), one that the caller adds in [Options.Programs], or a
// real one that the caller names in [Options.Allow]. A program that is none of
// these fails with status 127 and says so: to pass over it would make a success
// of what nobody has tried.
//
// # What is touched
//
// Nothing but a scratch directory, which is removed at the end whatever happens.
// The commands see a file system of their own, with the source where CodeBuild
// puts it, a home directory and /tmp; what they write elsewhere is refused. They
// see the variables of the build, and none of this process. Real programs are
// bound by none of this, save that they start in the scratch directory with the
// variables of the build.
package rehearse
