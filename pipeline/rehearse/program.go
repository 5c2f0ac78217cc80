package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// exec runs a program for the shell.
func (c *container) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	err := c.program(ctx, &Call{Args: args, Dir: hc.Dir, Stdin: stdin(hc.Stdin), Stdout: hc.Stdout, Stderr: hc.Stderr, env: hc.Env, c: c, at: hc.Pos.Offset()})
	var status ExitStatus
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return nil
	case errors.As(err, &status):
		return interp.ExitStatus(status)
	}
	fmt.Fprintf(hc.Stderr, "%s: %s\n", args[0], describe(err))
	return interp.ExitStatus(1)
}

// program runs a program, as whatever it is.
func (c *container) program(ctx context.Context, call *Call) (err error) {
	if err := c.begin(ctx); err != nil {
		return err
	}
	defer c.running.Done()
	at := c.record(call)
	defer func() {
		if v := recover(); v != nil {
			err = call.failf(1, "the stand-in panicked: %v", v)
		}
		c.ended(at, err)
	}()
	name := call.Args[0]
	if strings.Contains(name, "/") {
		if info, err := c.disk.stat(call.path(name), true); err == nil {
			return c.script(ctx, call, info)
		}
		if dir := path.Dir(name); dir != "/bin" && dir != "/usr/bin" && dir != "/usr/local/bin" {
			return call.failf(127, "No such file or directory")
		}
		name = path.Base(name)
	}
	if p := c.opts.Programs[name]; p != nil {
		return p(ctx, call)
	}
	if slices.Contains(c.opts.Allow, name) {
		c.real(at)
		return c.execReal(ctx, call, name)
	}
	if p := standIn(name); p != nil {
		return p(ctx, call)
	}
	c.mu.Lock()
	c.missing[name] = true
	c.mu.Unlock()
	return call.failf(127, "not rehearsed: there is no stand-in for it; allow it to run for real, or add a stand-in")
}

// isProgram reports whether there is something to run under a name.
func (c *container) isProgram(name string) bool {
	return c.opts.Programs[name] != nil || slices.Contains(c.opts.Allow, name) || standIn(name) != nil
}

// record notes a call and returns its place.
func (c *container) record(call *Call) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.calls) >= maxCalls {
		return -1
	}
	c.calls = append(c.calls, Invocation{Args: call.Args, at: call.at})
	return len(c.calls) - 1
}

// maxCalls is how many calls of a command are recorded.
const maxCalls = 200

func (c *container) real(at int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at >= 0 && at < len(c.calls) {
		c.calls[at].Real = true
	}
}

func (c *container) ended(at int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || at < 0 || at >= len(c.calls) {
		return
	}
	c.calls[at].ExitStatus = 1
	var status ExitStatus
	if errors.As(err, &status) {
		c.calls[at].ExitStatus = int(status)
	}
}

// script runs a file of the disk: a shell script.
func (c *container) script(ctx context.Context, call *Call, info fs.FileInfo) error {
	name := call.Args[0]
	if info.IsDir() {
		return call.failf(126, "Is a directory")
	}
	if info.Mode()&0o111 == 0 {
		return call.failf(126, "Permission denied")
	}
	data, err := call.ReadFile(name)
	if err != nil {
		return call.failf(126, "%s", describe(err))
	}
	if line, ok := strings.CutPrefix(firstLine(data), "#!"); ok {
		fields := strings.Fields(line)
		if len(fields) > 1 && path.Base(fields[0]) == "env" {
			fields = fields[1:]
		}
		if len(fields) == 0 {
			return call.failf(126, "bad interpreter")
		}
		if program := path.Base(fields[0]); !isShell(program) {
			return call.run(ctx, append([]string{program, name}, call.Args[1:]...))
		}
	} else if strings.ContainsRune(firstLine(data), 0) {
		return call.failf(126, "not rehearsed: a binary of the source does not run")
	}
	return c.subshell(ctx, call, string(data), call.Args)
}

func isShell(name string) bool {
	return name == "sh" || name == "bash" || name == "dash" || name == "ash"
}

func firstLine(data []byte) string {
	line, _, _ := strings.Cut(string(data[:min(len(data), 256)]), "\n")
	return line
}

// subshell runs text in a new shell, with the exported variables of the one that
// calls it.
func (c *container) subshell(ctx context.Context, call *Call, text string, params []string) error {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), params[0])
	if err != nil {
		return call.failf(2, "syntax error: %v", err)
	}
	if hasProcSubst(file) {
		return call.failf(126, "process substitution is not rehearsed")
	}
	if isHuge(text) {
		return call.failf(126, "a brace expansion of so many words is not rehearsed")
	}
	r, err := c.shell(call.Dir, call.exported())
	if err != nil {
		return err
	}
	in := call.Stdin
	if in == empty {
		in = nil
	}
	if err := interp.StdIO(in, call.Stdout, call.Stderr)(r); err != nil {
		return err
	}
	if len(params) > 1 {
		if err := interp.Params(append([]string{"--"}, params[1:]...)...)(r); err != nil {
			return err
		}
	}
	return c.status(ctx, r.Run(ctx, file))
}

// exported returns the variables that a program gets.
func (c *Call) exported() map[string]string {
	env := map[string]string{}
	for name, v := range c.env.Each {
		if v.Exported && v.Kind == expand.String {
			env[name] = v.String()
		}
	}
	return env
}
