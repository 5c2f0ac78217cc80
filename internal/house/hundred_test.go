package house_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// hundred writes the files of a hundred services into a directory.
const hundred = `package main

import (
	"fmt"
	"log"
	"os"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

func main() {
	services := make([]delivery.Service, 100)
	for i := range services {
		name := fmt.Sprintf("service-%d", i)
		services[i] = delivery.Service{Name: name, Source: pipeline.CodeCommitSource{Repository: name, Branch: "main"}}
	}
	files, err := delivery.Files(services...)
	if err != nil {
		log.Fatal(err)
	}
	changes, err := files.Write(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	changed := 0
	for _, c := range changes {
		if c.State != bundle.Unchanged {
			changed++
		}
	}
	fmt.Println(len(changes), "files,", changed, "written")
}
`

// BenchmarkHundredServices runs a whole process that builds, checks and compares
// the files of a hundred services, all of which are equal already, beside one
// that does nothing but start.
func BenchmarkHundredServices(b *testing.B) {
	dir := b.TempDir()
	build(b, dir, "hundred", hundred, nil)
	build(b, dir, "hello", hello, nil)
	run := func(b *testing.B, want, name string, args ...string) {
		b.Helper()
		out, err := exec.Command(filepath.Join(dir, name+".exe"), args...).CombinedOutput()
		if err != nil || string(out) != want {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	files := filepath.Join(dir, "files")
	run(b, "600 files, 600 written\n", "hundred", files)
	b.Run("equal", func(b *testing.B) {
		for b.Loop() {
			run(b, "600 files, 0 written\n", "hundred", files)
		}
	})
	b.Run("hello", func(b *testing.B) {
		for b.Loop() {
			run(b, "\"hello, world\"\n", "hello")
		}
	})
}
