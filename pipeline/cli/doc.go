// Package cli is the command line of slipway as a library: what the program
// slipway offers, a team's own program offers over its Go values.
//
//	func main() { cli.Main(service) }
//
// gives a program with the commands
//
//	lint    check files, or the program's own services, and explain what is wrong
//	write   write the files of the services
//	check   fail, with a diff, when files that are checked in are not what the services render
//	diff    show what write would change
//
// and a few of its own beside them (help, version, completion).
//
// # Exit status
//
//	0  it did what it was to do, and found nothing
//	1  it found something: findings that lint shows, drift, a service that is wrong
//	2  it could not run: a bad flag, a path that is missing or cannot be read, an interrupt
//
// This package is the only one of slipway that prints, reads the environment
// (NO_COLOR, TERM) or looks at the terminal.
package cli
