package bundle_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// load loads a directory that also holds a buildspec, which must be found whatever
// else there is.
func load(t *testing.T, dir string) error {
	t.Helper()
	put(t, dir, "buildspec.yml", buildspecText)
	b, err := bundle.Load(os.DirFS(dir))
	if len(b.Artifacts) != 1 || b.Artifacts[0].Path != "buildspec.yml" {
		t.Errorf("loaded %v, want buildspec.yml", b.Artifacts)
	}
	return err
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadSparse(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"taskdef.json", "data.json", "other.yml", "run.sh"} {
		put(t, dir, name, "")
		if err := os.Truncate(filepath.Join(dir, name), 1<<30); err != nil {
			t.Skip("no sparse files here:", err)
		}
	}
	err := load(t, dir)
	want := "taskdef.json: the file has 1073741824 bytes; the largest that is read has 1048576 (bundle/readable)"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestLoadUnreadable(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("this user may read everything")
	}
	dir := t.TempDir()
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o755)
	put(t, dir, "taskdef.json", "{}")
	if err := os.Chmod(filepath.Join(dir, "taskdef.json"), 0); err != nil {
		t.Fatal(err)
	}
	err := load(t, dir)
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "closed: ") || !strings.Contains(err.Error(), "taskdef.json: ") {
		t.Errorf("error is %v", err)
	}
}

// failing is a file system in which one directory and one file cannot be read, also
// for a user who may read everything.
type failing struct{ fs.FS }

func (f failing) Open(name string) (fs.File, error) {
	if name == "closed" || name == "taskdef.json" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

func TestLoadFailing(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "taskdef.json", "{}")
	if err := os.Mkdir(filepath.Join(dir, "closed"), 0o755); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Load(failing{os.DirFS(dir)})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error is %v", err)
	}
	want := "closed: permission denied (bundle/readable)\ntaskdef.json: permission denied (bundle/readable)"
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if _, known := b.Tree.Has("closed/x"); known {
		t.Error("what stands in an unreadable directory is taken to be known")
	}
}

func TestLoadLinks(t *testing.T) {
	dir := t.TempDir()
	symlink(t, ".", filepath.Join(dir, "loop"))
	symlink(t, "self", filepath.Join(dir, "self"))
	symlink(t, "buildspec.yml", filepath.Join(dir, "buildspec-link.yml"))
	symlink(t, "/", filepath.Join(dir, "root"))
	if err := load(t, dir); err != nil {
		t.Error(err)
	}
	b, err := bundle.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if has, known := b.Tree.Has("loop/buildspec.yml"); has || known {
		t.Error("what stands behind a link is taken to be known")
	}
	if has, _ := b.Tree.Has("buildspec-link.yml"); !has {
		t.Error("a link is no file of the tree")
	}
}

func TestLoadManyFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a large file system")
	}
	many := manyFS(100_001)
	b, err := bundle.Load(many)
	if err == nil || !strings.Contains(err.Error(), "more than 100000 files") {
		t.Errorf("error is %v", err)
	}
	if n := len(b.Tree.Names()); n != 100_000 {
		t.Errorf("the tree has %d names", n)
	}
	if _, known := b.Tree.Has("zzz"); known {
		t.Error("a tree that is not complete claims to know all")
	}
}

// manyFS is a directory of that many small JSON files.
type manyFS int

func (m manyFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &manyFile{name: ".", dir: true}, nil
	}
	return &manyFile{name: name}, nil
}

func (m manyFS) ReadDir(string) ([]fs.DirEntry, error) {
	entries := make([]fs.DirEntry, m)
	for i := range entries {
		entries[i] = fs.FileInfoToDirEntry(&manyFile{name: fmt.Sprintf("%06d.json", i)})
	}
	return entries, nil
}

type manyFile struct {
	name string
	dir  bool
	read bool
}

const manyText = `{"stages": [], "Resources": []}`

func (f *manyFile) Name() string               { return f.name }
func (f *manyFile) Size() int64                { return int64(len(manyText)) }
func (f *manyFile) ModTime() time.Time         { return time.Time{} }
func (f *manyFile) IsDir() bool                { return f.dir }
func (f *manyFile) Sys() any                   { return nil }
func (f *manyFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *manyFile) Close() error               { return nil }
func (f *manyFile) Mode() fs.FileMode {
	if f.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

func (f *manyFile) Read(p []byte) (int, error) {
	if f.read {
		return 0, io.EOF
	}
	f.read = true
	return copy(p, manyText), nil
}
