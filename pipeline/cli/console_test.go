//go:build linux

package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// A console is a terminal with a program on it.
type console struct {
	cmd  *exec.Cmd
	pty  *os.File
	mu   sync.Mutex
	news *sync.Cond
	out  []byte // what was printed
	seen int    // how much of it was waited for
	gone bool   // nothing is printed any more
}

// newConsole opens a terminal. What is typed before a program starts is what it finds.
func newConsole(columns, rows uint16) (c *console, tty *os.File, err error) {
	pty, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetPointerInt(int(pty.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	number, err := unix.IoctlGetUint32(int(pty.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetWinsize(int(pty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: rows}); err != nil {
		return nil, nil, err
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|unix.O_NOCTTY, 0)
	c = &console{pty: pty}
	c.news = sync.NewCond(&c.mu)
	return c, tty, err
}

// start starts a program on the terminal.
func (c *console) start(tty *os.File, dir string, env []string, args []string) error {
	defer tty.Close()
	c.cmd = exec.Command(args[0], args[1:]...)
	c.cmd.Dir, c.cmd.Env = dir, env
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = tty, tty, tty
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	go c.read()
	return nil
}

func (c *console) read() {
	buf := make([]byte, 4096)
	for {
		n, err := c.pty.Read(buf)
		c.mu.Lock()
		c.out = append(c.out, buf[:n]...)
		c.gone = err != nil
		c.news.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return // the program has ended
		}
	}
}

// await returns when something is printed that matches, after what was waited for before.
func (c *console) await(pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	late := time.AfterFunc(20*time.Second, func() { c.cmd.Process.Kill() }) // or the test would hang
	defer late.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if at := re.FindIndex(c.out[c.seen:]); at != nil {
			c.seen += at[1]
			return nil
		}
		if c.gone {
			return fmt.Errorf("%q is not printed:\n%s", pattern, c.out[c.seen:])
		}
		c.news.Wait()
	}
}

// types types a text: ^C and ^Z are keys.
func (c *console) types(text string) error {
	_, err := c.pty.WriteString(strings.NewReplacer("^C", "\x03", "^Z", "\x1a").Replace(text))
	return err
}

// ends waits for the end of the program, and returns its exit status and what it has
// printed. The status is -1 when a signal has ended it.
func (c *console) ends() (status int, out string) {
	defer c.pty.Close()
	err := c.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.gone {
		c.news.Wait()
	}
	return status, string(bytes.ReplaceAll(c.out, []byte("\r\n"), []byte("\n")))
}

func init() {
	cloudCommands["answer"] = addAnswer
	cloudCommands["term"] = term
}

// addAnswer is the command "answer PATTERN TEXT": what is typed on the next terminal when
// it prints something like that; an empty pattern is before the program begins. The texts
// @held and @release are the commands of that name.
func addAnswer(ts *testscript.TestScript, _ bool, args []string) {
	c := ts.Value("cloud").(*scriptCloud)
	text := args[1]
	if !strings.HasPrefix(text, "^") {
		text += "\n"
	}
	c.answers = append(c.answers, answer{args[0], text})
}

// term is the command "term STATUS PROGRAM ARGS...": a program on a terminal, which must
// end with that status. What it prints goes to the file tty.
func term(ts *testscript.TestScript, _ bool, args []string) {
	cloud := ts.Value("cloud").(*scriptCloud)
	answers := cloud.answers
	cloud.answers = nil
	c, tty, err := newConsole(100, 30)
	ts.Check(err)
	for len(answers) > 0 && answers[0].pattern == "" {
		ts.Check(c.types(answers[0].text))
		answers = answers[1:]
	}
	ts.Check(c.start(tty, ts.MkAbs("."), environ(ts), append([]string{lookPath(ts, args[1])}, args[2:]...)))
	for _, a := range answers {
		ts.Check(c.await(a.pattern))
		if command := cloudCommands[strings.TrimPrefix(strings.TrimSpace(a.text), "@")]; command != nil {
			command(ts, false, nil)
		} else {
			ts.Check(c.types(a.text))
		}
	}
	status, out := c.ends()
	ts.Check(os.WriteFile(ts.MkAbs("tty"), []byte(out), 0o666))
	if strconv.Itoa(status) != args[0] || strings.Contains(out, "goroutine ") {
		ts.Fatalf("%q: got exit status %d, want %s\n%s", args[1:], status, args[0], out)
	}
}
