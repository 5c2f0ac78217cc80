package cli

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A text is a file, for its lines. A nil text has none.
type text struct {
	read  func() []byte // reads the file, when it is first asked for; nil once that is done
	data  []byte
	lines []string // made when the first is asked for
}

// bytes returns what stands in the file.
func (t *text) bytes() []byte {
	if t.read != nil {
		t.data, t.read = t.read(), nil
	}
	return t.data
}

// sources are the texts of files as the user would name them.
type sources map[string]*text

// line returns line n of a file, starting at 1, and whether there is one.
func (s sources) line(file string, n int) (string, bool) {
	lines := s[file].split()
	if n < 1 || n > len(lines) {
		return "", false
	}
	return lines[n-1], true
}

// split returns the lines as the readers count them: LF, CR LF and CR end one.
func (t *text) split() []string {
	if t == nil {
		return nil
	}
	if t.lines != nil {
		return t.lines
	}
	rest := string(bytes.TrimPrefix(t.bytes(), []byte("\ufeff")))
	for rest != "" {
		n := strings.IndexAny(rest, "\r\n")
		if n < 0 {
			n = len(rest)
		}
		t.lines = append(t.lines, rest[:n])
		switch {
		case n == len(rest):
		case strings.HasPrefix(rest[n:], "\r\n"):
			n += 2
		default:
			n++
		}
		rest = rest[n:]
	}
	return t.lines
}

// maxColumns is how much of a long line is shown.
const maxColumns = 100

// snippet returns a line as a terminal shows it, cut to maxColumns around the
// character at column (starting at 1; 0 is unknown), and the carets that stand under
// the word there.
func snippet(line string, column int) (shown, carets string) {
	var cells []cell
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		cells = append(cells, cellOf(r, line[i:i+size]))
		i += size
	}
	at, end := column-1, column
	if column < 1 || at > len(cells) {
		at, end = -1, -1
	} else {
		end = wordEnd(line, at)
	}
	from, to := window(cells, max(at, 0))
	var b strings.Builder
	pad, mark := 0, 0
	if from > 0 {
		b.WriteString("…")
		pad++
	}
	for i := from; i < to; i++ {
		b.WriteString(cells[i].text)
		switch {
		case i < at:
			pad += cells[i].width
		case i < end:
			mark += cells[i].width
		}
	}
	if to < len(cells) {
		b.WriteString("…")
	}
	if at < 0 {
		return strings.TrimRight(b.String(), " "), ""
	}
	return strings.TrimRight(b.String(), " "), strings.Repeat(" ", pad) + "^" + strings.Repeat("~", max(mark-1, 0))
}

// A cell is a character as it is shown.
type cell struct {
	text  string
	width int
}

func cellOf(r rune, s string) cell {
	if r == '\t' {
		return cell{"    ", 4}
	}
	shown := visible(r, s)
	if shown != s {
		return cell{shown, len(shown)}
	}
	return cell{s, width(r)}
}

// window returns which cells are shown: all when they fit, and otherwise such that
// at stands in the first half.
func window(cells []cell, at int) (from, to int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= maxColumns {
		return 0, len(cells)
	}
	from = min(at, len(cells))
	for used := 0; from > 0 && used+cells[from-1].width <= maxColumns/2; from-- {
		used += cells[from-1].width
	}
	to = from
	for used := 0; to < len(cells) && used+cells[to].width <= maxColumns; to++ {
		used += cells[to].width
	}
	return from, to
}

// wordEnd returns the index of the character after the word that begins at
// character at: a quoted text, or what goes on to a blank or a colon.
func wordEnd(line string, at int) int {
	runes := []rune(line)
	if at >= len(runes) {
		return at
	}
	i := at + 1
	if quote := runes[at]; quote == '"' || quote == '\'' {
		for i < len(runes) && runes[i] != quote {
			i++
		}
		return min(i+1, len(runes))
	}
	for i < len(runes) && runes[at] != ' ' && !strings.ContainsRune(" \t:,]}\"'", runes[i]) {
		i++
	}
	return i
}
