package house_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed-b1f00840/slipway"

var root = filepath.Join("..", "..")

// A layer is a package with all below it. A package knows its own layer and those of
// a lower rank, so that two of the same rank do not know each other.
type layer struct {
	path string // in the module; "" is the root package alone
	rank int
	// tool marks what makes and tests the module: it may know all, and no other
	// package knows it.
	tool bool
}

// layers is the house, from the ground up. The longest path that fits counts.
var layers = []layer{
	{path: "", rank: 0},
	{path: "internal", rank: 1},
	{path: "internal/gen", tool: true},
	{path: "internal/golden", tool: true},
	{path: "internal/house", tool: true},
	{path: "internal/oracle", tool: true},
	{path: "internal/scalar/scalartest", tool: true},
	{path: "buildspec", rank: 2},
	{path: "taskdef", rank: 2},
	{path: "cfn", rank: 2},
	{path: "pipeline", rank: 2},
	{path: "pipeline/bundle", rank: 3},
	{path: "pipeline/delivery", rank: 4},
	{path: "pipeline/rehearse", rank: 4},
	{path: "pipeline/apply", rank: 4},
	{path: "pipeline/apply/applytest", rank: 5},
	{path: "pipeline/apply/connect", rank: 5},
	{path: "pipeline/cli", rank: 6},
	{path: "pipeline/slipway", rank: 7},
	{path: "examples", rank: 8},
}

// callers are the layers that know the SDK of AWS, and configured is the one of them
// that knows where credentials are kept.
var (
	callers    = []string{"pipeline/apply", "pipeline/apply/applytest", "pipeline/apply/connect"}
	configured = []string{"pipeline/apply/connect"}
)

// pure are the layers whose programs contain nothing of AWS.
var pure = []string{"", "internal", "buildspec", "taskdef", "cfn", "pipeline", "pipeline/bundle", "pipeline/delivery"}

// models are pure and know neither a network, nor processes, nor files.
var models = []string{"", "internal", "buildspec", "taskdef", "cfn", "pipeline"}

// A pkg is a package as go list prints it.
type pkg struct {
	ImportPath string
	Imports    []string // direct, without those of tests
	Deps       []string // direct and indirect, without those of tests
}

func TestImports(t *testing.T) {
	for _, p := range list(t) {
		for _, problem := range slices.Concat(wrongWay(p), impure(p), busy(p), calling(p)) {
			t.Error(problem)
		}
	}
}

// wrongWay returns the imports that do not lead down the layers.
func wrongWay(p pkg) (problems []string) {
	from, ok := layerOf(p.ImportPath)
	if !ok {
		return []string{p.ImportPath + " has no layer: give it one in this test"}
	}
	for _, path := range p.Imports {
		to, ok := layerOf(path)
		switch {
		case !ok, to.path == from.path:
		case to.tool:
			problems = append(problems, fmt.Sprintf("%s imports %s, which is for tests and generators", p.ImportPath, path))
		case from.tool, to.rank < from.rank:
		default:
			problems = append(problems, fmt.Sprintf("%s imports %s, which is no layer below it", p.ImportPath, path))
		}
	}
	return problems
}

// impure returns what of AWS, or of a command line, is in a program that imports a
// pure package.
func impure(p pkg) (problems []string) {
	if !isIn(p, pure) {
		return nil
	}
	for _, dep := range p.Deps {
		if strings.HasPrefix(dep, "github.com/aws/") || strings.HasPrefix(dep, "github.com/awslabs/") ||
			strings.HasPrefix(dep, "github.com/spf13/") || dep == "golang.org/x/term" {
			problems = append(problems, fmt.Sprintf("%s depends on %s", p.ImportPath, dep))
		}
	}
	return problems
}

// busy returns what a model knows beyond values and bytes. Package fmt knows files,
// so that those can be refused in direct imports only.
func busy(p pkg) (problems []string) {
	if !isIn(p, models) {
		return nil
	}
	for _, dep := range p.Deps {
		switch dep {
		case "net", "net/http", "os/exec", "os/signal", "os/user", "plugin":
			problems = append(problems, fmt.Sprintf("%s depends on %s", p.ImportPath, dep))
		}
	}
	for _, path := range p.Imports {
		switch path {
		case "os", "syscall", "log", "log/slog", "flag", "testing", "math/rand", "math/rand/v2", "unsafe":
			problems = append(problems, fmt.Sprintf("%s imports %s", p.ImportPath, path))
		}
	}
	return problems
}

