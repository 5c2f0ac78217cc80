package applytest

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// A refusal is an error that a service answers.
type refusal struct {
	code, message string
	status        int // HTTP; 0 is 400
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// refuse returns an error that a service answers with status 400.
func refuse(code, format string, args ...any) error {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// invalid is the error by which CloudFormation refuses nearly everything.
func invalid(format string, args ...any) error { return refuse("ValidationError", format, args...) }

// A failure is an error of a call, as it travels: to the SDK's client, or first to
// another process.
type failure struct {
	Operation string // id, as in the operations table
	Lost      bool   // nobody knows whether the request has arrived; the rest is empty then
	Code      string
	Message   string
	Status    int    // HTTP
	Request   string // id of the request
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

// failureOf describes the error of an operation. One that is no answer of AWS, such as
// that of a reader of the caller's, stays what it is.
func failureOf(op *operation, request string, err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	status := r.status
	if status == 0 {
		status = http.StatusBadRequest
	}
	return &failure{Operation: op.id(), Code: r.code, Message: r.message, Status: status, Request: request}
}

// failureKey is under what the context of a request has the failure that it is to meet.
type failureKey struct{}

// wire is the network of the clients. Only calls that fail get there: what a service
// answers is turned into an error by the SDK itself.
type wire struct{}

func (wire) RoundTrip(r *http.Request) (*http.Response, error) {
	f, ok := r.Context().Value(failureKey{}).(*failure)
	if !ok {
		return nil, errors.New("applytest has no network, and this call needs one: " + r.URL.String())
	}
	if f.Lost {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
	}
	header, body := f.answer()
	return &http.Response{
		StatusCode: f.Status, Status: http.StatusText(f.Status), Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// answer returns the failure in the protocol of its service.
func (f *failure) answer() (http.Header, []byte) {
	header := http.Header{}
	service, _, _ := strings.Cut(f.Operation, ":")
	switch service {
	case "cloudformation", "sts": // AWS Query
		return header, []byte("<ErrorResponse><Error><Type>Sender</Type><Code>" + xmlText(f.Code) + "</Code><Message>" + xmlText(f.Message) +
			"</Message></Error><RequestId>" + f.Request + "</RequestId></ErrorResponse>")
	case "s3":
		header.Set("X-Amz-Request-Id", f.Request)
		header.Set("X-Amz-Id-2", f.Request)
		return header, []byte("<Error><Code>" + xmlText(f.Code) + "</Code><Message>" + xmlText(f.Message) + "</Message></Error>")
	}
	header.Set("Content-Type", "application/x-amz-json-1.1")
	header.Set("X-Amzn-Requestid", f.Request)
	body, _ := json.Marshal(map[string]string{"__type": f.Code, "message": f.Message}) // texts can always be written
	return header, body
}

func xmlText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes all
	return b.String()
}

// withFailure returns a context with which the wire answers with a failure.
func withFailure(ctx context.Context, f *failure) context.Context {
	return context.WithValue(ctx, failureKey{}, f)
}
