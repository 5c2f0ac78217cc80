package scalartest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Python returns the path of an interpreter that has PyYAML: SLIPWAY_PYTHON, or
// what make test installs. Where there is none the test is skipped, or fails when
// SLIPWAY_ORACLES is "require".
func Python(t testing.TB) string {
	t.Helper()
	candidates := []string{os.Getenv("SLIPWAY_PYTHON")}
	for dir, err := os.Getwd(); err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			candidates = append(candidates, filepath.Join(dir, ".venv", "bin", "python"))
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, path := range candidates {
		if path != "" && exec.Command(path, "-c", "import yaml").Run() == nil {
			return path
		}
	}
	if os.Getenv("SLIPWAY_ORACLES") == "require" {
		t.Fatal("no Python with PyYAML: run make test")
	}
	t.Skip("no Python with PyYAML: run make test")
	return ""
}

// RunPython runs a script that reads JSON from its standard input, made of in, and
// writes JSON to its standard output, which goes to out.
func RunPython(t testing.TB, script string, in, out any) {
	t.Helper()
	input, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(Python(t), "-c", script)
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(output, out); err != nil {
		t.Fatal(err)
	}
}
