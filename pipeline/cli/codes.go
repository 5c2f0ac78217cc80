package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// A code says of which kind an error of plan, apply, status or destroy is.
type code string

// The codes.
const (
	codeUsage       code = "usage"
	codeFiles       code = "files"
	codeUnreadable  code = "unreadable"
	codeCredentials code = "credentials"
	codeDenied      code = "denied"
	codeRefused     code = "refused"
	codeUnavailable code = "unavailable"
	codeBlocked     code = "blocked"
	codeNotAllowed  code = "not-allowed"
	codeStale       code = "stale"
	codeUnasked     code = "unasked"
	codeDeclined    code = "declined"
	codeFailed      code = "failed"
	codeTimeout     code = "timeout"
	codeInterrupted code = "interrupted"
)

// statuses are the exit statuses by code; of several errors the highest one counts.
// docs/apply.md says what the codes mean.
var statuses = map[code]int{
	codeUsage:       statusFailed,
	codeFiles:       statusFound,
	codeUnreadable:  statusFailed,
	codeCredentials: statusFailed,
	codeDenied:      statusFound,
	codeRefused:     statusFound,
	codeUnavailable: statusFailed,
	codeBlocked:     statusFound,
	codeNotAllowed:  statusFound,
	codeStale:       statusFound,
	codeUnasked:     statusFailed,
	codeDeclined:    statusFailed,
	codeFailed:      statusFound,
	codeTimeout:     statusFailed,
	codeInterrupted: statusFailed,
}

// Why a command ends before it is done.
var (
	errOverdue     = errors.New("the time of --timeout is over")
	errInterrupted = errors.New("interrupted")
)

// whyEnded returns why the context of a session has ended; nil when it has not.
func whyEnded(ctx context.Context) error {
	switch context.Cause(ctx) {
	case nil:
		return nil
	case errOverdue:
		return errOverdue
	}
	return errInterrupted
}

// errUnasked is the error of a question that nobody answers.
var errUnasked = errors.New("there is nobody to ask")

// sentinels are the codes of errors that wrap one of these. The first that fits counts.
var sentinels = []struct {
	err  error
	code code
}{
	{errOverdue, codeTimeout},
	{errInterrupted, codeInterrupted},
	{errUnasked, codeUnasked},
	{apply.ErrStale, codeStale},
	{apply.ErrBlocked, codeBlocked},
	{apply.ErrNotAllowed, codeNotAllowed},
	{apply.ErrTimeout, codeTimeout},
}

// answers are the codes of what AWS answers, by a part of its own code. The first that
// fits counts.
var answers = []struct {
	part string
	code code
}{
	{"AccessDenied", codeDenied}, {"Unauthorized", codeDenied}, {"AuthorizationError", codeDenied}, {"NotAuthorized", codeDenied},
	{"ExpiredToken", codeCredentials}, {"InvalidClientTokenId", codeCredentials}, {"UnrecognizedClient", codeCredentials},
	{"Signature", codeCredentials}, {"RequestExpired", codeCredentials},
	{"Throttl", codeUnavailable}, {"TooManyRequests", codeUnavailable}, {"RequestLimitExceeded", codeUnavailable}, {"SlowDown", codeUnavailable},
	{"InternalFailure", codeUnavailable}, {"InternalError", codeUnavailable}, {"InternalServer", codeUnavailable},
	{"ServerException", codeUnavailable}, {"ServiceUnavailable", codeUnavailable}, {"UnknownError", codeUnavailable},
	{"", codeRefused},
}

// A coded is an error of a known code.
type coded struct {
	error
	code code
}

func (e *coded) Unwrap() error { return e.error }

// codeOf returns the code of an error that is none of several. Working says whether what
// was planned was being done.
func codeOf(err error, working bool) code {
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			return s.code
		}
	}
	var known *coded
	var usage *usageError
	var e *apply.Error
	var problem *slipway.Problem
	switch {
	case errors.As(err, &known):
		return known.code
	case errors.As(err, &usage):
		return codeUsage
	case errors.As(err, &e):
		if c := codeOfCall(e); c != "" {
			return c
		}
	case errors.As(err, &problem):
		return codeFiles
	}
	if working {
		return codeFailed
	}
	return codeRefused
}

// codeOfCall returns the code of an error of package apply that comes from a call, or
// from looking where the calls go; nothing for any other one.
func codeOfCall(e *apply.Error) code {
	var answer interface{ ErrorCode() string } // of an error that AWS has answered with
	switch {
	case errors.As(e.Err, &answer):
		for _, a := range answers {
			if strings.Contains(answer.ErrorCode(), a.part) {
				return a.code
			}
		}
	case e.Call != "" && e.Err != nil:
		return codeUnavailable
	case e.Call == "" && e.Subject == (apply.Subject{}) && e.Err == nil: // of the account, or the region
		return codeCredentials
	}
	return ""
}
