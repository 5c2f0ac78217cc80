package applytest

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// Options say what a [Cloud] is like. The zero value is ready to use.
type Options struct {
	Account string    // 12 digits; empty is 123456789012
	Region  string    // empty is us-east-1
	Start   time.Time // the time at which it begins; zero is 2026-01-05 09:00 UTC

	// OnCall is told of each call twice: before it works and, with Call.Done set,
	// after. It may use the cloud, script it, and end the caller: before, together with a
	// [Fault] of kind LostRequest of that call, as if the request had never been sent;
	// after, so that the work is done and nobody knows. Nil is nobody.
	OnCall func(Call)

	// Pace is called for each Sleep of the clock, with the virtual duration, before the
	// time moves on: a demonstration waits a little there. Nil does not wait.
	Pace func(ctx context.Context, d time.Duration) error
}

// A Cloud is one account in one region of AWS, in memory. Its methods may be called
// concurrently.
type Cloud struct {
	opts Options

	mu       sync.Mutex
	now      time.Time
	due      queue
	scripted int // events that were ever scheduled
	ids      ids
	calls    []*Call
	faults   []*scriptedFault
	onCall   []func(Call)

	cfn  formation
	ecs  containers
	cicd delivery
	data storage
}

// New returns an empty cloud. It panics when the options make no sense.
func New(opts Options) *Cloud {
	opts.Account = cmp.Or(opts.Account, "123456789012")
	opts.Region = cmp.Or(opts.Region, "us-east-1")
	if opts.Start.IsZero() {
		opts.Start = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)
	}
	if len(opts.Account) != 12 || strings.Trim(opts.Account, "0123456789") != "" {
		panic("applytest: Options.Account is " + opts.Account + ", want 12 digits such as 123456789012")
	}
	c := &Cloud{opts: opts, now: opts.Start}
	if opts.OnCall != nil {
		c.onCall = append(c.onCall, opts.OnCall)
	}
	return c
}

// Clients returns clients of the cloud. They are those of the SDK, and answer without a
// network: [apply.Clients] takes them, and so do paginators and waiters.
func (c *Cloud) Clients() apply.Clients {
	tokens := &ids{}
	return clientsOf(c, c.opts.Region, func() string { return uuid(tokens.hash("token", "")) })
}

// Clock returns the clock of the cloud. Its Sleep moves the time of the cloud forward,
// in which happens what is due, and does not wait.
func (c *Cloud) Clock() apply.Clock { return clock{c} }

// Account returns the account.
func (c *Cloud) Account() string { return c.opts.Account }

// Region returns the region.
func (c *Cloud) Region() string { return c.opts.Region }

// partition is the partition of the region.
func (c *Cloud) partition() string {
	switch {
	case strings.HasPrefix(c.opts.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(c.opts.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// suffix is the domain of the partition's services.
func (c *Cloud) suffix() string {
	if c.partition() == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// arn returns an ARN in the account and region; those of S3 and IAM have less.
func (c *Cloud) arn(service, resource string) string {
	region, account := c.opts.Region, c.opts.Account
	switch service {
	case "s3":
		region, account = "", ""
	case "iam":
		region = ""
	}
	return strings.Join([]string{"arn", c.partition(), service, region, account, resource}, ":")
}
