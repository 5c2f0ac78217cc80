package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func mv(_ context.Context, c *Call) error {
	_, names, err := c.flags("fvn", "", nil)
	if err != nil {
		return err
	}
	return c.each(names, func(from, to string) error { return c.c.disk.rename(from, to) })
}

func cp(_ context.Context, c *Call) error {
	set, names, err := c.flags("rRafpvnLPd", "", map[string]byte{"recursive": 'r', "archive": 'a', "force": 'f'})
	if err != nil {
		return err
	}
	recursive := has(set, 'r') || has(set, 'R') || has(set, 'a')
	return c.each(names, func(from, to string) error {
		if recursive && strings.HasPrefix(to+"/", from+"/") {
			return errors.New("cannot copy a directory into itself")
		}
		return c.c.disk.copy(from, to, recursive)
	})
}

// each calls f for every source of a copy or move with the path that it goes to.
func (c *Call) each(names []string, f func(from, to string) error) error {
	if len(names) < 2 {
		return c.failf(1, "missing file operand")
	}
	target := c.path(names[len(names)-1])
	info, err := c.c.disk.stat(target, true)
	isDir := err == nil && info.IsDir()
	if len(names) > 2 && !isDir {
		return c.failf(1, "target '%s' is not a directory", names[len(names)-1])
	}
	for _, name := range names[:len(names)-1] {
		from, to := c.path(name), target
		if isDir && name != "." && !strings.HasSuffix(name, "/.") {
			to = path.Join(target, path.Base(from))
		}
		if err := f(from, to); err != nil {
			return c.fail(err)
		}
	}
	return nil
}

// copy copies a file or, where it may, a directory.
func (d *disk) copy(from, to string, recursive bool) error {
	info, err := d.stat(from, !recursive)
	if err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := d.root.Readlink(rel(from))
		if err != nil {
			return wrap("readlink", from, err)
		}
		return d.symlink(filepath.ToSlash(target), to)
	case info.IsDir() && !recursive:
		return fmt.Errorf("-r not specified; omitting directory '%s'", from)
	case !info.IsDir():
		return d.copyFile(from, to, info.Mode())
	}
	entries, err := d.readDir(from)
	if err != nil {
		return err
	}
	if err := d.mkdirAll(to); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := d.copy(path.Join(from, entry.Name()), path.Join(to, entry.Name()), true); err != nil {
			return err
		}
	}
	return nil
}

func (d *disk) copyFile(from, to string, mode fs.FileMode) error {
	if from == to {
		return fmt.Errorf("'%s' and '%s' are the same file", from, to)
	}
	in, err := d.root.Open(rel(from))
	if err != nil {
		return wrap("open", from, err)
	}
	defer in.Close()
	out, err := d.open(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode.Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return wrap("write", to, errors.Join(err, out.Close()))
}
