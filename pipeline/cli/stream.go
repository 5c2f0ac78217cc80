package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// A stream writes what happens as JSON, one object a line. Package documentation
// describes it.
type stream struct {
	mu sync.Mutex
	w  io.Writer
}

// write writes an object with the members event and delivery, and those of value, which
// is nil or encodes as an object.
func (s *stream) write(event, delivery string, value any) {
	head, err := json.Marshal(struct {
		Event    string `json:"event"`
		Delivery string `json:"delivery,omitempty"`
	}{event, delivery})
	line := head
	if value != nil && err == nil {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		err = enc.Encode(value)
		if rest := bytes.TrimSpace(buf.Bytes()); len(rest) > 2 {
			line = append(append(head[:len(head)-1:len(head)-1], ','), rest[1:]...)
		}
	}
	if err != nil { // none of the types can fail
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w.Write(append(line, '\n'))
}

// event writes an event.
func (s *stream) event(delivery string, e apply.Event) {
	ended, ok := e.(apply.StepEnded)
	if !ok {
		s.write(e.Kind(), delivery, e)
		return
	}
	out := jsonStepEnded{StepEnded: ended, Status: outcomeOf(ended.Err)}
	if ended.Err != nil {
		out.Errors = (&failure{errs: flat(ended.Err)}).json(true)
	}
	s.write(e.Kind(), delivery, out)
}

// A jsonStepEnded is an [apply.StepEnded] with how the step has ended.
type jsonStepEnded struct {
	apply.StepEnded
	Status outcome     `json:"status"`
	Errors []jsonError `json:"errors,omitempty"`
}

// An outcome is how a step has ended.
type outcome string

// The outcomes.
const (
	outcomeDone        outcome = "done"
	outcomeFailed      outcome = "failed"
	outcomeInterrupted outcome = "interrupted" // by somebody, or by --timeout
)

func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return outcomeDone
	case cutOff(err) != "":
		return outcomeInterrupted
	}
	return outcomeFailed
}

// A jsonFailure is what is written in place of a plan or a status, and with the event
// that ends a command without success.
type jsonFailure struct {
	Version int         `json:"version,omitempty"` // 1; absent in an event
	Errors  []jsonError `json:"errors"`
}

// failed writes that event.
func (s *stream) failed(errs []jsonError) { s.write("failed", "", jsonFailure{Errors: errs}) }

// raw returns a value's own JSON as a member of an object.
func raw(data []byte, err error) json.RawMessage {
	var b bytes.Buffer
	if err != nil || json.Compact(&b, data) != nil {
		return json.RawMessage("null")
	}
	return b.Bytes()
}

// A jsonError is an [apply.Error], a problem of a file as lint writes it, or another
// error with its text as the message.
type jsonError struct {
	Code     code           `json:"code"`
	Delivery string         `json:"delivery,omitempty"`
	Subject  *apply.Subject `json:"subject,omitempty"`
	Resource string         `json:"resource,omitempty"`
	Call     string         `json:"call,omitempty"`
	jsonProblem
	Remedy string   `json:"remedy,omitempty"`
	Log    []string `json:"log,omitempty"`
}

// json returns what a failure is made of.
func (f *failure) json(working bool) (out []jsonError) {
	for _, p := range f.Problems.Sorted() {
		out = append(out, jsonError{Code: codeFiles, Delivery: f.label, jsonProblem: problemOf(p, ruleIndex)})
	}
	for _, err := range f.errs {
		j := jsonError{Code: codeOf(err, working), Delivery: f.label, jsonProblem: jsonProblem{Message: err.Error()}}
		var e *apply.Error
		if errors.As(err, &e) {
			j.Resource, j.Call, j.Message, j.Remedy, j.Log = e.Resource, e.Call, e.Message, e.Remedy, e.Log
			if e.Subject != (apply.Subject{}) {
				j.Subject = &e.Subject
			}
		}
		out = append(out, j)
	}
	return out
}
