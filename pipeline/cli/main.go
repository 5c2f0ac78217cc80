package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// The exit statuses.
const (
	statusOK     = 0
	statusFound  = 1
	statusFailed = 2
)

// errFound ends a command with status 1. What was found has been shown.
var errFound = errors.New("problems were found")

// errFailed ends a command with status 2. What failed has been shown.
var errFailed = errors.New("could not run")

// Main runs the command line of the process over the services and exits with its
// status. An interrupt ends the command; a second one ends the process at once.
func Main(services ...delivery.Service) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // most runs are over before there is garbage worth collecting
	}
	os.Exit(runProcess(&program{services: services}))
}

// runProcess runs the command line of the process and returns its exit status.
func runProcess(p *program) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	// A reader that has seen enough (slipway lint | head) is no reason to die.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	p.stdin, p.stdout, p.stderr = os.Stdin, &output{w: os.Stdout}, os.Stderr
	return p.run(ctx, os.Args)
}

// Run runs one command line and returns its exit status. The first of args is the
// name of the program, as in [os.Args]. It colours its output only where stdout is
// a terminal. Run may be called several times, also at once.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, services ...delivery.Service) int {
	p := &program{stdin: stdin, stdout: &output{w: stdout}, stderr: stderr, services: services}
	return p.run(ctx, args)
}

// run runs a command line, of which the first is the name of the program.
func (p *program) run(ctx context.Context, args []string) int {
	p.name = "slipway"
	if len(args) > 0 {
		p.name = strings.TrimSuffix(filepath.Base(args[0]), ".exe")
		args = args[1:]
	}
	err := p.execute(ctx, args)
	// Nobody listens to standard output any more: that is the listener's choice.
	if out := p.stdout; out.err != nil && !errors.Is(out.err, syscall.EPIPE) && !errors.Is(out.err, io.ErrClosedPipe) {
		fmt.Fprintf(p.stderr, "%s: standard output: %s\n", p.name, escape(out.err.Error()))
		return statusFailed
	}
	switch {
	case errors.Is(err, errFound):
		return statusFound
	case errors.Is(err, errFailed):
		return statusFailed
	case err != nil:
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		p.complain(err)
		return statusFailed
	}
	return statusOK
}

// A program is one run of the command line: its streams, and what it works on.
type program struct {
	name     string // as the user called it
	stdin    io.Reader
	stdout   *output
	stderr   io.Writer
	services []delivery.Service
	lines    *bufio.Reader // stdin, once it was read by lines
	asking   atomic.Bool   // a question stands on standard error

	// dial returns what is called in place of AWS, and its clock. It is for tests: nil is
	// package connect.
	dial func(context.Context, connect.Options) (apply.Clients, apply.Clock, error)
}

// complain prints an error about what the command was asked to do.
func (p *program) complain(err error) {
	var usage *usageError
	fmt.Fprintf(p.stderr, "%s: %s\n", p.name, escapeText(err.Error()))
	if errors.As(err, &usage) {
		fmt.Fprintf(p.stderr, "Run '%s --help' for usage.\n", usage.command)
	}
}

// note prints a remark that does not end the command.
func (p *program) note(format string, args ...any) {
	fmt.Fprintf(p.stderr, "%s: %s\n", p.name, escape(fmt.Sprintf(format, args...)))
}

// A usageError is a command line that makes no sense.
type usageError struct {
	err     error
	command string // with the program's name: what to ask for help
}

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// An output is standard output. After an error it swallows the rest: what a command
// does must not depend on who listens.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(data []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.w.Write(data)
	}
	return len(data), nil
}
