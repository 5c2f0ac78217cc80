package bundle

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

var definitionFileRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/definition-file", Source: fileReference,
		Doc: "The file that a deploy action reads is in its artifact: ECS reads imagedefinitions.json, CodeDeployToECS imageDetail.json, the task definition and the appspec.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			g := &v.groups[i]
			for j := range g.Deploys {
				if d := &g.Deploys[j]; d.Action != nil {
					(&actionReader{view: v, group: g, deploy: d, report: r}).check()
				}
			}
			checkTemplatePaths(v, g, r)
		}
	},
}

// An actionReader is a deploy action with the files that it reads.
type actionReader struct {
	view   *view
	group  *group
	deploy *Deploy
	report *check.Report
}

func (a *actionReader) check() {
	d := a.deploy
	switch {
	case d.is("ECS"):
		if file, ok := d.setting("FileName", imageDefinitionsFile); ok && len(d.Action.InputArtifacts) == 1 {
			a.wants(d.Action.InputArtifacts[0].Name, file, "FileName", "inputArtifacts")
		}
	case d.is("CodeDeployToECS"):
		a.template("TaskDefinitionTemplate", "taskdef.json")
		a.template("AppSpecTemplate", "appspec.yaml")
		for n := 1; n <= 4; n++ {
			key := "Image" + strconv.Itoa(n) + "ArtifactName"
			if artifact, ok := d.setting(key, ""); ok {
				a.wants(artifact, imageDetailFile, key, "")
			}
		}
	}
}

// template checks a file that CodeDeployToECS reads, whose artifact and path are
// in two configuration keys.
func (a *actionReader) template(key, def string) {
	artifact, ok := a.deploy.setting(key+"Artifact", "")
	file, known := a.deploy.setting(key+"Path", def)
	if ok && known {
		where := key + "Path"
		if a.deploy.Action.Configuration[where] == "" {
			where = key + "Artifact"
		}
		a.wants(artifact, file, where, "")
	}
}

// wants reports a file that an artifact does not have. The key of the
// configuration, or a member of the action, says which file it is.
func (a *actionReader) wants(artifact, file, key, member string) {
	where := a.deploy.path("configuration", key)
	if a.deploy.Action.Configuration[key] == "" && member != "" {
		where = a.deploy.path(member)
	}
	checkHanded(a.view, a.group, a.report, want{artifact, path.Clean(file), where, a.deploy.Action.Name})
}

// A want is a file that an action reads from an artifact.
type want struct {
	artifact, file string
	where          string // path of what says so, in the pipeline
	action         string
}

// checkHanded reports a file that is wanted and cannot be there.
func checkHanded(v *view, g *group, r *check.Report, w want) {
	switch m := g.maker(w.artifact); {
	case m.source != nil:
		checkInSource(v, g, r, w, m)
	case m.build == nil || m.build.Buildspec == nil || m.build.isBatch():
	default:
		checkBuilt(g, r, w, m.build)
	}
}

// checkInSource reports a file that is to come from the repository and is not in it.
func checkInSource(v *view, g *group, r *check.Report, w want, m maker) {
	if m.source.ActionTypeID.Provider == "ECR" || m.source.ActionTypeID.Provider == "S3" {
		return // the one makes imageDetail.json itself, the other's archive is not this repository
	}
	if has, known := v.tree.Has(w.file); has || !known || !g.ownsSource() {
		return
	}
	addf(r, g.Pipeline, w.where, "the action %s reads %s from the artifact %s, which is the source, but the repository has no such file; %s",
		w.action, w.file, w.artifact, elsewhere(v.tree, w.file))
}

// elsewhere says where else a file of that name is.
func elsewhere(t *Tree, file string) string {
	if name := anywhere(t, file); name != "" {
		return "there is " + name
	}
	return "add it, or take it from the artifact of the build"
}

// anywhere returns the first file of the tree that has the same name, or "".
func anywhere(t *Tree, file string) string {
	for _, name := range t.Names() {
		if path.Base(name) == path.Base(file) {
			return name
		}
	}
	return ""
}

