package applytest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A request is a call on its way to a cloud in another process: one line of JSON.
type request struct {
	Operation string          // as in the operations table, or one of the below
	Input     json.RawMessage `json:",omitempty"`
	Body      []byte          `json:",omitempty"` // of an object: what its reader gives
	Sleep     time.Duration   `json:",omitempty"`
}

// Operations that are no service's.
const (
	opHello = "hello" // asks for the region
	opNow   = "now"
	opSleep = "sleep"
)

// A response is the answer: one line of JSON.
type response struct {
	Output  json.RawMessage `json:",omitempty"`
	Failure *failure        `json:",omitempty"` // of the call
	Error   string          `json:",omitempty"` // of the clock, or of the request
	Region  string          `json:",omitempty"`
	Now     time.Time
}

// Serve lets other processes use a cloud, by [Dial], until the listener is closed; it then
// returns nil. A process that ends in the middle of a call, killed say, loses the answer,
// but not what the call has done. Nothing is asked of who connects: listen where only
// this machine can reach.
func Serve(l net.Listener, c *Cloud) error {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("serve a cloud: %w", err)
		}
		go c.serveConn(conn)
	}
}

// serveConn answers the calls of one connection, one after the other.
func (c *Cloud) serveConn(conn net.Conn) {
	defer conn.Close()
	in, out := json.NewDecoder(bufio.NewReader(conn)), json.NewEncoder(conn)
	for {
		var req request
		if in.Decode(&req) != nil || out.Encode(c.answer(req)) != nil {
			return // the other side is gone
		}
	}
}

func (c *Cloud) answer(req request) *response {
	switch req.Operation {
	case opHello:
		return &response{Region: c.opts.Region}
	case opNow:
		return &response{Now: c.Now()}
	case opSleep:
		if err := c.Clock().Sleep(context.Background(), req.Sleep); err != nil {
			return &response{Error: err.Error()}
		}
		return &response{}
	}
	op := operations[req.Operation]
	if op == nil {
		return &response{Error: "applytest has no operation " + req.Operation}
	}
	in := op.input()
	if err := json.Unmarshal(req.Input, in); err != nil {
		return &response{Error: err.Error()}
	}
	if put, ok := in.(*s3.PutObjectInput); ok {
		put.Body = bytes.NewReader(req.Body)
	}
	result, err := c.call(context.Background(), req.Operation, in)
	var f *failure
	switch {
	case errors.As(err, &f):
		return &response{Failure: f}
	case err != nil:
		return &response{Error: err.Error()}
	}
	data, err := json.Marshal(result)
	if err != nil {
		return &response{Error: err.Error()}
	}
	return &response{Output: data}
}

// requestOf returns a call as a request.
func requestOf(id string, in any) (*request, error) {
	req := &request{Operation: id}
	if put, ok := in.(*s3.PutObjectInput); ok {
		without := *put
		if put.Body != nil {
			data, err := io.ReadAll(put.Body)
			if err != nil {
				return nil, err
			}
			req.Body = data
		}
		without.Body = nil
		in = &without
	}
	data, err := json.Marshal(in)
	req.Input = data
	return req, err
}
