package bundle_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

func TestTreeFS(t *testing.T) {
	b, err := bundle.Load(fstest.MapFS{
		"Dockerfile":           file("FROM scratch\n"),
		"deploy/buildspec.yml": file(buildspecText),
	})
	if err != nil {
		t.Fatal(err)
	}
	fsys := b.Tree.FS()
	if data, err := fs.ReadFile(fsys, "Dockerfile"); err != nil || string(data) != "FROM scratch\n" {
		t.Errorf("read %q: %v", data, err)
	}
	if info, err := fs.Stat(fsys, "deploy"); err != nil || !info.IsDir() {
		t.Errorf("deploy is no directory: %v, %v", info, err)
	}
	if _, err := fs.Stat(fsys, "missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error of a missing file is %v", err)
	}
	if _, err := fsys.Open("../up"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("error of a path outside is %v", err)
	}
	if (*bundle.Tree)(nil).FS() != nil {
		t.Error("a nil tree has files")
	}
}
