package rehearse

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// A disk is the file system that the commands of a build see: absolute paths with
// slashes, all of them below one directory of this machine. os.Root keeps every
// path and every link inside.
type disk struct {
	root  *os.Root
	dir   string       // of this machine
	space atomic.Int64 // bytes that may still be written
	deny  func(string) // is told of every path that was refused
}

// Where the commands can write.
const (
	home = "/root"
	tmp  = "/tmp"
	base = "/codebuild/output"
)

var (
	errOutside = errors.New("outside of the rehearsal: only the source, " + home + " and " + tmp + " can be written")
	errFull    = errors.New("no space left in the rehearsal")
)

func newDisk(dir string, space int64, deny func(string)) (*disk, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	d := &disk{root: root, dir: dir, deny: deny}
	d.space.Store(space)
	for _, name := range []string{home, tmp, base} {
		if err := root.MkdirAll(name[1:], 0o777); err != nil {
			root.Close()
			return nil, err
		}
	}
	return d, nil
}

// abs returns the absolute path of name, which may be relative to dir.
func abs(dir, name string) string {
	if !path.IsAbs(name) {
		name = path.Join(dir, name)
	}
	return path.Clean(name)
}

// rel returns an absolute path as os.Root wants it.
func rel(name string) string {
	if name = strings.TrimPrefix(path.Clean(name), "/"); name != "" {
		return filepath.FromSlash(name)
	}
	return "."
}

// host returns an absolute path as this machine has it.
func (d *disk) host(name string) string { return filepath.Join(d.dir, rel(name)) }

// isWritable reports whether what is at an absolute path can be changed.
func isWritable(name string) bool {
	for _, zone := range []string{home, tmp, base} {
		if strings.HasPrefix(name, zone+"/") {
			return true
		}
	}
	return false
}

// wrap gives an error of os.Root the path that the command knows.
func wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// guard refuses to change what is outside of the writable directories.
func (d *disk) guard(op, name string) error {
	if isWritable(name) {
		return nil
	}
	d.deny(name)
	return &fs.PathError{Op: op, Path: name, Err: errOutside}
}

// open opens a file at an absolute path.
func (d *disk) open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	const writes = os.O_WRONLY | os.O_RDWR | os.O_CREATE | os.O_TRUNC | os.O_APPEND
	if name == os.DevNull {
		return os.OpenFile(os.DevNull, flag&^os.O_CREATE, 0)
	}
	if flag&writes == 0 {
		f, err := d.root.Open(rel(name))
		if err != nil {
			return nil, wrap("open", name, err)
		}
		return f, nil
	}
	if err := d.guard("open", name); err != nil {
		return nil, err
	}
	f, err := d.root.OpenFile(rel(name), flag, perm&0o777)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	return &counted{f, &d.space}, nil
}

// counted is a file that takes no more than the space that is left.
type counted struct {
	f     *os.File
	space *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) { return c.f.Read(p) }
func (c *counted) Close() error               { return c.f.Close() }

func (c *counted) Write(p []byte) (int, error) {
	if c.space.Add(-int64(len(p))) < 0 {
		return 0, errFull
	}
	return c.f.Write(p)
}

func (d *disk) readFile(name string) ([]byte, error) {
	f, err := d.root.Open(rel(name))
	if err != nil {
		return nil, wrap("open", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	if info.Size() > maxRead {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%d bytes are more than a rehearsal reads", info.Size())}
	}
	data, err := io.ReadAll(f)
	return data, wrap("read", name, err)
}

// maxRead is the size of the largest file that a stand-in reads as a whole.
const maxRead = 64 << 20

func (d *disk) writeFile(name string, data []byte) error {
	f, err := d.open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return wrap("write", name, err)
	}
	return wrap("close", name, f.Close())
}

func (d *disk) stat(name string, follow bool) (fs.FileInfo, error) {
	if name == os.DevNull {
		return os.Stat(os.DevNull)
	}
	var info fs.FileInfo
	var err error
	if follow {
		info, err = d.root.Stat(rel(name))
	} else {
		info, err = d.root.Lstat(rel(name))
	}
	return info, wrap("stat", name, err)
}

func (d *disk) readDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(d.root.FS(), filepath.ToSlash(rel(name)))
	return entries, wrap("open", name, err)
}

// change does one of the operations that change a directory.
func (d *disk) change(op, name string, f func(rel string) error) error {
	if err := d.guard(op, name); err != nil {
		return err
	}
	return wrap(op, name, f(rel(name)))
}

func (d *disk) mkdir(name string) error {
	return d.change("mkdir", name, func(rel string) error { return d.root.Mkdir(rel, 0o777) })
}

func (d *disk) mkdirAll(name string) error {
	if info, err := d.stat(name, true); err == nil && info.IsDir() {
		return nil
	}
	return d.change("mkdir", name, func(rel string) error { return d.root.MkdirAll(rel, 0o777) })
}

func (d *disk) remove(name string) error    { return d.change("remove", name, d.root.Remove) }
func (d *disk) removeAll(name string) error { return d.change("remove", name, d.root.RemoveAll) }

func (d *disk) rename(from, to string) error {
	if err := d.guard("rename", from); err != nil {
		return err
	}
	return d.change("rename", to, func(rel2 string) error { return d.root.Rename(rel(from), rel2) })
}

// symlink makes a link. An absolute target becomes a relative one: the disk has
// its own root.
func (d *disk) symlink(target, name string) error {
	if path.IsAbs(target) {
		relative, err := filepath.Rel(filepath.Dir(rel(name)), rel(target))
		if err != nil {
			return wrap("symlink", name, err)
		}
		target = filepath.ToSlash(relative)
	}
	return d.change("symlink", name, func(rel string) error { return d.root.Symlink(target, rel) })
}

func (d *disk) close() error { return d.root.Close() }
