package applytest

import (
	"context"
	"errors"
	"slices"
	"time"
)

// A Call is a call of a client.
type Call struct {
	Number    int       // starting at 1
	Operation string    // service:Operation, with the service as IAM names it: cloudformation:DescribeStacks
	Resource  string    // what it is about, such as the name of a stack; empty for some
	Write     bool      // whether the operation may change something
	Time      time.Time // of the cloud, when the call came

	Done  bool   // whether it is over
	Code  string // of the error: ValidationError; "Timeout" when no answer came; empty for none
	Fault bool   // whether the error was scripted, see [Cloud.Fail]
}

// String returns the call on one line: "12 ecs:UpdateService web ClientException".
func (c Call) String() string {
	text := itoa(c.Number) + " " + c.Operation
	for _, part := range []string{c.Resource, c.Code} {
		if part != "" {
			text += " " + part
		}
	}
	return text
}

// Calls returns all calls so far, in their order.
func (c *Cloud) Calls() []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := make([]Call, len(c.calls))
	for i, call := range c.calls {
		calls[i] = *call
	}
	return calls
}

// OnCall adds a function that is told of each call, as [Options.OnCall] is.
func (c *Cloud) OnCall(f func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onCall = append(c.onCall, f)
}

// call does an operation. What fails at AWS is a *failure.
func (c *Cloud) call(ctx context.Context, id string, in any) (out any, err error) {
	op := operations[id]
	if op == nil {
		return nil, errors.New("applytest has no operation " + id)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	call, watchers := c.begin(op, in)
	tell(watchers, *call)
	if err = ctx.Err(); err == nil {
		out, err = c.work(op, call, clone(in))
	}
	tell(watchers, c.end(call, err))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return out, err
}

func tell(watchers []func(Call), call Call) {
	for _, f := range watchers {
		f(call)
	}
}

// begin notes a call.
func (c *Cloud) begin(op *operation, in any) (*Call, []func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := &Call{
		Number: len(c.calls) + 1, Operation: op.id(), Resource: op.about(in), Write: op.write, Time: c.now,
	}
	c.calls = append(c.calls, call)
	copied := *call
	return &copied, slices.Clone(c.onCall)
}

// work does what a call asks for, unless a fault is scripted for it.
func (c *Cloud) work(op *operation, call *Call, in any) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass(latency)
	fault := c.faultFor(call)
	request := uuid(c.ids.hash("request", ""))
	if fault != nil && fault.Kind != LostResponse {
		return nil, fault.failure(c, op, request)
	}
	out, err := op.run(c, in)
	switch {
	case fault != nil:
		return nil, fault.failure(c, op, request)
	case err != nil:
		return nil, failureOf(op, request, err)
	}
	return clone(out), nil
}

// end notes how a call ended.
func (c *Cloud) end(call *Call, err error) Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	noted := c.calls[call.Number-1]
	noted.Done = true
	noted.Fault = call.Fault
	var f *failure
	if errors.As(err, &f) {
		noted.Code = f.Code
		if f.Lost {
			noted.Code = "Timeout"
		}
	}
	return *noted
}
