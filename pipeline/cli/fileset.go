package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// An interruptible file system fails once its context is done.
type interruptible struct {
	ctx  context.Context
	fsys fs.FS
}

func (f interruptible) Open(name string) (fs.File, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	return f.fsys.Open(name)
}

func (f interruptible) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	return fs.ReadDir(f.fsys, name)
}

func (f interruptible) ReadFile(name string) ([]byte, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	return fs.ReadFile(f.fsys, name)
}

func (f interruptible) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.fsys, name) }

func (f interruptible) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(f.fsys, name) }

func (f interruptible) ReadLink(name string) (string, error) { return fs.ReadLink(f.fsys, name) }

// A fileSet is a file system of a few files below a directory. A link among them is
// followed: the user named it.
type fileSet struct {
	root string
	dirs map[string][]string // base names of what stands in a directory
}

// add adds a file with the directories on the way to it.
func (f fileSet) add(name string) {
	for name != "." {
		dir, base := path.Dir(name), path.Base(name)
		if slices.Contains(f.dirs[dir], base) {
			return
		}
		f.dirs[dir] = append(f.dirs[dir], base)
		name = dir
	}
}

// Stat tells of a file or a directory of the set.
func (f fileSet) Stat(name string) (fs.FileInfo, error) {
	if _, ok := f.dirs[name]; ok {
		return dirInfo(path.Base(name)), nil
	}
	if !slices.Contains(f.dirs[path.Dir(name)], path.Base(name)) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	info, err := os.Stat(filepath.Join(f.root, filepath.FromSlash(name)))
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "stat", Path: name, Err: errors.New("is not a regular file")}
	}
	return info, err
}

// Lstat is Stat: there are no links in the set.
func (f fileSet) Lstat(name string) (fs.FileInfo, error) { return f.Stat(name) }

// ReadLink fails.
func (f fileSet) ReadLink(name string) (string, error) {
	return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
}

// ReadDir returns what the set has of a directory.
func (f fileSet) ReadDir(name string) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	for _, base := range slices.Sorted(slices.Values(f.dirs[name])) {
		info, err := f.Stat(path.Join(name, base))
		if err != nil {
			return entries, err
		}
		entries = append(entries, namedEntry{fs.FileInfoToDirEntry(info), base})
	}
	return entries, nil
}

// Open opens a file of the set. Its directories are read by ReadDir.
func (f fileSet) Open(name string) (fs.File, error) {
	info, err := f.Stat(name)
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return nil, err
	}
	return os.Open(filepath.Join(f.root, filepath.FromSlash(name)))
}

// A namedEntry bears the name by which it was found: that of a link, not of its file.
type namedEntry struct {
	fs.DirEntry
	name string
}

func (e namedEntry) Name() string { return e.name }

// A dirInfo is a directory of that name.
type dirInfo string

func (d dirInfo) Name() string     { return string(d) }
func (dirInfo) Size() int64        { return 0 }
func (dirInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (dirInfo) ModTime() time.Time { return time.Time{} }
func (dirInfo) IsDir() bool        { return true }
func (dirInfo) Sys() any           { return nil }
