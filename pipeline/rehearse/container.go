package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// A container is where the commands of one build run.
type container struct {
	*rehearsal
	stage, action string
	disk          *disk
	docker        *docker
	clone         bool // the source has its git data
	arm           bool // the processor
	privileged    bool // there is a Docker daemon
	cancel        context.CancelCauseFunc
	called        atomic.Int64
	running       sync.WaitGroup // programs

	mu      sync.Mutex // guards what follows: pipes run side by side
	out     *output
	calls   []Invocation
	missing map[string]bool
	refused map[string]bool
	closed  bool
	broken  bool // it was ended for what its commands did
}

// An output keeps the first bytes of what a command prints.
type output struct {
	text      []byte
	truncated bool
}

// Write takes what a command prints.
func (c *container) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out == nil {
		return len(p), nil // of a process in the background, whose command has ended
	}
	room := c.opts.OutputLimit - len(c.out.text)
	if keep := p[:min(room, len(p))]; len(keep) > 0 {
		c.out.text = append(c.out.text, keep...)
		c.emit(Output{c.stage, c.action, string(keep)})
	}
	if len(p) > room {
		c.out.truncated = true
	}
	return len(p), nil
}

// note says something in the output of the command and nowhere else.
func (c *container) deny(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused[name] = true
}

// Limits of what no honest build needs, which end a build that would otherwise
// take this process with it.
const (
	maxFrames     = 40_000 // of the Go stack, where shell functions nest
	maxGoroutines = 4_000  // more than there were
)

// shell returns a shell with the variables of env.
func (c *container) shell(dir string, env map[string]string) (*interp.Runner, error) {
	list := make([]string, 0, len(env)+4)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	// No pipe with a name can be made below /dev/null.
	list = append(list, "UID=0", "EUID=0", "GID=0", "TMPDIR=/dev/null/none")
	goroutines := runtime.NumGoroutine() + maxGoroutines
	r, err := interp.New(
		interp.Env(expand.ListEnviron(list...)),
		interp.Dir("/"), // there is one everywhere; the real one is set below
		interp.StdIO(nil, c, c),
		interp.CallHandler(func(ctx context.Context, args []string) ([]string, error) {
			return c.call(interp.HandlerCtx(ctx), args, goroutines)
		}),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return c.exec }),
		interp.OpenHandler(c.open),
		interp.ReadDirHandler2(func(ctx context.Context, name string) ([]fs.DirEntry, error) {
			return c.disk.readDir(abs(interp.HandlerCtx(ctx).Dir, name))
		}),
		interp.StatHandler(func(_ context.Context, name string, follow bool) (fs.FileInfo, error) {
			return c.disk.stat(path.Clean(name), follow)
		}),
		interp.AccessHandler(func(_ context.Context, name string, mode interp.AccessMode) error {
			info, err := c.disk.stat(path.Clean(name), true)
			if err == nil && mode&interp.AccessExec != 0 && info.Mode()&0o111 == 0 {
				return fs.ErrPermission
			}
			return err
		}),
	)
	if err != nil {
		return nil, err
	}
	r.Dir = dir
	r.Reset()
	return r, c.eval(context.Background(), r, "unset TMPDIR")
}

// eval runs a command in a shell, statement by statement, so that the shell lives on.
func (c *container) eval(ctx context.Context, r *interp.Runner, text string) error {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		fmt.Fprintf(c, "sh: syntax error: %v\n", err)
		return ExitStatus(2)
	}
	if hasProcSubst(file) {
		fmt.Fprintln(c, "sh: process substitution is not rehearsed")
		return ExitStatus(126)
	}
	if isHuge(text) {
		fmt.Fprintln(c, "sh: a brace expansion of so many words is not rehearsed")
		return ExitStatus(126)
	}
	var last error
	for _, stmt := range file.Stmts {
		last = c.status(ctx, r.Run(ctx, stmt))
		if _, isStatus := last.(ExitStatus); last != nil && !isStatus || r.Exited() {
			break
		}
	}
	return last
}

// status makes an ExitStatus of the one of the interpreter.
func (c *container) status(ctx context.Context, err error) error {
	var status interp.ExitStatus
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		return nil
	case errors.As(err, &status):
		return ExitStatus(status)
	}
	fmt.Fprintf(c, "sh: %v\n", err)
	return ExitStatus(1)
}

func hasProcSubst(n syntax.Node) (found bool) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if _, ok := n.(*syntax.ProcSubst); ok {
			found = true
		}
		return !found
	})
	return found
}

// call sees every command before it runs.
func (c *container) call(hc interp.HandlerContext, args []string, goroutines int) ([]string, error) {
	if c.called.Add(1)%64 == 0 {
		var frame [1]uintptr
		var err error
		switch {
		case runtime.Callers(maxFrames, frame[:]) > 0:
			err = errors.New("the commands call themselves without end")
		case runtime.NumGoroutine() > goroutines:
			err = errors.New("the commands start ever more processes")
		}
		if err != nil {
			c.abort(err)
			return nil, err
		}
	}
	switch args[0] {
	case "command":
		if len(args) > 2 && (args[1] == "-v" || args[1] == "-V") {
			return append([]string{"which"}, args[2:]...), nil
		}
	case "type", "hash":
		if len(args) > 1 && args[1][0] != '-' {
			return append([]string{"which"}, args[1:]...), nil
		}
	case "source", ".":
		// The interpreter would look for a bare name on this machine.
		if len(args) > 1 && !strings.Contains(args[1], "/") {
			args = slices.Clone(args)
			args[1] = abs(hc.Dir, args[1])
		}
	}
	return args, nil
}

// open opens a file for the shell.
func (c *container) open(ctx context.Context, name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	switch name = abs(hc.Dir, name); name {
	case "/dev/stdout", "/dev/fd/1":
		return stream{hc.Stdout}, nil
	case "/dev/stderr", "/dev/fd/2", "/dev/tty":
		return stream{hc.Stderr}, nil
	}
	return c.disk.open(name, flag, perm)
}

// A stream is an open output that its owner closes.
type stream struct{ io.Writer }

func (stream) Read([]byte) (int, error) { return 0, io.EOF }
func (stream) Close() error             { return nil }

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

// begin lets a program run, unless the container is at its end.
func (c *container) begin(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return context.Canceled
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.running.Add(1)
	return nil
}

// isBroken reports whether the container was ended for what its commands did.
func (c *container) isBroken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// close ends everything that still runs.
func (c *container) close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel(context.Canceled)
	c.running.Wait()
	return errors.Join(c.disk.close(), os.RemoveAll(c.disk.dir))
}
