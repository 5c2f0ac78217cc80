package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
)

// A session is one run of plan, apply, status or destroy.
type session struct {
	*program
	cmd     *cobra.Command
	args    []string
	flags   *applyFlags
	items   []*item
	view    *view
	stream  *stream // nil unless every event is written as JSON
	demo    *demo   // nil unless the cloud is one in memory
	now     func() time.Time
	working bool // what was planned is being done
}

// An item is one delivery of a session.
type item struct {
	named
	label       string         // tells it from others; empty when there are none
	applier     *apply.Applier // nil before it is known whom to call
	plan        *apply.Plan
	destruction *apply.Destruction
	status      *apply.Status
	work        *work
	begun       bool            // its turn has come
	retry       *apply.Retrying // what happened last, if that is what it was
	err         error
}

// inSession returns what one of the four commands does when it is called: it begins a
// session, works in it, and tells why that has failed.
func (p *program) inSession(f *applyFlags, work func(context.Context, *session) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx, end := f.within(cmd.Context())
		defer end()
		s := &session{
			program: p, cmd: cmd, args: args, flags: f,
			view: p.newView(f.quiet || f.format == "json", f.colours), now: time.Now,
		}
		if f.streams && f.format == "json" {
			s.stream = &stream{w: p.stdout}
		}
		err := s.begin(ctx)
		if err == nil {
			err = work(ctx, s)
		}
		return s.report(ctx, err)
	}
}

// begin reads the deliveries, and finds whom to call.
func (s *session) begin(ctx context.Context) error {
	if err := s.flags.complete(s.cmd); err != nil {
		return err
	}
	found, err := s.deliveries(ctx)
	if err != nil {
		return err
	}
	for _, n := range found {
		i := &item{named: n}
		if len(s.services) > 1 {
			i.label = n.name
		}
		s.items = append(s.items, i)
	}
	if s.flags.demo {
		s.demo = newDemo(s.view, s.flags.connect.Region)
	}
	return s.connect(ctx)
}

// connect finds the clients.
func (s *session) connect(ctx context.Context) error {
	var clients apply.Clients
	var err error
	options := s.flags.options
	switch {
	case s.demo != nil:
		clients, options.Clock = s.demo.cloud.Clients(), s.demo.cloud.Clock()
	case s.dial != nil:
		clients, options.Clock, err = s.dial(ctx, s.flags.connect)
	default:
		o := s.flags.connect
		o.UserAgent = "slipway/" + moduleVersion()
		if s.canAsk() {
			o.MFA = s.askCode
		}
		clients, err = connect.Clients(ctx, o)
	}
	if err != nil {
		return &coded{err, codeCredentials}
	}
	if c := options.Clock; c != nil {
		s.now, s.view.now = c.Now, c.Now
	}
	const calls = 8 // that are in flight at once, of all items
	options.MaxCalls = max(calls/min(s.flags.parallel, len(s.items)), 1)
	for _, i := range s.items {
		options.Parameters = i.parameters(s.flags.options.Parameters)
		i.applier = apply.New(clients, options)
	}
	return nil
}

// each does something with every item, in their order and at most --parallel at a time.
// It returns the errors, joined; each item has its own.
func (s *session) each(ctx context.Context, do func(context.Context, *item) error) error {
	gate := make(chan struct{}, s.flags.parallel)
	var wg sync.WaitGroup
	for _, i := range s.items {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			i.err = do(ctx, i)
		})
	}
	wg.Wait()
	return s.errors()
}

// errors returns the errors of the items, joined.
func (s *session) errors() error {
	var errs []error
	for _, i := range s.items {
		errs = append(errs, i.err)
	}
	return errors.Join(errs...)
}

// permitted makes sure of every item that it may be done.
func (s *session) permitted(permits func(*item) error) error {
	for _, i := range s.items {
		i.err = permits(i)
	}
	return s.errors()
}

// run does something with every item, and shows what happens meanwhile: title is what
// is done while nothing has steps. When it ends early, why says what that means.
func (s *session) run(ctx context.Context, title, why string, do func(context.Context, *apply.Applier, *item) error) error {
	b := &board{title: title}
	for _, i := range s.items {
		i.begun, i.work = false, newWork(i.label, i.b, i.steps())
		b.works = append(b.works, i.work)
	}
	s.view.show(b)
	defer s.view.hide()
	said := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(said)
		if s.working && whyEnded(ctx) == errInterrupted {
			why += " (a second interrupt ends this program at once)"
		}
		s.view.quit("stopping: " + why)
	})
	defer func() {
		if !stop() {
			<-said // before it is said what became of it
		}
	}()
	return s.each(ctx, func(ctx context.Context, i *item) error {
		defer s.view.guard()
		defer s.view.end(i.work)
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		i.begun = true
		return do(ctx, i.applier.WithEvents(func(e apply.Event) { s.event(ctx, i, e) }), i)
	})
}

// event tells what happens to an item.
func (s *session) event(ctx context.Context, i *item, e apply.Event) {
	switch told := e.(type) {
	case apply.Retrying:
		i.retry = &told
	case apply.StepEnded:
		if told.Err != nil {
			told.Err = s.told(ctx, i, told.Err)
		}
		e = told
	default:
		i.retry = nil
	}
	s.view.event(i.work, e)
	if s.stream != nil {
		s.stream.event(i.label, e)
	}
	if s.demo != nil {
		s.demo.event(ctx, i.b, e, func(e apply.Event) { s.event(ctx, i, e) })
	}
}

// steps returns the steps that were planned for an item.
func (i *item) steps() []*apply.Step {
	switch {
	case i.plan != nil:
		return i.plan.Steps
	case i.destruction != nil:
		return i.destruction.Steps
	}
	return nil
}

// prefix is the name of an item before a text.
func (i *item) prefix() string {
	if i.label == "" {
		return ""
	}
	return i.label + ": "
}
