package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A glass is a terminal that does what a screen asks of it, and no more.
type glass struct {
	t             *testing.T
	columns, rows int
	lines         [][]rune // from the first that was ever printed
	x, y          int
	wrapped       bool // the last column was written: the next character begins a line
}

func (g *glass) Write(data []byte) (int, error) {
	text := []rune(string(data))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			g.x, g.wrapped = 0, false
		case '\n':
			g.y, g.wrapped = g.y+1, false
		case '\x1b':
			end := i + strings.IndexAny(string(text[i:]), "ABCDHJKm")
			g.control(string(text[i+2:end]), text[end])
			i = end
		default:
			g.put(text[i])
		}
		for g.y >= len(g.lines) {
			g.lines = append(g.lines, nil)
		}
	}
	return len(data), nil
}

func (g *glass) control(number string, what rune) {
	line := g.lines[g.y]
	switch what {
	case 'K':
		g.lines[g.y] = line[:min(g.x, len(line))]
	case 'J':
		g.lines[g.y] = line[:min(g.x, len(line))]
		g.lines = g.lines[:g.y+1]
	case 'A':
		n := 1
		fmt.Sscan(number, &n)
		if g.y -= n; g.y < len(g.lines)-g.rows || g.y < 0 {
			g.t.Errorf("the cursor leaves the terminal")
		}
	case 'm':
	default:
		g.t.Errorf("unknown control %q%c", number, what)
	}
}

func (g *glass) put(r rune) {
	if g.wrapped {
		g.x, g.y, g.wrapped = 0, g.y+1, false
	}
	for g.y >= len(g.lines) {
		g.lines = append(g.lines, nil)
	}
	line := g.lines[g.y]
	for len(line) <= g.x {
		line = append(line, ' ')
	}
	line[g.x] = r
	g.lines[g.y] = line
	if g.x++; g.x == g.columns {
		g.x, g.wrapped = g.columns-1, true
	}
}

func (g *glass) String() string {
	var b strings.Builder
	for _, line := range g.lines {
		b.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return b.String()
}

// rowsOf returns so many rows, of which each is that long.
func rowsOf(name string, n, length int) (out []row) {
	for i := range n {
		s := fmt.Sprintf("%s %d ", name, i)
		out = append(out, row{{"32", s + strings.Repeat("x", max(length-len(s), 0))}})
	}
	return out
}

// What stays is all that is left in the end, however much was drawn below it.
func TestScreen(t *testing.T) {
	for _, rows := range []int{3, 6, 30} {
		g := &glass{t: t, columns: 20, rows: rows}
		s := &screen{w: g, size: func() (int, int) { return g.columns, g.rows }, paint: true}
		s.clear()
		s.draw(nil, rowsOf("block", 5, 30))
		s.draw(rowsOf("first", 2, 12), rowsOf("block", 3, 10))
		s.draw(nil, nil)
		s.draw(rowsOf("wide", 1, 45), rowsOf("block", 12, 20))
		s.draw(rowsOf("last", 1, 20), rowsOf("block", 1, 19))
		if got := g.lines[g.y]; !strings.HasPrefix(string(got), "block 0") {
			t.Errorf("%d rows: the cursor is in %q, want that on the first drawn row", rows, string(got))
		}
		s.clear()
		const want = `first 0 xxxx
first 1 xxxx
wide 0 xxxxxxxxxxxxx
xxxxxxxxxxxxxxxxxxxx
xxxxx
last 0 xxxxxxxxxxxxx

`
		if diff := cmp.Diff(want, g.String()); diff != "" {
			t.Errorf("%d rows: mismatch (-want +got)\n%s", rows, diff)
		}
	}
}

func TestCut(t *testing.T) {
	r := row{{"1", "東京 "}, {"", "shop"}, {"2", "  tail"}}
	for columns, want := range map[int]string{
		0: "", 1: "…", 2: "…", 3: "東…", 5: "東京…", 6: "東京 …", 7: "東京 s…", 14: "東京 shop  ta…", 15: "東京 shop  tail", 99: "東京 shop  tail",
	} {
		if got := r.cut(columns).paint(false); got != want {
			t.Errorf("cut to %d: got %q, want %q", columns, got, want)
		}
	}
	if got := beside(r, words("", "5s"), 12).paint(true); got != "\x1b[1m東京 \x1b[0msh…  5s" {
		t.Errorf("beside: got %q", got)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 900 * time.Millisecond: "0s", 59 * time.Second: "59s", 61 * time.Second: "1m01s",
		time.Hour - time.Second: "59m59s", 25*time.Hour + 3*time.Minute: "25h03m",
	} {
		if got := short(d); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
}

// Colours of a plan follow its signs, and nothing else that looks like one.
func TestPlanLine(t *testing.T) {
	for line, want := range map[string]string{
		"account 1, region r":              "\x1b[1maccount 1, region r\x1b[0m",
		"  + create stack a  a.yml":        "  \x1b[32m+ create stack a  a.yml\x1b[0m",
		"  ~ update stack a":               "  \x1b[33m~ update stack a\x1b[0m",
		"      ± Bucket (T) is replaced":   "      \x1b[31m± Bucket (T) is replaced\x1b[0m",
		"      - Bucket (T) x":             "      \x1b[31m- Bucket (T) x\x1b[0m",
		"          LOSES its objects":      "          \x1b[31mLOSES its objects\x1b[0m",
		"      BLOCKED: it cannot be":      "      \x1b[1;31mBLOCKED: it cannot be\x1b[0m",
		"      note: it is so":             "      \x1b[2mnote: it is so\x1b[0m",
		"          + not a sign: a -> b":   "          + not a sign: a -> b",
		"    stack shop-network  network.": "    stack shop-network  network.",
		"":                                 "",
	} {
		if got := palette(true).planLine(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
		if got := palette(false).planLine(line); got != line {
			t.Errorf("%q without colours: got %q", line, got)
		}
	}
}
