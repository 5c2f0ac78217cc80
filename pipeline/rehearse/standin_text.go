package rehearse

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// textTool returns a tool that works on text.
func textTool(name string) Program {
	switch name {
	case "base64":
		return base64Tool
	case "cat":
		return cat
	case "cut":
		return cut
	case "egrep", "fgrep", "grep":
		return grep
	case "envsubst":
		return envsubst
	case "head", "tail":
		return headTail
	case "rev", "tac":
		return reverse
	case "sed":
		return sed
	case "seq":
		return seq
	case "sha256sum":
		return sha256sum
	case "sort":
		return sortTool
	case "tee":
		return tee
	case "tr":
		return tr
	case "uniq":
		return uniq
	case "wc":
		return wc
	case "xargs":
		return xargs
	case "yes":
		return yes
	}
	return nil
}

// lines splits text into lines without their ends; a last empty one does not count.
func lines(data []byte) []string {
	text := strings.TrimSuffix(string(data), "\n")
	if text == "" && len(data) == 0 {
		return nil
	}
	return strings.Split(text, "\n")
}

// printLines prints lines, each with its end.
func (c *Call) printLines(list []string) error {
	var b strings.Builder
	for _, line := range list {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	_, err := io.WriteString(c.Stdout, b.String())
	return quiet(err)
}

// quiet passes over the error of writing to a pipe that nobody reads any more.
func quiet(err error) error {
	if errors.Is(err, io.ErrClosedPipe) || err != nil && strings.Contains(err.Error(), "broken pipe") {
		return nil
	}
	return err
}

func cat(_ context.Context, c *Call) error {
	set, names, err := c.flags("nu", "", nil)
	if err != nil {
		return err
	}
	if len(names) == 0 && !has(set, 'n') {
		_, err := io.Copy(c.Stdout, c.Stdin)
		return quiet(err)
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	if has(set, 'n') {
		for i, line := range lines(data) {
			c.printf("%6d\t%s\n", i+1, line)
		}
		return nil
	}
	_, err = c.Stdout.Write(data)
	return quiet(err)
}

// headTail prints the first or last lines or bytes.
func headTail(_ context.Context, c *Call) error {
	args := c.Args
	if len(args) > 1 && len(args[1]) > 1 && args[1][0] == '-' && args[1][1] >= '0' && args[1][1] <= '9' {
		args = append([]string{args[0], "-n", args[1][1:]}, args[2:]...) // head -3
	}
	call := *c
	call.Args = args
	set, names, err := call.flags("q", "nc", map[string]byte{"lines": 'n', "bytes": 'c'})
	if err != nil {
		return err
	}
	unit, text := byte('n'), "10"
	for _, letter := range []byte("nc") {
		if v, ok := set[letter]; ok {
			unit, text = letter, v
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return c.failf(1, "invalid number %q", text)
	}
	isHead := args[0] == "head"
	if isHead && len(names) == 0 && unit == 'n' && n >= 0 {
		return headLines(c, n) // what feeds it may have no end
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	parts := strings.SplitAfter(string(data), "\n")
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	if unit == 'c' {
		parts = strings.Split(string(data), "")
		if len(data) > 0 {
			parts = byteStrings(data)
		}
	}
	from, to := 0, len(parts)
	switch {
	case isHead && n < 0:
		to = max(0, len(parts)+n)
	case isHead:
		to = min(n, len(parts))
	case strings.HasPrefix(text, "+"):
		from = min(max(0, n-1), len(parts))
	default:
		from = max(0, len(parts)-max(n, -n))
	}
	_, err = io.WriteString(c.Stdout, strings.Join(parts[from:to], ""))
	return quiet(err)
}

func byteStrings(data []byte) []string {
	out := make([]string, len(data))
	for i := range data {
		out[i] = string(data[i : i+1])
	}
	return out
}

func headLines(c *Call, n int) error {
	r := bufio.NewReader(c.Stdin)
	for range n {
		line, err := r.ReadString('\n')
		c.printf("%s", line)
		if err != nil {
			break
		}
	}
	return nil
}

func wc(_ context.Context, c *Call) error {
	set, names, err := c.flags("lwcm", "", nil)
	if err != nil {
		return err
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	counts := []struct {
		letter byte
		n      int
	}{{'l', strings.Count(string(data), "\n")}, {'w', len(strings.Fields(string(data)))}, {'m', len([]rune(string(data)))}, {'c', len(data)}}
	var out []string
	for _, count := range counts {
		if has(set, count.letter) || len(set) == 0 && count.letter != 'm' {
			out = append(out, strconv.Itoa(count.n))
		}
	}
	if len(names) == 1 {
		out = append(out, names[0])
	}
	c.printf("%s\n", strings.Join(out, " "))
	return nil
}

func tee(_ context.Context, c *Call) error {
	set, names, err := c.flags("ai", "", map[string]byte{"append": 'a'})
	if err != nil {
		return err
	}
	out := []io.Writer{c.Stdout}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if has(set, 'a') {
		flag = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	for _, name := range names {
		if name == "/dev/stderr" {
			out = append(out, c.Stderr)
			continue
		}
		f, err := c.c.disk.open(c.path(name), flag, 0o644)
		if err != nil {
			return c.fail(err)
		}
		defer f.Close()
		out = append(out, f)
	}
	_, err = io.Copy(io.MultiWriter(out...), c.Stdin)
	return quiet(err)
}

func yes(ctx context.Context, c *Call) error {
	text := "y"
	if len(c.Args) > 1 {
		text = strings.Join(c.Args[1:], " ")
	}
	block := strings.Repeat(text+"\n", 1+4096/(len(text)+1))
	for ctx.Err() == nil {
		if _, err := io.WriteString(c.Stdout, block); err != nil {
			return quiet(err)
		}
	}
	return ctx.Err()
}

func seq(_ context.Context, c *Call) error {
	from, step, to := 1, 1, 0
	var numbers []int
	for _, arg := range c.Args[1:] {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return c.unknown(arg)
		}
		numbers = append(numbers, n)
	}
	switch len(numbers) {
	case 1:
		to = numbers[0]
	case 2:
		from, to = numbers[0], numbers[1]
	case 3:
		from, step, to = numbers[0], numbers[1], numbers[2]
	default:
		return c.failf(1, "missing operand")
	}
	if step == 0 || (to-from)/step > 1<<20 {
		return c.failf(1, "too many numbers for a rehearsal")
	}
	for n := from; step > 0 && n <= to || step < 0 && n >= to; n += step {
		c.printf("%d\n", n)
	}
	return nil
}

func sha256sum(_ context.Context, c *Call) error {
	names := c.Args[1:]
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		data, err := c.input(name)
		if err != nil {
			return c.fail(err)
		}
		sum := sha256.Sum256(data)
		c.printf("%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	return nil
}

func base64Tool(_ context.Context, c *Call) error {
	set, names, err := c.flags("dDi", "w", map[string]byte{"decode": 'd', "wrap": 'w'})
	if err != nil {
		return err
	}
	data, err := c.inputs(names)
	if err != nil {
		return c.fail(err)
	}
	if has(set, 'd') || has(set, 'D') {
		text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), ""))
		if err != nil {
			return c.failf(1, "invalid input")
		}
		_, err = c.Stdout.Write(text)
		return quiet(err)
	}
	width := 76
	if text, ok := set['w']; ok {
		if width, err = strconv.Atoi(text); err != nil {
			return c.failf(1, "invalid wrap size %q", text)
		}
	}
	text := base64.StdEncoding.EncodeToString(data)
	for width > 0 && len(text) > width {
		c.printf("%s\n", text[:width])
		text = text[width:]
	}
	c.printf("%s", text)
	if width > 0 {
		c.printf("\n")
	}
	return nil
}

// envsubst replaces $NAME and ${NAME}, of all exported variables or of those that
// its argument names.
func envsubst(_ context.Context, c *Call) error {
	data, err := c.inputs(nil)
	if err != nil {
		return c.fail(err)
	}
	variable := regexp.MustCompile(`\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))`)
	only := map[string]bool{}
	for _, arg := range c.Args[1:] {
		if strings.HasPrefix(arg, "-") {
			return c.unknown(arg)
		}
		for _, m := range variable.FindAllStringSubmatch(arg, -1) {
			only[m[1]+m[2]] = true
		}
	}
	all := c.exported()
	_, err = io.WriteString(c.Stdout, variable.ReplaceAllStringFunc(string(data), func(s string) string {
		name := strings.Trim(s, "${}")
		if len(c.Args) > 1 && !only[name] {
			return s
		}
		return all[name]
	}))
	return quiet(err)
}

// xargs calls a program with the words of its input.
func xargs(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	perCall, replace := 0, ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if n := args[0]; len(n) > 2 && (n[:2] == "-n" || n[:2] == "-I") {
			args = append([]string{n[:2], n[2:]}, args[1:]...)
		}
		switch {
		case args[0] == "-r" || args[0] == "-t" || args[0] == "--no-run-if-empty":
		case args[0] == "-n" && len(args) > 1:
			n, err := strconv.Atoi(args[1])
			if err != nil || n < 1 {
				return c.failf(1, "invalid number %q", args[1])
			}
			perCall, args = n, args[1:]
		case args[0] == "-I" && len(args) > 1:
			replace, args = args[1], args[1:]
		default:
			return c.unknown(args[0])
		}
		args = args[1:]
	}
	if len(args) == 0 {
		args = []string{"echo"}
	}
	data, err := c.inputs(nil)
	if err != nil {
		return c.fail(err)
	}
	words := strings.Fields(string(data))
	if replace != "" {
		words, perCall = lines(data), 1
	}
	next := *c
	next.Stdin = empty
	for len(words) > 0 {
		n := len(words)
		if perCall > 0 {
			n = min(perCall, n)
		}
		call := slices.Concat(args, words[:n])
		if replace != "" {
			call = slices.Clone(args)
			for i := range call {
				call[i] = strings.ReplaceAll(call[i], replace, strings.TrimSpace(words[0]))
			}
		}
		words = words[n:]
		if err := next.run(ctx, call); err != nil {
			return ExitStatus(123)
		}
	}
	return nil
}
