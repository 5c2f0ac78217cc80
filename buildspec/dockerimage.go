package buildspec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/emit"
)

// DockerImage is the recipe of a build that makes a container image, pushes it to
// ECR, and writes the file that tells the deploy action of CodePipeline which
// image that is. [DockerImage.Spec] makes the buildspec.
//
// The image has a tag that no other build of the project has, build-<number>-<commit>,
// and the file names exactly that one. So a second build of a commit is no conflict
// where ECR keeps tags immutable, nothing deploys a tag that has moved, and a source
// without a commit (its revision may be empty, or begin with what no tag may begin
// with) needs no other form. A lifecycle policy finds the tags by the prefix build-.
//
// All that matters happens in the build phase, whose first failing command ends
// it: an image is pushed only after it was built and the commands of Before have
// succeeded, and the file is written only after the push. CodePipeline then finds
// no file to deploy. (A post_build phase would run after a failed build, too.)
//
// The buildspec holds no account and no region: the repository comes from a
// variable, and CodeBuild sets AWS_DEFAULT_REGION. The build's role needs
// ecr:GetAuthorizationToken and the right to push; its environment must be
// privileged and have the architecture of the image, or else set Platform and
// provide emulation.
type DockerImage struct {
	// Containers are the names of the containers in the task definition that get
	// the image. At least one, unless CodeDeploy is set.
	Containers []string
	// CodeDeploy writes what the action CodeDeployToECS wants, imageDetail.json,
	// instead of what the action ECS wants, imagedefinitions.json. Containers has
	// no effect then: the task definition has <IMAGE1_NAME> in their place.
	CodeDeploy bool
	// File is the name of the file; empty means imagedefinitions.json, or with
	// CodeDeploy imageDetail.json, which is the only name that its action takes.
	File string
	// RepositoryVariable is the environment variable with the URI of the
	// repository, without a tag; empty means REPOSITORY_URI. The build project sets
	// it, or ParameterStore does.
	RepositoryVariable string
	// ParameterStore has variables whose values are names of parameters.
	ParameterStore []Variable
	// Context is the directory to build; empty means the source's own.
	Context string
	// Dockerfile is its path; empty means the Dockerfile in Context.
	Dockerfile string
	// Platform is such as linux/arm64 or linux/amd64; empty means that of the
	// machine that builds.
	Platform string
	// BuildArgs are NAME=value, which is passed on as it is, or NAME, whose value is
	// that of the environment variable. They stay in the image's history: no secrets.
	BuildArgs []string
	// Before are commands that run before the image is built, such as tests.
	Before []string
	// After are commands that run when the file is written. $IMAGE is the image.
	After []string
	// Files are further files to hand on, such as taskdef.json and appspec.yaml.
	Files []string
}

// Spec returns the buildspec, or a [slipway.Problems] whose paths are the fields
// that cannot be used.
func (d DockerImage) Spec() (*Spec, error) {
	if err := d.problems().Err(); err != nil {
		return nil, err
	}
	repository := cmp.Or(d.RepositoryVariable, "REPOSITORY_URI")
	file := d.file()
	s := &Spec{
		Version: "0.2",
		Phases: Phases{
			PreBuild: &Phase{Commands: []string{
				`IMAGE="${` + repository + `:?}:build-$CODEBUILD_BUILD_NUMBER-$CODEBUILD_RESOLVED_SOURCE_VERSION"`,
				`aws ecr get-login-password --region "$AWS_DEFAULT_REGION" | docker login --username AWS --password-stdin "${` + repository + `%%/*}"`,
			}},
			Build: &Phase{Commands: slices.Concat(d.Before, []string{d.build(), `docker push "$IMAGE"`, d.write(file)}, d.After)},
		},
		Artifacts: &Artifacts{Files: append([]string{file}, d.Files...)},
	}
	if d.ParameterStore != nil {
		s.Env = &Env{ParameterStore: d.ParameterStore}
	}
	return s, nil
}

const imageDetail = "imageDetail.json"

func (d *DockerImage) file() string {
	if d.CodeDeploy {
		return imageDetail
	}
	return cmp.Or(d.File, "imagedefinitions.json")
}

// build returns the command that builds the image.
func (d *DockerImage) build() string {
	b := []byte(`docker build --tag "$IMAGE"`)
	if d.Platform != "" {
		b = append(append(b, " --platform "...), shellQuote(d.Platform)...)
	}
	if d.Dockerfile != "" {
		b = append(append(b, " --file "...), shellQuote(d.Dockerfile)...)
	}
	for _, arg := range d.BuildArgs {
		b = append(append(b, " --build-arg "...), shellQuote(arg)...)
	}
	return string(append(append(b, ' '), shellQuote(cmp.Or(d.Context, "."))...))
}

// write returns the command that writes the file for the deploy action.
func (d *DockerImage) write(file string) string {
	var format, args []byte
	if d.CodeDeploy {
		format, args = []byte(`{"ImageURI":"%s"}`), []byte(` "$IMAGE"`)
	} else {
		format = append(format, '[')
		for i, name := range d.Containers {
			if i > 0 {
				format = append(format, ',')
			}
			format = append(format, `{"name":`...)
			format = append(format, printfEscape(string(emit.AppendJSONString(nil, name)))...)
			format = append(format, `,"imageUri":"%s"}`...)
			args = append(args, ` "$IMAGE"`...)
		}
		format = append(format, ']')
	}
	return "printf " + shellQuote(string(format)) + string(args) + " > " + shellQuote(file)
}

// problems returns what the recipe cannot make a buildspec of.
func (d *DockerImage) problems() slipway.Problems {
	var ps slipway.Problems
	addf := func(path, format string, args ...any) {
		ps = append(ps, &slipway.Problem{Path: path, Message: fmt.Sprintf(format, args...)})
	}
	if len(d.Containers) == 0 && !d.CodeDeploy {
		addf("Containers", "no container is named; the deploy action replaces the image of none")
	}
	for i, name := range d.Containers {
		if name == "" || slices.Index(d.Containers, name) < i {
			addf(slipway.Path("Containers", i), "found %q, want a name that no other container has", name)
		}
	}
	if d.CodeDeploy && d.File != "" && d.File != imageDetail {
		addf("File", "found %q, the action CodeDeployToECS takes only %s", d.File, imageDetail)
	}
	if d.RepositoryVariable != "" && !isEnvName(d.RepositoryVariable) {
		addf("RepositoryVariable", "found %q, want the name of an environment variable", d.RepositoryVariable)
	}
	for i, arg := range d.BuildArgs {
		if name, _, _ := strings.Cut(arg, "="); !isEnvName(name) {
			addf(slipway.Path("BuildArgs", i), "found %q, want NAME=value or NAME", arg)
		}
	}
	for _, f := range []struct{ path, text string }{
		{"File", d.File}, {"Context", d.Context}, {"Dockerfile", d.Dockerfile}, {"Platform", d.Platform},
	} {
		if strings.HasPrefix(f.text, "-") || strings.ContainsFunc(f.text, unicode.IsControl) {
			addf(f.path, "found %q, want a text without control characters that does not begin with a dash", f.text)
		}
	}
	return ps.Sorted()
}

// printfEscape returns the format with which printf writes s.
func printfEscape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "%", "%%")
}

// shellQuote returns s as one word of a POSIX shell, in quotes where it must be.
func shellQuote(s string) string {
	safe := s != ""
	for i := range len(s) {
		c := s[i]
		safe = safe && ('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_-./:=@,+", c) >= 0)
	}
	if safe {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
