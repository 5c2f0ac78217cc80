package applytest

import (
	"fmt"
	"net/http"
	"strings"
)

// A FaultKind says how a call fails.
type FaultKind uint8

// The kinds of faults. Throttling, InternalError and AccessDenied are answered with the
// code, the words and the status of the service that was called.
const (
	APIError      FaultKind = iota // the service answers with Fault.Code and Fault.Message
	Throttling                     // too many calls
	InternalError                  // status 500
	AccessDenied                   // the caller may not do that
	LostRequest                    // no answer comes, and nothing was done
	LostResponse                   // no answer comes, but the work was done
)

// A Fault is a call that is made to fail. It is chosen by its number, or by its
// operation and how often that was called since the fault was scripted.
type Fault struct {
	Call      int    // number of the call, starting at 1; 0 is by operation
	Operation string // such as ecs:UpdateService; empty is any
	Nth       int    // which of the calls of the operation, starting at 1; 0 is the first one
	Times     int    // how many calls fail, from that one on; 0 is one, -1 all
	Kind      FaultKind

	Code, Message string // of an APIError
	Status        int    // of an APIError: its HTTP status; 0 is 400
}

// scriptedFault is a fault with what has happened to it.
type scriptedFault struct {
	Fault
	seen, fired int // calls that it was asked about, and that it has made fail
}

// Fail scripts a fault. Where several fit a call, the one that was scripted first counts.
// It panics when there is no such operation.
func (c *Cloud) Fail(f Fault) {
	if f.Operation != "" && operations[f.Operation] == nil {
		panic("applytest: Fault.Operation is " + f.Operation + ", want one of " + strings.Join(operationNames(), " "))
	}
	if f.Call == 0 && f.Operation == "" {
		panic("applytest: a Fault needs the number of a Call, or an Operation such as ecs:UpdateService")
	}
	if f.Kind == APIError && f.Code == "" {
		panic("applytest: a Fault of kind APIError needs a Code, such as ValidationError")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, &scriptedFault{Fault: f})
}

// faultFor returns the fault of a call, or nil.
func (c *Cloud) faultFor(call *Call) *scriptedFault {
	var found *scriptedFault
	for _, f := range c.faults {
		if f.fits(call) && found == nil {
			found = f
		}
	}
	if found != nil {
		found.fired++
		call.Fault = true
	}
	return found
}

// fits reports whether a call is one that the fault is for. It counts the calls.
func (f *scriptedFault) fits(call *Call) bool {
	if f.Operation != "" && f.Operation != call.Operation {
		return false
	}
	f.seen++
	at, first := f.seen, max(f.Nth, 1)
	if f.Call > 0 {
		at, first = call.Number, f.Call
	}
	return at >= first && (f.Times < 0 || at < first+max(f.Times, 1))
}

// failure returns what the caller sees.
func (f *Fault) failure(c *Cloud, op *operation, request string) error {
	answer := func(code, message string, status int) error {
		return failureOf(op, request, &refusal{code: code, message: message, status: status})
	}
	switch f.Kind {
	case Throttling:
		switch op.service {
		case "cloudformation", "sts":
			return answer("Throttling", "Rate exceeded", 0)
		case "s3":
			return answer("SlowDown", "Please reduce your request rate.", http.StatusServiceUnavailable)
		}
		return answer("ThrottlingException", "Rate exceeded", 0)
	case InternalError:
		switch op.service {
		case "ecs", "ecr":
			return answer("ServerException", "Service Unavailable. Please try again later.", http.StatusInternalServerError)
		case "s3":
			return answer("InternalError", "We encountered an internal error. Please try again.", http.StatusInternalServerError)
		}
		return answer("InternalFailure", "The request processing has failed because of an unknown error, exception or failure.", http.StatusInternalServerError)
	case AccessDenied:
		return f.denied(c, op, answer)
	case LostRequest, LostResponse:
		return &failure{Operation: op.id(), Lost: true}
	}
	return answer(f.Code, f.Message, f.Status)
}

func (f *Fault) denied(c *Cloud, op *operation, answer func(code, message string, status int) error) error {
	message := fmt.Sprintf("User: %s is not authorized to perform: %s because no identity-based policy allows the %s action",
		c.caller(), op.id(), op.id())
	switch op.service {
	case "cloudformation", "sts":
		return answer("AccessDenied", message, http.StatusForbidden)
	case "s3":
		return answer("AccessDenied", message, http.StatusForbidden)
	}
	return answer("AccessDeniedException", message, 0)
}

// Unfired returns the scripted faults that no call has met, for a test to see that it
// has tested what it wanted.
func (c *Cloud) Unfired() []Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	var faults []Fault
	for _, f := range c.faults {
		if f.fired == 0 {
			faults = append(faults, f.Fault)
		}
	}
	return faults
}
