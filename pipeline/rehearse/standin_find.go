package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

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
