package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/seed-b1f00840/slipway"
)

// A File is a rendered artifact.
type File struct {
	Path string // relative to the bundle's directory, with slashes
	Data []byte
}

// Files are the rendered artifacts of a bundle.
type Files []File

// Get returns the data of the file of that path, or nil.
func (f Files) Get(path string) []byte {
	i := slices.IndexFunc(f, func(f File) bool { return f.Path == path })
	if i < 0 {
		return nil
	}
	return f[i].Data
}

// State says how a file on disk compares with a rendered one.
type State uint8

const (
	Unchanged State = iota // it has these bytes
	Created                // it is not there
	Updated                // it has other bytes
)

// String returns "unchanged", "created" or "updated".
func (s State) String() string { return [...]string{"unchanged", "created", "updated"}[s] }

// A Change is what [Files.Write] did, or what it would do.
type Change struct {
	Path  string
	State State
	Diff  string // unified diff from the file on disk to the rendered one; only by Compare
}

// Compare tells how the files in fsys differ from the rendered ones, one change
// a file in the order of f, the equal ones too. Use [Drift] on the result to
// fail a check. It changes nothing. A file that cannot be read, or a target that
// is not a regular file, is an error.
func (f Files) Compare(fsys fs.FS) ([]Change, error) {
	changes := make([]Change, len(f))
	var problems slipway.Problems
	for i, file := range f {
		old, err := read(fsys, file.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, fileProblem(file.Path, err))
			continue
		}
		c := Change{Path: file.Path}
		from := "a/" + file.Path
		switch {
		case err != nil:
			c.State, from = Created, "/dev/null"
		case string(old) != string(file.Data):
			c.State = Updated
		}
		if c.State != Unchanged {
			c.Diff = udiff.Unified(from, "b/"+file.Path, string(old), string(file.Data))
		}
		changes[i] = c
	}
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return changes, nil
}

func read(fsys fs.FS, name string) ([]byte, error) {
	if err := checkPath(name); err != nil {
		return nil, err
	}
	info, err := fs.Lstat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(info)
	}
	return fs.ReadFile(fsys, name)
}

// Drift returns nil when every change is [Unchanged], and otherwise an error of
// one problem a file that differs, with the diff in its message.
func Drift(changes []Change) error {
	var problems slipway.Problems
	for _, c := range changes {
		switch c.State {
		case Created:
			problems = append(problems, &slipway.Problem{File: c.Path, Rule: driftRule.Name,
				Message: "the file is missing; write the bundle and check the file in"})
		case Updated:
			problems = append(problems, &slipway.Problem{File: c.Path, Rule: driftRule.Name,
				Message: "the file is not what the Go value renders; write the bundle and check the file in\n" + c.Diff})
		}
	}
	return problems.Err()
}

// fileProblem reports what a path has against it. What the system says of it, such
// as that the disk is full, is no rule's finding.
func fileProblem(path string, err error) *slipway.Problem {
	p := &slipway.Problem{File: path, Message: err.Error(), Rule: pathRule.Name, Err: err}
	var at *fs.PathError
	if errors.As(err, &at) {
		p.Message, p.Rule = at.Err.Error(), ""
	}
	return p
}

// checkPath refuses a path that could lead out of a directory, on any system.
func checkPath(name string) error {
	if !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\\:\x00") {
		return fmt.Errorf("%q is no path inside the directory; use a relative one with slashes, of which no part goes up", name)
	}
	return nil
}

func notRegular(info fs.FileInfo) error {
	if info.Mode()&fs.ModeSymlink != 0 {
		return errors.New("is a link; remove it, or write to the directory that it leads to")
	}
	if info.IsDir() {
		return errors.New("is a directory where a file is to stand")
	}
	return errors.New("is not a regular file")
}
