package house_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// maxGrowth is what slipway may add to a program that has encoding/json already.
const maxGrowth = 6 << 20

const hello = `package main

import (
	"encoding/json"
	"os"
)

func main() { json.NewEncoder(os.Stdout).Encode("hello, world") }
`

// embedder does all that a program does with a delivery and with files that others
// wrote: build, load, check, group, bind, render, write and compare.
const embedder = `package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

type model interface {
	Render() ([]byte, error)
	Validate() error
}

func main() {
	var models []model
	add := func(m model, err error) {
		if err != nil {
			log.Fatal(err)
		}
		models = append(models, m)
	}
	for _, name := range os.Args[1:] {
		data, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		add(buildspec.Parse(name, data))
		add(taskdef.Parse(name, data))
		add(pipeline.Parse(name, data))
		template, err := cfn.Parse(name, data)
		add(template, err)
		template.Resource("Cluster").Set("ClusterName", cfn.String(name))
		if _, err := template.RenderJSON(); err != nil {
			log.Fatal(err)
		}
	}
	template, err := network.Network{}.Template()
	add(template, err)
	for _, m := range models {
		if _, err := m.Render(); err != nil || m.Validate() != nil {
			log.Fatal(err)
		}
	}
	loaded, err := bundle.Load(os.DirFS("."))
	if err != nil {
		log.Fatal(err)
	}
	built, err := delivery.Service{Name: "app", Source: pipeline.CodeCommitSource{}}.Bundle()
	if err != nil {
		log.Fatal(err)
	}
	bound, err := built.Bind(bundle.Target{Account: "123456789012", Region: "eu-central-1"})
	if err != nil {
		log.Fatal(err)
	}
	files, err := bound.Files()
	if err != nil {
		log.Fatal(err)
	}
	changes, err := files.Compare(os.DirFS("."))
	if err != nil || bundle.Drift(changes) != nil {
		log.Fatal(err)
	}
	if _, err := files.Write("."); err != nil {
		log.Fatal(err)
	}
	json.NewEncoder(os.Stdout).Encode([]any{loaded.Check(), loaded.Groups(), models})
}
`

// TestBinarySize compares such a program with one that has encoding/json already.
func TestBinarySize(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	watch(t)
	dir := t.TempDir()
	without := build(t, dir, "hello", hello, nil)
	with := build(t, dir, "embedder", embedder, nil)
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
	programs := [...]struct{ name, source string }{{"hello", hello}, {"embedder", embedder}}
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
