package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

// A progress shows on standard error what a rehearsal does: on a terminal in one
// line that is gone afterwards, elsewhere in a line for each step.
type progress struct {
	w      io.Writer // nil: nothing is shown
	screen *screen   // nil: w is no terminal
	ticker ticker

	mu     sync.Mutex // guards what follows
	action string
	step   string
	begin  time.Time
}

// newProgress begins to show progress.
func (p *program) newProgress(quiet bool) *progress {
	g := new(progress)
	if quiet {
		return g
	}
	g.w = p.stderr
	if g.screen = terminal(p.stderr); g.screen != nil {
		g.ticker.start(g.draw)
	}
	return g
}

// event takes note of what happens.
func (g *progress) event(e rehearse.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch e := e.(type) {
	case rehearse.ActionStarted:
		g.action, g.step, g.begin = e.Stage+"/"+e.Action, e.Provider, time.Now()
	case rehearse.CommandStarted:
		g.step, g.begin = firstLine(e.Text), time.Now()
	default:
		return
	}
	if g.w != nil && g.screen == nil {
		fmt.Fprintf(g.w, "%s: %s\n", escape(g.action), escape(g.step))
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// draw shows the present step.
func (g *progress) draw(turn int) {
	g.mu.Lock()
	action, step, begin := g.action, g.step, g.begin
	g.mu.Unlock()
	if action == "" {
		return // nothing has begun yet
	}
	left := row{{"", spinner[turn%len(spinner)] + " "}, {"", escape(action + ": " + step)}}
	right := elapsed(time.Since(begin))
	most, _ := g.screen.size()
	g.screen.draw(nil, []row{beside(left, right, most-1)})
}

// stop ends the show and clears its line.
func (g *progress) stop() {
	g.ticker.stop()
	if g.screen != nil {
		g.screen.clear()
	}
}

// A ticker does something ten times a second. The zero value does nothing.
type ticker struct {
	done  chan struct{}
	ended sync.WaitGroup
}

// start lets do be called, one call at a time, with how often it was called before.
func (t *ticker) start(do func(turn int)) {
	done := make(chan struct{})
	t.done = done
	t.ended.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for turn := 0; ; turn++ {
			select {
			case <-done:
				return
			case <-tick.C:
				do(turn)
			}
		}
	})
}

// stop returns when it is not called any more. It may be called again.
func (t *ticker) stop() {
	if t.done != nil {
		close(t.done)
		t.done = nil
	}
	t.ended.Wait()
}
