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

// findings are what is wrong with files or services, with their texts.
type findings struct {
	slipway.Problems
	sources sources
}

// A failure is why a session, or an item of it, has come to nothing.
type failure struct {
	label string  // of the item; empty is the session, or its only item
	errs  []error // each by itself, as it is told
	findings
}

// report tells why a command has failed, and returns the error with the status that it
// ends with. Nil stays nil, and so does errFound: what was found has been shown.
func (s *session) report(ctx context.Context, err error) error {
	if err == nil || err == errFound {
		return err
	}
	if s.working {
		s.view.gap() // what was done stands above
	}
	all := []jsonError{}
	status := statusFound
	for _, f := range s.failures(ctx, err) {
		s.show(&f)
		for _, e := range f.json(s.working) {
			all = append(all, e)
			status = max(status, statuses[e.Code])
		}
	}
	switch {
	case s.stream != nil:
		s.stream.failed(all)
	case s.flags.format == "json":
		_ = writeJSON(s.stdout, jsonFailure{1, all}) // an output keeps its error
	}
	if status == statusFailed {
		return errFailed
	}
	return errFound
}

// failures returns what err is made of, item by item. What is planned or looked at is
// interrupted as a whole: calls that were cut off say nothing more.
func (s *session) failures(ctx context.Context, err error) (all []failure) {
	for _, i := range s.items {
		if i.err != nil {
			all = append(all, s.failureOf(ctx, i, i.err))
		}
	}
	if all == nil {
		all = append(all, s.failureOf(ctx, nil, err))
	}
	why := whyEnded(ctx)
	if why == nil || s.working {
		return all
	}
	for n := range all {
		all[n].errs = slices.DeleteFunc(all[n].errs, func(err error) bool { return errors.Is(err, why) })
	}
	return append([]failure{{errs: []error{s.told(ctx, nil, context.Cause(ctx))}}}, all...)
}

// failureOf returns the failure of an item; nil is the session.
func (s *session) failureOf(ctx context.Context, i *item, err error) (f failure) {
	var found *findings
	if errors.As(err, &found) {
		return failure{findings: *found}
	}
	for _, err := range flat(err) {
		var e *apply.Error
		var p *slipway.Problem
		if !errors.As(err, &e) && errors.As(err, &p) {
			f.Problems = append(f.Problems, p)
		} else {
			f.errs = append(f.errs, s.told(ctx, i, err))
		}
	}
	if i != nil {
		f.label = i.label
		f.Problems, f.sources = s.problems(i.named, f.Problems)
	}
	return f
}

// told returns an error of an item (nil is the session) as it is told: what ends before
// it is done says why, and where nobody answers it is asked whether the emulator runs.
func (s *session) told(ctx context.Context, i *item, err error) error {
	out := apply.Error{Message: err.Error()}
	var e *apply.Error
	if errors.As(err, &e) {
		out = *e
	}
	out.Err = err
	cause := context.Cause(ctx)
	isCutOff := cause != nil && errors.Is(err, cause)
	if isCutOff {
		out.Err = whyEnded(ctx)
		out.Message = out.Err.Error()
		if i != nil && !i.begun {
			out.Message += ": not begun"
		} else if r := s.lastRetry(i); r != nil {
			out.Message += "; last: " + r.Call + ": " + r.Reason
		}
		if s.demo != nil {
			out.Remedy = "" // nothing is left of it
		}
	}
	url := s.flags.connect.Endpoint
	isAlone := url != "" && isUnreachable(out.Message)
	if isAlone {
		out.Remedy = "is the emulator running at " + url + "?"
	}
	if !isCutOff && !isAlone {
		return err
	}
	return &out
}

// lastRetry returns what was tried again when an item was cut off, or any of them where of
// is nil; nil when nothing was.
func (s *session) lastRetry(of *item) *apply.Retrying {
	if of != nil {
		return of.retry
	}
	for _, i := range s.items {
		if i.retry != nil {
			return i.retry
		}
	}
	return nil
}

// isUnreachable reports whether a reason is that nobody is there, in the words of package
// apply.
func isUnreachable(reason string) bool {
	words := []string{"connection refused by ", "no such host ", "no answer in time", "the connection was closed"}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(reason, w) })
}

// show shows a failure on standard error.
func (s *session) show(f *failure) {
	s.hush()
	if len(f.Problems) > 0 {
		s.showProblems(&f.findings)
	}
	for _, err := range f.errs {
		switch codeOf(err, s.working) {
		case codeUsage, codeUnreadable:
			s.complain(err)
		case codeDeclined:
			fmt.Fprintln(s.stderr, escape(err.Error()))
		default:
			s.showError(f.label, err)
		}
	}
}

// showProblems shows what is wrong with files or services.
func (s *session) showProblems(f *findings) {
	r := &report{problems: f.Problems.Sorted(), rules: ruleIndex, sources: f.sources}
	r.count()
	(&textFormat{paint: paintOn(s.stderr, s.flags.colours)}).write(s.stderr, r)
}

// showError shows an error: what has happened, the last output of what failed, and what
// to do.
func (s *session) showError(label string, err error) {
	paint := paintOn(s.stderr, s.flags.colours)
	var b strings.Builder
	b.WriteString(s.name + ": ")
	if label != "" {
		b.WriteString(paint.bold(escape(label)) + ": ")
	}
	b.WriteString(paint.sgr("1;31", "error") + ": ")
	var e *apply.Error
	if !errors.As(err, &e) {
		e = &apply.Error{Message: err.Error()}
	}
	bare := *e
	bare.Remedy, bare.Log = "", nil
	b.WriteString(escapeText(bare.Error()) + "\n")
	for _, line := range e.Log {
		b.WriteString(paint.dim("    | "+escape(line)) + "\n")
	}
	if e.Remedy != "" {
		b.WriteString("    " + paint.bold("what to do") + ": " + escape(e.Remedy) + "\n")
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
