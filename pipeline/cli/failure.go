package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// report shows why a command has failed that was about AWS, and returns the error with
// the status that it ends with. Nil stays nil.
func (s *session) report(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && !s.working {
		err = s.interrupted(ctx, err)
	}
	if s.working {
		s.view.gap() // what was done stands above
	}
	var all []jsonError
	for _, i := range s.items {
		if i.err != nil {
			s.showItem(i)
			all = append(all, jsonErrors(i.label, i.err)...)
		}
	}
	if all == nil {
		s.showErrors("", err)
		all = jsonErrors("", err)
	}
	if s.stream != nil {
		s.stream.failed(all)
	}
	if ctx.Err() == nil && (s.working || isFound(err)) {
		return errFound
	}
	return errFailed
}

// interrupted replaces the errors that are nothing but the end of ctx, each of another
// call, by one.
func (s *session) interrupted(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	rest := func(err error) error {
		return errors.Join(slices.DeleteFunc(flat(err), func(err error) bool { return errors.Is(err, cause) })...)
	}
	for _, i := range s.items {
		i.err = rest(i.err)
	}
	others := rest(err)
	if !errors.Is(cause, errOverdue) {
		cause = errors.New("interrupted")
	}
	return errors.Join(cause, others)
}

// isFound reports whether an error of a plan is about the delivery, and not about AWS
// that does not answer, or not to this caller.
func isFound(err error) bool {
	for _, err := range flat(err) {
		var e *apply.Error
		var p *slipway.Problem
		switch {
		case errors.As(err, &p):
			return true
		case errors.As(err, &e) && e.Call == "" && e.Subject != (apply.Subject{}):
			return true
		}
	}
	return false
}

// showItem shows why an item has failed.
func (s *session) showItem(i *item) {
	var problems slipway.Problems
	if errors.As(i.err, &problems) {
		s.showProblems(s.problems(i.named, problems))
		return
	}
	s.showErrors(i.label, i.err)
}

// showErrors shows errors on standard error: what happened, the last output of what
// failed, and what to do.
func (s *session) showErrors(name string, err error) {
	s.hush()
	paint := paintOn(s.stderr, s.flags.colours)
	var b strings.Builder
	for _, err := range flat(err) {
		b.WriteString(s.name + ": ")
		if name != "" {
			b.WriteString(paint.bold(escape(name)) + ": ")
		}
		var e *apply.Error
		if !errors.As(err, &e) {
			b.WriteString(paint.sgr("1;31", "error") + ": " + escapeLines(err.Error()) + "\n")
			continue
		}
		bare := *e
		bare.Remedy, bare.Log = "", nil
		b.WriteString(paint.sgr("1;31", "error") + ": " + escapeLines(bare.Error()) + "\n")
		for _, line := range e.Log {
			b.WriteString(paint.dim("    | "+escape(line)) + "\n")
		}
		if e.Remedy != "" {
			b.WriteString("    " + paint.bold("what to do") + ": " + escape(e.Remedy) + "\n")
		}
	}
	fmt.Fprint(s.stderr, b.String())
}

// flat returns the errors that are joined in err, in their order.
func flat(err error) []error {
	switch joined := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var out []error
		for _, err := range joined.Unwrap() {
			out = append(out, flat(err)...)
		}
		return out
	}
	return []error{err}
}
