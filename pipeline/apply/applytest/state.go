package applytest

// A State is all that stands in a cloud, in values that can be compared. What was deleted
// is not in it, and times are not. Lists are sorted by name, or in the order in which
// their elements came where there is one.
type State struct {
	Stacks       []StackState
	Exports      []ExportState
	Revisions    []RevisionState // of task definitions
	Clusters     []ClusterState
	Pipelines    []PipelineState
	Roles        []string
	Repositories []RepositoryState // of images
	Buckets      []BucketState
	LogGroups    []LogGroupState
	Parameters   map[string]string // of SSM
	Things       []ThingState      // what resources of stacks stand for
}

// StackState is a stack that is not deleted.
type StackState struct {
	Name, ID, Status, Reason string
	Template                 string            // hash of its text; empty before the first execution
	Parameters               map[string]string // values
	Tags                     map[string]string
	Outputs                  map[string]string
	Imports                  []string // names of exports
	Protected                bool
	Role                     string           // with which CloudFormation works; empty for the caller's rights
	Resources                []ResourceState  // by logical id
	ChangeSets               []ChangeSetState // that were not executed
}

// ResourceState is a resource of a stack.
type ResourceState struct{ ID, Type, Physical, Status string }

// ChangeSetState is a change set of a stack.
type ChangeSetState struct{ Name, Status, Execution string }

// ExportState is an output that other stacks can import.
type ExportState struct{ Name, Value, Stack string }

// RevisionState is a revision of a task definition.
type RevisionState struct {
	Family   string
	Revision int
	Status   string
	Images   []string // one a container
	Tags     map[string]string
}

// ClusterState is a cluster.
type ClusterState struct {
	Name     string
	Services []ServiceState // that are not deleted
}

// ServiceState is a service.
type ServiceState struct {
	Name, Status              string
	TaskDefinition            string // family:revision
	Desired, Running, Pending int    // tasks
	StoppedTasks              int    // that can still be seen
	LoadBalancers             int
	Deployments               []DeploymentState // the primary one first
	Tags                      map[string]string
}

// DeploymentState is a deployment of a service.
type DeploymentState struct {
	ID, TaskDefinition, Rollout string
	Failed                      int // tasks
}

// PipelineState is a pipeline.
type PipelineState struct {
	Name       string
	Version    int
	Definition string // hash
	Tags       map[string]string
	Executions []ExecutionState // the oldest one first
}

// ExecutionState is an execution of a pipeline.
type ExecutionState struct{ ID, Status, Trigger, Commit string }

// RepositoryState is a repository of images.
type RepositoryState struct {
	Name   string
	Images []ImageState
}

// ImageState is an image.
type ImageState struct {
	Digest string
	Tags   []string
}

// BucketState is a bucket.
type BucketState struct {
	Name      string
	Versioned bool
	Objects   []ObjectState // versions and delete markers, by key, the newest first
}

// ObjectState is a version of an object, or a delete marker.
type ObjectState struct {
	Key, Version string
	Size         int
	Deletion     bool
}

// LogGroupState is a log group. Stack is the one that has made it, empty for none.
type LogGroupState struct{ Name, Stack string }

// ThingState is what a resource stands for. Stack is the living stack that has it, empty
// for none: then nobody will remove it.
type ThingState struct{ Type, Physical, Stack string }

// Orphans returns the things that no living stack has.
func (s *State) Orphans() []ThingState {
	var out []ThingState
	for _, t := range s.Things {
		if t.Stack == "" {
			out = append(out, t)
		}
	}
	return out
}
