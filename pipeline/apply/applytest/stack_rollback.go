package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// rollBackUpdate makes the stack what it was.
func (run *operationRun) rollBackUpdate(reason string) {
	s := run.s
	run.set.execution = types.ExecutionStatusExecuteFailed
	if run.preserves() {
		run.preserve(types.StackStatusUpdateFailed, reason)
		return
	}
	run.setStatus(types.StackStatusUpdateRollbackInProgress, strings.TrimSuffix(reason, " "))
	s.stackContent = run.before
	for _, t := range run.touched {
		switch {
		case t.old == nil:
			run.trash = append(run.trash, t.now)
		case t.replaced && t.now.physical != t.old.physical:
			made := *t.now
			made.policy = ""
			run.trash = append(run.trash, &made)
		}
	}
	s.resources = slices.DeleteFunc(s.resources, func(r *resource) bool { return slices.Contains(run.trash, r) })
	run.forget()
	run.revert()
}

// forget makes those resources what they were that only the template has touched.
func (run *operationRun) forget() {
	for _, old := range run.olds {
		now := run.s.resource(old.id)
		if now != nil && !slices.ContainsFunc(run.touched, func(t *touch) bool { return t.now == now }) {
			now.after, now.policy, now.replaced = old.after, old.policy, old.replaced
		}
	}
}

// revert undoes what the update has done to resources that were there before.
func (run *operationRun) revert() {
	s := run.s
	back := &operationRun{c: run.c, s: s, token: run.token}
	for _, t := range slices.Backward(run.touched) {
		if t.old != nil {
			back.steps = append(back.steps, back.revertStep(t, slices.Contains(run.skipped, t.now.id)))
		}
	}
	back.start(func() {
		if failed := back.reason(); failed != "" {
			s.interrupted = run
			back.close(types.StackStatusUpdateRollbackFailed, failed)
			return
		}
		s.interrupted = nil
		run.setStatus(types.StackStatusUpdateRollbackCompleteCleanupInProgress, "")
		run.cleanUp(types.StackStatusUpdateRollbackComplete, "")
	})
}

// revertStep undoes what the update has done to one resource.
func (run *operationRun) revertStep(t *touch, skip bool) *step {
	st := &step{id: t.now.id, verb: "update"}
	fail := func(reason string) {
		run.note(t.now, types.ResourceStatusUpdateFailed, reason)
		run.end(st, false)
	}
	restore := func() {
		keep := t.now.updated
		*t.now = *t.old
		t.now.updated = keep
		run.note(t.now, types.ResourceStatusUpdateComplete, "")
		run.end(st, true)
	}
	st.begin = func(st *step) {
		if skip || t.replaced {
			restore()
			return
		}
		wrong := t.now.properties
		t.now.properties = t.old.properties
		run.note(t.now, types.ResourceStatusUpdateInProgress, "")
		w := run.work(t.now)
		run.later(st, time.Second, func() {
			if reason := run.c.breaks(run.s, t.now.id, OnRollback); reason != "" {
				fail(reason)
				return
			}
			if err := w.kind.change(w, wrong); err != nil {
				fail(err.Error())
				return
			}
			run.later(st, w.kind.takes/2, func() { run.settle(st, w, fail, restore) })
		})
	}
	return st
}
