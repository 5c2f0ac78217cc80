package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Parts returns all that the bundle holds, also what stands in its templates. Each
// call makes them anew, so that parts of two calls are not the same.
func (b *Bundle) Parts() *Parts {
	ps := new(Parts)
	for _, a := range b.Artifacts {
		switch m := a.Model.(type) {
		case *cfn.Template:
			ps.Templates = append(ps.Templates, whole(a.Path, m, m.Source))
		case *taskdef.Definition:
			ps.Tasks = append(ps.Tasks, whole(a.Path, m, m.Source))
		case *buildspec.Spec:
			ps.Buildspecs = append(ps.Buildspecs, whole(a.Path, m, m.Source))
		case *pipeline.Definition:
			ps.Pipelines = append(ps.Pipelines, whole(a.Path, m, m.Source))
		}
	}
	return ps
}

// whole is the part that is a whole file.
func whole[M any](file string, model M, source *slipway.Source) *Part[M] {
	return &Part[M]{File: file, Model: model, locate: source.Position}
}
