package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A rehearsal is one run of a pipeline.
type rehearsal struct {
	*world
	report    *Report
	root      *os.Root          // the scratch directory
	artifacts map[string]string // name to directory below root
	unknown   map[string]bool   // artifacts of actions that were not rehearsed
	variables map[string]string // namespace.name to value
	clone     map[string]bool   // artifacts of sources that keep their git data
	problems  slipway.Problems  // of the bundle; see problemsOf
	checked   bool

	events sync.Mutex
	push   sync.Mutex
	images map[string]string // that were pushed: reference to digest
}

// Run rehearses the pipeline of a bundle. A failing pipeline is no error: the
// report says what failed. The error says why nothing could be rehearsed, or why
// the rehearsal had to end: what is wrong with the options or the source, or
// [context.Canceled] and [context.DeadlineExceeded], with which the report, as far
// as it got, comes too.
//
// Run changes neither the bundle nor the source. It can be called concurrently.
func Run(ctx context.Context, b *bundle.Bundle, opts Options) (*Report, error) {
	opts = opts.complete()
	w, err := newWorld(b, opts)
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	if opts.Source == nil && len(opts.Sources) == 0 {
		return nil, errors.New("rehearse: there is no source: set Options.Source")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, opts.Timeout,
		fmt.Errorf("the rehearsal took longer than %v: %w", opts.Timeout, context.DeadlineExceeded))
	defer cancel()
	dir, err := os.MkdirTemp(opts.Dir, "slipway-rehearse-")
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	defer removeAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	defer root.Close()
	r := &rehearsal{
		world: w, root: root, artifacts: map[string]string{}, unknown: map[string]bool{}, variables: map[string]string{}, clone: map[string]bool{}, images: map[string]string{},
		report: &Report{Pipeline: w.pipeline.Name, File: w.file, State: Succeeded, Notes: w.notes},
	}
	if err := r.run(ctx); err != nil {
		if ctx.Err() != nil {
			r.report.State = Failed
			return r.report, fmt.Errorf("rehearse: %w", context.Cause(ctx))
		}
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	return r.report, nil
}

// removeAll removes the scratch directory, also what a build has made unwritable.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(name, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir) // there is nobody left to tell
}

// now is the time of the rehearsal, in UTC.
func (r *rehearsal) now() time.Time { return r.opts.Clock().UTC() }

// emit calls the caller's function, one call at a time.
func (r *rehearsal) emit(e Event) {
	r.events.Lock()
	defer r.events.Unlock()
	r.opts.Events(e)
}

// run runs the stages. An error ends the rehearsal; a failed action does not.
func (r *rehearsal) run(ctx context.Context) error {
	stages := r.pipeline.Stages
	r.report.Stages = make([]Stage, len(stages))
	for i := range stages {
		out := &r.report.Stages[i]
		out.Name, out.State = stages[i].Name, Succeeded
		if r.report.State == Failed {
			out.State = DidNotRun
		}
		for _, group := range order(stages[i].Actions) {
			before := out.State
			for _, k := range group {
				a := Action{Name: stages[i].Actions[k].Name, Provider: provider(&stages[i].Actions[k]), State: DidNotRun}
				var err error
				if before == Succeeded {
					err = r.action(ctx, i, k, &a)
				}
				out.Actions = append(out.Actions, a)
				r.emit(ActionEnded{out.Name, &out.Actions[len(out.Actions)-1]})
				if err != nil {
					out.State = Failed
					return err
				}
				if a.State == Failed {
					out.State, r.report.State = Failed, Failed
				}
			}
		}
	}
	return nil
}

func provider(a *pipeline.Action) string {
	if a.ActionTypeID == nil {
		return ""
	}
	return a.ActionTypeID.Provider
}

