package apply

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// An Error is why something could not be planned, applied or removed.
type Error struct {
	Subject  Subject  // what was worked on; zero is nothing in particular
	Resource string   // what of it: a resource of a stack with its type, an ARN; may be empty
	Call     string   // the call that failed: cloudformation:CreateChangeSet; empty when none did
	Message  string   // what happened; lower case, no full stop
	Remedy   string   // what to do; empty when nobody knows
	Log      []string // the last output of the build or container that failed, the oldest first
	Err      error    // the cause; may be nil

	unsure bool // an earlier attempt of the call may have done its work
}

// Error returns "subject: resource: call: message; remedy", and the log on lines of
// their own.
func (e *Error) Error() string {
	var b strings.Builder
	subject := e.Subject.String()
	for i, part := range [...]string{subject, e.Resource, e.Call} {
		if part != "" && (i == 0 || part != subject) {
			b.WriteString(part)
			b.WriteString(": ")
		}
	}
	b.WriteString(e.Message)
	if e.Remedy != "" {
		b.WriteString("; ")
		b.WriteString(e.Remedy)
	}
	for _, line := range e.Log {
		b.WriteString("\n    | ")
		b.WriteString(line)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// String returns "stack shop-network", or nothing for the zero value.
func (s Subject) String() string {
	if s == (Subject{}) {
		return ""
	}
	return string(s.Kind) + " " + s.Name
}

// about returns err with its subject, unless it has one.
func about(s Subject, err error) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e) && e.Subject == (Subject{}):
		e.Subject = s // it was made for this
		return err
	case errors.As(err, &e):
		return err
	}
	return &Error{Subject: s, Message: err.Error(), Err: err}
}

// stale returns an error that is [ErrStale].
func stale(what string) error {
	return &Error{Message: what, Remedy: ErrStale.Error(), Err: ErrStale}
}

// hasCode reports whether AWS has answered with one of the codes; without codes, whether
// with any.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	if len(codes) == 0 {
		return true
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}

// says reports whether AWS has answered with a code and with these words in the
// message.
func says(err error, code, words string) bool {
	var api smithy.APIError
	return hasCode(err, code) && errors.As(err, &api) && strings.Contains(api.ErrorMessage(), words)
}

// isUnsure reports whether an earlier attempt of the call that has failed may have done
// its work.
func isUnsure(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.unsure
}
