package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Reason returns why a call has failed, in the words of AWS or of the network and
// without those of the SDK around them: "AccessDenied: User: ... is not authorized",
// "connection refused by 127.0.0.1:4566", "no such host sts.eu-central-1.amazonaws.com",
// "no answer in time", "status 502 without a reason". It is one line, without a full stop
// and without what may be secret. The error must not be nil.
func Reason(err error) string {
	return Redact(strings.Join(strings.Fields(reason(err)), " "))
}

func reason(err error) string {
	var api smithy.APIError
	var answer *smithyhttp.ResponseError
	hasAnswer := errors.As(err, &answer) && answer.HTTPStatusCode() > 0
	switch {
	case errors.As(err, &api) && api.ErrorCode() == "UnknownError" && hasAnswer: // it was none of AWS's
		return fmt.Sprintf("status %d without a reason", answer.HTTPStatusCode())
	case errors.As(err, &api) && (api.ErrorMessage() == "" || api.ErrorMessage() == "UnknownError"): // the SDK's word for none
		return api.ErrorCode()
	case errors.As(err, &api):
		return api.ErrorCode() + ": " + strings.TrimSuffix(strings.TrimSpace(api.ErrorMessage()), ".")
	}
	if text := network(err); text != "" {
		return text
	}
	return innermost(err).Error()
}

// closed are the errors of a connection that the other side has closed.
var closed = []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE}

// network returns what has happened on the way to a service, or nothing when it was
// something else.
func network(err error) string {
	var canceled *aws.RequestCanceledError
	var name *net.DNSError
	var op *net.OpError
	var timed net.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return "no such host " + name.Name
	case errors.As(err, &canceled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return "no answer in time"
	case errors.As(err, &name):
		return "the host " + name.Name + " cannot be looked up: " + name.Err
	case errors.As(err, &op) && op.Addr != nil && errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused by " + op.Addr.String()
	case slices.ContainsFunc(closed, func(c error) bool { return errors.Is(err, c) }):
		return "the connection was closed before there was an answer"
	case errors.As(err, &op) && op.Addr != nil:
		return innermost(op.Err).Error() + " (" + op.Addr.String() + ")"
	}
	return ""
}

// innermost returns the error at the end of a chain.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
