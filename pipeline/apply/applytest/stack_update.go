package applytest

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

// A touch is what an update has done to a resource.
type touch struct {
	old *resource // a copy of what it was; nil for one that is new
	now *resource
	// replaced says that now is another thing than old.
	replaced bool
}

// startUpdate begins to update a stack.
func (c *Cloud) startUpdate(s *stack, set *changeSet, token string, onFailure types.OnStackFailure) {
	run := &operationRun{c: c, s: s, set: set, token: token, stops: true, onFailure: onFailure, before: s.stackContent, olds: copies(s.resources)}
	s.updated = c.now
	run.setStatus(types.StackStatusUpdateInProgress, "User Initiated")
	s.running = run
	c.after(time.Second, func() {
		if run.finished { // cancelled
			return
		}
		if reason := c.unfit(s, &set.content); reason != "" {
			run.finished = true
			run.rollBackUpdate(reason)
			return
		}
		content := set.content
		content.outputs, content.imports = s.outputs, s.imports
		s.stackContent = content
		scope := c.liveScope(s, &s.stackContent)
		for _, r := range s.template.Resources {
			if !exists(scope, r) {
				continue
			}
			if old := run.again(r); old != nil {
				run.steps = append(run.steps, run.updateStep(r, old))
			} else {
				run.steps = append(run.steps, run.createStep(r))
			}
		}
		run.start(run.updated)
	})
}

func copies(list []*resource) []*resource {
	out := make([]*resource, len(list))
	for i, r := range list {
		copied := *r
		out[i] = &copied
	}
	return out
}

// updateStep makes a resource what the new template says.
func (run *operationRun) updateStep(r *cfn.Resource, now *resource) *step {
	fresh := newResource(run.s.template, r)
	st := &step{id: r.ID, after: fresh.after, verb: "update"}
	fail := func(reason string) {
		run.note(now, types.ResourceStatusUpdateFailed, reason)
		run.end(st, false)
	}
	st.cancel = func() { run.note(now, types.ResourceStatusUpdateFailed, "Resource update cancelled") }
	st.begin = func(st *step) {
		old := *now
		now.after, now.policy, now.replaced = fresh.after, fresh.policy, fresh.replaced
		value, err := run.c.liveScope(run.s, &run.s.stackContent).Eval(r.Properties)
		if err != nil {
			fail(err.Error())
			return
		}
		properties, _ := value.(cfn.Object)
		changed := changedProperties(old.properties, properties)
		if len(changed) == 0 && intrinsic.Equal(old.metadata, r.Metadata) {
			run.end(st, true)
			return
		}
		replaced := replaces(r.Type, changed)
		if replaced && run.preserves() { // https://github.com/aws/aws-cdk/issues/30546
			fail("Replacement type updates not supported on stack with disable-rollback.")
			return
		}
		action := "Update:Modify"
		if replaced {
			action = "Update:Replace"
		}
		if reason := denial(run.s.policy, action, now); reason != "" {
			fail(reason)
			return
		}
		run.touched = append(run.touched, &touch{old: &old, now: now, replaced: replaced})
		now.properties, now.metadata = properties, r.Metadata
		if replaced {
			run.replace(st, now, &old, fail)
			return
		}
		run.note(now, types.ResourceStatusUpdateInProgress, "")
		w := run.work(now)
		run.later(st, time.Second, func() { run.change(st, w, old.properties, fail) })
	}
	return st
}

// change updates a resource in place.
func (run *operationRun) change(st *step, w *work, before cfn.Object, fail func(string)) {
	if err := w.kind.change(w, before); err != nil {
		fail(err.Error())
		return
	}
	run.later(st, w.kind.takes/2, func() {
		if reason := run.c.breaks(run.s, w.r.id, OnUpdate); reason != "" {
			fail(reason)
			return
		}
		run.settle(st, w, fail, func() {
			run.note(w.r, types.ResourceStatusUpdateComplete, "")
			run.end(st, true)
		})
	})
}

