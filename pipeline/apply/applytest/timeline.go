package applytest

import (
	"container/heap"
	"context"
	"time"
)

// latency is how long a call takes.
const latency = 20 * time.Millisecond

// An event is something that happens at a time.
type event struct {
	at  time.Time
	seq int // of two at the same time, the one that was planned first
	do  func()
}

// A queue is a heap of events, the next one first.
type queue []*event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*event)) }
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

// after lets something happen in d. The caller holds c.mu, and so does what happens.
func (c *Cloud) after(d time.Duration, do func()) {
	c.scripted++
	heap.Push(&c.due, &event{at: c.now.Add(d), seq: c.scripted, do: do})
}

// pass lets d pass, with all that happens in it. The caller holds c.mu.
func (c *Cloud) pass(d time.Duration) {
	end := c.now.Add(d)
	for len(c.due) > 0 && !c.due[0].at.After(end) {
		e := heap.Pop(&c.due).(*event)
		c.now = e.at
		e.do()
	}
	c.now = end
}

// Advance lets d pass, with all that is due in it. It does not ask [Options.Pace].
func (c *Cloud) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass(d)
}

// Now returns the time of the cloud.
func (c *Cloud) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// clock is the clock of a cloud.
type clock struct{ c *Cloud }

func (k clock) Now() time.Time { return k.c.Now() }

func (k clock) Sleep(ctx context.Context, d time.Duration) error {
	if k.c.opts.Pace != nil {
		if err := k.c.opts.Pace(ctx, d); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	k.c.Advance(d)
	return nil
}
