package apply

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// An Applier plans, applies and removes bundles in one account and region. Its methods
// may be called concurrently, for different bundles: their calls share the limit of
// [Options.MaxCalls].
type Applier struct {
	clients Clients
	opts    Options

	places  chan struct{} // one for each call that may be in flight
	backoff retry.BackoffDelayer
	events  *sync.Mutex // held while Options.Events is called
}

// New returns an Applier. It makes no call.
func New(clients Clients, opts Options) *Applier {
	opts = opts.complete()
	return &Applier{
		clients: clients, opts: opts,
		places:  make(chan struct{}, opts.MaxCalls),
		backoff: retry.NewExponentialJitterBackoff(maxPause),
		events:  new(sync.Mutex),
	}
}

// WithEvents returns an Applier that tells its events to somebody else, and shares all
// the rest with a: one for each of several bundles that are applied at once.
func (a *Applier) WithEvents(events func(Event)) *Applier {
	b := *a
	b.opts.Events = events
	b.opts = b.opts.complete()
	b.events = new(sync.Mutex)
	return &b
}

// emit tells an event.
func (a *Applier) emit(e Event) {
	a.events.Lock()
	defer a.events.Unlock()
	a.opts.Events(e)
}

func (a *Applier) notef(format string, args ...any) {
	a.emit(Note{a.now(), fmt.Sprintf(format, args...)})
}

func (a *Applier) now() time.Time { return a.opts.Clock.Now() }

// A place is where an Applier works.
type place struct {
	bundle.Target
	caller string // ARN
}

// locate asks STS where the clients are, and as whom.
func (a *Applier) locate(ctx context.Context) (place, error) {
	const remedy = "give the region with --region, the variable AWS_REGION or a profile"
	if a.clients.Region == "" {
		return place{}, &Error{Message: "the clients have no region", Remedy: remedy}
	}
	out, err := do(ctx, a, call{op: "sts:GetCallerIdentity", first: true}, a.clients.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
	if err != nil {
		return place{}, err
	}
	p := place{Target: bundle.Target{Account: aws.ToString(out.Account), Region: a.clients.Region}, caller: aws.ToString(out.Arn)}
	if parts := strings.SplitN(p.caller, ":", 3); len(parts) == 3 {
		p.Partition = parts[1] // an emulator may have a region of another partition
	}
	if p.Target, err = p.Complete(); err != nil {
		return place{}, &Error{Message: "STS and the region give no place to work at: " + err.Error(), Remedy: remedy, Err: err}
	}
	if want := a.opts.Account; want != "" && want != p.Account {
		return place{}, &Error{
			Message: "the credentials are of account " + p.Account + ", and " + want + " was asked for",
			Remedy:  "take another profile or role, or leave the account out",
		}
	}
	return p, nil
}
