package cli

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
)

// errOverdue is why a command ends before it is done.
var errOverdue = errors.New("the time of --timeout is over")

// A session is one run of plan, apply, status or destroy.
type session struct {
	*program
	command string
	flags   *applyFlags
	items   []*item
	applier *apply.Applier
	view    *view
	stream  *stream // nil unless every event is written as JSON
	demo    *demo   // nil unless the cloud is one in memory
	now     func() time.Time
	working bool // what was planned is being done
}

// An item is one delivery of a session.
type item struct {
	named
	label       string // tells it from others; empty when there are none
	plan        *apply.Plan
	destruction *apply.Destruction
	status      *apply.Status
	work        *work
	err         error
}

// session begins a run: it reads the deliveries, and finds whom to call. It is ended by
// the function that is returned.
func (p *program) session(cmd *cobra.Command, args []string, f *applyFlags) (s *session, end func(), err error) {
	if err := f.complete(cmd); err != nil {
		return nil, nil, err
	}
	found, err := p.deliveries(cmd, args, f)
	if err != nil {
		f.failed(p.stdout, err)
		return nil, nil, err
	}
	s = &session{program: p, command: cmd.Name(), flags: f, view: p.newView(f.quiet || f.format == "json", f.colours), now: time.Now}
	for _, n := range found {
		i := &item{named: n}
		if len(p.services) > 1 {
			i.label = n.name
		}
		s.items = append(s.items, i)
	}
	if f.streams && f.format == "json" {
		s.stream = &stream{w: p.stdout}
	}
	if f.demo {
		s.demo = newDemo(s.view, f.connect.Region)
	}
	ctx, cancel := f.within(cmd.Context())
	cmd.SetContext(ctx)
	if err := s.connect(ctx); err != nil {
		defer cancel()
		return nil, nil, s.report(ctx, err)
	}
	return s, cancel, nil
}

// failed writes as JSON what is wrong with files or services, if that is how it is to be
// written.
func (f *applyFlags) failed(w io.Writer, err error) {
	var problems slipway.Problems
	if f.streams && f.format == "json" && errors.As(err, &problems) {
		(&stream{w: w}).failed(jsonErrors("", problems))
	}
}

// connect finds the clients.
func (s *session) connect(ctx context.Context) error {
	var clients apply.Clients
	var err error
	switch {
	case s.demo != nil:
		clients, s.flags.options.Clock = s.demo.cloud.Clients(), s.demo.cloud.Clock()
	case s.dial != nil:
		clients, s.flags.options.Clock, err = s.dial(ctx, s.flags.connect)
	default:
		o := s.flags.connect
		o.UserAgent = "slipway/" + moduleVersion()
		if s.canAsk() {
			o.MFA = s.askCode
		}
		clients, err = connect.Clients(ctx, o)
	}
	if err != nil {
		return err
	}
	if c := s.flags.options.Clock; c != nil {
		s.now, s.view.now = c.Now, c.Now
	}
	s.applier = apply.New(clients, s.flags.options)
	return nil
}

// each does something with every item, at most --parallel at a time. It returns the
// errors, joined; each item has its own.
func (s *session) each(ctx context.Context, do func(context.Context, *item) error) error {
	gate := make(chan struct{}, s.flags.parallel)
	var wg sync.WaitGroup
	for _, i := range s.items {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if err := context.Cause(ctx); err != nil {
				i.err = err
			} else {
				i.err = do(ctx, i)
			}
		})
	}
	wg.Wait()
	var errs []error
	for _, i := range s.items {
		errs = append(errs, i.err)
	}
	return errors.Join(errs...)
}

// run does something with every item, and shows what happens meanwhile: title is what
// is done while nothing has steps. When it is interrupted, why says so, and what to do.
func (s *session) run(ctx context.Context, title, why string, do func(context.Context, *apply.Applier, *item) error) error {
	b := &board{title: title}
	for _, i := range s.items {
		i.work = newWork(i.label, i.b, i.steps())
		b.works = append(b.works, i.work)
	}
	s.view.show(b)
	defer s.view.hide()
	said := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(said)
		s.view.quit(s.stopped(ctx) + ": " + why)
	})
	defer func() {
		if !stop() {
			<-said // before it is said what became of it
		}
	}()
	return s.each(ctx, func(ctx context.Context, i *item) error {
		defer s.view.end(i.work)
		return do(ctx, s.applier.WithEvents(func(e apply.Event) { s.event(ctx, i, e) }), i)
	})
}

// stopped says why a command ends early.
func (s *session) stopped(ctx context.Context) string {
	if cause := context.Cause(ctx); errors.Is(cause, errOverdue) {
		return cause.Error()
	}
	return "stopping"
}

// event tells what happens to an item.
func (s *session) event(ctx context.Context, i *item, e apply.Event) {
	s.view.event(i.work, e)
	if s.stream != nil {
		s.stream.event(i.label, e)
	}
	if s.demo != nil {
		s.demo.event(ctx, i.b, e)
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
