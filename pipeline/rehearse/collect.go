package rehearse

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/seed-b1f00840/slipway/buildspec"
)

// upload collects the output artifacts by their patterns, as the phase
// UPLOAD_ARTIFACTS does.
func (b *buildRun) upload() error {
	outputs := b.action.OutputArtifacts
	if len(outputs) == 0 {
		return nil
	}
	phase := Phase{Name: "UPLOAD_ARTIFACTS", State: Succeeded}
	defer func() { b.build.Phases = append(b.build.Phases, phase) }()
	if b.failed || b.out.State == Failed {
		phase.State = DidNotRun // whatever it takes, the pipeline does not hand it on
		return nil
	}
	for _, o := range outputs {
		section, message := b.section(o.Name, len(outputs))
		if message == "" {
			var err error
			if message, err = b.collect(o.Name, section); err != nil {
				return err
			}
		}
		if message != "" {
			phase.State, phase.Message = Failed, message
			b.out.fail(phase.Name + ": " + message)
			return nil
		}
	}
	return nil
}

// section returns the part of the buildspec that fills an output artifact: the
// primary one where there is one artifact, the secondary one of its name where
// there are several.
func (b *buildRun) section(name string, outputs int) (*buildspec.Artifacts, string) {
	primary := b.spec.Artifacts
	switch {
	case primary == nil:
		return nil, fmt.Sprintf("the buildspec has no artifacts, and the action has the output artifact %s", name)
	case outputs == 1:
		return primary, ""
	}
	for i := range primary.SecondaryArtifacts {
		if primary.SecondaryArtifacts[i].Identifier == name {
			return &primary.SecondaryArtifacts[i], ""
		}
	}
	return nil, fmt.Sprintf("the buildspec has no secondary artifact %s, which is an output artifact of the action", name)
}

// collect copies the files of an artifact. It returns what CodeBuild would say.
func (b *buildRun) collect(name string, section *buildspec.Artifacts) (message string, err error) {
	root := sourceDir(0)
	dirs := []string{root}
	if section.BaseDirectory != "" {
		if dirs = b.baseDirectories(root, section.BaseDirectory); len(dirs) == 0 {
			return "CLIENT_ERROR: no matching base directory path found for " + section.BaseDirectory, nil
		}
	}
	dir, err := b.newArtifact(name)
	if err != nil {
		return "", err
	}
	t := &tree{what: "the artifact " + name, maxFiles: b.opts.MaxFiles, maxBytes: b.opts.MaxBytes}
	matched := make([]bool, len(section.Files))
	found := false
	for _, base := range dirs {
		files, err := b.disk.walk(base)
		if err != nil {
			return err.Error(), nil
		}
		for _, file := range files {
			if !takes(section, file, matched) {
				continue
			}
			to := file
			if section.DiscardPaths != nil && *section.DiscardPaths {
				to = path.Base(file)
			}
			if err := b.take(t, path.Join(base, file), path.Join(dir, to)); err != nil {
				return err.Error(), nil
			}
			found = true
		}
	}
	for i, pattern := range section.Files {
		if !matched[i] {
			b.out.Notes = append(b.out.Notes, fmt.Sprintf("artifact %s: nothing matches %s", name, pattern))
		}
	}
	if !found {
		return "CLIENT_ERROR: no matching artifact paths found", nil
	}
	files, err := list(b.root, dir, true)
	if err != nil {
		return "", err
	}
	b.artifacts[name] = dir
	b.out.Artifacts = append(b.out.Artifacts, Artifact{Name: name, Files: files})
	return "", nil
}

// takes reports whether a file belongs to an artifact, and marks its patterns.
func takes(section *buildspec.Artifacts, file string, matched []bool) bool {
	parts := strings.Split(file, "/")
	take := false
	for i, pattern := range section.Files {
		if globMatch(globParts(pattern), parts) {
			matched[i], take = true, true
		}
	}
	for _, pattern := range section.ExcludePaths {
		if globMatch(globParts(pattern), parts) {
			return false
		}
	}
	return take
}

// globParts splits a pattern at its slashes.
func globParts(pattern string) []string {
	pattern = strings.TrimPrefix(path.Clean(pattern), sourceDir(0)+"/")
	return strings.Split(strings.TrimPrefix(pattern, "./"), "/")
}

// globMatch matches the parts of a path: ** stands for any number of them, and *
// for any characters of one.
func globMatch(pattern, parts []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for len(pattern) > 1 && pattern[1] == "**" {
				pattern = pattern[1:]
			}
			for i := range len(parts) + 1 {
				if globMatch(pattern[1:], parts[i:]) {
					return true
				}
			}
			return false
		}
		if len(parts) == 0 {
			return false
		}
		if ok, err := path.Match(pattern[0], parts[0]); !ok || err != nil {
			return false
		}
		pattern, parts = pattern[1:], parts[1:]
	}
	return len(parts) == 0
}

// baseDirectories returns the directories that match a pattern.
func (b *buildRun) baseDirectories(root, pattern string) []string {
	at := abs(root, pattern)
	if !strings.ContainsAny(pattern, "*?[") {
		if info, err := b.disk.stat(at, true); err == nil && info.IsDir() {
			return []string{at}
		}
		return nil
	}
	var dirs []string
	parts := globParts(pattern)
	_ = fs.WalkDir(b.disk.root.FS(), filepath.ToSlash(rel(root)), func(name string, d fs.DirEntry, err error) error {
		below := strings.TrimPrefix("/"+name, root+"/")
		if err == nil && d.IsDir() && below != "/"+name && globMatch(parts, strings.Split(below, "/")) {
			dirs = append(dirs, "/"+name)
			return fs.SkipDir
		}
		return nil
	})
	return dirs
}

// walk returns the files below a directory, relative to it, sorted. Links count as
// what they lead to.
func (d *disk) walk(dir string) ([]string, error) {
	var files []string
	err := fs.WalkDir(d.root.FS(), filepath.ToSlash(rel(dir)), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if e.Type()&fs.ModeSymlink != 0 {
			if info, err := d.root.Stat(filepath.FromSlash(name)); err != nil || info.IsDir() {
				return nil
			}
		}
		files = append(files, strings.TrimPrefix("/"+name, dir+"/"))
		return nil
	})
	return files, err
}

// take copies a file of the disk into an artifact.
func (b *buildRun) take(t *tree, from, to string) error {
	info, err := b.disk.stat(from, true)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", from)
	}
	if err := t.count(from, info.Size()); err != nil {
		return err
	}
	if err := b.root.MkdirAll(filepath.FromSlash(path.Dir(to)), 0o777); err != nil {
		return err
	}
	in, err := b.disk.root.Open(rel(from))
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := b.root.OpenFile(filepath.FromSlash(to), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = out.ReadFrom(in)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	return err
}
