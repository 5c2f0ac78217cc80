package bundle

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A view is a bundle as the rules across artifacts look at it.
type view struct {
	*Parts
	tree   *Tree
	groups []group
	roles  []*role // of all templates, found when a rule asks for them
	looked bool    // for roles
}

// A group is a [Group] with what its builds do.
type group struct {
	*Group
	builds []build
}

// A build is a [Build] with what its commands do.
type build struct {
	*Build
	tree    *Tree
	read    *shell.Report // nil until a rule asks for it
	written []definition  // what commands write into definition files, as rules asked for it
}

// A definition is what a build may write into a definition file last.
type definition struct {
	file   string // imagedefinitions.json, imageDetail.json or another name of the former
	writes []definitionWrite
}

// A definitionWrite is a command that writes a definition file.
type definitionWrite struct {
	shell.File
	images []shell.Image
	err    error // why the content is none, or [shell.ErrUnknown]
}

func newView(parts *Parts, tree *Tree) *view {
	groups := parts.links()
	v := &view{Parts: parts, tree: tree, groups: make([]group, len(groups))}
	for i := range groups {
		g := &v.groups[i]
		g.Group = &groups[i]
		g.builds = make([]build, len(g.Builds))
		for j := range g.Builds {
			g.builds[j] = build{Build: &g.Builds[j], tree: tree}
		}
	}
	return v
}

// addf adds a problem at a path of a part.
func addf[M any](r *check.Report, at *Part[M], where, format string, args ...any) *slipway.Problem {
	p := r.Addf(at.Path(where), format, args...)
	p.File, p.Pos = at.File, at.Pos(where)
	return p
}

// warnf is addf with severity warning.
func warnf[M any](r *check.Report, at *Part[M], where, format string, args ...any) *slipway.Problem {
	p := addf(r, at, where, format, args...)
	p.Severity = slipway.Warning
	return p
}

// relate adds places to a problem.
func relate(p *slipway.Problem, places ...slipway.Place) { p.Related = append(p.Related, places...) }

// commands returns what the commands of a build do, or nil where there is no
// buildspec. The variables that the project and the action give are known to it.
func (b *build) commands() *shell.Report {
	if b.read == nil && b.Buildspec != nil {
		b.read = readCommands(b.Buildspec.Model, b.variables(), b.tree.FS())
	}
	return b.read
}

// definitions returns the writes that may be the last of a definition file: the
// last one that is sure and all after it.
func (b *build) definitions(file string) []definitionWrite {
	if b.Buildspec == nil {
		return nil
	}
	for i := range b.written {
		if b.written[i].file == file {
			return b.written[i].writes
		}
	}
	d := definition{file: file}
	for _, w := range b.commands().Writes {
		if baseName(w.Name) != file {
			continue
		}
		if w.Sure {
			d.writes = d.writes[:0]
		}
		if w.Removed {
			continue
		}
		write := definitionWrite{File: w}
		if file == imageDetailFile {
			var image shell.Image
			if image, write.err = shell.ImageDetail(w.Content); write.err == nil {
				write.images = []shell.Image{image}
			}
		} else {
			write.images, write.err = shell.ImageDefinitions(w.Content)
		}
		d.writes = append(d.writes, write)
	}
	b.written = append(b.written, d)
	return d.writes
}

func (b *build) variables() []shell.EnvVariable {
	var vars []shell.EnvVariable
	if b.Project != nil {
		for _, v := range b.Project.Model.Variables.Value {
			if !v.Name.Known() {
				continue
			}
			value := shell.Variable(v.Name.Value)
			if kind, ok := v.Type.Get("PLAINTEXT"); ok && kind == "PLAINTEXT" && v.Value.Known() {
				value = shell.Literal(v.Value.Value)
			}
			vars = append(vars, shell.EnvVariable{Name: v.Name.Value, Value: value})
		}
	}
	if b.Action != nil {
		list, _ := b.Action.BuildVariables()
		for _, v := range list {
			value := shell.Variable(v.Name)
			if cmp.Or(v.Type, "PLAINTEXT") == "PLAINTEXT" && IsKnown(v.Value) {
				value = shell.Literal(v.Value)
			}
			vars = append(vars, shell.EnvVariable{Name: v.Name, Value: value})
		}
	}
	return vars
}

