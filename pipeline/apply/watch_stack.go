package apply

import (
	"cmp"
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

// A stackWatch follows one operation of a stack, and tells its events.
type stackWatch struct {
	*Applier
	item     *stackItem
	id       string   // of the stack
	tokens   []string // of the calls that begin and that cancel the operation; its events bear one of them
	seen     map[string]bool
	events   []cfntypes.StackEvent // of the operation, in order
	services []*serviceWatch
	creating bool                        // an update can be cancelled, a creation cannot
	retreat  func(context.Context) error // prepares a roll back, once; nil: nothing is to be prepared
}

// follow returns a watch of a stack, for an operation that a call with that token begins.
func (a *Applier) follow(item *stackItem, id, token string) *stackWatch {
	return &stackWatch{Applier: a, item: item, id: id, tokens: []string{token}, seen: make(map[string]bool)}
}

// mark takes what has happened already, to the stack and to its services, for what
// belongs to earlier operations.
func (w *stackWatch) mark(ctx context.Context) error {
	if _, err := w.fresh(ctx, func(*cfntypes.StackEvent) bool { return true }); err != nil {
		return err
	}
	for _, s := range w.item.services {
		watch := w.watchService(s)
		if err := watch.mark(ctx); err != nil {
			return err
		}
		w.services = append(w.services, watch)
	}
	return nil
}

// fresh returns the events that were not seen before, in order. The newest come first
// from CloudFormation, page by page: no page is read after one with an event that was
// seen, or that is the last.
func (w *stackWatch) fresh(ctx context.Context, isLast func(*cfntypes.StackEvent) bool) ([]cfntypes.StackEvent, error) {
	var list []cfntypes.StackEvent
	in := &cloudformation.DescribeStackEventsInput{StackName: &w.id}
	for known := false; !known; {
		out, err := do(ctx, w.Applier, call{op: "cloudformation:DescribeStackEvents", on: "stack " + w.item.name}, w.clients.CloudFormation.DescribeStackEvents, in)
		if err != nil {
			return nil, err
		}
		for _, e := range out.StackEvents {
			if id := aws.ToString(e.EventId); w.seen[id] {
				known = true
			} else {
				w.seen[id] = true
				list = append(list, e)
				known = known || isLast(&e)
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b cfntypes.StackEvent) int { return aws.ToTime(a.Timestamp).Compare(aws.ToTime(b.Timestamp)) })
	return list, nil
}

// until follows the stack until its operation has ended. It is an error when that is
// not with one of the wanted statuses.
func (w *stackWatch) until(ctx context.Context, wanted ...cfntypes.StackStatus) error {
	limit := w.within(w.opts.Timeouts.Stack, "the operation of the stack")
	for look := 0; ; look++ {
		status, err := w.look(ctx, look)
		switch {
		case err != nil:
			return err
		case slices.Contains(wanted, status):
			return nil
		case status != "":
			return w.failure(ctx, status)
		}
		if err := w.watchServices(ctx); err != nil {
			return w.cancel(ctx, err)
		}
		if err := w.pause(ctx, limit, look); err != nil {
			return err
		}
	}
}

// look tells new events and returns the status with which the operation has ended, or
// nothing while it goes on.
func (w *stackWatch) look(ctx context.Context, look int) (cfntypes.StackStatus, error) {
	list, err := w.fresh(ctx, func(*cfntypes.StackEvent) bool { return false })
	if err != nil {
		return "", err
	}
	var status cfntypes.StackStatus
	for _, e := range list {
		if by := aws.ToString(e.ClientRequestToken); by != "" && !slices.Contains(w.tokens, by) {
			continue // of an operation before this one, which is only seen now
		}
		w.events = append(w.events, e)
		w.emit(StackEvent{
			Time: aws.ToTime(e.Timestamp), Stack: w.item.name, Resource: aws.ToString(e.LogicalResourceId), Type: aws.ToString(e.ResourceType),
			Physical: aws.ToString(e.PhysicalResourceId), Status: string(e.ResourceStatus), Reason: w.reason(&e),
		})
		if aws.ToString(e.PhysicalResourceId) != w.id {
			continue
		}
		if e.ResourceStatus == cfntypes.ResourceStatusUpdateRollbackInProgress {
			w.prepareRollback(ctx)
		}
		if status = cfntypes.StackStatus(e.ResourceStatus); strings.HasSuffix(string(status), "_IN_PROGRESS") {
			w.creating = status == cfntypes.StackStatusCreateInProgress || w.creating && status != cfntypes.StackStatusUpdateInProgress
			status = ""
		}
	}
	if status != "" || look%4 != 3 {
		return status, nil
	}
	return w.ask(ctx, look)
}

// ask asks for the state of the stack: an event may be lost, or none ever come.
func (w *stackWatch) ask(ctx context.Context, look int) (cfntypes.StackStatus, error) {
	out, err := do(ctx, w.Applier, call{op: "cloudformation:DescribeStacks", on: "stack " + w.item.name},
		w.clients.CloudFormation.DescribeStacks, &cloudformation.DescribeStacksInput{StackName: &w.id})
	if err != nil {
		return "", err
	}
	if len(out.Stacks) != 1 || conditionOf(&out.Stacks[0]) == busy || conditionOf(&out.Stacks[0]) == reviewed {
		return "", nil
	}
	const patience = 11 // looks without any event
	if len(w.events) == 0 && look < patience {
		return "", nil
	}
	return out.Stacks[0].StackStatus, nil
}

// failure returns the error of an operation that has ended with a status.
func (w *stackWatch) failure(ctx context.Context, status cfntypes.StackStatus) error {
	e := &Error{Message: "the stack has ended in " + string(status)}
	if first := w.first(w.events); first != nil {
		reason := w.reason(first)
		if aws.ToString(first.PhysicalResourceId) != w.id {
			e.Resource = fmt.Sprintf("%s (%s)", aws.ToString(first.LogicalResourceId), aws.ToString(first.ResourceType))
		}
		e.Message = fmt.Sprintf("%s: %s; the stack is in %s", first.ResourceStatus, strings.TrimSuffix(reason, "."), status)
		e.Remedy = remedyOf(reason)
		w.explain(ctx, first, e)
	}
	after := map[cfntypes.StackStatus]string{
		cfntypes.StackStatusRollbackComplete:       "run again with --replace-failed",
		cfntypes.StackStatusRollbackFailed:         "run again with --replace-failed",
		cfntypes.StackStatusCreateFailed:           "run again with --replace-failed",
		cfntypes.StackStatusUpdateRollbackComplete: "run again: the stack is as it was before",
		cfntypes.StackStatusUpdateRollbackFailed:   "run again with --continue-rollback",
	}[status]
	e.Remedy = cmp.Or(e.Remedy, "mend that") + "; then " + cmp.Or(after, "run again")
	return e
}

// first returns the event of the first resource that failed by itself, or nil.
func (w *stackWatch) first(events []cfntypes.StackEvent) *cfntypes.StackEvent {
	for i := range events {
		e := &events[i]
		if !strings.HasSuffix(string(e.ResourceStatus), "_FAILED") || aws.ToString(e.PhysicalResourceId) == w.id {
			continue
		}
		if reason := aws.ToString(e.ResourceStatusReason); !strings.Contains(reason, "cancelled") {
			return e
		}
	}
	for i := len(events) - 1; i >= 0; i-- { // the stack itself, such as for an export that is in use
		if e := &events[i]; aws.ToString(e.PhysicalResourceId) == w.id && aws.ToString(e.ResourceStatusReason) != "" &&
			aws.ToString(e.ResourceStatusReason) != "User Initiated" {
			return e
		}
	}
	return nil
}

// explain adds to the failure of a resource what lies beneath: the failed resource of a
// nested stack, the stopped task of a service.
func (w *stackWatch) explain(ctx context.Context, first *cfntypes.StackEvent, e *Error) {
	switch aws.ToString(first.ResourceType) {
	case "AWS::CloudFormation::Stack":
		if aws.ToString(first.PhysicalResourceId) == w.id {
			return // it is the stack itself
		}
		if beneath, err := w.firstFailure(ctx, w.item, aws.ToString(first.PhysicalResourceId)); err == nil && beneath != "" {
			e.Message += "; in the nested stack: " + beneath
		}
	case "AWS::ECS::Service":
		for _, s := range w.services {
			if s.item.id == aws.ToString(first.LogicalResourceId) {
				s.explain(ctx, e)
			}
		}
	}
}

// reason is why something has happened, without what may be secret.
func (w *stackWatch) reason(e *cfntypes.StackEvent) string {
	return fault.Redact(w.item.cover(aws.ToString(e.ResourceStatusReason)))
}

// firstFailure returns which resource of a stack, or of one nested in it, failed first in
// its last operation, and why; nothing when none did.
func (a *Applier) firstFailure(ctx context.Context, item *stackItem, stack string) (string, error) {
	w := a.follow(&stackItem{name: stack, hidden: item.hidden}, stack, "")
	begins := func(e *cfntypes.StackEvent) bool { // an operation begins with an event of the stack
		return aws.ToString(e.PhysicalResourceId) == stack && slices.Contains([]cfntypes.ResourceStatus{
			cfntypes.ResourceStatusCreateInProgress, cfntypes.ResourceStatusUpdateInProgress, cfntypes.ResourceStatusDeleteInProgress,
		}, e.ResourceStatus)
	}
	list, err := w.fresh(ctx, begins)
	if err != nil {
		return "", err
	}
	start := 0
	for i := range list {
		if begins(&list[i]) {
			start = i
		}
	}
	e := w.first(list[start:])
	if e == nil {
		return "", nil
	}
	return fmt.Sprintf("%s (%s): %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceType),
		strings.TrimSuffix(cmp.Or(w.reason(e), string(e.ResourceStatus)), ".")), nil
}

// watchServices looks at the services that the stack is working on: CloudFormation waits
// for hours for tasks that never stay up.
func (w *stackWatch) watchServices(ctx context.Context) error {
	at := make(map[string]*cfntypes.StackEvent)
	for i := range w.events {
		at[aws.ToString(w.events[i].LogicalResourceId)] = &w.events[i]
	}
	for _, s := range w.services {
		e := at[s.item.id]
		if e == nil || e.ResourceStatus != cfntypes.ResourceStatusCreateInProgress && e.ResourceStatus != cfntypes.ResourceStatusUpdateInProgress {
			continue
		}
		if !s.item.isNamed() {
			s.item.identify(aws.ToString(e.PhysicalResourceId))
		}
		live, err := s.look(ctx)
		if err == nil && live != nil {
			err = s.crashing(ctx, live)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// prepareRollback does what has to be done before, or as soon as, a stack rolls back.
func (w *stackWatch) prepareRollback(ctx context.Context) {
	if w.retreat == nil {
		return
	}
	if err := w.retreat(ctx); err != nil {
		w.notef("what ran cannot be registered again for the roll back of %s: %v", w.item.name, err)
	}
	w.retreat = nil
}

// cancel ends an update that cannot succeed, waits for the roll back, and returns why. A
// creation cannot be cancelled: it is followed to its end.
func (w *stackWatch) cancel(ctx context.Context, why error) error {
	if ctx.Err() != nil || !isCrash(why) {
		return why
	}
	if w.creating {
		w.services = nil // they have been judged
		w.notef("the tasks of %s do not stay up (%v); a creation cannot be cancelled: CloudFormation will give it up", w.item.name, why)
		if err := w.until(ctx, cfntypes.StackStatusCreateComplete); err != nil {
			return errors.Join(why, err)
		}
		return why
	}
	w.notef("the tasks of %s do not stay up: the update is cancelled", w.item.name)
	w.prepareRollback(ctx)
	token := w.unique(w.id) // a token is for one operation
	w.tokens = append(w.tokens, token)
	_, err := do(ctx, w.Applier, call{op: "cloudformation:CancelUpdateStack", on: "stack " + w.item.name},
		w.clients.CloudFormation.CancelUpdateStack, &cloudformation.CancelUpdateStackInput{StackName: &w.id, ClientRequestToken: &token})
	if err != nil && !hasCode(err, "ValidationError") { // it is over already
		return errors.Join(why, err)
	}
	w.services = nil
	_ = w.until(ctx, cfntypes.StackStatusUpdateRollbackComplete)
	return why
}
