package cli

import (
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A board is what the live view shows: how far several works have come. It is made of
// events and drawn by [board.rows]; it knows neither a terminal nor a clock.
type board struct {
	title string // what is done, while no work has steps: "planning"
	begin time.Time
	works []*work
}

// A work is one delivery that is planned, applied or destroyed.
type work struct {
	name    string         // of the delivery; empty when it is the only one
	actions map[string]int // how many each pipeline has
	steps   []*apply.Step  // that have something to do

	done       int // steps that have ended
	step       *job
	deployment *apply.DeploymentChanged // the last one that was told, of the step
	waiting    *apply.Waiting           // nil when nothing is waited for any more
	retrying   *apply.Retrying          // likewise
	said       string                   // by ECS, last
	failed     []row                    // an action that has, unless it turns out that it is waited for
	ended      bool
}

// A job is the step that a work is at.
type job struct {
	step     *apply.Step
	number   int // starting at 1
	since    time.Time
	flight   []*flight       // resources and actions that are worked on, in the order of their beginning
	finished map[string]bool // operations on resources and actions that are complete
	back     bool            // the stack is rolled back
}

// A flight is a resource or an action that is worked on.
type flight struct {
	id, kind, status string
	since            time.Time
}

// newWork returns the work of doing steps for a bundle.
func newWork(name string, b *bundle.Bundle, steps []*apply.Step) *work {
	w := &work{name: name, actions: make(map[string]int)}
	for _, s := range steps {
		if s.Action != apply.Nothing {
			w.steps = append(w.steps, s)
		}
	}
	for _, a := range b.Artifacts {
		d, ok := a.Model.(*pipeline.Definition)
		if !ok {
			continue
		}
		for _, s := range d.Stages {
			w.actions[d.Name] += len(s.Actions)
		}
	}
	return w
}

// size is how much a step is beside others: what CloudFormation does counts by its
// resources, a delivery by its actions, which take longer.
func (w *work) size(s *apply.Step) int {
	const slow = 3 // times as long as a resource
	switch s.Subject.Kind {
	case apply.StackSubject:
		return max(len(s.Changes), 1)
	case apply.ExecutionSubject:
		return slow * max(w.actions[s.Subject.Name], 1)
	case apply.ServiceSubject, apply.CountSubject:
		return slow
	}
	return 1
}

// progress returns how much of a work is done, of how much.
func (w *work) progress() (done, all float64) {
	for i, s := range w.steps {
		size := float64(w.size(s))
		all += size
		if i < w.done {
			done += size
		} else if w.step != nil && w.step.step == s {
			done += size * w.part()
		}
	}
	return done, all
}

// part is how much of the present step is done, from 0 to 1.
func (w *work) part() float64 {
	s := w.step.step
	of := 0
	switch s.Subject.Kind {
	case apply.StackSubject:
		of = len(s.Changes)
	case apply.ExecutionSubject:
		of = w.actions[s.Subject.Name]
	default:
		if d := w.deployment; d != nil && d.Desired > 0 {
			return min(float64(d.Running)/float64(d.Desired), 1)
		}
	}
	if of == 0 {
		return 0
	}
	return min(float64(len(w.step.finished))/float64(of), 1)
}

// event takes note of what happens to a work at that time, and returns what is to stay
// on the terminal of it.
func (w *work) event(e apply.Event, now time.Time) (stay []row) {
	if _, waits := e.(apply.Waiting); !waits {
		stay = append(stay, w.failed...)
	}
	w.failed = nil
	return append(stay, w.note(e, now)...)
}

// note takes note of an event by itself.
func (w *work) note(e apply.Event, now time.Time) (stay []row) {
	if _, again := e.(apply.Retrying); !again {
		w.retrying = nil
		if _, said := e.(apply.ServiceEvent); !said {
			w.waiting = nil
		}
	}
	switch e := e.(type) {
	case apply.StepStarted:
		w.deployment, w.said = nil, ""
		w.step = &job{step: e.Step, number: e.Number, since: now, finished: make(map[string]bool)}
	case apply.StepEnded:
		w.step = nil
		if e.Err == nil {
			w.done = e.Number
		}
		return []row{w.ending(e)}
	case apply.StackEvent:
		return w.stackEvent(e, now)
	case apply.ActionChanged:
		return w.actionChanged(e, now)
	case apply.DeploymentChanged:
		w.deployment = &e
	case apply.ServiceEvent:
		w.said = e.Text
	case apply.TaskStopped:
		return []row{w.remark("33", "! ", e.String())}
	case apply.Waiting:
		e.Time = now
		w.waiting = &e
	case apply.Retrying:
		e.Time = now
		w.retrying = &e
	case apply.Note:
		return []row{w.remark("", "  ", e.String())}
	}
	return nil
}

// stackEvent takes note of what happens to a resource.
func (w *work) stackEvent(e apply.StackEvent, now time.Time) (stay []row) {
	j := w.step
	if j == nil {
		return nil
	}
	if e.Resource == e.Stack {
		j.back = j.back || strings.Contains(e.Status, "ROLLBACK")
		return nil
	}
	verb, _, _ := strings.Cut(e.Status, "_")
	switch {
	case strings.HasSuffix(e.Status, "_IN_PROGRESS"):
		j.fly(e.Resource, e.Type, e.Status, now)
		return nil
	case strings.HasSuffix(e.Status, "_FAILED") && !strings.Contains(e.Reason, "cancelled"):
		stay = []row{w.remark("31", "✗ ", e.String())}
	case strings.HasSuffix(e.Status, "_COMPLETE") && !j.back:
		j.finished[verb+" "+e.Resource] = true
	}
	j.land(e.Resource)
	return stay
}

// actionChanged takes note of what happens to an action of a pipeline.
func (w *work) actionChanged(e apply.ActionChanged, now time.Time) []row {
	j := w.step
	if j == nil {
		return nil
	}
	id := e.Stage + "/" + e.Action
	if e.Status == "InProgress" {
		j.fly(id, "", "", now)
		return nil
	}
	since := now
	for _, f := range j.flight {
		if f.id == id {
			since = f.since
		}
	}
	j.land(id)
	if e.Status != "Succeeded" {
		clear(j.finished) // another execution begins at its first action
		w.failed = []row{w.remark("31", "✗ ", e.String())}
		if e.Link != "" {
			w.failed = append(w.failed, words("2", "    "+e.Link))
		}
		return nil
	}
	j.finished[id] = true
	return []row{append(w.remark("32", "✓ ", id), span{"2", "  " + short(now.Sub(since))})}
}

// fly notes that something is worked on.
func (j *job) fly(id, kind, status string, now time.Time) {
	for _, f := range j.flight {
		if f.id != id {
			continue
		}
		if f.status != status {
			f.status, f.since = status, now
		}
		return
	}
	j.flight = append(j.flight, &flight{id, kind, status, now})
}

// land notes that something is worked on no longer.
func (j *job) land(id string) {
	for i, f := range j.flight {
		if f.id == id {
			j.flight = append(j.flight[:i], j.flight[i+1:]...)
			return
		}
	}
}
