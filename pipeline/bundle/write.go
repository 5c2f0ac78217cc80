package bundle

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

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
	w := writer{root: root, safe: map[string]bool{".": true}}
	changes := make([]Change, len(f))
	modes := make([]fs.FileMode, len(f))
	for i, file := range f {
		changes[i].Path = file.Path
		state, mode, err := w.inspect(file)
		if err != nil {
			w.problems = append(w.problems, fileProblem(file.Path, err))
		}
		changes[i].State, modes[i] = state, mode
	}
	if len(w.problems) > 0 {
		return nil, w.problems.Sorted()
	}
	if err := w.replace(f, changes, modes); err != nil {
		return nil, err
	}
	return changes, nil
}

type writer struct {
	root     *os.Root
	safe     map[string]bool // directories that are known to be no links
	buf      []byte
	problems slipway.Problems
}

// inspect tells how the target of file compares with it, and the mode that an
// existing one keeps.
func (w *writer) inspect(file File) (State, fs.FileMode, error) {
	if err := checkPath(file.Path); err != nil {
		return 0, 0, err
	}
	if err := w.directory(path.Dir(file.Path)); err != nil {
		return 0, 0, err
	}
	info, err := w.root.Lstat(file.Path)
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
	equal, err := w.equal(file)
	if err != nil || equal {
		return Unchanged, 0, err
	}
	return Updated, info.Mode().Perm(), nil
}

// directory refuses a link or a file on the way down to dir.
func (w *writer) directory(dir string) error {
	if w.safe[dir] {
		return nil
	}
	if err := w.directory(path.Dir(dir)); err != nil {
		return err
	}
	info, err := w.root.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("the directory %s %w", dir, notRegular(info))
	}
	w.safe[dir] = true
	return nil
}

// equal reports whether the target holds the bytes of file. Their lengths agree.
func (w *writer) equal(file File) (bool, error) {
	f, err := w.root.Open(file.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	n := len(file.Data)
	if cap(w.buf) < n {
		w.buf = make([]byte, n+n/2)
	}
	read, err := io.ReadFull(f, w.buf[:n])
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil // it became shorter meanwhile, or is empty as its target is
	}
	return read == n && bytes.Equal(w.buf[:n], file.Data), err
}

// replace writes the files that differ under temporary names and then renames
// them. On an error it removes what it wrote.
func (w *writer) replace(files Files, changes []Change, modes []fs.FileMode) (err error) {
	temps := make([]string, len(files))
	defer func() {
		for _, temp := range temps {
			if temp != "" {
				w.root.Remove(temp) // best effort: the error that is reported came before
			}
		}
	}()
	for i, file := range files {
		if changes[i].State == Unchanged {
			continue
		}
		temp, err := w.writeTemp(file, modes[i])
		temps[i] = temp
		if err != nil {
			return slipway.Problems{fileProblem(file.Path, err)}
		}
	}
	for i, file := range files {
		if temps[i] == "" {
			continue
		}
		if err := w.root.Rename(temps[i], file.Path); err != nil {
			return slipway.Problems{fileProblem(file.Path, err)}
		}
		temps[i] = ""
	}
	return nil
}

// writeTemp writes file beside its target and returns the temporary name, also
// with an error once the file exists.
func (w *writer) writeTemp(file File, mode fs.FileMode) (temp string, err error) {
	dir, base := path.Split(file.Path)
	if dir != "" {
		if err := w.root.MkdirAll(path.Clean(dir), 0o777); err != nil {
			return "", err
		}
	}
	temp = dir + "." + base + "." + rand.Text()[:8] + ".tmp"
	f, err := w.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	_, err = f.Write(file.Data)
	if err == nil && mode != 0 {
		err = f.Chmod(mode)
	}
	return temp, errors.Join(err, f.Close())
}
