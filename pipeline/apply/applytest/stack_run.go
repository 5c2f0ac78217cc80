package applytest

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// An operationRun is an operation of a stack that goes on: steps, each of which begins
// when those that it needs are done.
type operationRun struct {
	c     *Cloud
	s     *stack
	set   *changeSet // nil for a deletion
	token string

	steps     []*step
	stops     bool // at the first failure, at which what goes on is cancelled
	stopped   bool
	finished  bool
	onFailure types.OnStackFailure

	before  stackContent // of an update: what it began with
	olds    []*resource  // likewise
	touched []*touch     // what an update has done, in its order
	trash   []*resource  // what is deleted at the end
	skipped []string     // resources that a continued rollback leaves alone

	done func() // when all steps are done, or those that can be
}

// A step is the work on one resource.
type step struct {
	id    string
	after []string
	state stepState
	begin func(*step)
	// cancel is called when the step goes on while the operation stops.
	cancel func()
	verb   string // create, update or delete: how its failure is told
}

type stepState uint8

const (
	stepWaiting stepState = iota
	stepRunning
	stepDone
	stepFailed
)

// start makes a run the one of its stack.
func (run *operationRun) start(done func()) {
	run.done, run.finished = done, false
	run.s.running = run
	run.pump()
}

// pump begins the steps whose time has come, and ends the run when none goes on.
func (run *operationRun) pump() {
	if run.finished {
		return
	}
	for again := true; again && !run.stopped; {
		again = false
		for _, st := range run.steps {
			if st.state == stepWaiting && run.ready(st) && !run.stopped {
				st.state, again = stepRunning, true
				st.begin(st)
			}
		}
	}
	if !slices.ContainsFunc(run.steps, func(st *step) bool { return st.state == stepRunning }) && !run.finished {
		run.finished = true
		run.done()
	}
}

// ready reports whether all that a step needs is done.
func (run *operationRun) ready(st *step) bool {
	for _, other := range run.steps {
		if other.state != stepDone && slices.Contains(st.after, other.id) {
			return false
		}
	}
	return true
}

// later goes on with a step after some time, unless the operation has stopped by then.
func (run *operationRun) later(st *step, d time.Duration, do func()) {
	run.c.after(d, func() {
		if st.state == stepRunning && !run.finished {
			do()
		}
	})
}

// end ends a step, and goes on with others.
func (run *operationRun) end(st *step, ok bool) {
	st.state = stepDone
	if !ok {
		st.state = stepFailed
		if run.stops {
			run.stop()
		}
	}
	run.pump()
}

// stop cancels what goes on.
func (run *operationRun) stop() {
	run.stopped = true
	for _, st := range run.steps {
		if st.state == stepRunning {
			st.state = stepFailed
			if st.cancel != nil {
				st.cancel()
			}
		}
	}
}

// failedSteps returns the resources whose steps have failed, in the order of the steps.
func (run *operationRun) failedSteps(verb string) []string {
	var ids []string
	for _, st := range run.steps {
		if st.state == stepFailed && st.verb == verb {
			ids = append(ids, st.id)
		}
	}
	return ids
}

// reason tells in the stack's own status which resources have failed.
func (run *operationRun) reason() string {
	text := ""
	for _, verb := range []string{"create", "update", "delete"} {
		if ids := run.failedSteps(verb); len(ids) > 0 {
			text += "The following resource(s) failed to " + verb + ": [" + join(ids) + "]. "
		}
	}
	return text
}

// set changes the status of the stack.
func (run *operationRun) setStatus(status types.StackStatus, reason string) {
	run.c.set(run.s, status, reason, run.token)
}

// note changes the status of a resource.
func (run *operationRun) note(r *resource, status types.ResourceStatus, reason string) {
	run.c.setResource(run.s, r, status, reason, run.token)
}

// close ends the operation.
func (run *operationRun) close(status types.StackStatus, reason string) {
	run.setStatus(status, reason)
	run.s.running = nil
}
