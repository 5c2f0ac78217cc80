package applytest

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func (c *Cloud) deleteStack(in *cloudformation.DeleteStackInput) (*cloudformation.DeleteStackOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	out, token := &cloudformation.DeleteStackOutput{}, aws.ToString(in.ClientRequestToken)
	switch {
	case s == nil || s.gone() || s.status == types.StackStatusDeleteInProgress:
		return out, nil
	case s.protected:
		return nil, invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", s.name)
	case s.busy() && s.status != types.StackStatusCreateInProgress:
		return nil, invalid("Stack [%s] cannot be deleted while in status %s", s.name, s.status)
	case len(in.RetainResources) > 0 && s.status != types.StackStatusDeleteFailed:
		return nil, invalid("Invalid operation on stack [%s]. When you delete a stack, specify which resources to retain only when "+
			"the stack is in the DELETE_FAILED state.", s.id)
	}
	if s.status == types.StackStatusReviewInProgress {
		c.set(s, types.StackStatusDeleteInProgress, "User Initiated", token)
		c.buried(s, token)
		return out, nil
	}
	was := s.status
	s.workAs(in.RoleARN)
	if s.running != nil {
		s.running.finished = true
		s.running.stop()
	}
	c.set(s, types.StackStatusDeleteInProgress, "User Initiated", token)
	run := &operationRun{c: c, s: s, token: token}
	s.running = run
	c.after(time.Second, func() {
		if reason := c.exportsInUse(s); reason != "" {
			// The stack goes back to what it was:
			// https://github.com/aws/aws-cdk/issues/604, https://github.com/rlister/stax/issues/40
			run.close(was, reason)
			return
		}
		run.deleteAll(in.RetainResources, in.DeletionMode == types.DeletionModeForceDeleteStack)
	})
	return out, nil
}

func (c *Cloud) exportsInUse(s *stack) string {
	for _, o := range s.outputs {
		if name := aws.ToString(o.ExportName); name != "" {
			if users := c.importers(name); len(users) > 0 {
				return exportInUse(name, users)
			}
		}
	}
	return ""
}

// deleteAll deletes the resources of a stack, and the stack.
func (run *operationRun) deleteAll(retain []string, force bool) {
	for _, r := range run.s.resources {
		if r.status != types.ResourceStatusDeleteComplete && r.status != types.ResourceStatusDeleteSkipped {
			run.steps = append(run.steps, run.deleteStep(r, run.s.resources, retain))
		}
	}
	run.start(func() {
		failed := run.failedSteps("delete")
		switch {
		case len(failed) > 0 && force && len(retain) == 0:
			again := &operationRun{c: run.c, s: run.s, token: run.token}
			again.deleteAll(failed, true)
		case len(failed) > 0:
			run.close(types.StackStatusDeleteFailed, run.reason())
		default:
			run.c.buried(run.s, run.token)
		}
	})
}

// buried ends a stack.
func (c *Cloud) buried(s *stack, token string) {
	s.deleted = c.now
	s.sets = slices.DeleteFunc(s.sets, func(set *changeSet) bool { return !set.done() })
	s.running = nil
	s.imports = nil
	c.set(s, types.StackStatusDeleteComplete, "", token)
}

// deleteStep deletes a resource, after those of all that need it.
func (run *operationRun) deleteStep(r *resource, all []*resource, retain []string) *step {
	st := &step{id: r.id, verb: "delete"}
	for _, other := range all {
		if other != r && slices.Contains(other.after, r.id) {
			st.after = append(st.after, other.id)
		}
	}
	st.begin = func(st *step) {
		switch {
		case r.policy == "Retain" || slices.Contains(retain, r.id):
			run.note(r, types.ResourceStatusDeleteSkipped, "")
			run.end(st, true)
			return
		case r.physical == "":
			run.note(r, types.ResourceStatusDeleteComplete, "")
			run.end(st, true)
			return
		}
		run.note(r, types.ResourceStatusDeleteInProgress, "")
		w := run.work(r)
		run.later(st, w.kind.takes/2+time.Second, func() { run.remove(st, w) })
	}
	return st
}

// remove makes a resource go.
func (run *operationRun) remove(st *step, w *work) {
	reason := run.c.breaks(run.s, w.r.id, OnDelete)
	if reason == "" {
		gone, err := w.kind.remove(w)
		switch {
		case err != nil:
			reason = err.Error()
		case !gone:
			run.later(st, settleEvery, func() { run.remove(st, w) })
			return
		}
	}
	if reason != "" {
		run.note(w.r, types.ResourceStatusDeleteFailed, reason)
		run.end(st, false)
		return
	}
	run.note(w.r, types.ResourceStatusDeleteComplete, "")
	run.end(st, true)
}