// label is how messages call a build.
func (b *build) label() string {
	if b.Action != nil {
		return "the action " + b.Action.Name
	}
	return "the build"
}

// isBatch reports whether the build may be a batch, of whose artifacts and
// variables nothing is known here.
func (b *build) isBatch() bool {
	return b.Action != nil && b.Action.Configuration["BatchEnabled"] != "" && !strings.EqualFold(b.Action.Configuration["BatchEnabled"], "false")
}

// isUnread reports whether a part of the commands could not be read, so that the
// absence of one proves nothing.
func (b *build) isUnread() bool {
	phases := &b.Buildspec.Model.Phases
	if len(phases.Extra) > 0 || b.Buildspec.Model.Extra["phases"] != nil {
		return true
	}
	for _, phase := range phases.All() {
		if phase.Extra["commands"] != nil || phase.Extra["finally"] != nil {
			return true
		}
	}
	return false
}

// A maker is what makes an artifact of a pipeline: at most one of its fields is set.
type maker struct {
	build  *build
	source *pipeline.Action // a source action
}

// maker finds the action of the group that gives an artifact.
func (g *group) maker(artifact string) maker {
	for i := range g.builds {
		if a := g.builds[i].Action; a != nil && gives(a, artifact) {
			return maker{build: &g.builds[i]}
		}
	}
	if g.Pipeline == nil {
		return maker{}
	}
	for i := range g.Pipeline.Model.Stages {
		for j := range g.Pipeline.Model.Stages[i].Actions {
			a := &g.Pipeline.Model.Stages[i].Actions[j]
			if t := a.ActionTypeID; t != nil && t.Category == pipeline.ActionCategorySource && gives(a, artifact) {
				return maker{source: a}
			}
		}
	}
	return maker{}
}

func gives(a *pipeline.Action, artifact string) bool {
	return slices.ContainsFunc(a.OutputArtifacts, func(o pipeline.OutputArtifact) bool { return o.Name == artifact })
}

// ownsSource reports whether it is seen that the pipeline builds the repository of
// the bundle: one of its builds reads a buildspec that is a file of it.
func (g *group) ownsSource() bool {
	return slices.ContainsFunc(g.Builds, func(b Build) bool { return b.Buildspec != nil && b.Buildspec.ID == "" && b.isRooted() })
}

// isRooted reports whether the source of a build is the root of the bundle, as far
// as the path of its buildspec tells.
func (b *Build) isRooted() bool {
	switch {
	case b.Buildspec.ID != "":
		return true
	case b.BuildspecPath != "":
		return path.Clean(b.BuildspecPath) == b.Buildspec.File
	}
	return !strings.Contains(b.Buildspec.File, "/")
}

// path returns the path of what stands at elem in the action.
func (d *Deploy) path(elem ...any) string {
	return slipway.Path(append([]any{"stages", d.Stage, "actions", d.Number}, elem...)...)
}

// is reports whether the action is of that provider.
func (d *Deploy) is(provider string) bool {
	return d.Action != nil && d.Action.ActionTypeID != nil && d.Action.ActionTypeID.Provider == provider
}

// setting returns a configuration value of the action, or def where it has none;
// ok is false where it is not known.
func (d *Deploy) setting(key, def string) (value string, ok bool) {
	if _, unread := d.Action.Extra["configuration"]; unread {
		return "", false
	}
	value, given := d.Action.Configuration[key]
	if !given {
		return def, def != ""
	}
	return value, IsKnown(value)
}

// containers returns the names of the containers of a task definition; ok is
// false where one is not known.
func containers(task *taskdef.Definition) (names []string, ok bool) {
	if _, unread := task.Extra["containerDefinitions"]; unread || len(task.ContainerDefinitions) == 0 {
		return nil, false
	}
	for i := range task.ContainerDefinitions {
		name := task.ContainerDefinitions[i].Name
		if !IsKnown(name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// containerPlaces are the names of the containers as related places.
func containerPlaces(task *Part[*taskdef.Definition]) []slipway.Place {
	places := make([]slipway.Place, len(task.Model.ContainerDefinitions))
	for i := range places {
		where := slipway.Path("containerDefinitions", i, "name")
		places[i] = task.Place(where, "the container "+strconv.Quote(task.Model.ContainerDefinitions[i].Name))
	}
	return places
}

// listed joins names for a message: "web", or one of "web", "log".
func listed(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return strings.Join(quoted, ", ")
}
