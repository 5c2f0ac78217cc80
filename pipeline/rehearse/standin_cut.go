package rehearse

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// cut prints fields, characters or bytes of every line.
func cut(_ context.Context, c *Call) error {
	set, names, err := c.flags("s", "dfcb", map[string]byte{"delimiter": 'd', "fields": 'f', "characters": 'c', "bytes": 'b'})
	if err != nil {
		return err
	}
	spec, byField := set['f'], true
	if !has(set, 'f') {
		spec, byField = set['c']+set['b'], false
	}
	ranges, err := cutRanges(spec)
	if err != nil {
		return c.failf(1, "%v", err)
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	delimiter := "\t"
	if has(set, 'd') {
		delimiter = set['d']
	}
	var out []string
	for _, line := range lines(data) {
		sep, parts := "", strings.Split(line, "")
		if byField {
			sep, parts = delimiter, strings.Split(line, delimiter)
			if len(parts) == 1 {
				if !has(set, 's') {
					out = append(out, line)
				}
				continue
			}
		}
		var keep []string
		for i, part := range parts {
			if slices.ContainsFunc(ranges, func(r [2]int) bool { return r[0] <= i+1 && i+1 <= r[1] }) {
				keep = append(keep, part)
			}
		}
		out = append(out, strings.Join(keep, sep))
	}
	return c.printLines(out)
}

// cutRanges reads 1,3-5,7- and -2.
func cutRanges(spec string) ([][2]int, error) {
	var ranges [][2]int
	for part := range strings.SplitSeq(spec, ",") {
		lo, hi, isRange := strings.Cut(part, "-")
		r := [2]int{1, 1 << 30}
		var err1, err2 error
		if lo != "" {
			r[0], err1 = strconv.Atoi(lo)
		}
		if hi != "" {
			r[1], err2 = strconv.Atoi(hi)
		} else if !isRange {
			r[1] = r[0]
		}
		if err1 != nil || err2 != nil || part == "" || part == "-" || r[0] < 1 {
			return nil, errors.New("invalid list " + strconv.Quote(spec))
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

// tr translates or deletes characters.
func tr(_ context.Context, c *Call) error {
	set, sets, err := c.flags("dsc", "", nil)
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		return c.failf(1, "missing operand")
	}
	data, err := c.inputs(nil)
	if err != nil {
		return c.fail(err)
	}
	from := trSet(sets[0])
	var to []rune
	if len(sets) > 1 {
		to = trSet(sets[1])
	}
	var b strings.Builder
	var last rune = -1
	for _, r := range string(data) {
		i := slices.Index(from, r)
		in := (i >= 0) != has(set, 'c')
		switch {
		case in && has(set, 'd'):
			continue
		case in && len(to) > 0:
			r = to[min(max(i, 0), len(to)-1)]
			if has(set, 'c') {
				r = to[len(to)-1]
			}
		}
		if in && has(set, 's') && r == last {
			continue
		}
		last = r
		b.WriteRune(r)
	}
	_, err = io.WriteString(c.Stdout, b.String())
	return quiet(err)
}

// trSet expands a-z, [:upper:] and \n.
func trSet(s string) []rune {
	for name, chars := range map[string]string{
		"[:upper:]": "A-Z", "[:lower:]": "a-z", "[:digit:]": "0-9", "[:alpha:]": "A-Za-z", "[:alnum:]": "A-Za-z0-9",
		"[:space:]": " \t\n\v\f\r", "[:blank:]": " \t", "[:punct:]": "!-/:-@[-`{-~",
	} {
		s = strings.ReplaceAll(s, name, chars)
	}
	s = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\\`, `\`, `\"`, `"`).Replace(s)
	in := []rune(s)
	var out []rune
	for i := 0; i < len(in); i++ {
		if i+2 < len(in) && in[i+1] == '-' && in[i] <= in[i+2] {
			for r := in[i]; r <= in[i+2]; r++ {
				out = append(out, r)
			}
			i += 2
			continue
		}
		out = append(out, in[i])
	}
	return out
}
