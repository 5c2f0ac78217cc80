package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// applyStack creates, updates or replaces a stack.
func (r *runner) applyStack(ctx context.Context, s *Step, w *stackWork) error {
	switch conditionOf(w.live) {
	case broken:
		if err := r.deleteStack(ctx, aws.ToString(w.live.StackId), w.item.name); err != nil {
			return err
		}
	case stuck:
		if err := r.continueRollback(ctx, w); err != nil {
			return err
		}
	}
	if err := r.recount(ctx, w); err != nil {
		return err
	}
	if err := r.level(ctx, s, w); err != nil {
		return err
	}
	err := r.update(ctx, s, w)
	if errors.Is(err, errSetLost) {
		w.set = nil
		err = r.update(ctx, s, w)
	}
	return err
}

// update makes the change set of a step where there is none, and executes it.
func (r *runner) update(ctx context.Context, s *Step, w *stackWork) error {
	if w.set == nil {
		if err := r.makeSet(ctx, s, w); err != nil || w.set == nil {
			return err
		}
	}
	if w.submission.create {
		return r.execute(ctx, w.item, w.set, nil)
	}
	touched, err := r.guardServices(ctx, w, s, w.set)
	if err != nil {
		return err
	}
	if err := r.execute(ctx, w.item, w.set, touched); err != nil {
		return errors.Join(err, r.restoreRolledBack(ctx, w, touched))
	}
	return nil
}

// restoreRolledBack gives services the numbers of tasks that they had, if their stack has
// been rolled back.
func (r *runner) restoreRolledBack(ctx context.Context, w *stackWork, services []*touch) error {
	if ctx.Err() != nil || len(services) == 0 {
		return nil
	}
	now, err := r.describeStack(ctx, w.item.name)
	if err != nil || now == nil || now.StackStatus != cfntypes.StackStatusUpdateRollbackComplete && now.StackStatus != cfntypes.StackStatusUpdateRollbackFailed {
		return err
	}
	return r.restore(ctx, services)
}

// recount gives a change set up that was made for another number of tasks than what
// runs now: somebody has scaled since.
func (r *runner) recount(ctx context.Context, w *stackWork) error {
	changed := false
	for _, s := range w.item.services {
		had, isCounted := w.counts[s.count]
		if !isCounted || w.submission.create {
			continue
		}
		live, err := r.liveService(ctx, s)
		if err != nil {
			return err
		}
		if live != nil && int(live.DesiredCount) != had {
			w.count(s.count, int(live.DesiredCount))
			changed = true
		}
	}
	if !changed || w.set == nil {
		return nil
	}
	set := w.set
	w.set = nil
	return r.removeChangeSet(ctx, set)
}

// makeSet makes the change set of a step that could not have one when it was planned, or
// whose number of tasks has changed since. What it does must have been planned.
func (r *runner) makeSet(ctx context.Context, s *Step, w *stackWork) error {
	set, err := r.begin(ctx, &w.submission, r.place.caller)
	if err == nil {
		set, err = r.finish(ctx, w.item, set)
		w.set = set
	}
	if errors.Is(err, errNoExport) {
		return &Error{Message: "it imports what no stack exports", Remedy: "see the names of the exports, and of the stack of the network", Err: err}
	}
	if err != nil || set == nil {
		return err
	}
	if more := w.beyond(s); more != "" {
		return stale("the change set of the stack does more than was planned: " + more)
	}
	return nil
}

// beyond returns what the change set does that the step does not say, or nothing. What
// follows from another change, which it names, may be there in addition.
func (w *stackWork) beyond(s *Step) string {
	now := &Step{Subject: s.Subject}
	w.changesOf(w.set, now)
	for _, n := range now.Needs {
		if !slices.Contains(s.Needs, n) {
			return needText(n, now)
		}
	}
	if len(now.Blocked) > len(s.Blocked) {
		return now.Blocked[0]
	}
	if w.unread || w.submission.create {
		return ""
	}
	for i := range now.Changes {
		c := &now.Changes[i]
		j := slices.IndexFunc(s.Changes, func(p Change) bool { return p.Resource == c.Resource })
		var planned Change
		if j >= 0 {
			planned = s.Changes[j]
		}
		if more := c.beyond(planned); more != "" {
			return fmt.Sprintf("%s (%s) %s", c.Resource, c.Type, more)
		}
	}
	return ""
}

// beyond returns what a change does more than the planned one of the same resource, or
// nothing. None was planned if that is zero.
func (c *Change) beyond(planned Change) string {
	switch {
	case planned.Action == c.Action && c.Action != Update && c.Action != Replace, planned.Action == Replace && c.Action == Update:
		return ""
	case c.Action == Update, c.Action == Replace && (planned.Action == Replace || c.Maybe):
	default:
		return "would " + string(c.Action)
	}
	for _, p := range c.Properties {
		name := topOf(p.Path)
		if p.Cause == "" && name != "" && !slices.ContainsFunc(planned.Properties, func(q Property) bool { return topOf(q.Path) == name }) {
			return name + " changes"
		}
	}
	return ""
}

