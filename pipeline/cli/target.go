package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A target is what is checked together: a directory, or the files that were named.
type target struct {
	fsys  fs.FS
	dir   string            // absolute path of the root of fsys
	shown string            // the directory as the user named it
	names map[string]string // files by their path in fsys, as the user named them; nil for a directory
}

// display returns a file of the target as the user would name it.
func (t *target) display(name string) string {
	if shown, ok := t.names[name]; ok {
		return shown
	}
	if name == "" {
		return name
	}
	return display(t.shown, name)
}

// display joins the directory that the user named and a path in it.
func display(dir, name string) string { return path.Join(filepath.ToSlash(dir), name) }

// open returns the targets of the paths, or of this directory when there are none.
func open(ctx context.Context, paths []string) ([]*target, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var targets []*target
	var named []string
	var errs []error
	for _, name := range paths {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", name, reason(err)))
		case info.IsDir():
			dir, err := filepath.Abs(name)
			if err != nil {
				return nil, err
			}
			fsys := interruptible{ctx, os.DirFS(name)}
			if _, err := fs.ReadDir(fsys, "."); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, reason(err)))
			}
			targets = append(targets, &target{fsys: fsys, dir: dir, shown: name})
		case !info.Mode().IsRegular():
			errs = append(errs, fmt.Errorf("%s: is neither a directory nor a regular file", name))
		default:
			named = append(named, name)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return openNamed(ctx, targets, named)
}

// openNamed adds the targets of files that are named: one for all, but that those in
// a directory which [bundle.Load] passes over stand alone.
func openNamed(ctx context.Context, targets []*target, named []string) ([]*target, error) {
	hidden := func(name string) bool {
		dir, _ := path.Split(filepath.ToSlash(filepath.Clean(name)))
		return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
			return part == "vendor" || part == "node_modules" || strings.HasPrefix(part, ".") && part != ".."
		})
	}
	sets := [][]string{nil}
	for _, name := range named {
		if hidden(name) {
			sets = append(sets, []string{name})
		} else {
			sets[0] = append(sets[0], name)
		}
	}
	for _, set := range sets {
		if len(set) == 0 {
			continue
		}
		t, err := openFiles(ctx, set)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// openFiles returns the target of files that are named. Its root is the directory
// that holds them all.
func openFiles(ctx context.Context, named []string) (*target, error) {
	paths := make([]string, len(named))
	for i, name := range named {
		abs, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		paths[i] = abs
	}
	root := filepath.Dir(paths[0])
	for _, p := range paths[1:] {
		for !inside(root, p) {
			up := filepath.Dir(root)
			if up == root {
				return nil, fmt.Errorf("%s and %s are on two volumes; check them one after the other", paths[0], p)
			}
			root = up
		}
	}
	t := &target{dir: root, names: make(map[string]string, len(named))}
	files := fileSet{root: root, dirs: map[string][]string{".": nil}}
	for i, p := range paths {
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return nil, err
		}
		rel = filepath.ToSlash(rel)
		t.names[rel] = filepath.ToSlash(filepath.Clean(named[i]))
		files.add(rel)
	}
	t.fsys = interruptible{ctx, files}
	return t, nil
}

func inside(dir, name string) bool {
	rel, err := filepath.Rel(dir, name)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// reason returns what an error of package os says beside the path.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// load reads the artifacts of the target. It returns what is wrong with files, and
// what could not be read at all.
func (t *target) load() (b *bundle.Bundle, problems slipway.Problems, failures []string) {
	b, err := bundle.Load(t.fsys)
	for _, p := range asProblems(err) {
		var at *fs.PathError
		if errors.As(p.Err, &at) {
			failures = append(failures, t.display(p.File)+": "+p.Message)
			continue
		}
		problems = append(problems, p)
	}
	if t.names == nil {
		return b, problems, failures
	}
	b.Tree = nil // of files that are named alone nobody knows what stands beside them
	known := make(map[string]bool)
	for _, a := range b.Artifacts {
		known[a.Path] = true
	}
	for _, p := range problems {
		known[p.File] = true
	}
	for name, shown := range t.names {
		if !known[name] && !slices.ContainsFunc(failures, func(s string) bool { return strings.HasPrefix(s, shown+":") }) {
			failures = append(failures, shown+": is no file that slipway knows: neither by its name nor by what stands in it")
		}
	}
	slices.Sort(failures)
	return b, problems, failures
}
