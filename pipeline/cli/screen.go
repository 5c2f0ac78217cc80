package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// A span is a part of a line, with the code in which it is coloured; empty is none.
// Its text is safe for a terminal.
type span struct{ code, text string }

// A row is a line of a terminal.
type row []span

// words returns a row of one text, which it makes safe.
func words(code, s string) row { return row{{code, escape(s)}} }

// columns returns how wide a row is.
func (r row) columns() int {
	n := 0
	for _, s := range r {
		n += columnsOf(s.text)
	}
	return n
}

// columnsOf returns how wide a text is.
func columnsOf(s string) int {
	n := 0
	for _, c := range s {
		n += width(c)
	}
	return n
}

// cut returns a row that is at most that wide; what is cut off leaves an ellipsis.
func (r row) cut(most int) row {
	if r.columns() <= most {
		return r
	}
	var out row
	left := most - 1
	for _, s := range r {
		part := shorten(s.text, left)
		out = append(out, span{s.code, part})
		if left -= columnsOf(part); part != s.text {
			break
		}
	}
	if most > 0 {
		out = append(out, span{"", "…"})
	}
	return out
}

// beside returns a row of two, of which the left one is cut so that both fit.
func beside(left, right row, most int) row {
	if len(right) == 0 {
		return left.cut(most)
	}
	room := most - right.columns() - 2
	if room < 8 { // too narrow for both
		return left.cut(most)
	}
	out := left.cut(room)
	return append(append(out[:len(out):len(out)], span{"", "  "}), right...)
}

// paint returns a row with its colours.
func (r row) paint(on palette) string {
	var b strings.Builder
	for _, s := range r {
		if s.code == "" {
			b.WriteString(s.text)
		} else {
			b.WriteString(on.sgr(s.code, s.text))
		}
	}
	return b.String()
}

// shorten cuts a text to a number of columns.
func shorten(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += width(r); n > most {
			return s[:i]
		}
	}
	return s
}

// A screen is the end of a terminal: lines that are drawn again and again, below others
// that stay. The cursor rests on the first of them, where it finds back to when the
// terminal breaks lines anew because it has become narrower.
type screen struct {
	w     io.Writer
	size  func() (columns, rows int)
	paint palette
	drawn bool
}

// terminal returns the screen of a terminal, or nil when w is none, or one that cannot
// move its cursor.
func terminal(w io.Writer) *screen {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return &screen{w: w, size: func() (columns, rows int) {
		columns, rows, err := term.GetSize(int(file.Fd()))
		if err != nil || columns <= 0 || rows <= 0 {
			return 80, 24
		}
		return columns, rows
	}}
}

// draw puts rows above the others, where they stay, and draws the others anew. What
// does not fit is left out.
func (s *screen) draw(above, below []row) {
	most, rows := s.size()
	var b strings.Builder
	b.WriteByte('\r')
	if len(above) > 0 {
		b.WriteString("\x1b[J") // these may take several lines
	}
	for _, r := range above {
		b.WriteString(r.paint(s.paint))
		b.WriteString("\r\n")
	}
	below = below[:min(len(below), max(rows-1, 1))]
	for i, r := range below {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(r.cut(most - 1).paint(s.paint)) // a full line would move the cursor on
		b.WriteString("\x1b[K")
	}
	b.WriteString("\x1b[J\r")
	if n := len(below) - 1; n > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", n)
	}
	s.drawn = len(below) > 0
	io.WriteString(s.w, b.String())
}

// clear removes what was drawn and is to stay no longer.
func (s *screen) clear() {
	if s.drawn {
		s.draw(nil, nil)
	}
}