// checkBuilt reports a file that a build does not make or does not hand on.
func checkBuilt(g *group, r *check.Report, w want, b *build) {
	at, section := b.section(w.artifact)
	spec := b.Buildspec.Model
	if spec.Extra["artifacts"] != nil || b.isUnread() {
		return
	}
	if section == nil {
		if spec.Artifacts == nil {
			p := addf(r, b.Buildspec, at, "the action %s reads %s from the artifact %s of this build, but the buildspec has no artifacts; add them, with %s among the files",
				w.action, w.file, w.artifact, w.file)
			relate(p, g.Pipeline.Place(w.where, "the action that reads it"))
		}
		return // a missing secondary artifact has a rule of its own
	}
	h := hands(section, w.file, made(b.commands(), w.file))
	switch {
	case h.answer == shell.No:
		p := addf(r, b.Buildspec, join(at, "files"), "the action %s reads %s from the artifact %s, which does not have it; %s",
			w.action, w.file, w.artifact, howToHand(section.Files, w.file, h))
		relate(p, g.Pipeline.Place(w.where, "the action that reads it"))
		relate(p, writers(b, w.file)...)
	case h.answer == shell.Yes && isAbsent(b, h.path):
		p := addf(r, b.Buildspec, join(at, slipway.Path("files", h.index)), "the action %s reads %s from the artifact %s, but no command makes %s; %s",
			w.action, w.file, w.artifact, h.path, howToMake(b, w.file))
		if b.commands().File(h.path).Exists == shell.Unlikely {
			p.Severity = slipway.Warning // npm and its like could write it, and hardly do
		}
		relate(p, g.Pipeline.Place(w.where, "the action that reads it"))
		if isDefinition(w.file) {
			relate(p, otherDefinitions(b, w.file)...)
		}
	}
}

// isAbsent reports whether a file is not there when a build ends, as far as can be
// told. That an ordinary tool writes a definition file hardly happens; of other files
// it proves nothing.
func isAbsent(b *build, name string) bool {
	has, known := b.tree.Has(name)
	switch exists := b.commands().File(name).Exists; {
	case has:
		return false
	case isDefinition(name):
		return exists <= shell.Unlikely
	default:
		return exists == shell.No && known && b.isRooted()
	}
}

// isDefinition reports whether a file is one that only a build makes.
func isDefinition(name string) bool {
	base := path.Base(name)
	return base == imageDefinitionsFile || base == imageDetailFile
}

// made returns the paths of the files of that base name that commands write.
func made(report *shell.Report, file string) []string {
	var names []string
	for _, w := range report.Writes {
		if name, ok := w.Name.Known(); ok && path.Base(name) == path.Base(file) && !w.Removed && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func howToHand(files []string, file string, h handing) string {
	if h.nested != "" {
		return "it is at " + h.nested + " there; set base-directory: " + path.Dir(h.made) + " or discard-paths: yes"
	}
	for _, other := range files {
		if path.Base(other) == otherDefinition(file) && otherDefinition(file) != "" {
			return other + " is what the other deploy provider reads; write " + file + " and add it to the files"
		}
	}
	return "add " + file + " to the files"
}

func howToMake(b *build, file string) string {
	if others := made(b.commands(), file); len(others) > 0 {
		return "it makes " + strings.Join(others, ", ")
	}
	if name := anywhere(b.tree, file); name != "" {
		return "there is " + name
	}
	if other := otherDefinitions(b, file); len(other) > 0 {
		return "it makes " + path.Base(strings.TrimPrefix(other[0].Message, "writes ")) + ", which the action does not read"
	}
	return "write it, for instance with printf"
}

// otherDefinition returns the file that the other deploy provider reads, or "".
func otherDefinition(file string) string {
	switch path.Base(file) {
	case imageDefinitionsFile:
		return imageDetailFile
	case imageDetailFile:
		return imageDefinitionsFile
	}
	return ""
}

// otherDefinitions are the places where a build writes a JSON file that may be
// meant for the deploy action.
func otherDefinitions(b *build, file string) []slipway.Place {
	var places []slipway.Place
	for _, w := range b.commands().Writes {
		name := baseName(w.Name)
		if name != "" && name != path.Base(file) && path.Ext(name) == path.Ext(file) && !w.Removed {
			places = append(places, b.Buildspec.Place(w.Place.Path, "writes "+name))
		}
	}
	return places
}

// writers are the places where a build writes a file.
func writers(b *build, file string) []slipway.Place {
	var places []slipway.Place
	for _, w := range b.commands().Writes {
		if baseName(w.Name) == path.Base(file) && !w.Removed {
			places = append(places, b.Buildspec.Place(w.Place.Path, "writes "+w.Name.String()))
		}
	}
	return places
}

// checkTemplatePaths checks the templates that CloudFormation actions read, which
// are named artifact::path.
func checkTemplatePaths(v *view, g *group, r *check.Report) {
	if g.Pipeline == nil {
		return
	}
	for i := range g.Pipeline.Model.Stages {
		for j := range g.Pipeline.Model.Stages[i].Actions {
			a := &g.Pipeline.Model.Stages[i].Actions[j]
			if a.ActionTypeID == nil || a.ActionTypeID.Provider != "CloudFormation" || strings.EqualFold(a.Configuration["ActionMode"], "CHANGE_SET_EXECUTE") ||
				strings.EqualFold(a.Configuration["ActionMode"], "DELETE_ONLY") {
				continue
			}
			artifact, file, ok := strings.Cut(a.Configuration["TemplatePath"], "::")
			if ok && IsKnown(artifact) && IsKnown(file) {
				where := slipway.Path("stages", i, "actions", j, "configuration", "TemplatePath")
				checkHanded(v, g, r, want{artifact, path.Clean(file), where, a.Name})
			}
		}
	}
}
