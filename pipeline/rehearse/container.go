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
