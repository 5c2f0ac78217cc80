package cli

import (
	"io"
	"strings"
	"sync"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// A view shows on standard error what happens: on a terminal as a board that is drawn
// again and again, with what is done above it; elsewhere in a line for each event. Its
// methods may be called concurrently.
type view struct {
	w      io.Writer // nil: nothing is shown
	paint  palette
	screen *screen          // nil: w is no terminal
	now    func() time.Time // nil is the time of the machine
	ticker ticker

	mu    sync.Mutex // guards what follows, and w
	board *board     // nil: none is shown
	turn  int
}

// newView returns a view that shows nothing yet, or nothing ever.
func (p *program) newView(quiet bool, colours choice) *view {
	v := &view{now: time.Now}
	if quiet {
		return v
	}
	v.w, v.paint = p.stderr, paintOn(p.stderr, colours)
	if v.screen = terminal(p.stderr); v.screen != nil {
		v.screen.paint = v.paint
	}
	return v
}

// isLive reports whether the view shows boards.
func (v *view) isLive() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.screen != nil
}

// show begins to show a board. It is hidden by hide.
func (v *view) show(b *board) {
	v.mu.Lock()
	b.begin = v.now()
	v.board = b
	v.mu.Unlock()
	if v.isLive() {
		v.ticker.start(func(turn int) {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.turn = turn
			v.draw()
		})
	}
}

// hide removes the board.
func (v *view) hide() {
	v.ticker.stop()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.board = nil
	if v.screen != nil {
		v.screen.clear()
	}
}

// event takes note of what happens to a work.
func (v *view) event(w *work, e apply.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	stay := w.event(e, v.now())
	switch {
	case v.w == nil:
	case v.screen != nil && v.board != nil:
		v.draw(stay...)
	default:
		v.print(words("", w.prefix()+e.String()))
	}
}

// end takes note that nothing happens to a work any more.
func (v *view) end(w *work) {
	v.mu.Lock()
	defer v.mu.Unlock()
	w.ended = true
}

// say prints a line that stays.
func (v *view) say(code, s string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.w == nil:
	case v.screen != nil && v.board != nil:
		v.draw(words(code, s))
	default:
		v.print(words(code, s))
	}
}

// gap leaves a line free on a terminal, where what comes is another kind of text.
func (v *view) gap() {
	if v.isLive() {
		v.say("", "")
	}
}

// quit ends boards for good, and says why: what still happens is printed in lines. Who
// ends the program now leaves a tidy terminal.
func (v *view) quit(why string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.screen != nil {
		v.screen.clear()
		v.board, v.screen = nil, nil
	}
	if v.w != nil {
		v.print(words("1", why))
	}
}

// draw draws the board anew, below rows that stay. The caller holds mu.
func (v *view) draw(stay ...row) {
	if v.board == nil || v.screen == nil {
		return
	}
	most, rows := v.screen.size()
	v.screen.draw(stay, v.board.rows(v.now(), most-1, rows, v.turn))
}

// print prints rows. The caller holds mu.
func (v *view) print(rows ...row) {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.paint(v.paint))
		b.WriteByte('\n')
	}
	io.WriteString(v.w, b.String())
}
