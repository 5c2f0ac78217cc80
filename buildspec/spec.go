package buildspec

import "github.com/seed-b1f00840/slipway"

// A Spec is a buildspec. The fields stand in the order in which they are
// written. A nil slice, map or pointer, and an empty string, are absent; an empty
// slice that is not nil is written as [] or {}.
//
// Extra, here as in every struct, holds the members that have no field, and
// those whose value does not fit their field, as encoding/json reads them with
// UseNumber. They are written back after the others, sorted. A key that is also
// set in a field makes rendering fail.
type Spec struct {
	// Version is the version of the format, "0.2" or "0.1". Empty means 0.2, and
	// is written as that.
	Version string
	// QuoteVersion writes the number in quotes. CodeBuild takes both.
	QuoteVersion bool
	// RunAs is the user that runs all commands. Linux only; empty means root.
	RunAs string
	// Env holds the shell and the variables of all commands.
	Env *Env
	// EnvironmentVariables is what Env is in version 0.1.
	EnvironmentVariables *EnvironmentVariables
	// Proxy says what goes through an explicit proxy server.
	Proxy *Proxy
	// Batch describes a batch build; it has no effect in a single one.
	Batch *Batch
	// Phases are the commands.
	Phases Phases
	// Reports are the groups of test reports, at most five.
	Reports []Report
	// Artifacts are the files that the build hands on.
	Artifacts *Artifacts
	// Cache names the files that are kept from one build to the next.
	Cache *Cache

	Extra  map[string]any
	Source *slipway.Source // where the parts stood in the file; nil in a value built in Go
}

// Env holds the shell and the variables of all commands. The order of precedence
// is: the call that starts the build, the build project, the buildspec.
type Env struct {
	// Shell is bash or /bin/sh on Linux, powershell.exe or cmd.exe on Windows.
	// Empty means /bin/sh, or powershell.exe.
	Shell string
	// Variables have their values as text. Nothing in a value is expanded: $PATH
	// stays $PATH.
	Variables []Variable
	// ParameterStore has names of parameters of Systems Manager as values. The
	// build's role needs ssm:GetParameters on them.
	ParameterStore []Variable
	// SecretsManager has references of the form
	// secret-id[:json-key[:version-stage[:version-id]]] as values; see [SecretRef].
	SecretsManager []Variable
	// ExportedVariables are the names that CodePipeline can read after the build,
	// as #{namespace.NAME}. AWS_... cannot be exported.
	ExportedVariables []string
	// GitCredentialHelper lets Git use CodeBuild's credentials. Nil means no.
	GitCredentialHelper *bool
	Extra               map[string]any
}

// EnvironmentVariables are the variables of version 0.1.
type EnvironmentVariables struct {
	Plaintext []Variable
	Extra     map[string]any
}

// A Variable is a name with a value.
type Variable struct {
	Name  string
	Value string
	// Plain says that Value stands without quotes although a YAML reader sees a
	// number, a boolean or (when it is empty) a null there. It has no effect on
	// other text. False: quoted where a reader would see something else than text.
	Plain bool
}

// Proxy says what goes through an explicit proxy server.
type Proxy struct {
	UploadArtifacts *bool // nil means no
	Logs            *bool // nil means no
	Extra           map[string]any
}

// Phases are the four phases, which run in the order of the fields. A phase runs
// its commands up to the first that fails. A failed install or pre_build ends the
// build; after a failed build phase post_build still runs, unless the build phase
// has OnFailure [Abort].
type Phases struct {
	Install   *Phase
	PreBuild  *Phase
	Build     *Phase
	PostBuild *Phase
	Extra     map[string]any
}

// A Phase is a list of commands, which in version 0.2 share one shell.
type Phase struct {
	// RunAs is the user that runs these commands; empty means [Spec.RunAs].
	RunAs string
	// OnFailure says what happens after a failed command; empty means the flow
	// that is described at [Phases].
	OnFailure OnFailure
	// RuntimeVersions choose among the languages of the image. Only in install.
	RuntimeVersions []Runtime
	// Commands run in their order. A command of several lines is one command.
	Commands []string
	// Finally runs after the commands, also after a failed one.
	Finally []string
	Extra   map[string]any
}

// A Runtime is a language with its version: a number, "latest", "3.x" or
// "$VARIABLE".
type Runtime struct {
	Name    string
	Version string
	Plain   bool // as in [Variable]
}

// A Report is a group of test reports.
type Report struct {
	// Name is the ARN of a report group, or a name: the group is then called
	// <project>-<name>, and is made when it does not exist.
	Name string
	// Files are paths and patterns of the report files. Required.
	Files []string
	// FileFormat is one of JUNITXML, CUCUMBERJSON, NUNITXML, NUNIT3XML, TESTNGXML,
	// VISUALSTUDIOTRX, CLOVERXML, COBERTURAXML, JACOCOXML and SIMPLECOV, in any
	// letter case. Empty means JUNITXML.
	FileFormat    string
	BaseDirectory string // directory that Files are relative to; empty means the source's
	DiscardPaths  *bool  // nil means no
	Extra         map[string]any
}

// Artifacts are files that the build hands on: the primary artifact, and under it
// the secondary ones.
type Artifacts struct {
	// Identifier names a secondary artifact; under CodePipeline it is the name of
	// an output artifact of the action. Empty in the primary artifact.
	Identifier string
	// Type is a key of version 0.1 that version 0.2 passes over.
	Type string
	// Files are paths and patterns. Required, even where only the secondary
	// artifacts matter.
	Files []string
	// Name is the name of the artifact, in which the shell expands variables.
	Name           string
	DiscardPaths   *bool    // puts all files into one directory; nil means no
	BaseDirectory  string   // directory that Files are relative to; empty means the source's
	ExcludePaths   []string // patterns of what to leave out, relative to BaseDirectory
	EnableSymlinks *bool    // keeps symbolic links in a ZIP file; nil means no
	S3Prefix       string   // stands before the name, where the namespace is BUILD_ID
	// SecondaryArtifacts are further artifacts. Only in the primary one.
	SecondaryArtifacts []Artifacts
	Extra              map[string]any
}

// Cache names the files that are kept from one build to the next.
type Cache struct {
	// Paths are paths and patterns of the files.
	Paths []string
	// Key names the cache; empty means that there is one a project.
	Key string
	// FallbackKeys are prefixes of keys that are tried in their order when there is
	// no cache of the name Key, at most five.
	FallbackKeys []string
	// Action is "restore" or "save"; empty means both.
	Action string
	Extra  map[string]any
}
