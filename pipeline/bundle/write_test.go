package bundle_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

func files(pairs ...string) bundle.Files {
	var f bundle.Files
	for i := 0; i < len(pairs); i += 2 {
		f = append(f, bundle.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return f
}

// tree returns every file below dir with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		got[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	write := func(f bundle.Files) map[string]bundle.State {
		t.Helper()
		changes, err := f.Write(dir)
		if err != nil {
			t.Fatal(err)
		}
		states := map[string]bundle.State{}
		for _, c := range changes {
			states[c.Path] = c.State
		}
		return states
	}
	want := map[string]bundle.State{"a.yml": bundle.Created, "sub/b.json": bundle.Created}
	if diff := cmp.Diff(want, write(files("a.yml", "a\n", "sub/b.json", "{}\n"))); diff != "" {
		t.Errorf("first write: mismatch (-want +got):\n%s", diff)
	}
	want = map[string]bundle.State{"a.yml": bundle.Unchanged, "sub/b.json": bundle.Updated}
	if diff := cmp.Diff(want, write(files("a.yml", "a\n", "sub/b.json", "[]\n"))); diff != "" {
		t.Errorf("second write: mismatch (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a.yml": "a\n", "sub/b.json": "[]\n"}, tree(t, dir)); diff != "" {
		t.Errorf("files: mismatch (-want +got):\n%s", diff)
	}
}

func TestWriteLeavesEqualFilesUntouched(t *testing.T) {
	dir := t.TempDir()
	f := files("a.yml", "a\n", "empty", "")
	if _, err := f.Write(dir); err != nil {
		t.Fatal(err)
	}
	// A directory that cannot be written to would betray any touch.
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	before, err := os.Stat(filepath.Join(dir, "a.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(dir); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(dir, "a.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if !after.ModTime().Equal(before.ModTime()) || !os.SameFile(before, after) {
		t.Error("an equal file was written again")
	}
}

func TestWriteKeepsMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are those of Unix")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.yml")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := files("a.yml", "new").Write(dir); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o640 {
		t.Errorf("mode is %v, want 0640", got)
	}
}

// Whatever is refused, nothing changes: not even the files that would be fine.
func TestWriteRefuses(t *testing.T) {
	tests := []struct {
		name    string
		path    string
		prepare func(t *testing.T, dir string)
		want    string
	}{
		{"a path to above", "../x.yml", nil, `"../x.yml" is no path inside the directory`},
		{"an absolute path", "/x.yml", nil, `"/x.yml" is no path inside the directory`},
		{"a path with a dot", "./x.yml", nil, `"./x.yml" is no path inside the directory`},
		{"the directory itself", ".", nil, `"." is no path inside the directory`},
		{"a Windows path", `c:\x.yml`, nil, `is no path inside the directory`},
		{"a link", "x.yml", func(t *testing.T, dir string) {
			symlink(t, filepath.Join(dir, "..", "outside"), filepath.Join(dir, "x.yml"))
		}, "x.yml: is a link"},
		{"a link to inside", "x.yml", func(t *testing.T, dir string) {
			symlink(t, "good.yml", filepath.Join(dir, "x.yml"))
		}, "x.yml: is a link"},
		{"a linked directory", "sub/x.yml", func(t *testing.T, dir string) {
			symlink(t, t.TempDir(), filepath.Join(dir, "sub"))
		}, "sub/x.yml: the directory sub is a link"},
		{"a directory", "x.yml", func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, "x.yml"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "x.yml: is a directory"},
		{"a file where a directory is to stand", "sub/x.yml", func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "sub"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "sub/x.yml: the directory sub is not a regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if tt.prepare != nil {
				tt.prepare(t, dir)
			}
			_, err := files("good.yml", "good\n", tt.path, "bad\n").Write(dir)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error is %v, want one with %q", err, tt.want)
			}
			var problem *slipway.Problem
			if !errors.As(err, &problem) {
				t.Errorf("error is a %T, want one with a *slipway.Problem", err)
			}
			if _, err := os.Lstat(filepath.Join(dir, "good.yml")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("good.yml was written although another file was refused (%v)", err)
			}
			if _, err := os.Lstat(filepath.Join(dir, "..", "outside")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a file outside was written (%v)", err)
			}
		})
	}
}

func symlink(t *testing.T, to, from string) {
	t.Helper()
	if err := os.Symlink(to, from); err != nil {
		t.Skip(err)
	}
}

// A write that fails halfway leaves the old bytes and no temporary file.
func TestWriteFailsWhole(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("as root no directory is read-only; the failure comes from a name that is too long")
	}
	dir := t.TempDir()
	old := files("a.yml", "old\n")
	if _, err := old.Write(dir); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 250) + ".yml" // fits, but not with a temporary name
	if _, err := files("a.yml", "new\n", long, "new\n").Write(dir); err == nil {
		t.Fatal("a file with a name that is too long was written")
	}
	if diff := cmp.Diff(map[string]string{"a.yml": "old\n"}, tree(t, dir)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestCompare(t *testing.T) {
	dir := t.TempDir()
	if _, err := files("same.yml", "a: 1\n", "other.yml", "a: 1\nb: 2\n").Write(dir); err != nil {
		t.Fatal(err)
	}
	changes, err := files("same.yml", "a: 1\n", "other.yml", "a: 1\nb: 3\n", "new.yml", "c: 4\n").Compare(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	want := []bundle.Change{
		{Path: "same.yml"},
		{Path: "other.yml", State: bundle.Updated, Diff: "--- a/other.yml\n+++ b/other.yml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"},
		{Path: "new.yml", State: bundle.Created, Diff: "--- /dev/null\n+++ b/new.yml\n@@ -0,0 +1 @@\n+c: 4\n"},
	}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	const drift = `new.yml: the file is missing; write the bundle and check the file in (bundle/drift)`
	if err := bundle.Drift(changes); err == nil || !strings.Contains(err.Error(), drift) || !strings.Contains(err.Error(), "+b: 3") {
		t.Errorf("Drift is %v", err)
	}
	if err := bundle.Drift(changes[:1]); err != nil {
		t.Errorf("Drift of equal files is %v", err)
	}
}

func TestCompareRefusesLinks(t *testing.T) {
	dir := t.TempDir()
	symlink(t, "nowhere", filepath.Join(dir, "x.yml"))
	if _, err := files("x.yml", "").Compare(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), "is a link") {
		t.Errorf("error is %v", err)
	}
}
