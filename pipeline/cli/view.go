package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
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
	keys   keys
	resume func() // ends the watch for Ctrl-Z; nil: there is none

	mu    sync.Mutex // guards what follows, and w
	board *board     // nil: none is shown
	turn  int
	still bool // the terminal is left to others
}

// keys are those of a terminal: what is typed while a board is drawn is not shown. The
// zero value has no terminal.
type keys struct {
	mu      sync.Mutex
	restore func() // nil: what is typed is shown
}

// hide stops a terminal from showing what is typed.
func (k *keys) hide(w io.Writer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if file, ok := w.(*os.File); ok && k.restore == nil {
		k.restore = silence(file)
	}
}

// show lets it show that again.
func (k *keys) show() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.restore != nil {
		k.restore()
		k.restore = nil
	}
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
	v.board, v.still = b, false
	v.mu.Unlock()
	if !v.isLive() {
		return
	}
	v.keys.hide(v.w)
	v.resume = onSuspend(v.pause, v.goOn)
	v.ticker.start(func(turn int) {
		defer v.guard()
		v.mu.Lock()
		defer v.mu.Unlock()
		v.turn = turn
		if !v.still {
			v.draw()
		}
	})
}

// pause leaves a tidy terminal to others.
func (v *view) pause() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.still = true
	if v.screen != nil {
		v.screen.clear()
	}
	v.keys.show()
}

// goOn draws the board again after a pause.
func (v *view) goOn() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.still = false
	if v.screen != nil {
		v.keys.hide(v.w)
	}
}

// hide removes the board.
func (v *view) hide() {
	v.ticker.stop()
	if v.resume != nil {
		v.resume()
		v.resume = nil
	}
	v.pause()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.board = nil
}

// guard is deferred where a panic would leave the terminal without its keys.
func (v *view) guard() {
	if p := recover(); p != nil {
		v.keys.show()
		panic(p)
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
		v.print(words("", w.prefix()+line(e)))
	}
}

// line is an event on one line.
func line(e apply.Event) string {
	switch e := e.(type) {
	case apply.StepEnded:
		if how := cutOff(e.Err); how != "" {
			return fmt.Sprintf("[%d/%d] %s %s after %s", e.Number, e.Of, e.Subject, how, short(e.Elapsed))
		}
	case apply.ActionChanged:
		if e.Status == "Failed" && e.Link != "" {
			return e.String() + "  " + e.Link
		}
	}
	return e.String()
}

// cutOff says of a step how it was cut off; nothing of one that is done or has failed.
func cutOff(err error) string {
	switch {
	case errors.Is(err, errOverdue):
		return "out of time"
	case errors.Is(err, errInterrupted):
		return "interrupted"
	}
	return ""
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
		v.keys.show()
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
