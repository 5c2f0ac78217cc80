package bundle

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// FS returns the files of the tree as a file system from which the commands of a
// build are read. A file whose text is not kept is there but cannot be read. It is
// nil for a nil tree.
func (t *Tree) FS() fs.FS {
	if t == nil {
		return nil
	}
	return treeFS{t}
}

type treeFS struct{ tree *Tree }

// Open returns a file of the tree, or a directory without its entries.
func (f treeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	has, known := f.tree.Has(name)
	switch {
	case has:
		text := f.tree.Text(name)
		return &treeFile{Reader: bytes.NewReader(text), name: name, mode: 0o644, unread: text == nil}, nil
	case name == "." || f.tree.hasDirectory(name):
		return &treeFile{Reader: bytes.NewReader(nil), name: name, mode: fs.ModeDir | 0o755}, nil
	case !known:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// hasDirectory reports whether a file is in a directory of that path.
func (t *Tree) hasDirectory(name string) bool {
	i, _ := slices.BinarySearch(t.names, name+"/")
	return i < len(t.names) && strings.HasPrefix(t.names[i], name+"/")
}

// A treeFile is an open file, and its own [fs.FileInfo].
type treeFile struct {
	*bytes.Reader
	name   string
	mode   fs.FileMode
	unread bool // its text was not kept
}

func (f *treeFile) Read(p []byte) (int, error) {
	if f.unread || f.mode.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrPermission}
	}
	return f.Reader.Read(p)
}

func (f *treeFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *treeFile) Close() error               { return nil }
func (f *treeFile) Name() string               { return path.Base(f.name) }
func (f *treeFile) Mode() fs.FileMode          { return f.mode }
func (f *treeFile) ModTime() time.Time         { return time.Time{} }
func (f *treeFile) IsDir() bool                { return f.mode.IsDir() }
func (f *treeFile) Sys() any                   { return nil }
