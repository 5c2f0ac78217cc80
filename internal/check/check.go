// Package check runs tables of rules over a model.
package check

import (
	"fmt"

	"github.com/seed-b1f00840/slipway"
)

// A Rule is a [slipway.Rule] with the function that checks it. Check looks only
// at its subject: no I/O, no clock, no change. What it cannot know, it passes over.
type Rule[T any] struct {
	slipway.Rule
	Check func(subject T, r *Report)
}

// A Report collects the problems of one rule.
type Report struct {
	rule     *slipway.Rule
	source   *slipway.Source
	problems slipway.Problems
}

// Addf adds a problem at path (see [slipway.Path]) with the rule's own severity.
func (r *Report) Addf(path, format string, args ...any) *slipway.Problem {
	p := &slipway.Problem{
		Pos:      r.source.Position(path),
		Path:     path,
		Message:  fmt.Sprintf(format, args...),
		Rule:     r.rule.Name,
		Severity: r.rule.Severity,
	}
	if r.source != nil {
		p.File = r.source.File
	}
	r.problems = append(r.problems, p)
	return p
}

// Warnf adds a problem at path as a warning, whatever the rule's own severity.
func (r *Report) Warnf(path, format string, args ...any) *slipway.Problem {
	p := r.Addf(path, format, args...)
	p.Severity = slipway.Warning
	return p
}

// Run applies the rules in their order and returns all problems, with the notes
// of the source, sorted. The source may be nil.
func Run[T any](rules []Rule[T], subject T, source *slipway.Source) slipway.Problems {
	r := Report{source: source}
	if source != nil {
		r.problems = append(r.problems, source.Notes...)
	}
	for i := range rules {
		r.rule = &rules[i].Rule
		rules[i].Check(subject, &r)
	}
	return r.problems.Sorted()
}

// Rules returns the descriptions of a table.
func Rules[T any](rules []Rule[T]) []slipway.Rule {
	out := make([]slipway.Rule, len(rules))
	for i := range rules {
		out[i] = rules[i].Rule
	}
	return out
}
