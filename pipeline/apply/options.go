package apply

import (
	"cmp"
	"time"
)

// Options say how an [Applier] works. The zero value serves.
type Options struct {
	// Account is the account, 12 digits, that must be reached: another one is an error
	// before anything is done. Empty takes the one of the credentials.
	Account string

	// Parameters are values of stack parameters, by the name of the stack and of the
	// parameter. One that is not here keeps its value, or begins with its default.
	// That of a service's number of tasks, which says nothing else, is kept by itself (see
	// DesiredCount); a value for it here is set each time.
	Parameters map[string]map[string]string

	// Tags go on every stack, and by CloudFormation on what is in it. Nil keeps those
	// that a stack has.
	Tags map[string]string

	// StackRole is the ARN of a role that CloudFormation takes to work on the stacks. Empty
	// keeps the one that a stack has, or else the rights of the caller.
	StackRole string

	// DesiredCount is how many tasks a service gets after the first delivery of its
	// image. From then on the number is the one that runs, whoever has set it. 0 is 1.
	DesiredCount int

	// TemplateBucket is a bucket of the same region and account for templates of more than
	// 51,200 bytes. Empty is the artifact bucket of the bundle's pipeline.
	TemplateBucket string

	// ReadOnly makes Plan write nothing, not even a change set: changes of stacks are
	// computed from their templates. Such a plan can be applied too: its change sets are
	// made then, and compared with it.
	ReadOnly bool

	// Allow is what is done only when it was asked for.
	Allow Allow

	// Timeouts are the time limits.
	Timeouts Timeouts

	// Poll is the pause between two looks at what is going on; 0 is 5 seconds. The first
	// pauses are shorter.
	Poll time.Duration

	// MaxCalls is how many calls may be in flight at once, of all that an Applier does
	// concurrently; 0 is 8.
	MaxCalls int

	// Events is called for everything that happens, in order, one call at a time, and
	// waited for; it must not call the Applier. Nil is nobody.
	Events func(Event)

	// Clock tells the time and waits. Nil is the machine's.
	Clock Clock
}

// Allow is what is done only when it was asked for.
type Allow struct {
	// DataLoss allows to replace or delete what holds data or what others stand on: a
	// repository, a bucket, a log group, a cluster, a network.
	DataLoss bool

	// ImageRollback allows an update of a stack by which a service comes to run another
	// image than it does: that of a task definition of the stack, or of a revision that
	// the template names, where the pipeline has deployed since; or the latest of a
	// family that several services share, which run different ones.
	ImageRollback bool

	// ReplaceFailed allows to delete a stack that was never created completely
	// (ROLLBACK_COMPLETE, ROLLBACK_FAILED, CREATE_FAILED, DELETE_FAILED), with what is
	// left in it, and to create it anew.
	ReplaceFailed bool

	// ContinueRollback allows to go on with the roll back of a stack in
	// UPDATE_ROLLBACK_FAILED before it is updated. SkipResources are logical ids that it
	// passes over; they are then as they are, and not as the template says.
	ContinueRollback bool
	SkipResources    []string

	// EmptyBuckets allows Destroy to delete what is in the buckets of the stacks, in all
	// versions, and DeleteImages what is in their repositories. Without them, a bucket or
	// repository that holds anything keeps everything from being deleted, also one whose
	// template says EmptyOnDelete.
	EmptyBuckets bool
	DeleteImages bool
}

// Timeouts are the time limits of what is waited for. Zero fields have a default.
type Timeouts struct {
	Call       time.Duration // one attempt of one call; 0 is 1 minute
	ChangeSet  time.Duration // a change set to be made; 0 is 10 minutes
	Stack      time.Duration // a stack operation; 0 is 1 hour
	Busy       time.Duration // an operation of somebody else to end; 0 is 1 hour
	Source     time.Duration // the source to be pushed, on a first run; 0 is 30 minutes
	Execution  time.Duration // the first execution of the pipeline; 0 is 1 hour
	Deployment time.Duration // a service to run what it should; 0 is 30 minutes
}

// complete returns the options with every default in its place.
func (o Options) complete() Options {
	o.DesiredCount = cmp.Or(o.DesiredCount, 1)
	o.Poll = cmp.Or(o.Poll, 5*time.Second)
	o.MaxCalls = cmp.Or(o.MaxCalls, 8)
	t := &o.Timeouts
	t.Call = cmp.Or(t.Call, time.Minute)
	t.ChangeSet = cmp.Or(t.ChangeSet, 10*time.Minute)
	t.Stack = cmp.Or(t.Stack, time.Hour)
	t.Busy = cmp.Or(t.Busy, time.Hour)
	t.Source = cmp.Or(t.Source, 30*time.Minute)
	t.Execution = cmp.Or(t.Execution, time.Hour)
	t.Deployment = cmp.Or(t.Deployment, 30*time.Minute)
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Events == nil {
		o.Events = func(Event) {}
	}
	return o
}
