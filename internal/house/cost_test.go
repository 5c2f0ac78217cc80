package house_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// maxGrowth is what slipway may add to a program that has encoding/json already.
const maxGrowth = 7 << 20

// embedded are the packages of a program that describes a delivery and writes it.
// Those that do not exist yet cost nothing.
var embedded = []string{
	"", "buildspec", "taskdef", "cfn", "cfn/network", "pipeline", "pipeline/bundle", "pipeline/delivery",
}

const hello = `package main

import (
	"encoding/json"
	"os"
)

func main() { json.NewEncoder(os.Stdout).Encode("hello, world") }
`

// TestBinarySize builds a program that uses all that the embedded packages export,
// so that the linker can leave nothing out.
func TestBinarySize(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	watch(t)
	dir := t.TempDir()
	without := build(t, dir, "hello", hello, nil)
	with := build(t, dir, "embedder", embedder(t), nil)
	t.Logf("hello world %d bytes, with slipway %d: %.2f MiB more", without, with, float64(with-without)/(1<<20))
	if with-without > maxGrowth {
		t.Errorf("slipway adds %d bytes, want at most %d", with-without, maxGrowth)
	}
}

// BenchmarkColdBuild measures how much longer the same program takes to build than
// hello world when nothing is cached. Run it with "make bench-build".
func BenchmarkColdBuild(b *testing.B) {
	if os.Getenv("SLIPWAY_BENCH_BUILD") == "" {
		b.Skip("minutes long: run make bench-build")
	}
	programs := [...]struct{ name, source string }{{"hello", hello}, {"embedder", embedder(b)}}
	var seconds [len(programs)][]float64
	for b.Loop() {
		for i, p := range programs {
			dir := b.TempDir()
			start := time.Now()
			build(b, dir, p.name, p.source, []string{"GOCACHE=" + filepath.Join(dir, "cache")})
			seconds[i] = append(seconds[i], time.Since(start).Seconds())
		}
	}
	for i := range seconds {
		slices.Sort(seconds[i])
	}
	middle := len(seconds[0]) / 2
	b.ReportMetric(seconds[0][middle], "hello-s")
	b.ReportMetric(seconds[1][middle], "embedder-s")
	b.ReportMetric(seconds[1][middle]-seconds[0][middle], "more-s")
}

// build compiles a program as if it stood in the module and returns its size.
func build(t testing.TB, dir, name, source string, env []string) int64 {
	t.Helper()
	file := filepath.Join(dir, name+".go")
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(top, "internal", "house", name, "main.go"): file},
	})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(dir, name+".json")
	if err := os.WriteFile(overlayFile, overlay, 0o666); err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(dir, name+".exe")
	cmd := exec.Command("go", "build", "-overlay", overlayFile, "-o", exe, "./internal/house/"+name)
	cmd.Dir = top
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	info, err := os.Stat(exe)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// embedder returns a program that keeps every exported function and method of the
// embedded packages, and uses encoding/json as hello does.
func embedder(t testing.TB) string {
	t.Helper()
	var imports, uses strings.Builder
	for i, path := range embedded {
		names := exported(t, filepath.Join(root, filepath.FromSlash(path)))
		if len(names) == 0 {
			continue
		}
		fmt.Fprintf(&imports, "\tp%d %q\n", i, strings.TrimSuffix(module+"/"+path, "/"))
		for _, name := range names {
			fmt.Fprintf(&uses, "\t"+name+",\n", fmt.Sprintf("p%d", i))
		}
	}
	return "package main\n\nimport (\n\t\"encoding/json\"\n\t\"os\"\n" + imports.String() + ")\n\n" +
		"var uses = []any{\n" + uses.String() + "}\n\n" +
		"func main() { json.NewEncoder(os.Stdout).Encode(\"hello, world\"); if len(os.Args) > 9 { panic(uses) } }\n"
}

// exported returns expressions for the functions and methods that a folder's package
// exports, each with %s for the package. Generic ones are left out: they have
// no code before they are used.
func exported(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		// Neither tests nor programs that "go run" alone compiles.
		if match, err := gobuild.Default.MatchFile(dir, filepath.Base(file)); err != nil {
			t.Fatal(err)
		} else if !match || strings.HasSuffix(file, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range syntax.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.IsExported() && f.Type.TypeParams == nil {
				names = append(names, expression(f)...)
			}
		}
	}
	return names
}

// expression returns the function's name, or its method expression if it has an
// exported receiver that is not generic.
func expression(f *ast.FuncDecl) []string {
	if f.Recv == nil {
		return []string{"%s." + f.Name.Name}
	}
	receiver := f.Recv.List[0].Type
	star := ""
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver, star = pointer.X, "*"
	}
	name, ok := receiver.(*ast.Ident)
	if !ok || !name.IsExported() {
		return nil
	}
	return []string{"(" + star + "%s." + name.Name + ")." + f.Name.Name}
}