// action runs one action.
func (r *rehearsal) action(ctx context.Context, stage, number int, out *Action) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	begin := r.opts.Clock()
	r.emit(ActionStarted{r.pipeline.Stages[stage].Name, out.Name, out.Provider})
	out.State = Succeeded
	a, err := r.expand(&r.pipeline.Stages[stage].Actions[number])
	if err != nil {
		out.fail(err.Error())
		return nil
	}
	for _, in := range a.InputArtifacts {
		if r.artifacts[in.Name] == "" {
			out.fail(fmt.Sprintf("the input artifact %s does not exist: no action that has run before makes it", in.Name))
			return nil
		}
	}
	switch kind := a.ActionTypeID; {
	case kind == nil:
		out.fail("the action has no type")
	case kind.Category == pipeline.ActionCategorySource:
		err = r.source(ctx, a, out)
	case kind.Provider == "CodeBuild":
		err = r.build(ctx, stage, number, a, out)
	case kind.Provider == "ECS":
		r.deployECS(stage, number, a, out)
	case kind.Provider == "CodeDeployToECS":
		r.deployCodeDeploy(stage, number, a, out)
	case kind.Provider == "Manual":
		out.Notes = append(out.Notes, "it would wait for an approval")
	default:
		r.skip(a, out)
	}
	if out.State == Failed && out.Deployment != nil && r.isUnknown(a) {
		out.State, out.Message = NotRehearsed, unknownInput
	}
	if out.State == Failed {
		out.Problems = r.problemsOf(stage, number, a, out)
	}
	if a.Namespace != "" {
		for _, v := range out.Variables {
			r.variables[a.Namespace+"."+v.Name] = v.Value
		}
	}
	out.Duration = r.opts.Clock().Sub(begin)
	return err
}

func (a *Action) fail(message string) { a.State, a.Message = Failed, message }

// skip is for what cannot be rehearsed. A file that its configuration names must
// be there.
func (r *rehearsal) skip(a *pipeline.Action, out *Action) {
	out.State = NotRehearsed
	out.Message = fmt.Sprintf("actions of %s are not rehearsed", a.ActionTypeID.Provider)
	for _, key := range []string{"TemplatePath", "TemplateConfiguration"} {
		artifact, file, ok := strings.Cut(a.Configuration[key], "::")
		if !ok || r.artifacts[artifact] == "" || r.unknown[artifact] {
			continue
		}
		if _, err := r.root.Stat(filepath.FromSlash(r.artifacts[artifact] + "/" + file)); err != nil {
			out.fail(fmt.Sprintf("%s: the artifact %s has no file %s", key, artifact, file))
		}
	}
	r.outputsUnknown(a)
}

const unknownInput = "what an action that was not rehearsed hands over is not known"

// isUnknown reports whether an input of an action is not known.
func (r *rehearsal) isUnknown(a *pipeline.Action) bool {
	for _, in := range a.InputArtifacts {
		if r.unknown[in.Name] {
			return true
		}
	}
	return false
}

// outputsUnknown makes the outputs of an action that was not rehearsed: nobody
// knows what is in them.
func (r *rehearsal) outputsUnknown(a *pipeline.Action) {
	for _, o := range a.OutputArtifacts {
		if dir, err := r.newArtifact(o.Name); err == nil {
			r.artifacts[o.Name], r.unknown[o.Name] = dir, true
		}
	}
}

// newArtifact makes the directory of an artifact.
func (r *rehearsal) newArtifact(name string) (dir string, err error) {
	dir = fmt.Sprintf("artifact%d", len(r.artifacts)+1)
	return dir, r.root.Mkdir(dir, 0o777)
}

// pushImage takes an image into the registry.
func (r *rehearsal) pushImage(ref, digest string) error {
	r.push.Lock()
	defer r.push.Unlock()
	if host := registry(ref); strings.Contains(host, ".dkr.ecr.") && host == r.registry() {
		_, name, _ := strings.Cut(repository(ref), "/")
		if names := r.repositories(); len(names) > 0 && !contains(names, name) {
			return fmt.Errorf("name unknown: The repository with name '%s' does not exist in the registry with id '%s'", name, r.target.Account)
		}
	}
	if old, ok := r.images[ref]; ok && old != digest && r.immutable(ref) {
		return fmt.Errorf("tag invalid: The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the repository is immutable",
			strings.TrimPrefix(ref, repository(ref)+":"), repository(ref))
	}
	r.images[ref] = digest
	return nil
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// immutable reports whether the repository of an image keeps its tags.
func (r *rehearsal) immutable(ref string) bool {
	for t, res := range r.resources("AWS::ECR::Repository") {
		name, ok := r.ref(t, res.ID, 0)
		if ok && strings.HasSuffix(repository(ref), "/"+name) {
			text, _ := r.resolve(t, res.Properties.Get("ImageTagMutability"))
			return text == "IMMUTABLE"
		}
	}
	return false
}
