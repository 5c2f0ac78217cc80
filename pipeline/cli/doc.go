// Package cli is the command line of slipway as a library: what the program
// slipway offers, a team's own program offers over its Go values.
//
//	func main() { cli.Main(service) }
//
// gives a program with the commands
//
//	lint      check files, or the program's own services, and explain what is wrong
//	write     write the files of the services
//	check     fail, with a diff, when files that are checked in are not what the services render
//	diff      show what write would change
//	rehearse  run the pipeline offline, and show what it would deploy
//	plan      show what apply would do in an AWS account
//	apply     do it, after a question, and wait until the first delivery runs
//	status    show what stands there, and what runs
//	destroy   delete it again
//
// and a few of its own beside them (help, version, completion).
//
// # Findings as JSON
//
// What lint --format json writes is one object. Members may be added to it; its
// version changes when a reader of the old form could not read the new one.
//
//	version    1
//	problems   a list, sorted by file and place, each of its items with
//	  file       as the user would name it, with slashes; absent when it is none's
//	  line       starting at 1; absent when it is unknown, as it is for Go values
//	  column     in characters, starting at 1; absent when it is unknown
//	  path       of the value in the file: containerDefinitions[0].name
//	  severity   error, warning or info
//	  message    what was found and what is allowed
//	  rule       its name
//	  url        of what the rule says and where it comes from
//	  related    other places that take part: file, line, column, path, message
//	  cause      the error beneath, such as that of a file system
//	summary    files (that were checked), errors, warnings, infos, and ignored (what
//	           files say is to be ignored)
//
// SARIF is of version 2.1.0; it has those rules of which something was found.
//
// # Plans and events as JSON
//
// What plan and status write with --format json is one object: the JSON of an
// [apply.Plan] with its version (1), digest and summary, and of an [apply.Status] with its
// version (1). A program with several services writes one object of all:
//
//	version     1
//	digest      of plan: what apply --plan takes; absent with --read-only
//	deliveries  a list, each of its items with the name of the service, and plan or status
//
// Whoever fails writes version and errors in its place. Apply and destroy write one object
// a line, with these members first:
//
//	event     what has happened
//	delivery  the name of the service to which; absent where there is only one
//
// The events:
//
//	plan              of each service, before anything is done: its member plan is what will
//	                  be, and demo is true where nothing is real
//	step-started ...  one for each [apply.Event], by its kind, with the members of its type;
//	                  times are RFC 3339, durations nanoseconds; the end of a step has a status
//	                  too (done, failed, interrupted), and errors
//	done              the last one: all of it is done, or there was nothing to do
//	failed            or this, with errors
//
// Errors are a list, each of its items with a code and a message and, where they are known,
// delivery, subject (kind and name), resource, call, remedy, log (the last lines of output
// of a build or container that failed), and what findings have. Members, events and codes
// may be added. docs/apply.md lists all of them, with the exit status of each code. A flag
// that does not exist, or with a value that is none, is told on standard error only.
//
// # What is shown where
//
// Plans and results go to standard output, what happens meanwhile to standard error: on a
// terminal as a few lines that are drawn anew, with what is done above them, elsewhere as a
// line for each event. Questions are asked on standard error, where standard input, output
// and error are terminals.
//
// # Exit status
//
//	0  it did what it was to do, and found nothing; there was nothing to do
//	1  it found something: any finding that lint shows (of the severity that was asked
//	   for or a worse one, and not switched off), drift, a service that is wrong; a plan with
//	   a step that would fail or that was not allowed, or not the plan that was agreed to;
//	   what AWS refuses, or a step that failed; with plan --check, anything that is to be done
//	2  it could not run to its end: a bad flag, a path that is missing or cannot be read, no
//	   credentials, an AWS that does not answer, nobody who agrees, an interrupt, a time
//	   that is over
//
// This package is the only one of slipway that prints, reads the environment (NO_COLOR,
// TERM) or looks at the terminal. The user's AWS configuration is read by package connect.
package cli
