package rehearse

import (
	"context"
	"errors"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// execReal runs a program of this machine: in the scratch directory, with the
// exported variables of the shell, in which paths are those of this machine.
func (c *container) execReal(ctx context.Context, call *Call, name string) error {
	file, err := exec.LookPath(name)
	if err != nil {
		return call.failf(127, "not found on this machine")
	}
	if file, err = filepath.Abs(file); err != nil {
		return err
	}
	args := make([]string, len(call.Args)-1)
	for i, arg := range call.Args[1:] {
		args[i] = c.disk.translate(arg)
	}
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Args[0] = call.Args[0]
	cmd.Dir = c.disk.host(call.Dir)
	env := call.exported()
	env["TMPDIR"] = tmp
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if value := env[name]; name != "PATH" && name != "PWD" {
			cmd.Env = append(cmd.Env, name+"="+c.disk.translate(value))
		}
	}
	cmd.Env = append(cmd.Env, "PATH="+c.opts.path(), "PWD="+cmd.Dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = call.Stdin, call.Stdout, call.Stderr
	if call.Stdin == empty {
		cmd.Stdin = nil
	}
	cmd.WaitDelay = 300 * time.Millisecond
	group(cmd)
	err = cmd.Run()
	killGroup(cmd)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		return ExitStatus(max(exit.ExitCode(), 1))
	case errors.Is(err, exec.ErrWaitDelay):
		return nil // it has ended; what it left in the background is killed
	}
	return err
}

// translate replaces the paths of the disk by those of this machine, in a text
// that is one, or ends in one: --output=/tmp/x.
func (d *disk) translate(text string) string {
	before, name := "", text
	if i := strings.IndexByte(text, '='); i >= 0 && strings.HasPrefix(text, "-") {
		before, name = text[:i+1], text[i+1:]
	}
	if clean := path.Clean(name); isWritable(clean) || clean == home || clean == tmp {
		return before + d.host(clean)
	}
	return text
}
