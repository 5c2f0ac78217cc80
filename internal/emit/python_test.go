package emit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// python returns the interpreter that has PyYAML. Where there is none the test
// is skipped, or fails when SLIPWAY_ORACLES is "require".
func python(t *testing.T) string {
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

// script reads a JSON list of documents and writes a JSON list of what PyYAML
// makes of them, by its own loader and by the one of libyaml. What is no JSON
// value becomes its representation, a lone surrogate is an error.
const script = `
import json, sys, yaml
def load(text, loader):
    try:
        return json.loads(json.dumps(yaml.load(text.encode(), loader), ensure_ascii=False, default=repr).encode())
    except Exception as e:
        return {"error": str(e)}
loaders = [yaml.SafeLoader] + ([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])
docs = json.load(sys.stdin)
json.dump([[load(doc, loader) for loader in loaders] for doc in docs], sys.stdout)
`

// pyYAML returns what the loaders of PyYAML make of each document.
func pyYAML(t *testing.T, docs []string) [][]any {
	t.Helper()
	input, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python(t), "-c", script)
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var values [][]any
	if err := json.Unmarshal(out, &values); err != nil {
		t.Fatal(err)
	}
	if len(values) != len(docs) {
		t.Fatalf("%d values of %d documents", len(values), len(docs))
	}
	return values
}
