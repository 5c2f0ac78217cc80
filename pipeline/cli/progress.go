package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

// A progress shows on standard error what a rehearsal does: on a terminal in one
// line that is gone afterwards, elsewhere in a line for each step.
type progress struct {
	w       io.Writer // nil: nothing is shown
	columns int       // of the terminal; 0 for none
	done    chan struct{}
	ended   sync.WaitGroup

	mu     sync.Mutex // guards what follows
	action string
	step   string
	begin  time.Time
}

// newProgress begins to show progress.
func (p *program) newProgress(quiet bool) *progress {
	g := &progress{done: make(chan struct{})}
	if quiet {
		return g
	}
	g.w = p.stderr
	file, ok := p.stderr.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(file.Fd())) {
		return g
	}
	var err error
	if g.columns, _, err = term.GetSize(int(file.Fd())); err != nil || g.columns < 20 {
		g.columns = 80
	}
	g.ended.Add(1)
	go g.spin()
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
	if g.w != nil && g.columns == 0 {
		fmt.Fprintf(g.w, "%s: %s\n", escape(g.action), escape(g.step))
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// spin shows the present step until it is told to stop.
func (g *progress) spin() {
	defer g.ended.Done()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-g.done:
			fmt.Fprint(g.w, "\r\x1b[K")
			return
		case <-tick.C:
		}
		g.mu.Lock()
		line := fmt.Sprintf("%s %s: %s", `-\|/`[i%4:i%4+1], escape(g.action), escape(g.step))
		elapsed := fmt.Sprintf(" %ds", int(time.Since(g.begin).Seconds()))
		g.mu.Unlock()
		fmt.Fprintf(g.w, "\r\x1b[K%s%s", shorten(line, g.columns-len(elapsed)-1), elapsed)
	}
}

// shorten cuts a line to a number of columns.
func shorten(line string, columns int) string {
	n := 0
	for i, r := range line {
		if n += width(r); n > columns {
			return line[:i]
		}
	}
	return line
}

// stop ends the show and clears its line.
func (g *progress) stop() {
	close(g.done)
	g.ended.Wait()
}
