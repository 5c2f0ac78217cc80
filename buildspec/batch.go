package buildspec

// Batch describes a batch build by one of its four lists.
//
// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html
type Batch struct {
	FastFail    *bool        // ends all builds when one fails; nil means false
	BuildList   []BatchBuild // builds that run side by side
	BuildGraph  []BatchBuild // builds that wait for others
	BuildMatrix *BuildMatrix // a build for each combination of settings
	BuildFanout *BuildFanout // a build split over several machines
	Extra       map[string]any
}

// A BatchBuild is one build of a list or a graph.
type BatchBuild struct {
	// Identifier names the build within the batch. Required.
	Identifier string
	// Buildspec is the path of the build's own buildspec, or the text of one. Empty
	// means the file in which the batch stands.
	Buildspec string
	// DebugSession lets the build pause for a Session Manager session. Nil means false.
	DebugSession *bool
	// DependOn are the identifiers of the builds to wait for. Only in a graph.
	DependOn []string
	// Env overrides the environment of the project.
	Env *BatchEnv
	// IgnoreFailure lets the batch succeed when this build does not. Nil means false.
	IgnoreFailure *bool
	Extra         map[string]any
}

// BatchEnv overrides the environment of the project for a build of a batch.
type BatchEnv struct {
	ComputeType    string // such as BUILD_GENERAL1_SMALL; not together with Fleet
	Fleet          string // ARN or name of a fleet of reserved capacity
	Image          string // build image
	PrivilegedMode *bool  // runs the Docker daemon; nil means the project's
	Type           string // environment type, such as ARM_CONTAINER
	Variables      []Variable
	Extra          map[string]any
}

// BuildMatrix makes a build of each combination of the dynamic settings.
type BuildMatrix struct {
	Static  *MatrixStatic
	Dynamic *MatrixDynamic
	Extra   map[string]any
}

// MatrixStatic are the settings that all builds of a matrix share.
type MatrixStatic struct {
	IgnoreFailure *bool     // nil means false
	Env           *BatchEnv // documented are PrivilegedMode and Type
	Extra         map[string]any
}

// MatrixDynamic are the settings that the builds of a matrix combine.
type MatrixDynamic struct {
	Buildspec []string
	Env       *MatrixEnv
	Extra     map[string]any
}

// MatrixEnv is the environment that the builds of a matrix combine.
type MatrixEnv struct {
	ComputeType []string
	Image       []string
	Variables   []MatrixVariable
	Extra       map[string]any
}

// A MatrixVariable is a variable with its values, one for each build.
type MatrixVariable struct {
	Name   string
	Values []string
}

// BuildFanout splits a build, such as a long list of tests, over machines.
type BuildFanout struct {
	// Parallelism is the number of builds, at least 1; 0 is absent.
	Parallelism   int
	IgnoreFailure *bool // nil means false
	Extra         map[string]any
}
