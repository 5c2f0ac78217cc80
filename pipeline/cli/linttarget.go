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
		texts[name] = t.text(name)
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
	ignorer := newIgnorer(texts, cfg)
	kept := problems[:0:0]
	for _, p := range problems {
		if !ignorer.ignores(p) {
			kept = append(kept, p)
		}
	}
	ignored := len(problems) - len(kept)
	for name, list := range ignorer.files {
		for _, i := range list {
			if p := i.problem(name, l.rules); p != nil {
				kept = append(kept, p)
			}
		}
	}
	return kept, ignored
}

// An ignorer knows what the files of a target, and its configuration, say is to be
// ignored.
type ignorer struct {
	files map[string][]*ignore
	cfg   *config
}

func newIgnorer(texts map[string]*text, cfg *config) *ignorer {
	i := &ignorer{files: make(map[string][]*ignore), cfg: cfg}
	for name, t := range texts {
		if found := t.ignores(name); found != nil {
			i.files[name] = found
		}
	}
	return i
}

// ignores reports whether a problem is to be ignored, and notes by what.
func (i *ignorer) ignores(p *slipway.Problem) bool {
	byFile := ignoredBy(i.files[p.File], p)
	return i.cfg.ignores(p) || byFile
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

// text returns a file of the target, which is read when its text is asked for.
func (t *target) text(name string) *text {
	return &text{read: func() []byte { return readText(t.fsys, name) }}
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