// calling returns what a package imports of the SDK that it is not to know.
func calling(p pkg) (problems []string) {
	if l, _ := layerOf(p.ImportPath); l.tool {
		return nil
	}
	for _, path := range p.Imports {
		part, ok := strings.CutPrefix(path, "github.com/aws/")
		if !ok {
			continue
		}
		part = strings.TrimPrefix(part, "aws-sdk-go-v2/")
		allowed := callers
		if strings.HasPrefix(part, "config") || strings.HasPrefix(part, "credentials") || strings.HasPrefix(part, "feature/") {
			allowed = configured
		}
		if !isIn(p, allowed) {
			problems = append(problems, fmt.Sprintf("%s imports %s; only %s may", p.ImportPath, path, strings.Join(allowed, ", ")))
		}
	}
	return problems
}

// isIn reports whether a package belongs to one of the layers. Tools belong to none.
func isIn(p pkg, paths []string) bool {
	l, ok := layerOf(p.ImportPath)
	return ok && !l.tool && slices.Contains(paths, l.path)
}

// layerOf returns the layer of a package of the module.
func layerOf(path string) (layer, bool) {
	if path == module {
		return layers[0], true
	}
	rel, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return layer{}, false
	}
	fits := func(l layer) bool { return l.path != "" && (rel == l.path || strings.HasPrefix(rel, l.path+"/")) }
	var best layer
	for _, l := range layers {
		if fits(l) && len(l.path) > len(best.path) {
			best = l
		}
	}
	return best, best.path != ""
}

// list returns the packages of the module, sorted by path.
func list(t testing.TB) []pkg {
	t.Helper()
	watch(t)
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) == 0 {
		t.Fatal("go list found no packages")
	}
	slices.SortFunc(pkgs, func(a, b pkg) int { return cmp.Compare(a.ImportPath, b.ImportPath) })
	return pkgs
}

// watch looks at every Go file of the module, so that go test does not take its
// answer from the cache when one has changed: it cannot see what go list reads.
func watch(t testing.TB) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".go" || d.Name() == "go.mod" {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The rules can fail.
func TestImportRules(t *testing.T) {
	tests := []struct {
		from, to string
		bad      bool
	}{
		{"pipeline/bundle", "taskdef", false},
		{"pipeline/delivery", "cfn/network", false},
		{"cfn/network", "cfn", false},
		{"cfn/network", "cfn/internal/x", false},
		{"internal/emit", "internal/scalar", false},
		{"internal/gen", "taskdef", false},
		{"examples/minimal", "pipeline/delivery", false},
		{"taskdef", "cfn", true},
		{"taskdef/x", "pipeline", true},
		{"pipeline", "pipeline/bundle", true},
		{"pipeline/delivery", "pipeline/rehearse", true},
		{"pipeline/rehearse", "pipeline/cli", true},
		{"pipeline/apply/connect", "pipeline/apply", false},
		{"pipeline/cli", "pipeline/apply/connect", false},
		{"pipeline/apply", "pipeline/apply/connect", true},
		{"pipeline/apply/connect", "pipeline/apply/applytest", true},
		{"internal/emit", "cfn", true},
		{"", "internal/emit", true},
		{"taskdef", "internal/gen", true},
		{"pipeline/cli", "internal/oracle", true},
		{"kitchen", "taskdef", true},
	}
	for _, test := range tests {
		from := strings.TrimSuffix(module+"/"+test.from, "/")
		if got := wrongWay(pkg{ImportPath: from, Imports: []string{module + "/" + test.to}}); (len(got) > 0) != test.bad {
			t.Errorf("%s imports %s: got %q, want bad %t", test.from, test.to, got, test.bad)
		}
	}
	deps := []string{"fmt", "os", "net/http", "github.com/aws/smithy-go", "github.com/spf13/cobra"}
	for path, want := range map[string]int{
		"taskdef": 3, "cfn/network": 3, "pipeline/delivery": 2, "pipeline/apply": 0, "pipeline/cli": 0, "internal/gen": 0,
	} {
		p := pkg{ImportPath: module + "/" + path, Deps: deps}
		if got := slices.Concat(impure(p), busy(p)); len(got) != want {
			t.Errorf("%s: got %q, want %d problems", path, got, want)
		}
	}
	sdk := []string{"fmt", "github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/service/sts", "github.com/aws/smithy-go"}
	for path, want := range map[string]int{
		"pipeline/apply": 1, "pipeline/apply/applytest/internal/x": 1, "pipeline/apply/connect": 0, "pipeline/cli": 3, "internal/gen": 0,
	} {
		if got := calling(pkg{ImportPath: module + "/" + path, Imports: sdk}); len(got) != want {
			t.Errorf("%s: got %q, want %d problems", path, got, want)
		}
	}
}
