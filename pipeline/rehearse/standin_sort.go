package rehearse

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

func sortTool(_ context.Context, c *Call) error {
	set, names, err := c.flags("nruVfh", "k", map[string]byte{"numeric-sort": 'n', "reverse": 'r', "unique": 'u', "version-sort": 'V'})
	if err != nil {
		return err
	}
	if has(set, 'k') || has(set, 'h') {
		return c.unknown("-k")
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	list := lines(data)
	slices.SortStableFunc(list, func(a, b string) int {
		switch {
		case has(set, 'V'):
			return compareVersions(a, b)
		case has(set, 'n'):
			x, _ := strconv.ParseFloat(leadingNumber(a), 64)
			y, _ := strconv.ParseFloat(leadingNumber(b), 64)
			if x != y {
				return int(min(max(x-y, -1), 1) * 2)
			}
		}
		return strings.Compare(a, b)
	})
	if has(set, 'r') {
		slices.Reverse(list)
	}
	if has(set, 'u') {
		list = slices.Compact(list)
	}
	return c.printLines(list)
}

func leadingNumber(s string) string {
	s = strings.TrimLeft(s, " \t")
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.' || n == 0 && s[n] == '-') {
		n++
	}
	return s[:n]
}

// compareVersions compares runs of digits by their value.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, y := digitRun(a), digitRun(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if d := strings.Compare(m, n); d != 0 {
				return d
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digitRun(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func uniq(_ context.Context, c *Call) error {
	set, names, err := c.flags("c", "", nil)
	if err != nil {
		return err
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	list := lines(data)
	for i := 0; i < len(list); {
		n := 1
		for i+n < len(list) && list[i+n] == list[i] {
			n++
		}
		if has(set, 'c') {
			c.printf("%7d %s\n", n, list[i])
		} else {
			c.printf("%s\n", list[i])
		}
		i += n
	}
	return nil
}

func reverse(_ context.Context, c *Call) error {
	data, err := c.inputs(c.Args[1:])
	if err != nil {
		return c.fail(err)
	}
	list := lines(data)
	if c.Args[0] == "tac" {
		slices.Reverse(list)
		return c.printLines(list)
	}
	for i, line := range list {
		runes := []rune(line)
		slices.Reverse(runes)
		list[i] = string(runes)
	}
	return c.printLines(list)
}
