package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// How often a call is made that fails for a passing cause, how often one that would do
// its work twice, and the longest pause.
const (
	maxAttempts  = 9
	attemptsOnce = 5
	maxPause     = 20 * time.Second
)

// A call is what is asked of AWS, for messages.
type call struct {
	op string // cloudformation:DescribeStacks
	on string // the resource; may be empty
	// once forbids to repeat a call that may have done its work already, because that
	// would do it twice.
	once bool
	// first is the first call of all, which tells early whether there is anybody to answer.
	first bool
}

// attempts returns how often a call is made, and how long one attempt may take.
func (c call) attempts(a *Applier) (n int, each time.Duration) {
	if c.first {
		return 4, min(a.opts.Timeouts.Call, 10*time.Second)
	}
	return maxAttempts, a.opts.Timeouts.Call
}

// do makes a call as soon as fewer than [Options.MaxCalls] are in flight, and repeats it
// after throttling and faults that pass. The error is an [*Error], or the cause of the
// end of ctx.
func do[In, Out, Opt any](ctx context.Context, a *Applier, c call,
	fn func(context.Context, *In, ...func(*Opt)) (*Out, error), in *In) (*Out, error) {
	unsure := false
	most, each := c.attempts(a)
	for attempt := 1; ; attempt++ {
		out, err := try(ctx, a, each, fn, in)
		if err == nil {
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s: %w", c.op, context.Cause(ctx))
		}
		outlook := outlookOf(err)
		unsure = unsure || outlook == unclear
		if outlook == final || attempt == most || c.once && unsure {
			return nil, a.failed(c, err, attempt, unsure)
		}
		pause, _ := a.backoff.BackoffDelay(attempt-1, err)
		a.emit(Retrying{a.now(), c.op, attempt + 1, pause, fault.Reason(err)})
		if err := a.opts.Clock.Sleep(ctx, pause); err != nil {
			return nil, fmt.Errorf("%s: %w", c.op, err)
		}
	}
}

// try makes one attempt.
func try[In, Out, Opt any](ctx context.Context, a *Applier, limit time.Duration, fn func(context.Context, *In, ...func(*Opt)) (*Out, error), in *In) (*Out, error) {
	select {
	case a.places <- struct{}{}:
		defer func() { <-a.places }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return fn(ctx, in)
}

// An outlook is what an error means for another attempt.
type outlook uint8

const (
	final   outlook = iota // another attempt gives the same
	refused                // nothing was done: throttling
	unclear                // something may have been done: a timeout, an internal error
)

// The SDK knows what passes.
var (
	transient = retry.IsErrorRetryables(retry.DefaultRetryables)
	throttle  = retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes}
)

func outlookOf(err error) outlook {
	var status *awshttp.ResponseError
	switch {
	case hasCode(err, "LimitExceededException"): // a quota, which does not pass, for these services
		return final
	case throttle.IsErrorRetryable(err).Bool(), errors.As(err, &status) && status.HTTPStatusCode() == http.StatusTooManyRequests:
		return refused
	case errors.Is(err, context.DeadlineExceeded): // that of the attempt: the caller looks at the others
		return unclear
	case transient.IsErrorRetryable(err).Bool():
		return unclear
	case hasCode(err, "InternalFailure", "InternalError", "InternalServerError", "ServerException", "ServiceUnavailable", "ServiceUnavailableException"):
		return unclear
	}
	return final
}

// failed returns the error of a call that has failed for good.
func (a *Applier) failed(c call, err error, attempts int, unsure bool) error {
	e := &Error{Call: c.op, Resource: c.on, Message: fault.Reason(err), Err: err, unsure: unsure}
	switch {
	case isDenied(err):
		e.Remedy = "allow " + right(c.op)
		if c.on != "" {
			e.Remedy += " on " + c.on
		}
		e.Remedy += " in the policy of the identity that calls, and look for a denial in its boundary or its organization; then run again"
	case hasCode(err, "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
		"InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "RequestExpired"):
		e.Remedy = "the credentials are not valid or have expired: sign in again, and run again"
	case !hasCode(err):
		e.Message += counts(attempts)
		e.Remedy = "see the network and, where one is given, the endpoint; then run again, it goes on from here"
	case outlookOf(err) != final:
		e.Message += counts(attempts)
		e.Remedy = "AWS does not answer at present: run again later, it goes on from here"
	default:
		e.Remedy = cmp.Or(remedyOf(e.Message), "mend that, and run again")
	}
	return e
}

// counts says how often a call was made that was repeated.
func counts(attempts int) string {
	if attempts == 1 {
		return ""
	}
	return fmt.Sprintf(" (%d attempts)", attempts)
}

// right returns what a policy has to allow for a call: its name, but for some of S3.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
func right(op string) string {
	switch op {
	case "s3:ListObjectVersions":
		return "s3:ListBucketVersions"
	case "s3:DeleteObject", "s3:DeleteObjects": // they name the version
		return "s3:DeleteObjectVersion"
	}
	return op
}

// isDenied reports whether AWS forbids the call.
func isDenied(err error) bool {
	return hasCode(err, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")
}

// within returns the time limit of something, which begins now by the Applier's clock.
func (a *Applier) within(limit time.Duration, what string) deadline {
	return deadline{
		at: a.now().Add(limit), limit: limit, what: what,
		remedy: "what was begun goes on: run again to go on from here, with a longer time limit",
	}
}

// A deadline is until when something is waited for.
type deadline struct {
	at    time.Time
	limit time.Duration
	what  string

	remedy string // when the time is over
}

// ErrTimeout is the error of what has taken longer than [Timeouts] allows.
var ErrTimeout = errors.New("it has taken too long")

// over returns an error when the time is over.
func (d deadline) over(now time.Time) error {
	if now.Before(d.at) {
		return nil
	}
	return &Error{Message: fmt.Sprintf("%s has taken longer than %s", d.what, round(d.limit)), Remedy: d.remedy, Err: ErrTimeout}
}

// pause waits between two looks, the first times shorter. It is an error when the time
// is over.
func (a *Applier) pause(ctx context.Context, d deadline, look int) error {
	if err := d.over(a.now()); err != nil {
		return err
	}
	wait := a.opts.Poll
	if look < 3 {
		wait = wait * time.Duration(look+1) / 4
	}
	return a.opts.Clock.Sleep(ctx, wait)
}
