package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A process is a program of a script that runs beside it.
type process struct {
	cmd         *exec.Cmd
	out, errout bytes.Buffer
}

// environ is the environment of the programs of a script.
func environ(ts *testscript.TestScript) (env []string) {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "CLOUD", "NO_COLOR", "GORACE", "GOCOVERDIR", "WORK"} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return append(env, "TERM=xterm")
}

// lookPath finds a program as the script does.
func lookPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if file := filepath.Join(dir, name); isFile(file) {
			return file
		}
	}
	ts.Fatalf("there is no program %s", name)
	return ""
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// processCommands are about programs that run beside the script.
var processCommands = map[string]func(*testscript.TestScript, bool, []string){
	// begin PROGRAM ARGS... starts one.
	"begin": func(ts *testscript.TestScript, _ bool, args []string) {
		p := &process{cmd: exec.Command(lookPath(ts, args[0]), args[1:]...)}
		p.cmd.Dir, p.cmd.Env = ts.MkAbs("."), environ(ts)
		p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errout
		ts.Check(p.cmd.Start())
		ts.Value("cloud").(*scriptCloud).beside = p
	},
	// signal NAME sends it a signal; signal NAME again sends it until it has ended.
	"signal": func(ts *testscript.TestScript, _ bool, args []string) {
		signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}
		p := ts.Value("cloud").(*scriptCloud).beside.cmd.Process
		ts.Check(p.Signal(signals[args[0]]))
		if len(args) < 2 {
			return
		}
		go func() { // it takes a moment until a program has noticed the first one
			for p.Signal(signals[args[0]]) == nil {
				time.Sleep(10 * time.Millisecond)
			}
		}()
	},
	// ended STATUS waits until it has ended with that status, which is -1 when a signal has
	// ended it. What it has printed is in the files out and err.
	"ended": func(ts *testscript.TestScript, _ bool, args []string) {
		p := ts.Value("cloud").(*scriptCloud).beside
		status := 0
		var exit *exec.ExitError
		if errors.As(p.cmd.Wait(), &exit) {
			status = exit.ExitCode()
		}
		ts.Check(os.WriteFile(ts.MkAbs("out"), p.out.Bytes(), 0o666))
		ts.Check(os.WriteFile(ts.MkAbs("err"), p.errout.Bytes(), 0o666))
		if strconv.Itoa(status) != args[0] || strings.Contains(p.errout.String(), "goroutine ") {
			ts.Fatalf("%q: got exit status %d, want %s\n%s", p.cmd.Args, status, args[0], &p.errout)
		}
	},
}
