package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"

	"github.com/seed-b1f00840/slipway"
)

// Write puts the files into dir, which it creates if need be, and returns what
// it did, one change a file in the order of f. A file that has the right bytes
// is not touched. Of the others, all are first written beside their targets
// under temporary names and then renamed: whatever interrupts it, a target holds
// its old bytes or its new ones, and a full disk changes nothing at all.
//
// It refuses, before it changes anything, a path that leads out of dir and a
// target, or a directory on the way to one, that is a link or no regular file.
// The result is meaningless when the error is not nil.
func (f Files) Write(dir string) ([]Change, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, slipway.Problems{fileProblem(dir, err)}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, slipway.Problems{fileProblem(dir, err)}
	}
	defer root.Close()
	changes := make([]Change, len(f))
	modes := make([]fs.FileMode, len(f))
	if problems := inspect(root, f, changes, modes); len(problems) > 0 {
		return nil, problems.Sorted()
	}
	if err := replace(root, f, changes, modes); err != nil {
		return nil, err
	}
	return changes, nil
}

// inspect compares the files with their targets, on all processors when there
// are many, and sets the state of each and the mode that an existing one keeps.
func inspect(root *os.Root, files Files, changes []Change, modes []fs.FileMode) slipway.Problems {
	const share = 32 // files that are worth a goroutine
	workers := max(1, min(runtime.GOMAXPROCS(0), len(files)/share))
	problems := make([]slipway.Problems, workers)
	var wg sync.WaitGroup
	for n := range workers {
		wg.Go(func() {
			in := inspector{root: root, safe: map[string]bool{".": true}}
			defer in.close()
			for i := n * len(files) / workers; i < (n+1)*len(files)/workers; i++ {
				state, mode, err := in.inspect(files[i])
				if err != nil {
					problems[n] = append(problems[n], fileProblem(files[i].Path, err))
				}
				changes[i], modes[i] = Change{Path: files[i].Path, State: state}, mode
			}
		})
	}
	wg.Wait()
	return slices.Concat(problems...)
}

// An inspector compares files with their targets. It keeps the directory of the
// last one open, because the next one mostly stands there too.
type inspector struct {
	root *os.Root
	safe map[string]bool // directories that are no links
	name string          // of dir
	dir  *os.Root        // nil when it does not exist
	buf  []byte
}

func (in *inspector) close() {
	if in.dir != nil {
		in.dir.Close()
	}
}

func (in *inspector) inspect(file File) (State, fs.FileMode, error) {
	if err := checkPath(file.Path); err != nil {
		return 0, 0, err
	}
	if err := in.enter(path.Dir(file.Path)); err != nil {
		return 0, 0, err
	}
	if in.dir == nil {
		return Created, 0, nil
	}
	name := path.Base(file.Path)
	info, err := in.dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Created, 0, nil
	case err != nil:
		return 0, 0, err
	case !info.Mode().IsRegular():
		return 0, 0, notRegular(info)
	case info.Size() != int64(len(file.Data)):
		return Updated, info.Mode().Perm(), nil
	}
	equal, err := in.equal(name, file.Data)
	if err != nil || equal {
		return Unchanged, 0, err
	}
	return Updated, info.Mode().Perm(), nil
}

// enter opens a directory below root, which may be missing.
func (in *inspector) enter(name string) error {
	if in.name == name {
		return nil
	}
	if err := in.check(name); err != nil {
		return err
	}
	in.close()
	in.name, in.dir = name, nil
	dir, err := in.root.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	in.dir = dir
	return err
}

// check refuses a link or a file on the way down to dir.
func (in *inspector) check(dir string) error {
	if in.safe[dir] {
		return nil
	}
	if err := in.check(path.Dir(dir)); err != nil {
		return err
	}
	info, err := in.root.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("the directory %s %w", dir, notRegular(info))
	}
	in.safe[dir] = true
	return nil
}

// equal reports whether the target, which has their length, holds these bytes.
func (in *inspector) equal(name string, data []byte) (bool, error) {
	f, err := in.dir.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if cap(in.buf) < len(data) {
		in.buf = make([]byte, 2*len(data))
	}
	n, err := io.ReadFull(f, in.buf[:len(data)])
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil // it became shorter meanwhile, or is empty as its target is
	}
	return bytes.Equal(in.buf[:n], data), err
}

// replace writes the files that differ under temporary names and then renames
// them. On an error it removes what it wrote.
func replace(root *os.Root, files Files, changes []Change, modes []fs.FileMode) (err error) {
	temps := make([]string, len(files))
	defer func() {
		for _, temp := range temps {
			if temp != "" {
				root.Remove(temp) // best effort: the error that is reported came before
			}
		}
	}()
	for i, file := range files {
		if changes[i].State == Unchanged {
			continue
		}
		temp, err := writeTemp(root, file, modes[i])
		temps[i] = temp
		if err != nil {
			return slipway.Problems{fileProblem(file.Path, err)}
		}
	}
	for i, file := range files {
		if temps[i] == "" {
			continue
		}
		if err := root.Rename(temps[i], file.Path); err != nil {
			return slipway.Problems{fileProblem(file.Path, err)}
		}
		temps[i] = ""
	}
	return nil
}

// writeTemp writes file beside its target and returns the temporary name, also
// with an error once the file exists.
func writeTemp(root *os.Root, file File, mode fs.FileMode) (temp string, err error) {
	dir, base := path.Split(file.Path)
	if dir != "" {
		if err := root.MkdirAll(path.Clean(dir), 0o777); err != nil {
			return "", err
		}
	}
	f, temp, err := createTemp(root, dir, base)
	if err != nil {
		return "", err
	}
	_, err = f.Write(file.Data)
	if err == nil && mode != 0 {
		err = f.Chmod(mode)
	}
	return temp, errors.Join(err, f.Close())
}

// createTemp creates a file that no other process and no earlier one has.
func createTemp(root *os.Root, dir, base string) (f *os.File, name string, err error) {
	for n := range 1000 {
		name = fmt.Sprintf("%s.%s.%d-%d.tmp", dir, base, os.Getpid(), n)
		f, err = root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return f, name, err
}
