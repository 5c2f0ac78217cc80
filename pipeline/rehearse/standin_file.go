package rehearse

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// fileTool returns a tool that works on files.
func fileTool(name string) Program {
	switch name {
	case "basename":
		return basename
	case "chmod":
		return chmod
	case "chown", "chgrp":
		return fixed("")
	case "cp":
		return cp
	case "dirname":
		return dirname
	case "find":
		return find
	case "ln":
		return ln
	case "ls":
		return ls
	case "mkdir":
		return mkdir
	case "mktemp":
		return mktemp
	case "mv":
		return mv
	case "readlink", "realpath":
		return realpath
	case "rm", "rmdir":
		return rm
	case "touch":
		return touch
	}
	return nil
}

func basename(_ context.Context, c *Call) error {
	if len(c.Args) < 2 {
		return c.failf(1, "missing operand")
	}
	name := path.Base(c.Args[1])
	if len(c.Args) > 2 && name != c.Args[2] {
		name = strings.TrimSuffix(name, c.Args[2])
	}
	c.printf("%s\n", name)
	return nil
}

func dirname(_ context.Context, c *Call) error {
	for _, name := range c.Args[1:] {
		c.printf("%s\n", path.Dir(strings.TrimRight(name, "/")))
	}
	return nil
}

func mkdir(_ context.Context, c *Call) error {
	set, names, err := c.flags("pv", "m", map[string]byte{"parents": 'p'})
	if err != nil {
		return err
	}
	make := c.c.disk.mkdir
	if has(set, 'p') {
		make = c.c.disk.mkdirAll
	}
	for _, name := range names {
		if err := make(c.path(name)); err != nil {
			return c.fail(err)
		}
	}
	return nil
}

func mktemp(_ context.Context, c *Call) error {
	set, names, err := c.flags("dqt", "p", nil)
	if err != nil {
		return err
	}
	dir := tmp
	if has(set, 'p') {
		dir = c.path(set['p'])
	}
	pattern := "tmp.XXXXXXXXXX"
	if len(names) > 0 {
		if pattern = names[0]; !has(set, 't') && !has(set, 'p') {
			dir = c.Dir
		}
	}
	stem := strings.TrimRight(pattern, "X")
	for i := range 1000 {
		name := abs(dir, stem+fmt.Sprintf("%0*d", len(pattern)-len(stem), i))
		if _, err := c.c.disk.stat(name, false); err == nil {
			continue
		}
		if has(set, 'd') {
			err = c.c.disk.mkdir(name)
		} else {
			err = c.WriteFile(name, nil)
		}
		if err != nil {
			return c.fail(err)
		}
		c.printf("%s\n", name)
		return nil
	}
	return c.failf(1, "too many temporary files")
}

func touch(_ context.Context, c *Call) error {
	_, names, err := c.flags("acm", "dt", nil)
	if err != nil {
		return err
	}
	for _, name := range names {
		f, err := c.c.disk.open(c.path(name), os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			return c.fail(err)
		}
		f.Close()
	}
	return nil
}

func rm(_ context.Context, c *Call) error {
	set, names, err := c.flags("rRfvdp", "", map[string]byte{"recursive": 'r', "force": 'f'})
	if err != nil {
		return err
	}
	d := c.c.disk
	for _, arg := range names {
		name := c.path(arg)
		if name == "/" {
			return c.failf(1, "it is dangerous to operate recursively on '/'")
		}
		info, err := d.stat(name, false)
		switch {
		case err != nil && has(set, 'f'):
			continue
		case err == nil && info.IsDir() && c.Args[0] == "rm" && !has(set, 'r') && !has(set, 'R') && !has(set, 'd'):
			return c.failf(1, "cannot remove '%s': Is a directory", arg)
		case err == nil && (has(set, 'r') || has(set, 'R')):
			err = d.removeAll(name)
		case err == nil:
			err = d.remove(name)
		}
		if err != nil {
			return c.fail(err)
		}
	}
	return nil
}

func ln(_ context.Context, c *Call) error {
	set, names, err := c.flags("sfnv", "", nil)
	if err != nil {
		return err
	}
	if !has(set, 's') {
		return c.unknown("a link that is not symbolic")
	}
	if len(names) == 1 {
		names = append(names, path.Base(names[0]))
	}
	if len(names) != 2 {
		return c.failf(1, "missing file operand")
	}
	to := c.path(names[1])
	if info, err := c.c.disk.stat(to, !has(set, 'n')); err == nil && info.IsDir() {
		to = path.Join(to, path.Base(names[0]))
	}
	if has(set, 'f') {
		_ = c.c.disk.remove(to) // that it is not there is what is wanted
	}
	if err := c.c.disk.symlink(names[0], to); err != nil {
		return c.fail(err)
	}
	return nil
}

// chmod knows +x and octal modes, of which only the right to run it counts.
func chmod(_ context.Context, c *Call) error {
	set, operands, err := c.flags("Rvf", "", nil)
	if err != nil {
		return err
	}
	if len(operands) < 2 || has(set, 'R') {
		return nil // it changes nothing that anybody sees here
	}
	mode, err := strconv.ParseUint(operands[0], 8, 32)
	for _, name := range operands[1:] {
		info, statErr := c.c.disk.stat(c.path(name), true)
		if statErr != nil {
			return c.fail(statErr)
		}
		perm := info.Mode().Perm()
		switch {
		case err == nil:
			perm = fs.FileMode(mode)&0o777 | 0o600
		case strings.Contains(operands[0], "+x"):
			perm |= 0o111
		case strings.Contains(operands[0], "-x"):
			perm &^= 0o111
		}
		if info.IsDir() {
			continue
		}
		if err := c.c.disk.change("chmod", c.path(name), func(rel string) error { return c.c.disk.root.Chmod(rel, perm) }); err != nil {
			return c.fail(err)
		}
	}
	return nil
}

func realpath(_ context.Context, c *Call) error {
	_, names, err := c.flags("fems", "", nil)
	if err != nil {
		return err
	}
	for _, name := range names {
		c.printf("%s\n", c.path(name))
	}
	return nil
}
