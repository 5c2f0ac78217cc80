package bundle

import (
	"path"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

var artifactFilesRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/artifact-files", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html#troubleshooting-no-matching-artifact-paths",
		Doc: "What the artifacts of a buildspec name is in the repository, or its commands make it.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].builds {
				if b := &v.groups[i].builds[j]; b.Buildspec != nil {
					for where, a := range sections(b.Buildspec.Model) {
						checkFiles(&v.groups[i], b, where, a, r)
					}
				}
			}
		}
	},
}

// checkFiles reports the files of an artifact that cannot be there. CodeBuild
// fails when it finds none at all, and passes over some that are missing.
func checkFiles(g *group, b *build, where string, a *buildspec.Artifacts, r *check.Report) {
	if len(a.Files) == 0 || b.isUnread() || !b.isRooted() || !b.tree.holdsSource() {
		return
	}
	base, ok := baseDirectory(a)
	if !ok {
		return
	}
	var missing []int
	for i, pattern := range a.Files {
		if isMissing(b, base, pattern) {
			missing = append(missing, i)
		}
	}
	for _, i := range missing {
		if isDefinition(a.Files[i]) && g.Pipeline != nil && len(g.Deploys) > 0 {
			continue // which has a rule of its own
		}
		at := join(where, slipway.Path("files", i))
		if len(missing) == len(a.Files) {
			addf(r, b.Buildspec, at, "%s is not in the repository, and no command makes it; the build fails when it finds no file to hand on", path.Join(base, a.Files[i]))
		} else {
			warnf(r, b.Buildspec, at, "%s is not in the repository, and no command makes it; the artifact will be without it", path.Join(base, a.Files[i]))
		}
	}
}

// holdsSource reports whether a tree looks like the source of something, and not
// like a directory of artifacts alone.
func (t *Tree) holdsSource() bool {
	return slices.ContainsFunc(t.Names(), func(name string) bool {
		switch path.Ext(name) {
		case ".yml", ".yaml", ".json", ".template", ".md", ".txt":
			return false
		}
		return true
	})
}

// isMissing reports whether a pattern is the name of one file that is certainly
// not there at the end of the build.
func isMissing(b *build, base, pattern string) bool {
	if !isFileName(pattern) {
		return false
	}
	name := path.Join(base, pattern)
	if has, known := b.tree.Has(name); has || !known {
		return false
	}
	return b.commands().File(name).Exists == shell.No
}

// isFileName reports whether a pattern is the name of one file of the source.
func isFileName(pattern string) bool {
	return pattern != "" && !strings.ContainsAny(pattern, "*?[]{}$`\\~<>") && !path.IsAbs(pattern) && !strings.HasPrefix(path.Clean(pattern), "..") && path.Clean(pattern) != "."
}

// baseDirectory returns the directory to which the files of an artifact are
// relative, "" for the source's own; ok is false where it is not known.
func baseDirectory(a *buildspec.Artifacts) (string, bool) {
	if _, unread := a.Extra["base-directory"]; unread {
		return "", false
	}
	dir := strings.TrimPrefix(strings.TrimPrefix(a.BaseDirectory, "$CODEBUILD_SRC_DIR"), "${CODEBUILD_SRC_DIR}")
	if dir != a.BaseDirectory {
		dir = strings.TrimPrefix(dir, "/")
	}
	if dir == "" || dir == "." || dir == "./" {
		return "", true
	}
	return path.Clean(dir), isFileName(dir)
}

// A handing is how an artifact has a file.
type handing struct {
	answer shell.Answer // whether the patterns take the file, if it is made
	index  int          // of the pattern that takes it; -1 for none
	path   string       // where the build has to make it
	nested string       // where it is in the artifact instead of at its root
	made   string       // where the build makes it then
}

