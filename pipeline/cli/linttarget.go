package cli

import (
	"errors"
	"io/fs"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// lintTarget adds what is wrong with a target.
func (l *linter) lintTarget(t *target) error {
	cfg, err := findConfig(t)
	if err != nil {
		return err
	}
	b, problems, failures := t.load()
	l.failures = append(l.failures, failures...)
	texts := make(map[string]*text)
	for _, a := range b.Artifacts {
		texts[a.Path] = nil
	}
	for _, p := range problems {
		texts[p.File] = nil
	}
	for name := range texts {
		l.files[t.display(name)] = true
	}
	problems = append(problems, b.Check()...)
	for _, p := range problems {
		texts[p.File] = nil
		for _, place := range p.Related {
			texts[place.File] = nil
		}
	}
	for name := range texts {
		if name == "" {
			continue
		}
		texts[name] = &text{read: func() []byte { return readText(t.fsys, name) }}
		l.sources[t.display(name)] = texts[name]
	}
	problems, ignored := l.applyIgnores(problems, texts, cfg)
	l.ignored += ignored
	l.problems = append(l.problems, rename(problems, t.display)...)
	l.problems = append(l.problems, cfg.unused(l, t)...)
	return nil
}

// applyIgnores leaves out the problems that the files or the configuration say are
// to be ignored, and adds the ignores in files that ignore nothing.
func (l *linter) applyIgnores(problems slipway.Problems, texts map[string]*text, cfg *config) (slipway.Problems, int) {
	ignores := make(map[string][]*ignore)
	for name, t := range texts {
		if found := t.ignores(name); found != nil {
			ignores[name] = found
		}
	}
	kept := problems[:0:0]
	for _, p := range problems {
		byFile := ignoredBy(ignores[p.File], p)
		if byConfig := cfg.ignores(p); !byFile && !byConfig {
			kept = append(kept, p)
		}
	}
	ignored := len(problems) - len(kept)
	for name, list := range ignores {
		for _, i := range list {
			if p := i.problem(name, l.rules); p != nil {
				kept = append(kept, p)
			}
		}
	}
	return kept, ignored
}

// asProblems returns the members of an error that is a list of problems, and makes
// one of any other error.
func asProblems(err error) slipway.Problems {
	var problems slipway.Problems
	if err == nil || errors.As(err, &problems) {
		return problems
	}
	return slipway.Problems{{Message: err.Error(), Err: err}}
}

// rename returns copies of the problems with files as display calls them.
func rename(problems slipway.Problems, display func(string) string) slipway.Problems {
	out := make(slipway.Problems, len(problems))
	for i, p := range problems {
		q := *p
		q.File = display(p.File)
		q.Related = make([]slipway.Place, len(p.Related))
		for j, place := range p.Related {
			place.File = display(place.File)
			q.Related[j] = place
		}
		out[i] = &q
	}
	return out
}

// readText returns what stands in a file, or nil when it cannot be read or is too large.
func readText(fsys fs.FS, name string) []byte {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > source.MaxSize {
		return nil
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil
	}
	return data
}
