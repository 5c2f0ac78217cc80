package rehearse

import (
	"time"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A State is how something ended.
type State string

// The states.
const (
	Succeeded    State = "Succeeded"
	Failed       State = "Failed"
	DidNotRun    State = "DidNotRun"    // something before it has failed
	NotRehearsed State = "NotRehearsed" // offline nothing can be said about it; the rehearsal goes on
)

// A Report is what happened in a rehearsal.
type Report struct {
	Pipeline string   `json:"pipeline"`
	File     string   `json:"file"` // where the pipeline is defined
	State    State    `json:"state"`
	Stages   []Stage  `json:"stages"`
	Notes    []string `json:"notes,omitempty"`
}

// A Stage is a stage with its actions, in the order in which they run.
type Stage struct {
	Name    string   `json:"name"`
	State   State    `json:"state"`
	Actions []Action `json:"actions"`
}

// An Action is what became of an action.
type Action struct {
	Name     string `json:"name"`
	Provider string `json:"provider"`
	State    State  `json:"state"`
	// Message says why it failed or was not rehearsed, in AWS's own words where
	// those are known.
	Message string `json:"message,omitempty"`
	// Problems are what the checks of the bundle say about the same fault.
	Problems slipway.Problems `json:"-"`
	// Notes say what a reader should know of how it was rehearsed.
	Notes    []string      `json:"notes,omitempty"`
	Duration time.Duration `json:"duration,omitempty"` // in nanoseconds

	Artifacts  []Artifact  `json:"artifacts,omitempty"`  // what it hands on
	Variables  []Variable  `json:"variables,omitempty"`  // its output variables
	Build      *Build      `json:"build,omitempty"`      // of a CodeBuild action
	Deployment *Deployment `json:"deployment,omitempty"` // of a deploy action to ECS
}

// An Artifact is a set of files that one action hands to another.
type Artifact struct {
	Name  string `json:"name"`
	Files []File `json:"files"` // sorted by path
}

// A File is a file of an artifact.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`             // in bytes
	SHA256 string `json:"sha256,omitempty"` // in hexadecimal; of artifacts of builds
	Link   string `json:"link,omitempty"`   // where it leads to, when it is a symbolic link
}

// A Variable is a name with a value.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Build is what happened in a build.
type Build struct {
	Project   string   `json:"project"`
	Buildspec string   `json:"buildspec"` // its file, or "inline"
	Phases    []Phase  `json:"phases"`
	Pushed    []string `json:"pushed,omitempty"`  // images, in the order in which they were pushed
	Missing   []string `json:"missing,omitempty"` // programs that are neither stood in for nor allowed, sorted
}

// A Phase is a phase of a build, with the names that CodeBuild gives to it.
type Phase struct {
	Name     string        `json:"name"` // DOWNLOAD_SOURCE, INSTALL, PRE_BUILD, BUILD, POST_BUILD or UPLOAD_ARTIFACTS
	State    State         `json:"state"`
	Message  string        `json:"message,omitempty"`
	Commands []Command     `json:"commands,omitempty"`
	Duration time.Duration `json:"duration,omitempty"`
}

// A Command is a command that was run.
type Command struct {
	Path       string        `json:"path"` // in the buildspec: phases.build.commands[0]
	Text       string        `json:"text"`
	Output     string        `json:"output,omitempty"` // standard output and error, as they came
	Truncated  bool          `json:"truncated,omitempty"`
	ExitStatus int           `json:"exitStatus"`
	Duration   time.Duration `json:"duration,omitempty"`
	Calls      []Invocation  `json:"calls,omitempty"`
}

// An Invocation is a program that a command has called. They stand in the order of
// their places in the command, and at one place in the order of the calls: those of
// a pipe run side by side.
type Invocation struct {
	Args       []string `json:"args"` // with the name of the program
	ExitStatus int      `json:"exitStatus"`
	Real       bool     `json:"real,omitempty"` // the program itself, no stand-in

	at uint
}

// A Deployment is what a deploy action would do.
type Deployment struct {
	Cluster string `json:"cluster,omitempty"`
	Service string `json:"service,omitempty"`
	// Images are the images that would run, in the order of the containers.
	Images []ContainerImage `json:"images,omitempty"`
	// Previous is the task definition that the service runs, Next the revision that
	// would be registered. Nil where it is not known.
	Previous *taskdef.Definition `json:"-"`
	Next     *taskdef.Definition `json:"-"`
	// Diff is the unified diff from Previous to Next; empty where they are equal.
	Diff string `json:"diff,omitempty"`
	// AppSpec is the file that CodeDeploy would get.
	AppSpec string `json:"appSpec,omitempty"`
}

// A ContainerImage is the image of a container.
type ContainerImage struct {
	Container string `json:"container"`
	Image     string `json:"image"`
}

// Action returns the action of that name in the stage, or nil.
func (r *Report) Action(stage, name string) *Action {
	for i := range r.Stages {
		if r.Stages[i].Name != stage {
			continue
		}
		for j := range r.Stages[i].Actions {
			if r.Stages[i].Actions[j].Name == name {
				return &r.Stages[i].Actions[j]
			}
		}
	}
	return nil
}

// Deployments returns the deployments, in the order in which they would happen.
func (r *Report) Deployments() []*Deployment {
	var list []*Deployment
	for i := range r.Stages {
		for j := range r.Stages[i].Actions {
			if d := r.Stages[i].Actions[j].Deployment; d != nil {
				list = append(list, d)
			}
		}
	}
	return list
}

// Problems returns what the checks of the bundle say about the faults that made
// the rehearsal fail, sorted.
func (r *Report) Problems() slipway.Problems {
	var all slipway.Problems
	for _, s := range r.Stages {
		for _, a := range s.Actions {
			all = append(all, a.Problems...)
		}
	}
	return all.Sorted()
}
