package rehearse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"mvdan.cc/sh/v3/expand"
)

// An ExitStatus is the status of a program that has failed.
type ExitStatus uint8

func (s ExitStatus) Error() string { return "exit status " + strconv.Itoa(int(s)) }

// A Call is one call of a program.
type Call struct {
	Args   []string // with the name of the program
	Dir    string   // the directory of the shell, as the commands see it
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	env expand.Environ
	c   *container
	at  uint // where the call stands in its command
}

// Env returns the value of a variable of the shell, or "".
func (c *Call) Env(name string) string { return c.env.Get(name).String() }

// ReadFile reads a file that the commands see. A relative name is relative to Dir.
func (c *Call) ReadFile(name string) ([]byte, error) { return c.c.disk.readFile(c.path(name)) }

// WriteFile writes a file where the commands can write.
func (c *Call) WriteFile(name string, data []byte) error {
	return c.c.disk.writeFile(c.path(name), data)
}

func (c *Call) path(name string) string { return abs(c.Dir, name) }

// printf prints to standard output. An error is that of a reader that has gone,
// and of no interest to one who has nothing more to do than to end.
func (c *Call) printf(format string, args ...any) { fmt.Fprintf(c.Stdout, format, args...) }

// failf prints a message with the name of the program and returns the status.
func (c *Call) failf(status ExitStatus, format string, args ...any) error {
	fmt.Fprintf(c.Stderr, "%s: %s\n", c.Args[0], fmt.Sprintf(format, args...))
	return status
}

// fail reports an error as most programs do.
func (c *Call) fail(err error) error { return c.failf(1, "%s", describe(err)) }

// describe writes an error as the small tools do: "name: no such file or directory".
func describe(err error) string {
	var at *fs.PathError
	if !errors.As(err, &at) {
		return err.Error()
	}
	if errors.Is(at.Err, fs.ErrNotExist) {
		return at.Path + ": No such file or directory"
	}
	return at.Path + ": " + at.Err.Error()
}

// input reads one operand: a file, or standard input for "-".
func (c *Call) input(name string) ([]byte, error) {
	if name != "-" {
		return c.ReadFile(name)
	}
	data, err := io.ReadAll(io.LimitReader(c.Stdin, maxRead+1))
	if len(data) > maxRead {
		return nil, errors.New("the input is larger than a rehearsal reads")
	}
	return data, err
}

// inputs reads the operands, or standard input when there are none.
func (c *Call) inputs(names []string) ([]byte, error) {
	if len(names) == 0 {
		names = []string{"-"}
	}
	if len(names) == 1 {
		return c.input(names[0])
	}
	var all []byte
	for _, name := range names {
		data, err := c.input(name)
		if err != nil {
			return nil, err
		}
		if all = append(all, data...); len(all) > maxRead {
			return nil, errors.New("the input is larger than a rehearsal reads")
		}
	}
	return all, nil
}

// run calls another program, as xargs and sudo do.
func (c *Call) run(ctx context.Context, args []string) error {
	next := *c
	next.Args = args
	return c.c.program(ctx, &next)
}

// flags splits off the single letters that stand before the operands: those in
// bare need no value, those in valued have one. An unknown one is an error, which
// a stand-in must not pass over. A long option --name or --name=value is looked
// up in long, which gives the letter that it stands for.
func (c *Call) flags(bare, valued string, long map[string]byte) (set map[byte]string, operands []string, err error) {
	set = map[byte]string{}
	args := c.Args[1:]
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			return set, append(operands, args[1:]...), nil
		case len(arg) < 2 || arg[0] != '-':
			operands, args = append(operands, arg), args[1:]
			continue
		case arg[:2] == "--":
			name, value, hasValue := cutByte(arg[2:], '=')
			letter, ok := long[name]
			if !ok {
				return nil, nil, c.unknown(arg)
			}
			args = args[1:]
			if bytes.IndexByte([]byte(valued), letter) >= 0 && !hasValue {
				if len(args) == 0 {
					return nil, nil, c.failf(2, "option %s needs a value", arg)
				}
				value, args = args[0], args[1:]
			}
			set[letter] = value
			continue
		}
		args = args[1:]
		for i := 1; i < len(arg); i++ {
			switch {
			case bytes.IndexByte([]byte(bare), arg[i]) >= 0:
				set[arg[i]] = ""
				continue
			case bytes.IndexByte([]byte(valued), arg[i]) < 0:
				return nil, nil, c.unknown(arg)
			}
			value := arg[i+1:]
			if value == "" {
				if len(args) == 0 {
					return nil, nil, c.failf(2, "option %s needs a value", arg)
				}
				value, args = args[0], args[1:]
			}
			set[arg[i]] = value
			break
		}
	}
	return set, operands, nil
}

// unknown reports an option that the stand-in does not have.
func (c *Call) unknown(arg string) error {
	return c.failf(2, "the stand-in does not know %s; allow the real %s, or add a stand-in of your own", arg, c.Args[0])
}

func cutByte(s string, sep byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// has reports whether a letter is set.
func has(set map[byte]string, letter byte) bool { _, ok := set[letter]; return ok }

// empty is the input of a program that has none.
var empty io.Reader = none{}

type none struct{}

func (none) Read([]byte) (int, error) { return 0, io.EOF }

// stdin returns the input of a handler, which may be a nil *os.File.
func stdin(r io.Reader) io.Reader {
	if f, ok := r.(*os.File); r == nil || ok && f == nil {
		return empty
	}
	return r
}
