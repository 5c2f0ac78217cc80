package oracle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// A Server is an emulator of AWS that runs until its test ends.
type Server struct {
	URL   string // http://127.0.0.1:PORT, the endpoint of all services
	reset string
	log   *tail
}

// Moto starts moto, which does the APIs of most services. Its ECS needs no
// instances; what MOTO_ variables else are wanted is given as KEY=value.
func Moto(t testing.TB, env ...string) *Server {
	t.Helper()
	const run = `from moto.server import main; main(["-H", "127.0.0.1", "-p", port])`
	env = append([]string{"MOTO_ECS_SERVICE_RUNNING=1", "MOTO_IAM_LOAD_MANAGED_POLICIES=true"}, env...)
	return serve(t, run, "/moto-api/", "/moto-api/reset", env)
}

// Ministack starts ministack, which does the life cycle of CloudFormation stacks:
// change sets, events, roll back, outputs, delete.
func Ministack(t testing.TB, env ...string) *Server {
	t.Helper()
	const run = `import os; os.environ["GATEWAY_PORT"] = port
from ministack.app import main; main()`
	env = append([]string{"BIND_HOST=127.0.0.1", "IOT_MTLS_ENABLED=0", "SFTP_ENABLED=0"}, env...)
	return serve(t, run, "/_ministack/health", "/_ministack/reset", env)
}

// Reset makes the emulator forget everything.
func (s *Server) Reset(t testing.TB) {
	t.Helper()
	resp, err := http.Post(s.URL+s.reset, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %s", s.reset, resp.Status)
	}
}

// The server ends with its standard input, which comes at the latest when the test
// binary is gone: then nobody is left to stop it.
const serverPrelude = `
import os, signal, sys, threading
port = sys.argv.pop(1)
def watch():
    while os.read(0, 4096):
        pass
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
`

// readyTimeout is how long an emulator may take to answer: it is three seconds on
// an idle machine, and tests run beside compilers.
const readyTimeout = 60 * time.Second

// serve runs a Python program with a free port of 127.0.0.1 in the variable
// port, waits until GET ready answers and stops the program when the test ends.
func serve(t testing.TB, program, ready, reset string, env []string) *Server {
	t.Helper()
	python := Python(t)
	const attempts = 3 // somebody else may take the port between its choice and its use
	var err error
	for range attempts {
		var s *Server
		if s, err = start(t, python, program, ready, env); err == nil {
			s.reset = reset
			return s
		}
	}
	t.Fatal(err)
	return nil
}

func start(t testing.TB, python, program, ready string, env []string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://127.0.0.1:" + strconv.Itoa(port), log: new(tail)}
	cmd := exec.Command(python, "-c", serverPrelude+program, strconv.Itoa(port))
	home := t.TempDir()
	cmd.Env = append(hermetic(home), append(env, "TMPDIR="+home)...)
	cmd.Dir = home
	cmd.Stdout, cmd.Stderr = s.log, s.log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		cmd.Wait()
	}()
	if err := waitReady(s.URL+ready, exited); err != nil {
		stop(cmd, stdin, exited)
		return nil, fmt.Errorf("%w\n%s", err, s.log)
	}
	t.Cleanup(func() {
		stop(cmd, stdin, exited)
		if t.Failed() {
			t.Logf("log of the server at %s:\n%s", s.URL, s.log)
		}
	})
	return s, nil
}

// stop asks the server to end, and makes it.
func stop(cmd *exec.Cmd, stdin io.Closer, exited <-chan struct{}) {
	stdin.Close()
	select {
	case <-exited:
	case <-time.After(5 * time.Second):
		cmd.Process.Kill()
		<-exited
	}
}

func waitReady(url string, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-exited:
			return errors.New("the server ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("no answer from %s within %v", url, readyTimeout)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
