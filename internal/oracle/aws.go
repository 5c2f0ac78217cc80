package oracle

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// AWS runs the AWS CLI and returns its standard output. The error of a command that
// fails holds its standard error. It finds no configuration, and no network
// unless the arguments have an --endpoint-url; these work offline:
//
//	oracle.AWS(t, "ecs", "register-task-definition",
//		"--cli-input-json", "file://taskdef.json", "--generate-cli-skeleton", "output")
//
// A file:// is read relative to the folder of the test.
func AWS(t testing.TB, args ...string) ([]byte, error) {
	t.Helper()
	python := Python(t)
	cmd := exec.CommandContext(t.Context(), python, append([]string{"-m", "awscli"}, args...)...)
	cmd.Env = hermetic(t.TempDir())
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("aws %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}

func absolute(t testing.TB, file string) string {
	t.Helper()
	abs, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
