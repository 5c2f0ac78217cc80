package shell

import "io/fs"

// A Script is commands and what is known of the place where they run. Only
// Commands is required.
type Script struct {
	Commands []Command
	// Shell is what runs them: "" or /bin/sh or sh is a POSIX shell, and bash (with
	// any path) is bash. Of any other, such as powershell.exe, nothing can be told.
	Shell string
	// Separate gives each command a shell of its own, which forgets the directory and
	// the variables: version 0.1 of a buildspec.
	Separate bool
	// Variables are the environment that is known, by name; a later one hides an
	// earlier one of the same name. Those that are not here are unknown, not unset.
	Variables []EnvVariable
	// Repository holds the files of the source before the first command; nil means
	// that they are unknown. Templates and scripts are read from it.
	Repository fs.FS
}

// An EnvVariable is a variable of the environment. Use [Literal] for one with a
// known value, and [Variable] for one without, such as a secret.
type EnvVariable struct {
	Name  string
	Value Text
}

// A Command is one item of a list of commands. It may have several lines.
type Command struct {
	Path string // its name in the report, such as phases.build.commands[0]
	Text string
}

// Read returns what the commands of a script do.
func Read(s Script) *Report {
	return &Report{vars: map[string]Var{}, files: map[string]File{}}
}
