package rehearse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
)

func isBuiltin(name string) bool { return interp.IsBuiltin(name) }

func printVariables(c *Call, all map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c.printf("%s=%s\n", name, all[name])
	}
}

// An overlay is an environment with some variables set over it.
type overlay struct {
	expand.Environ
	more map[string]string
}

func (o overlay) Get(name string) expand.Variable {
	if value, ok := o.more[name]; ok {
		return expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: value}
	}
	return o.Environ.Get(name)
}

func (o overlay) Each(f func(string, expand.Variable) bool) {
	for name, v := range o.Environ.Each {
		if !f(name, v) {
			return
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.more)) {
		if !f(name, o.Get(name)) {
			return
		}
	}
}

// date prints the time of the rehearsal, in the formats of strftime.
func date(_ context.Context, c *Call) error {
	set, operands, err := c.flags("uR", "dI", map[string]byte{"utc": 'u', "date": 'd', "rfc-2822": 'R', "universal": 'u'})
	if err != nil {
		if len(c.Args) > 1 && strings.HasPrefix(c.Args[1], "--iso-8601") || len(c.Args) > 1 && c.Args[1] == "-I" {
			c.printf("%s\n", c.c.now().Format(time.DateOnly))
			return nil
		}
		return err
	}
	now := c.c.now()
	if text, ok := set['d']; ok {
		if now, ok = parseDate(now, text); !ok {
			return c.failf(1, "the stand-in does not know the date %q", text)
		}
	}
	format := "+%a %b %e %H:%M:%S UTC %Y"
	switch {
	case has(set, 'R'):
		format = "+%a, %d %b %Y %H:%M:%S +0000"
	case len(operands) == 1 && strings.HasPrefix(operands[0], "+"):
		format = operands[0]
	case len(operands) > 0:
		return c.unknown(operands[0])
	}
	text, bad := strftime(now, format[1:])
	if bad != "" {
		return c.unknown(bad)
	}
	c.printf("%s\n", text)
	return nil
}

// parseDate reads now, @seconds, a date, and "2 hours ago".
func parseDate(now time.Time, text string) (time.Time, bool) {
	if n, err := strconv.ParseInt(strings.TrimPrefix(text, "@"), 10, 64); err == nil && strings.HasPrefix(text, "@") {
		return time.Unix(n, 0).UTC(), true
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	fields := strings.Fields(strings.TrimPrefix(text, "+"))
	switch {
	case len(fields) == 0 || len(fields) == 1 && (fields[0] == "now" || fields[0] == "today"):
		return now, true
	case len(fields) == 1 && fields[0] == "yesterday":
		return now.AddDate(0, 0, -1), true
	case len(fields) == 1 && fields[0] == "tomorrow":
		return now.AddDate(0, 0, 1), true
	case len(fields) != 2 && (len(fields) != 3 || fields[2] != "ago"):
		return now, false
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil {
		return now, false
	}
	if len(fields) == 3 {
		n = -n
	}
	switch strings.TrimSuffix(fields[1], "s") {
	case "second", "sec":
		return now.Add(time.Duration(n) * time.Second), true
	case "minute", "min":
		return now.Add(time.Duration(n) * time.Minute), true
	case "hour":
		return now.Add(time.Duration(n) * time.Hour), true
	case "day":
		return now.AddDate(0, 0, n), true
	case "week":
		return now.AddDate(0, 0, 7*n), true
	case "month":
		return now.AddDate(0, n, 0), true
	case "year":
		return now.AddDate(n, 0, 0), true
	}
	return now, false
}

// strftime formats a time; bad is a conversion that it does not know.
func strftime(t time.Time, format string) (text, bad string) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		begin := i
		for i+1 < len(format) && strings.IndexByte("-0123456789:", format[i]) >= 0 {
			i++
		}
		flag := format[begin:i]
		layout, ok := layouts(format[i])
		switch {
		case ok && flag == "-":
			b.WriteString(strings.TrimLeft(t.Format(layout), "0 "))
		case ok:
			b.WriteString(t.Format(layout))
		case format[i] == '%':
			b.WriteByte('%')
		case format[i] == 'n':
			b.WriteByte('\n')
		case format[i] == 't':
			b.WriteByte('\t')
		case format[i] == 's':
			fmt.Fprint(&b, t.Unix())
		case format[i] == 'N':
			digits, _ := strconv.Atoi(flag)
			if digits <= 0 || digits > 9 {
				digits = 9
			}
			b.WriteString(fmt.Sprintf("%09d", t.Nanosecond())[:digits])
		case format[i] == 'j':
			fmt.Fprintf(&b, "%03d", t.YearDay())
		case format[i] == 'u':
			fmt.Fprint(&b, (int(t.Weekday())+6)%7+1)
		case format[i] == 'w':
			fmt.Fprint(&b, int(t.Weekday()))
		case format[i] == 'V':
			_, week := t.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		case format[i] == 'G':
			year, _ := t.ISOWeek()
			fmt.Fprint(&b, year)
		default:
			return "", "%" + format[begin:i+1]
		}
	}
	return b.String(), ""
}

// layouts returns the layout of package time for a conversion.
func layouts(c byte) (string, bool) {
	switch c {
	case 'Y':
		return "2006", true
	case 'y':
		return "06", true
	case 'm':
		return "01", true
	case 'd':
		return "02", true
	case 'e':
		return "_2", true
	case 'H':
		return "15", true
	case 'I':
		return "03", true
	case 'M':
		return "04", true
	case 'S':
		return "05", true
	case 'p':
		return "PM", true
	case 'a':
		return "Mon", true
	case 'A':
		return "Monday", true
	case 'b', 'h':
		return "Jan", true
	case 'B':
		return "January", true
	case 'F':
		return "2006-01-02", true
	case 'T':
		return "15:04:05", true
	case 'R':
		return "15:04", true
	case 'D', 'x':
		return "01/02/06", true
	case 'X':
		return "15:04:05", true
	case 'c':
		return "Mon Jan _2 15:04:05 2006", true
	case 'Z':
		return "MST", true
	case 'z':
		return "-0700", true
	}
	return "", false
}
