package buildspec_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// corpus returns the buildspecs of others by name, and skips without them.
func corpus(t testing.TB) (names []string, files map[string][]byte) {
	t.Helper()
	root := oracle.Shared(t, "corpus")
	files = map[string][]byte{}
	for _, pattern := range []string{"buildspec/*.y*ml", "extra-buildspec-inline/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(path)
			names, files[name] = append(names, name), data
		}
	}
	slices.Sort(names)
	return names, files
}

// TestCorpus reads every buildspec, checks it, writes it, and lets PyYAML say
// whether both texts mean the same.
func TestCorpus(t *testing.T) {
	names, files := corpus(t)
	var pairs [][3]string
	var strict, clean int
	counts := map[string]int{}
	for _, name := range names {
		spec, err := buildspec.ParseLax(name, files[name])
		if err != nil {
			t.Errorf("ParseLax: %v", err)
			continue
		}
		if _, err := buildspec.Parse(name, files[name]); err == nil {
			strict++
		}
		text, err := spec.Render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := buildspec.ParseLax(name, text)
		if err != nil {
			t.Errorf("%s: what was rendered does not parse: %v", name, err)
			continue
		}
		if text2, err := again.Render(); err != nil || !bytes.Equal(text, text2) {
			t.Errorf("%s: the second rendering differs from the first: %v", name, err)
		}
		problems := spec.Check()
		if len(problems.Errors()) == 0 {
			clean++
		}
		for _, p := range problems {
			counts[p.Severity.String()+" "+p.Rule]++
			if p.Severity != slipway.Error {
				continue
			}
			// Fragments in the documentation may lack their head or repeat a
			// placeholder; everything else works for its authors.
			fragment := strings.HasPrefix(name, "awsdocs__") && (p.Rule == "buildspec/version" || p.Rule == "file/duplicate-key")
			if t.Log(p); !fragment {
				t.Errorf("an error in a file that works: %v", p)
			}
		}
		pairs = append(pairs, [3]string{name, string(files[name]), string(text)})
	}
	t.Logf("%d files: Parse takes %d, Check finds no error in %d; findings: %v", len(names), strict, clean, counts)

	input, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(oracle.Python(t), "testdata/same.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "differs: "); ok {
			t.Error(rest)
		} else {
			t.Log(line)
		}
	}
}
