package shell_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// script returns the commands of a buildspec with its environment.
func script(spec *buildspec.Spec) shell.Script {
	s := shell.Script{Separate: spec.Version == "0.1"}
	for c := range spec.AllCommands() {
		s.Commands = append(s.Commands, shell.Command{Path: c.Path(), Text: c.Text})
	}
	if spec.Env != nil {
		s.Shell = spec.Env.Shell
		for _, v := range spec.Env.Variables {
			s.Variables = append(s.Variables, shell.EnvVariable{Name: v.Name, Value: shell.Literal(v.Value)})
		}
	}
	return s
}

// The buildspecs of others are read without a panic. The log has what was found, to
// be held against the files by eye.
func TestCorpus(t *testing.T) {
	var files []string
	for _, dir := range []string{"buildspec", "extra-buildspec-inline"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		// A worktree stands one directory deeper.
		found, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "corpus", "*buildspec*", "*"))
		files = found
	}
	if len(files) == 0 {
		t.Skip("the corpus is not there: ../shared/corpus")
	}
	var definitions, details, builds, notes int
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		spec, err := buildspec.ParseLax(name, data)
		if err != nil {
			continue
		}
		r := shell.Read(script(spec))
		for _, n := range r.Notes {
			notes++
			t.Logf("%s: %s: cannot be read: %s", name, n.Path, n.Message)
		}
		uses := 0
		for _, d := range r.Docker {
			if d.Verb == "build" || d.Verb == "push" {
				uses++
				t.Logf("%s: %s: sure %t: docker %s %v", name, d.Path, d.Sure, d.Verb, d.Images)
			}
		}
		if uses > 0 {
			builds++
		}
		for _, w := range r.Writes {
			switch base := w.Name.String(); {
			case strings.HasSuffix(base, "imagedefinitions.json"):
				definitions++
				images, err := shell.ImageDefinitions(w.Content)
				t.Logf("%s: %s: %s by %s: %v, %v", name, w.Path, w.Name, w.By, images, err)
				if err != nil && !errors.Is(err, shell.ErrUnknown) {
					t.Errorf("%s: %s: %v, of a file that works", name, w.Content, err)
				}
			case strings.HasSuffix(base, "imageDetail.json"):
				details++
				image, err := shell.ImageDetail(w.Content)
				t.Logf("%s: %s: %s by %s: %v, %v", name, w.Path, w.Name, w.By, image, err)
			case testing.Verbose():
				t.Logf("%s: %s: %s by %s: %.80q", name, w.Path, w.Name, w.By, w.Content.String())
			}
		}
		if testing.Verbose() {
			for _, e := range r.Effects {
				t.Logf("%s: %s: effect %v %v %v: %s", name, e.Path, e.Files, e.Docker, e.Variables, e.What)
			}
		}
	}
	t.Logf("%d files: %d write imagedefinitions.json, %d imageDetail.json, %d use docker build or push, %d notes",
		len(files), definitions, details, builds, notes)
}
