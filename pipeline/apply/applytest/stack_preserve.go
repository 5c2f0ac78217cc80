package applytest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// This file is about operations that are not rolled back when they fail.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.md

// preserves reports whether what an operation has done stays when it fails.
func (run *operationRun) preserves() bool { return run.onFailure == types.OnStackFailureDoNothing }

// preserve ends an operation that has failed. The resources whose update has failed are
// what they were.
func (run *operationRun) preserve(status types.StackStatus, reason string) {
	for _, t := range run.touched {
		if t.old != nil && t.now.status == types.ResourceStatusUpdateFailed {
			wrong := t.now.properties
			t.now.properties, t.now.metadata = t.old.properties, t.old.metadata
			w := run.work(t.now)
			_ = w.kind.change(w, wrong) // it is told as failed already
		}
	}
	run.close(status, reason)
}

// again returns the resource of the stack that an update goes on with. One whose creation
// has failed is removed, to be created once more.
func (run *operationRun) again(r *cfn.Resource) *resource {
	old := run.s.resource(r.ID)
	if old == nil || old.typ != r.Type || old.status == types.ResourceStatusDeleteComplete {
		return nil
	}
	if old.status != types.ResourceStatusCreateFailed {
		return old
	}
	if old.physical != "" {
		w := run.work(old)
		_, _ = w.kind.remove(w) // what cannot be removed stays, and takes its name
	}
	run.s.resources = slices.DeleteFunc(run.s.resources, func(other *resource) bool { return other == old })
	return nil
}

// paused refuses to go on with a stack that has stopped where it failed, but without a
// rollback once more. The words: ansible-collections/amazon.aws#1655, aws-cli#6368.
func paused(s *stack, failure types.OnStackFailure) error {
	failed := s.status == types.StackStatusCreateFailed || s.status == types.StackStatusUpdateFailed
	if !failed || failure == types.OnStackFailureDoNothing {
		return nil
	}
	return invalid("This stack is currently in a non-terminal [%s] state. To update the stack from this state, please use the disable-rollback "+
		"parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API", s.status)
}