// topOf returns the property of a resource in which a path lies; nothing for what is none.
func topOf(path string) string {
	name, ok := strings.CutPrefix(path, "Properties.")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(name, ".["); i >= 0 {
		name = name[:i]
	}
	return name
}

// execute executes a change set and follows the stack until it is done. Touched are the
// services that it works on, as they were before.
func (r *runner) execute(ctx context.Context, item *stackItem, set *changeSet, touched []*touch) error {
	w := r.follow(item, set.stackID, token(set.id))
	w.retreat = func(ctx context.Context) error { return r.retreat(ctx, touched) }
	if err := w.mark(ctx); err != nil {
		return err
	}
	_, err := do(ctx, r.Applier, call{op: "cloudformation:ExecuteChangeSet", on: "stack " + item.name},
		r.clients.CloudFormation.ExecuteChangeSet, &cloudformation.ExecuteChangeSetInput{
			ChangeSetName: &set.id, StackName: &set.stackID, ClientRequestToken: &w.tokens[0],
		})
	if err != nil && isUnsure(err) && isRefusal(err) {
		err = nil // an earlier attempt has begun it
	}
	if isRefusal(err) {
		refused := stale("the change set cannot be executed any more: " + fault.Reason(err))
		if isLost(err) {
			return errors.Join(refused, errSetLost)
		}
		return refused
	}
	if err != nil {
		return err
	}
	set.used = true
	return w.until(ctx, cfntypes.StackStatusCreateComplete, cfntypes.StackStatusUpdateComplete)
}

// isRefusal reports whether a change set is not there to be executed.
func isRefusal(err error) bool {
	return hasCode(err, "InvalidChangeSetStatus", "InvalidChangeSetStatusException", "ChangeSetNotFound", "ChangeSetNotFoundException")
}

// deleteStack deletes a stack and waits until it is gone. Name is for messages.
func (a *Applier) deleteStack(ctx context.Context, id, name string) error {
	w := a.follow(&stackItem{name: name}, id, a.unique(id))
	if err := w.mark(ctx); err != nil {
		return err
	}
	_, err := do(ctx, a, call{op: "cloudformation:DeleteStack", on: "stack " + name}, a.clients.CloudFormation.DeleteStack,
		&cloudformation.DeleteStackInput{StackName: &id, RoleARN: a.stackRole(), ClientRequestToken: &w.tokens[0]})
	if err != nil {
		return err
	}
	return w.until(ctx, cfntypes.StackStatusDeleteComplete)
}

// continueRollback goes on with the roll back of a stack.
func (r *runner) continueRollback(ctx context.Context, s *stackWork) error {
	id := aws.ToString(s.live.StackId)
	w := r.follow(s.item, id, r.unique(id))
	if err := w.mark(ctx); err != nil {
		return err
	}
	services, err := r.standingServices(ctx, s)
	if err != nil {
		return err
	}
	if err := r.retreat(ctx, services); err != nil {
		return err
	}
	_, err = do(ctx, r.Applier, call{op: "cloudformation:ContinueUpdateRollback", on: "stack " + s.item.name},
		r.clients.CloudFormation.ContinueUpdateRollback, &cloudformation.ContinueUpdateRollbackInput{
			StackName: &id, ResourcesToSkip: s.skip, RoleARN: r.stackRole(), ClientRequestToken: &w.tokens[0],
		})
	if err != nil && !isUnsure(err) {
		return err
	}
	if err := w.until(ctx, cfntypes.StackStatusUpdateRollbackComplete); err != nil {
		return err
	}
	return r.restore(ctx, services)
}

// planBroken plans the replacement of a stack that can only be deleted.
func (p *planner) planBroken(ctx context.Context, w *stackWork, step *Step) error {
	step.Action = Replace
	step.need(NeedsReplaceFailed)
	step.Reason = fmt.Sprintf("the stack is in %s, and can only be deleted", w.live.StackStatus)
	first, err := p.firstFailure(ctx, w.item, aws.ToString(w.live.StackId))
	if err != nil {
		return err
	}
	if first != "" {
		step.Reason += "; it failed because of " + first
	}
	if aws.ToBool(w.live.EnableTerminationProtection) {
		step.block("termination protection is on; %s", strings.ReplaceAll(remedyOf("TerminationProtection is enabled"), "NAME", w.item.name))
	}
	list, err := p.resources(ctx, aws.ToString(w.live.StackId))
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.ResourceStatus == cfntypes.ResourceStatusDeleteComplete || r.PhysicalResourceId == nil || *r.PhysicalResourceId == "" {
			continue
		}
		c := Change{Action: Delete, Resource: aws.ToString(r.LogicalResourceId), Type: aws.ToString(r.ResourceType), Physical: *r.PhysicalResourceId}
		w.judge(step, &c, false)
		step.Changes = append(step.Changes, c)
	}
	w.additions(step)
	w.submission.create = true
	return nil
}