// hands tells whether an artifact has a file of that path at the end, as far as its
// patterns tell.
func hands(a *buildspec.Artifacts, name string, made []string) handing {
	h := handing{answer: shell.No, index: -1, path: name}
	base, ok := baseDirectory(a)
	if _, unread := a.Extra["files"]; unread || !ok || a.Extra["discard-paths"] != nil {
		return handing{answer: shell.Maybe, index: -1, path: name}
	}
	flat := a.DiscardPaths != nil && *a.DiscardPaths
	for i, pattern := range a.Files {
		if unknown := strings.ContainsAny(pattern, "$`{<~") || path.IsAbs(pattern) || strings.HasPrefix(pattern, ".."); unknown {
			h.answer = max(h.answer, shell.Maybe)
			continue
		}
		switch pattern = path.Clean(pattern); {
		case pattern == "." || pattern == name[:min(len(pattern), len(name))] && len(name) > len(pattern) && name[len(pattern)] == '/':
			h.answer = max(h.answer, shell.Maybe) // a whole directory
		case matches(pattern, name):
			return handing{answer: shell.Yes, index: i, path: path.Join(base, name)}
		default:
			for _, m := range made {
				rel, inside := relative(base, m)
				if !inside || path.Base(m) != path.Base(name) || !matches(pattern, rel) {
					continue
				}
				if flat && !strings.Contains(name, "/") {
					return handing{answer: shell.Yes, index: i, path: m}
				}
				h.nested, h.made = rel, m
			}
			if flat && path.Base(pattern) == name {
				return handing{answer: shell.Yes, index: i, path: path.Join(base, pattern)}
			}
			if flat && strings.Contains(path.Base(pattern), "*") && matches(path.Base(pattern), path.Base(name)) {
				h.answer = max(h.answer, shell.Maybe)
			}
		}
	}
	for _, pattern := range a.ExcludePaths {
		if h.answer != shell.No && matches(pattern, name) {
			h.answer = shell.Maybe
		}
	}
	return h
}

func relative(base, name string) (string, bool) {
	if base == "" {
		return name, true
	}
	return strings.CutPrefix(name, base+"/")
}

// matches reports whether a path is of the form of a pattern, in which ** stands
// for any number of directories and * for any part of one name.
func matches(pattern, name string) bool {
	if pattern == "**" {
		return true
	}
	if rest, deep := strings.CutPrefix(pattern, "**/"); deep {
		for {
			if matches(rest, name) {
				return true
			}
			_, tail, ok := strings.Cut(name, "/")
			if !ok {
				return false
			}
			name = tail
		}
	}
	p, restP, moreP := strings.Cut(pattern, "/")
	n, restN, moreN := strings.Cut(name, "/")
	if ok, err := path.Match(p, n); err != nil || !ok || moreP != moreN && !(moreP && restP == "**") {
		return false
	}
	return !moreP || matches(restP, restN)
}

var secondaryArtifactRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/secondary-artifact", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html",
		Doc: "Where a build action has several output artifacts, each is a secondary artifact of its buildspec; where it has one, that is the primary one.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].builds {
				checkOutputs(&v.groups[i], &v.groups[i].builds[j], r)
			}
		}
	},
}

func checkOutputs(g *group, b *build, r *check.Report) {
	if b.Action == nil || b.isBatch() || len(b.Action.OutputArtifacts) == 0 {
		return
	}
	outputs := b.Action.OutputArtifacts
	for k, o := range outputs {
		at := slipway.Path("stages", b.Stage, "actions", b.Number, "outputArtifacts", k, "name")
		if len(outputs) > 1 && IsKnown(o.Name) && strings.Contains(o.Name, "-") {
			addf(r, g.Pipeline, at, "%q becomes the identifier of a secondary artifact, because the action has %d outputs; it may have only letters, digits and _", o.Name, len(outputs))
			continue
		}
		if b.Buildspec == nil || !IsKnown(o.Name) || b.Buildspec.Model.Extra["artifacts"] != nil {
			continue
		}
		spec := b.Buildspec.Model
		_, section := b.section(o.Name)
		switch {
		case section != nil || spec.Artifacts != nil && spec.Artifacts.Extra["secondary-artifacts"] != nil:
		case len(outputs) > 1:
			p := addf(r, g.Pipeline, at, "the action has %d output artifacts, so that the buildspec makes each of them under secondary-artifacts, and %q is none there; add it", len(outputs), o.Name)
			relate(p, b.Buildspec.Place("artifacts.secondary-artifacts", "the artifacts of the build"))
		}
	}
}
