package bundle

import (
	"path"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// sections yields the primary artifact of a spec and its secondary ones, each
// with its path.
func sections(s *buildspec.Spec) func(yield func(string, *buildspec.Artifacts) bool) {
	return func(yield func(string, *buildspec.Artifacts) bool) {
		if s.Artifacts == nil || !yield("artifacts", s.Artifacts) {
			return
		}
		for i := range s.Artifacts.SecondaryArtifacts {
			a := &s.Artifacts.SecondaryArtifacts[i]
			if !yield(slipway.Path("artifacts", "secondary-artifacts", a.Identifier), a) {
				return
			}
		}
	}
}

// section returns the part of the buildspec that makes an output artifact: the
// primary one where the action has one output, and otherwise the secondary one of
// that name.
func (b *build) section(artifact string) (where string, a *buildspec.Artifacts) {
	several := b.Action != nil && len(b.Action.OutputArtifacts) > 1
	for where, a := range sections(b.Buildspec.Model) {
		if several == (where != "artifacts") && (!several || a.Identifier == artifact) {
			return where, a
		}
	}
	return "artifacts", nil
}

// baseName returns the last element of a path that may have no known directory.
func baseName(t shell.Text) string {
	suffix := t.Suffix()
	if s, ok := t.Known(); ok {
		return path.Base(s)
	}
	if i := strings.LastIndexByte(suffix, '/'); i >= 0 {
		return suffix[i+1:]
	}
	return ""
}
