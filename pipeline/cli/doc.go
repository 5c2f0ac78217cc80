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
// # Exit status
//
//	0  it did what it was to do, and found nothing
//	1  it found something: any finding that lint shows (of the severity that was asked
//	   for or a worse one, and not switched off), drift, a service that is wrong
//	2  it could not run: a bad flag, a path that is missing or cannot be read, an interrupt
//
// This package is the only one of slipway that prints, reads the environment
// (NO_COLOR, TERM) or looks at the terminal.
package cli
