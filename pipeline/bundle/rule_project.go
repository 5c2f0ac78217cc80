package bundle

import (
	"path"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var buildspecPathRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/buildspec-path", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec-ref-name-storage", Severity: slipway.Warning,
		Doc: "The buildspec that a project names is a file of the repository.",
	},
	Check: func(v *view, r *check.Report) {
		for _, project := range v.Projects {
			checkBuildspecPath(v, project, r)
		}
	},
}

// checkBuildspecPath warns of a buildspec that is not there. It is no error: the
// project may build another repository than the one in which its template is. It
// is silent where the repository does not look like one that is built.
func checkBuildspecPath(v *view, project *Part[*Project], r *check.Report) {
	m := project.Model
	file := m.Buildspec.Value
	if !m.Buildspec.Known() || m.Inline != nil || !IsKnown(file) || strings.HasPrefix(file, "arn:") || strings.Contains(file, "\n") {
		return
	}
	if kind, ok := m.SourceType.Get(""); !ok || kind == "NO_SOURCE" || kind == "S3" {
		return
	}
	file = path.Clean(strings.TrimPrefix(file, "./"))
	if has, known := v.tree.Has(file); has || !known {
		return
	}
	if has, _ := v.tree.Has(path.Join(path.Dir(project.File), file)); has {
		return // the directory of the template is likely a source of its own
	}
	like := ""
	for _, name := range v.tree.Names() {
		switch base := path.Base(name); {
		case base == path.Base(file), strings.HasPrefix(base, "buildspec.y") && like == "":
			like = name
		}
		if strings.EqualFold(name, file) || strings.TrimSuffix(name, path.Ext(name)) == strings.TrimSuffix(file, path.Ext(file)) {
			like = name
			break
		}
	}
	if like == "" && !slices.ContainsFunc(v.tree.Names(), func(n string) bool { return path.Base(n) == "Dockerfile" }) {
		return
	}
	remedy := "add it, if this repository is the source of the project"
	if like != "" {
		remedy = "did you mean " + like + "?"
	}
	addf(r, project, "Source.BuildSpec", "the repository has no file %s; %s", file, remedy)
}

var commandFileRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/command-is-file", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.phases",
		Doc: "No command of a buildspec is the mere name of a YAML or JSON file, which is nothing that a shell could run.",
	},
	Check: func(v *view, r *check.Report) {
		for _, spec := range v.Buildspecs {
			for c := range spec.Model.AllCommands() {
				text := strings.TrimSpace(c.Text)
				if strings.ContainsAny(text, " \t\n/;|&$") || !isDataFile(text) {
					continue
				}
				addf(r, spec, c.Path(), "%s is a file, not a command: the shell finds no program of that name; a project takes the buildspec of its source as BuildSpec: %s", text, text)
			}
		}
	},
}

func isDataFile(name string) bool {
	switch path.Ext(name) {
	case ".yml", ".yaml", ".json":
		return true
	}
	return false
}

var runtimeImageRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/runtime-version", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html#troubleshooting-build-must-specify-runtime", Severity: slipway.Warning,
		Doc: "A build on one of the early standard images chooses a version of some runtime.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].builds {
				b := &v.groups[i].builds[j]
				if b.Project != nil && b.Buildspec != nil && !b.isBatch() {
					checkRuntime(b, r)
				}
			}
		}
	},
}

// checkRuntime warns where the image refuses a buildspec without runtimes. The
// documents disagree about the later images, of which some are seen to build
// without; those are passed over.
func checkRuntime(b *build, r *check.Report) {
	spec, image := b.Buildspec.Model, b.Project.Model.Image
	if !image.Known() || !wantsRuntime(image.Value) || choosesRuntime(spec) || len(spec.Phases.Extra) > 0 || spec.Batch != nil {
		return
	}
	p := addf(r, b.Buildspec, "phases.install.runtime-versions", "missing, and the image %s refuses to build without; name a runtime, or take a newer image", image.Value)
	relate(p, b.Project.Place("Environment.Image", "the image of the project"))
}

func choosesRuntime(s *buildspec.Spec) bool {
	return s.Phases.Install != nil && (len(s.Phases.Install.RuntimeVersions) > 0 || s.Phases.Install.Extra["runtime-versions"] != nil)
}

// wantsRuntime reports whether an image is one of those that AWS has retired and
// that are known to refuse builds without runtime-versions.
func wantsRuntime(image string) bool {
	name, ok := strings.CutPrefix(image, "aws/codebuild/")
	if !ok {
		return false
	}
	name, tag, _ := strings.Cut(name, ":")
	tag, _, _ = strings.Cut(tag, "-")
	switch name {
	case "standard":
		return tag == "2.0" || tag == "3.0"
	case "amazonlinux2-x86_64-standard":
		return tag == "1.0" || tag == "2.0"
	case "amazonlinux2-aarch64-standard":
		return tag == "1.0"
	}
	return false
}