// replace makes a new resource in place of one, which is deleted when all is done.
func (run *operationRun) replace(st *step, now, old *resource, fail func(string)) {
	run.note(now, types.ResourceStatusUpdateInProgress, "Requested update requires the creation of a new physical resource; hence creating one.")
	w := run.work(now)
	if name := w.name(); name != "" && name == text(old.properties.Get(w.kind.named)) {
		fail("CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename " + name +
			" and update the stack again.")
		return
	}
	run.later(st, time.Second, func() {
		now.physical, now.attributes = "", nil
		if err := w.kind.make(w); err != nil {
			now.physical, now.attributes = old.physical, old.attributes
			fail(err.Error())
			return
		}
		run.note(now, types.ResourceStatusUpdateInProgress, "Resource creation Initiated")
		run.later(st, w.kind.takes, func() {
			if reason := run.c.breaks(run.s, now.id, OnUpdate); reason != "" {
				fail(reason)
				return
			}
			run.settle(st, w, fail, func() {
				run.note(now, types.ResourceStatusUpdateComplete, "")
				run.end(st, true)
			})
		})
	})
}

// changedProperties returns the names of the properties whose evaluated values differ.
func changedProperties(before, after cfn.Object) []string {
	var names []string
	for _, m := range after {
		if !intrinsic.Equal(before.Get(m.Key), m.Value) {
			names = append(names, m.Key)
		}
	}
	for _, m := range before {
		if after.Get(m.Key) == nil {
			names = append(names, m.Key)
		}
	}
	return names
}

// updated ends the part of an update in which it can still go back.
func (run *operationRun) updated() {
	s := run.s
	if run.stopped {
		run.rollBackUpdate(run.reason())
		return
	}
	outputs, err := run.c.outputsOf(s, &s.stackContent)
	if err == nil {
		err = run.c.exportable(s, outputs)
	}
	if err != nil {
		run.rollBackUpdate(err.Error())
		return
	}
	if reason := run.deletionDenied(); reason != "" {
		run.rollBackUpdate(reason)
		return
	}
	s.outputs, s.imports = outputs, run.c.importsOf(s)
	run.set.execution = types.ExecutionStatusExecuteComplete
	run.setStatus(types.StackStatusUpdateCompleteCleanupInProgress, "")
	run.trash = run.removed()
	for _, t := range run.touched {
		if t.replaced {
			t.old.policy = t.old.replaced
			run.trash = append(run.trash, t.old)
		}
	}
	run.cleanUp(types.StackStatusUpdateComplete, "Update successful. One or more resources could not be deleted.")
}

// removed returns the resources that the new template does not have, and takes them out
// of the stack.
func (run *operationRun) removed() []*resource {
	var out []*resource
	run.s.resources = slices.DeleteFunc(run.s.resources, func(r *resource) bool {
		stays := slices.ContainsFunc(run.steps, func(st *step) bool { return st.id == r.id })
		if !stays {
			out = append(out, r)
		}
		return !stays
	})
	run.sortResources()
	return out
}

// sortResources brings the resources into the order of the template.
func (run *operationRun) sortResources() {
	at := func(r *resource) int {
		return slices.IndexFunc(run.s.template.Resources, func(t *cfn.Resource) bool { return t.ID == r.id })
	}
	slices.SortStableFunc(run.s.resources, func(a, b *resource) int { return at(a) - at(b) })
}

// deletionDenied returns why the stack policy does not let a resource be removed.
func (run *operationRun) deletionDenied() string {
	for _, r := range run.s.resources {
		if !slices.ContainsFunc(run.steps, func(st *step) bool { return st.id == r.id }) {
			if reason := denial(run.s.policy, "Update:Delete", r); reason != "" {
				return reason
			}
		}
	}
	return ""
}

// cleanUp deletes the trash, and ends the operation whether that works or not.
func (run *operationRun) cleanUp(status types.StackStatus, otherwise string) {
	last := &operationRun{c: run.c, s: run.s, token: run.token}
	for _, r := range run.trash {
		last.steps = append(last.steps, last.deleteStep(r, run.trash, nil))
	}
	run.c.after(time.Second, func() {
		last.start(func() {
			reason := ""
			if len(last.failedSteps("delete")) > 0 {
				reason = otherwise
			}
			last.close(status, reason)
		})
	})
}
