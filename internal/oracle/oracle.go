package oracle

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

const modulePath = "github.com/seed-b1f00840/slipway"

// Python returns the interpreter of the virtual environment. Where there is none
// the test is skipped, or fails if SLIPWAY_ORACLES=require.
func Python(t testing.TB) string {
	t.Helper()
	path := os.Getenv("SLIPWAY_PYTHON")
	if path == "" {
		path = filepath.Join(Root(t), ".venv", "bin", "python")
		if runtime.GOOS == "windows" {
			path = filepath.Join(Root(t), ".venv", "Scripts", "python.exe")
		}
	}
	if _, err := os.Stat(path); err != nil {
		const format = "no outside judges (%v): run make venv"
		if os.Getenv("SLIPWAY_ORACLES") == "require" {
			t.Fatalf(format, err)
		}
		t.Skipf(format, err)
	}
	return path
}

// Shared returns the path of a file or folder in the folder "shared" beside the
// module, which holds the collected real files. Where it is absent the test is
// skipped: a clone need not have it.
func Shared(t testing.TB, elem ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{Root(t), "..", "shared"}, elem...)...)
	// A worktree may stand one level deeper than the main one.
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join(append([]string{Root(t), "..", "..", "shared"}, elem...)...)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no collected files beside the module: %v", err)
	}
	return path
}

// Root returns the root folder of the slipway module: the nearest folder above
// the test's that holds its go.mod.
func Root(t testing.TB) string {
	t.Helper()
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

var findRoot = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		line, _, _ := bytes.Cut(data, []byte("\n"))
		if err == nil && string(bytes.TrimSpace(line)) == "module "+modulePath {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
})
