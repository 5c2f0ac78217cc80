package apply

import (
	"errors"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// ErrStale is the error of a plan whose ground has changed since it was made: make
// another one.
var ErrStale = errors.New("something has changed since the plan was made; plan again")

// A Plan is what has to happen so that an account holds what a bundle says. It prints
// as text ([Plan.String]) and as JSON ([Plan.JSON]), the same for the same state of
// the account. Its fields are for reading. It is for one Apply, and for one goroutine.
type Plan struct {
	Target   bundle.Target `json:"target"`
	Caller   string        `json:"caller"` // ARN of whoever made the plan
	ReadOnly bool          `json:"readOnly,omitempty"`
	Steps    []*Step       `json:"steps"` // in their order; also those that have nothing to do
	Notes    []string      `json:"notes,omitempty"`
}

// A Step is what a plan does with one artifact, or with what one stands for.
type Step struct {
	Subject  Subject  `json:"subject"`
	Artifact string   `json:"artifact,omitempty"` // path of the file in the bundle
	Action   Action   `json:"action"`
	Reason   string   `json:"reason,omitempty"`  // why, in one sentence
	Changes  []Change `json:"changes,omitempty"` // in it, in the order of the artifact
	// Blocked is why it would fail, and what to do. Such a plan is not applied.
	Blocked []string `json:"blocked,omitempty"`
	// Needs are the permissions that it needs, of [Allow].
	Needs []Permission `json:"needs,omitempty"`
	Notes []string     `json:"notes,omitempty"`

	work work
}

// A Subject is what a step is about.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	Name string      `json:"name"` // of the stack, the family, the service (cluster/service), the pipeline
}

// A SubjectKind is the kind of a [Subject].
type SubjectKind string

// The kinds.
const (
	StackSubject     SubjectKind = "stack"
	TaskSubject      SubjectKind = "task definition"
	ServiceSubject   SubjectKind = "service"
	PipelineSubject  SubjectKind = "pipeline"
	ExecutionSubject SubjectKind = "first delivery" // of a pipeline
	CountSubject     SubjectKind = "task count"     // of a service, after its first delivery
)

// An Action is what is done with something.
type Action string

// The actions.
const (
	Nothing Action = "nothing"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace" // create anew, and delete or leave the old one
	Delete  Action = "delete"
	Await   Action = "await" // what others do
)

// A Change is a change of a part: a resource of a stack, or the whole of something
// that has no resources.
type Change struct {
	Action     Action     `json:"action"`
	Resource   string     `json:"resource,omitempty"` // logical id; empty outside of stacks
	Type       string     `json:"type,omitempty"`     // AWS::ECS::Cluster
	Physical   string     `json:"physicalId,omitempty"`
	Properties []Property `json:"properties,omitempty"`
	// Maybe says that a replacement is possible and not certain.
	Maybe bool `json:"maybe,omitempty"`
	// Loss is what would be lost; empty is nothing.
	Loss string `json:"loss,omitempty"`
}

// A Property is a value that changes. Of values that may be secret only that they change
// is told.
type Property struct {
	Path   string `json:"path"`             // Properties.ImageTagMutability, containerDefinitions[0].memory
	Before string `json:"before,omitempty"` // empty when it is not there, or not known
	After  string `json:"after,omitempty"`  // empty when it is removed, or not known
	Cause  string `json:"cause,omitempty"`  // the parameter or resource whose value changes
	// Replaces says that the resource cannot keep its identity: always, or maybe.
	Replaces string `json:"replaces,omitempty"`
}

// A Permission is a field of [Allow].
type Permission string

// The permissions.
const (
	NeedsDataLoss         Permission = "data loss"
	NeedsImageRollback    Permission = "image rollback"
	NeedsReplaceFailed    Permission = "replace failed"
	NeedsContinueRollback Permission = "continue rollback"
)

// HasChanges reports whether there is anything to do.
func (p *Plan) HasChanges() bool {
	for _, s := range p.Steps {
		if s.Action != Nothing {
			return true
		}
	}
	return false
}

// Step returns the step of that kind and name, or nil.
func (p *Plan) Step(kind SubjectKind, name string) *Step {
	for _, s := range p.Steps {
		if s.Subject.Kind == kind && s.Subject.Name == name {
			return s
		}
	}
	return nil
}
