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
	"slices"
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

// ls lists names; -l adds mode and size.
func ls(_ context.Context, c *Call) error {
	set, names, err := c.flags("1aAlhRrtdFp", "", map[string]byte{"all": 'a'})
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	var out []string
	line := func(name string, info fs.FileInfo) {
		if has(set, 'l') {
			name = fmt.Sprintf("%s 1 root root %d %s", info.Mode(), info.Size(), name)
		}
		out = append(out, name)
	}
	var status error
	for _, name := range names {
		info, err := c.c.disk.stat(c.path(name), true)
		switch {
		case err != nil:
			c.fail(err)
			status = ExitStatus(2)
			continue
		case !info.IsDir() || has(set, 'd'):
			line(name, info)
			continue
		}
		if len(names) > 1 {
			out = append(out, name+":")
		}
		entries, err := c.c.disk.readDir(c.path(name))
		if err != nil {
			return c.fail(err)
		}
		for _, entry := range entries {
			if entry.Name()[0] == '.' && !has(set, 'a') && !has(set, 'A') {
				continue
			}
			if info, err := entry.Info(); err == nil {
				line(entry.Name(), info)
			}
		}
	}
	return errors.Join(c.printLines(out), status)
}

// find walks directories, with -name, -iname, -path, -type, -maxdepth and -print.
func find(_ context.Context, c *Call) error {
	args := c.Args[1:]
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		roots, args = append(roots, args[0]), args[1:]
	}
	if len(roots) == 0 {
		roots = []string{"."}
	}
	tests := map[string]string{}
	for len(args) > 0 {
		switch args[0] {
		case "-print":
			args = args[1:]
			continue
		case "-name", "-iname", "-path", "-type", "-maxdepth":
			if len(args) < 2 {
				return c.failf(1, "missing argument to %s", args[0])
			}
			tests[args[0]], args = args[1], args[2:]
		default:
			return c.unknown(args[0])
		}
	}
	maxDepth := 1 << 20
	if text, ok := tests["-maxdepth"]; ok {
		maxDepth, _ = strconv.Atoi(text)
	}
	var out []string
	for _, root := range roots {
		top := c.path(root)
		if _, err := c.c.disk.stat(top, true); err != nil {
			return c.fail(err)
		}
		err := fs.WalkDir(c.c.disk.root.FS(), filepath.ToSlash(rel(top)), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			below := strings.Trim(strings.TrimPrefix("/"+name, top), "/")
			if name == "." {
				below = ""
			}
			shown := root
			depth := 0
			if below != "" {
				shown = strings.TrimSuffix(root, "/") + "/" + below
				depth = strings.Count(below, "/") + 1
			}
			if depth <= maxDepth && findMatches(tests, shown, d) {
				out = append(out, shown)
			}
			if d.IsDir() && depth >= maxDepth {
				return fs.SkipDir
			}
			return nil
		})
		if err != nil {
			return c.fail(err)
		}
	}
	return c.printLines(out)
}

func findMatches(tests map[string]string, name string, d fs.DirEntry) bool {
	match := func(pattern, s string) bool { ok, err := path.Match(pattern, s); return ok && err == nil }
	if p, ok := tests["-name"]; ok && !match(p, path.Base(name)) {
		return false
	}
	if p, ok := tests["-iname"]; ok && !match(strings.ToLower(p), strings.ToLower(path.Base(name))) {
		return false
	}
	if p, ok := tests["-path"]; ok && !globMatch(strings.Split(strings.ReplaceAll(p, "*", "**"), "/"), strings.Split(name, "/")) && !match(p, name) {
		return false
	}
	kinds := map[string]bool{"f": d.Type().IsRegular(), "d": d.IsDir(), "l": d.Type()&fs.ModeSymlink != 0}
	t, ok := tests["-type"]
	return !ok || kinds[t] || !slices.Contains([]string{"f", "d", "l"}, t)
}
