package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/seed-b1f00840/slipway"
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
	if ended, ok := e.(apply.StepEnded); ok && ended.Err != nil {
		s.write(e.Kind(), delivery, struct {
			apply.StepEnded
			Errors []jsonError `json:"errors"`
		}{ended, jsonErrors("", ended.Err)})
		return
	}
	s.write(e.Kind(), delivery, e)
}

// failed writes the event that ends a command without success.
func (s *stream) failed(errs []jsonError) {
	s.write("failed", "", struct {
		Errors []jsonError `json:"errors"`
	}{errs})
}

// raw returns a value's own JSON as a member of an object.
func raw(data []byte, err error) json.RawMessage {
	var b bytes.Buffer
	if err != nil || json.Compact(&b, data) != nil {
		return json.RawMessage("null")
	}
	return b.Bytes()
}

// A jsonError is an [apply.Error], or another one with its text as the message.
type jsonError struct {
	Delivery string         `json:"delivery,omitempty"`
	Subject  *apply.Subject `json:"subject,omitempty"`
	File     string         `json:"file,omitempty"`
	Line     int            `json:"line,omitempty"` // starting at 1; absent when it is unknown
	Resource string         `json:"resource,omitempty"`
	Call     string         `json:"call,omitempty"`
	Message  string         `json:"message"`
	Remedy   string         `json:"remedy,omitempty"`
	Log      []string       `json:"log,omitempty"`
}

// jsonErrors returns the errors in err.
func jsonErrors(delivery string, err error) (out []jsonError) {
	for _, err := range flat(err) {
		j := jsonError{Delivery: delivery, Message: err.Error()}
		var e *apply.Error
		var p *slipway.Problem
		switch {
		case errors.As(err, &e):
			j.Resource, j.Call, j.Message, j.Remedy, j.Log = e.Resource, e.Call, e.Message, e.Remedy, e.Log
			if e.Subject != (apply.Subject{}) {
				j.Subject = &e.Subject
			}
		case errors.As(err, &p):
			j.File, j.Line, j.Message = p.File, p.Pos.Line, withPath(p)
		}
		out = append(out, j)
	}
	return out
}
