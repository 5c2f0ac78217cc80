package bundle

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A Model is what an [Artifact] holds: a [*cfn.Template], a [*taskdef.Definition],
// a [*buildspec.Spec], a [*pipeline.Definition], or a model of package handover.
type Model interface {
	// AppendText appends the rendered file to dst.
	AppendText(dst []byte) ([]byte, error)
	// Check returns every problem of the model by itself, sorted.
	Check() slipway.Problems
}

// The models.
var (
	_ Model = (*cfn.Template)(nil)
	_ Model = (*taskdef.Definition)(nil)
	_ Model = (*buildspec.Spec)(nil)
	_ Model = (*pipeline.Definition)(nil)
	_ Model = (*handover.ImageDefinitions)(nil)
	_ Model = (*handover.ImageDetail)(nil)
	_ Model = (*handover.AppSpec)(nil)
)

// An Artifact is a model with the path of its file.
type Artifact struct {
	Path  string // relative to the bundle's directory, with slashes; see [io/fs.ValidPath]
	Stack string // the stack that a template is for; empty when it is not known, and for other models
	Model Model

	text []byte // of a template that was loaded: where its blocks stand
}

// A Bundle is a set of artifacts, in the order in which they are to be applied
// where there is one. The zero value is empty.
type Bundle struct {
	Artifacts []Artifact

	// Tree is the files of the repository from which the bundle was loaded; nil for
	// one that was built in Go.
	Tree *Tree

	// Ignore says of a finding that it does not count: Validate passes over it, and with
	// it whoever uses valid bundles only. Check returns it all the same. Nil is none.
	Ignore func(*slipway.Problem) bool
}

// Add appends an artifact.
func (b *Bundle) Add(path string, model Model) {
	b.Artifacts = append(b.Artifacts, Artifact{Path: path, Model: model})
}

// Find returns the first artifact of type M, such as [*taskdef.Definition], and
// whether there is one.
func Find[M Model](b *Bundle) (model M, path string, ok bool) {
	for _, a := range b.Artifacts {
		if m, ok := a.Model.(M); ok {
			return m, a.Path, true
		}
	}
	return model, "", false
}

// Check returns the problems of every artifact by itself, and those of artifacts that
// do not fit together, sorted, with the artifact's path as their file. What stands in
// templates is checked as if it were a file of its own. A problem between two files is
// placed in the one that is to be mended as a rule, with the other one in its Related.
func (b *Bundle) Check() slipway.Problems {
	parts := b.Parts()
	all := parts.Check()
	for _, a := range b.Artifacts {
		if isPart(a.Model) || a.Model == nil {
			continue
		}
		for _, p := range a.Model.Check() {
			if p.File != a.Path {
				q := *p
				q.File = a.Path
				p = &q
			}
			all = append(all, p)
		}
	}
	return append(all, checkAcross(parts, b.Tree)...).Sorted()
}

// isPart reports whether a model is one of those that [Parts] holds.
func isPart(m Model) bool {
	switch m.(type) {
	case *cfn.Template, *taskdef.Definition, *buildspec.Spec, *pipeline.Definition,
		*handover.ImageDefinitions, *handover.ImageDetail, *handover.AppSpec:
		return true
	}
	return false
}

// Validate returns the problems of [Bundle.Check] of severity error, but for those of
// which Ignore says so, or nil.
func (b *Bundle) Validate() error {
	problems := b.Check().Errors()
	if b.Ignore != nil {
		problems = slices.DeleteFunc(problems, b.Ignore)
	}
	return problems.Err()
}

// Files renders every artifact. A template whose path ends in .json is rendered
// as JSON, any other one as YAML. It is an error when a path leads out of the
// bundle's directory, when two artifacts have one path, and when a model cannot
// be rendered; all such problems are reported.
func (b *Bundle) Files() (Files, error) {
	files := make(Files, 0, len(b.Artifacts))
	var problems slipway.Problems
	for i, a := range b.Artifacts {
		if p := b.checkPath(i); p != nil {
			problems = append(problems, p)
			continue
		}
		data, err := render(a)
		if err != nil {
			problems = append(problems, &slipway.Problem{File: a.Path, Message: err.Error(), Err: err})
			continue
		}
		files = append(files, File{Path: a.Path, Data: data})
	}
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return files, nil
}

// checkPath reports a path of artifact i that does not serve.
func (b *Bundle) checkPath(i int) *slipway.Problem {
	name := b.Artifacts[i].Path
	if err := checkPath(name); err != nil {
		return &slipway.Problem{File: name, Message: err.Error(), Rule: pathRule.Name, Err: err}
	}
	for _, other := range b.Artifacts[:i] {
		// Also on a file system that does not tell cases apart.
		if strings.EqualFold(other.Path, name) {
			return &slipway.Problem{File: name, Message: "two artifacts have this path", Rule: pathRule.Name}
		}
	}
	return nil
}

func render(a Artifact) ([]byte, error) {
	switch m := a.Model.(type) {
	case nil:
		return nil, fmt.Errorf("the artifact has no model")
	case *cfn.Template:
		if path.Ext(a.Path) == ".json" {
			return m.RenderJSON()
		}
		return m.Render()
	case *handover.AppSpec:
		if path.Ext(a.Path) == ".json" {
			return m.RenderJSON()
		}
		return m.Render()
	case interface{ Render() ([]byte, error) }:
		return m.Render()
	}
	return a.Model.AppendText(nil)
}
