package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

const configFile = ".slipway.yml"

// A config is the file .slipway.yml: what of which files is to be ignored. A nil
// config ignores nothing.
//
//	ignore:
//	  - file: deploy/*.json          # relative to the file; * is anything but a slash, ** is anything
//	    rule: taskdef/fargate-size   # or a pattern: taskdef/*
//	    reason: why
type config struct {
	prefix  string // of the target's files, seen from the directory of the configuration
	entries []configEntry
}

// A configEntry is an item of the list ignore.
type configEntry struct {
	file, rule, reason string // an empty file is all files
	pos                slipway.Position
	used               bool
}

// findConfig returns the configuration of a target: that of its directory, or of the
// nearest one above it up to that of the repository.
func findConfig(t *target) (*config, error) {
	for dir := t.dir; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, configFile)
		data, err := readConfig(name)
		switch {
		case err == nil:
			prefix, err := filepath.Rel(dir, t.dir)
			if err != nil {
				return nil, err
			}
			return parseConfig(name, filepath.ToSlash(prefix), data)
		case errors.Is(err, fs.ErrPermission) && dir != t.dir:
			return nil, nil // of others
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: %w", name, reason(err))
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil || dir == filepath.Dir(dir) {
			return nil, nil
		}
	}
}

func readConfig(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	if info.Size() > source.MaxSize {
		return nil, fmt.Errorf("has %d bytes; the largest that is read has %d", info.Size(), source.MaxSize)
	}
	return os.ReadFile(name)
}

// parseConfig reads a configuration. It takes nothing that it does not know.
func parseConfig(name, prefix string, data []byte) (*config, error) {
	n, problems := source.YAML(name, data)
	if n == nil {
		return nil, problems.Err()
	}
	c := &config{prefix: prefix}
	d := &source.Decoder{File: name, Problems: problems}
	if n.Kind != source.Null && d.Map(n) {
		for _, m := range n.Members {
			if m.Key != "ignore" {
				d.Unknown(m, []string{"ignore"})
				continue
			}
			d.Enter(m.Key)
			c.decode(d, m.Value)
			d.Leave()
		}
	}
	return c, d.Problems.Errors().Err()
}

func (c *config) decode(d *source.Decoder, list *source.Node) {
	if list.Kind != source.List {
		d.Want(list, "a list")
		return
	}
	for i, item := range list.Items {
		d.Enter(i)
		e := configEntry{pos: item.Pos}
		if d.Map(item) {
			fields := map[string]*string{"file": &e.file, "rule": &e.rule, "reason": &e.reason}
			for _, m := range item.Members {
				if field, ok := fields[m.Key]; ok {
					d.Enter(m.Key)
					d.String(field, m.Value)
					d.Leave()
				} else {
					d.Unknown(m, []string{"file", "rule", "reason"})
				}
			}
			if e.rule == "" {
				d.Addf(&source.TypeRule, item.Pos, "rule is missing, want the name of a rule or a pattern")
			}
			c.entries = append(c.entries, e)
		}
		d.Leave()
	}
}

// ignores reports whether p, of a file of the target, is to be ignored.
func (c *config) ignores(p *slipway.Problem) (ignored bool) {
	if c == nil {
		return false
	}
	for i := range c.entries {
		e := &c.entries[i]
		if matchRule(e.rule, p.Rule) && (e.file == "" || matchFile(e.file, path.Join(c.prefix, p.File))) {
			e.used, ignored = true, true
		}
	}
	return ignored
}

// unused returns the entries that ignored nothing, when all that they are about was
// checked: a whole directory, with its configuration in it.
func (c *config) unused(l *linter, t *target) (problems slipway.Problems) {
	if c == nil || c.prefix != "." || t.names != nil {
		return nil
	}
	name := t.display(configFile)
	l.sources[name] = &text{data: readText(t.fsys, configFile)}
	for _, e := range c.entries {
		message := unknown(e.rule, l.rules())
		if message == "" && !e.used {
			message = "nothing of " + e.rule + " is found in " + cmp.Or(e.file, "any file") + "; remove the entry"
		}
		if message != "" {
			problems = append(problems, &slipway.Problem{
				File: name, Pos: e.pos, Message: message, Rule: unusedRule.Name, Severity: unusedRule.Severity,
			})
		}
	}
	return problems
}
