//go:build unix

package bundle_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe has no end to wait for.
func TestLoadFIFO(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"taskdef.json", "run.sh", "other.yml"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Skip("no named pipes here:", err)
		}
	}
	if err := load(t, dir); err != nil {
		t.Error(err)
	}
}
