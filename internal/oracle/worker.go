package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// worker is the Python process of this test binary. It ends at the end of its
// standard input, which comes at the latest when the binary ends.
var worker struct {
	sync.Mutex
	in     io.Writer
	out    *bufio.Reader
	stderr *tail
	err    error // why it cannot be used any more
}

// ask sends a request and decodes the answer into result. An error of the
// request itself has the text of the Python exception.
func ask(t testing.TB, op string, args, result any) error {
	t.Helper()
	python := Python(t)
	script := filepath.Join(Root(t), "internal", "oracle", "worker.py")
	request, err := json.Marshal(map[string]any{"op": op, "args": args})
	if err != nil {
		t.Fatalf("oracle: %v", err)
	}
	var answer struct {
		Result json.RawMessage
		Error  string
	}
	line, err := exchange(python, script, request)
	if err == nil {
		err = json.Unmarshal(line, &answer)
	}
	if err != nil {
		t.Fatalf("oracle: %s: %v", op, err)
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		t.Fatalf("oracle: %s: %v", op, err)
	}
	return nil
}

// exchange sends a line to the worker, which it starts first if need be, and
// returns the line that comes back.
func exchange(python, script string, request []byte) ([]byte, error) {
	w := &worker
	w.Lock()
	defer w.Unlock()
	if w.err != nil {
		return nil, w.err
	}
	if w.in == nil {
		w.err = startWorker(python, script)
		if w.err != nil {
			return nil, w.err
		}
	}
	_, err := w.in.Write(append(request, '\n'))
	var line []byte
	if err == nil {
		line, err = w.out.ReadBytes('\n')
	}
	if err != nil {
		w.err = fmt.Errorf("the worker is gone: %w\n%s", err, w.stderr)
	}
	return line, w.err
}

func startWorker(python, script string) error {
	// go test takes its answer from the cache unless a file that it saw has changed.
	if _, err := os.Stat(script); err != nil {
		return err
	}
	cmd := exec.Command(python, script)
	cmd.Env = hermetic(filepath.Join(os.TempDir(), "slipway-no-such-home"))
	cmd.Dir = filepath.Dir(script) // no configuration of cfn-lint there
	worker.stderr = new(tail)
	cmd.Stderr = worker.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	worker.in, worker.out = in, bufio.NewReader(out)
	return cmd.Start()
}

// hermetic returns an environment in which no tool finds configuration,
// credentials or a network: an endpoint that is not given answers nothing.
func hermetic(home string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + home,
		"TMPDIR=" + os.TempDir(),
		"LANG=C.UTF-8",
		"PYTHONUTF8=1",
		"PYTHONDONTWRITEBYTECODE=1",
		"SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"AWS_CONFIG_FILE=" + filepath.Join(home, "config"),
		"AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"),
		"AWS_ACCESS_KEY_ID=test",
		"AWS_SECRET_ACCESS_KEY=test",
		"AWS_DEFAULT_REGION=us-east-1",
		"AWS_REGION=us-east-1",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_ENDPOINT_URL=http://127.0.0.1:9",
		"AWS_MAX_ATTEMPTS=1",
		"AWS_PAGER=",
	}
}

// tail keeps the end of what is written to it. It is safe for concurrent use.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 16 << 10

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf, p...)
	if len(w.buf) > 2*tailSize {
		w.buf = bytes.Clone(w.buf[len(w.buf)-tailSize:])
	}
	return len(p), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.buf[max(0, len(w.buf)-tailSize):])
}
