package buildspec_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
)

const (
	commit     = "0123456789abcdef0123456789abcdef01234567"
	registry   = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
	repository = registry + "/team/app"
)

// A build runs the commands of a spec as CodeBuild does, with stand-ins for aws
// and docker. The program whose name and first argument are fail ends with 1.
type build struct {
	env   map[string]string
	fail  string
	dir   string
	calls []string
}

// run runs the phases and reports whether all commands succeeded.
func (b *build) run(t *testing.T, spec *buildspec.Spec) bool {
	t.Helper()
	b.dir = t.TempDir()
	env := []string{"HOME=/root", "AWS_DEFAULT_REGION=eu-west-1", "CODEBUILD_BUILD_SUCCEEDING=1"}
	for name, value := range b.env {
		env = append(env, name+"="+value)
	}
	runner, err := interp.New(interp.Dir(b.dir), interp.Env(expand.ListEnviron(env...)),
		interp.StdIO(nil, t.Output(), t.Output()), interp.ExecHandlers(b.exec))
	if err != nil {
		t.Fatal(err)
	}
	ok := true
	for name, phase := range spec.Phases.All() {
		if !ok && name != buildspec.PostBuild {
			break
		}
		for _, command := range phase.Commands {
			f, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(command), "")
			if err != nil {
				t.Fatalf("%s: %v", command, err)
			}
			if err := runner.Run(t.Context(), f); err != nil {
				var status interp.ExitStatus
				if !errors.As(err, &status) {
					t.Fatalf("%s: %v", command, err)
				}
				ok = false
				break
			}
		}
		if !ok && name != buildspec.Build {
			break // only after a failed build phase does post_build run
		}
	}
	return ok
}

func (b *build) exec(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
	return func(ctx context.Context, args []string) error {
		call := strings.Join(args, "|")
		failed := b.fail != "" && strings.HasPrefix(call, b.fail)
		switch h := interp.HandlerCtx(ctx); {
		case args[0] == "aws" && !failed:
			fmt.Fprintln(h.Stdout, "password")
		case args[0] == "docker" && slices.Contains(args, "--password-stdin"):
			password, err := io.ReadAll(h.Stdin)
			if err != nil {
				return err
			}
			failed = failed || string(password) != "password\n"
		case args[0] != "aws" && args[0] != "docker" && args[0] != "make":
			return fmt.Errorf("the recipe calls %s", args[0])
		}
		if args[0] != "aws" { // it runs beside docker login
			b.calls = append(b.calls, call)
		}
		if failed {
			return interp.ExitStatus(1)
		}
		return nil
	}
}

// file returns the content of a file that the build wrote, or "".
func (b *build) file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(data)
}

func TestDockerImageRuns(t *testing.T) {
	const image = repository + ":build-7-" + commit
	login := "docker|login|--username|AWS|--password-stdin|" + registry
	docker := []string{login, "docker|build|--tag|" + image + "|.", "docker|push|" + image}
	const definitions = `[{"name":"app","imageUri":"` + image + `"}]`

	for _, tt := range []struct {
		name   string
		change func(d *buildspec.DockerImage, b *build)
		calls  []string
		file   string // name of the file; empty means imagedefinitions.json
		want   string // its content; empty means that there is none
	}{
		{name: "all well", calls: docker, want: definitions},
		{
			name:   "no commit",
			change: func(_ *buildspec.DockerImage, b *build) { b.env["CODEBUILD_RESOLVED_SOURCE_VERSION"] = "" },
			calls: []string{
				login, "docker|build|--tag|" + repository + ":build-7-|.", "docker|push|" + repository + ":build-7-",
			},
			want: `[{"name":"app","imageUri":"` + repository + `:build-7-"}]`,
		},
		{name: "build fails", change: func(_ *buildspec.DockerImage, b *build) { b.fail = "docker|build" }, calls: docker[:2]},
		{name: "push fails", change: func(_ *buildspec.DockerImage, b *build) { b.fail = "docker|push" }, calls: docker},
		{name: "login fails", change: func(_ *buildspec.DockerImage, b *build) { b.fail = "docker|login" }, calls: docker[:1]},
		{name: "no password", change: func(_ *buildspec.DockerImage, b *build) { b.fail = "aws|ecr" }, calls: docker[:1]},
		{name: "no repository", change: func(_ *buildspec.DockerImage, b *build) { b.env["REPOSITORY_URI"] = "" }},
		{
			name: "tests fail",
			change: func(d *buildspec.DockerImage, b *build) {
				d.Before, b.fail = []string{"make test"}, "make|test"
			},
			calls: []string{login, "make|test"},
		},
		{
			name: "all fields",
			change: func(d *buildspec.DockerImage, b *build) {
				*d = buildspec.DockerImage{
					Containers: []string{"app", "side car"}, File: "my images.json", RepositoryVariable: "REPO",
					Context: "my app", Dockerfile: "build/Dockerfile", Platform: "linux/arm64",
					BuildArgs: []string{"A=it's $HOME", "STAGE"}, Before: []string{"make test"}, After: []string{`make "done-$IMAGE"`},
				}
				b.env["REPO"], b.env["REPOSITORY_URI"] = b.env["REPOSITORY_URI"], ""
			},
			calls: []string{
				login, "make|test",
				"docker|build|--tag|" + image + "|--platform|linux/arm64|--file|build/Dockerfile|--build-arg|A=it's $HOME|--build-arg|STAGE|my app",
				"docker|push|" + image, "make|done-" + image,
			},
			file: "my images.json",
			want: `[{"name":"app","imageUri":"` + image + `"},{"name":"side car","imageUri":"` + image + `"}]`,
		},
		{
			name:   "CodeDeploy",
			change: func(d *buildspec.DockerImage, _ *build) { *d = buildspec.DockerImage{CodeDeploy: true} },
			calls:  docker, file: "imageDetail.json", want: `{"ImageURI":"` + image + `"}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &build{env: map[string]string{
				"REPOSITORY_URI": repository, "CODEBUILD_RESOLVED_SOURCE_VERSION": commit, "CODEBUILD_BUILD_NUMBER": "7",
			}}
			d := buildspec.DockerImage{Containers: []string{"app"}}
			if tt.change != nil {
				tt.change(&d, b)
			}
			spec, err := d.Spec()
			if err != nil {
				t.Fatal(err)
			}
			if got, want := b.run(t, parseRendered(t, spec)), tt.want != ""; got != want {
				t.Errorf("the build succeeded: %t, want %t", got, want)
			}
			if diff := cmp.Diff(tt.calls, b.calls); diff != "" {
				t.Errorf("calls: mismatch (-want +got):\n%s", diff)
			}
			file := "imagedefinitions.json"
			if tt.file != "" {
				file = tt.file
			}
			if diff := cmp.Diff(tt.want, b.file(t, file)); diff != "" {
				t.Errorf("%s: mismatch (-want +got):\n%s", file, diff)
			}
			if spec.Artifacts.Files[0] != file {
				t.Errorf("artifacts are %q, want %s first", spec.Artifacts.Files, file)
			}
		})
	}
}

// parseRendered returns the spec that a user's file gives, and fails when there
// is anything to find in it.
func parseRendered(t *testing.T, spec *buildspec.Spec) *buildspec.Spec {
	t.Helper()
	text, err := spec.Render()
	if err != nil {
		t.Fatal(err)
	}
	again, err := buildspec.Parse("buildspec.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(spec, again); diff != "" {
		t.Errorf("mismatch (-built +read):\n%s", diff)
	}
	if found := again.Check(); len(found) > 0 {
		t.Error(found)
	}
	return again
}

// awkward are names that a container may not have, so that the quoting is tried.
var awkward = []string{"a b", `"`, `\`, `\n`, "%s", "100%", "'", "$HOME", "`id`", "é", "{{x}}", "-n", "\t", "a: b"}

// TestDockerImageAwkwardNames runs the recipe in the interpreter and, where there
// is one, in the system's own shell.
func TestDockerImageAwkwardNames(t *testing.T) {
	spec, err := buildspec.DockerImage{Containers: awkward}.Spec()
	if err != nil {
		t.Fatal(err)
	}
	b := &build{env: map[string]string{"REPOSITORY_URI": "r/x", "CODEBUILD_BUILD_NUMBER": "7"}}
	if !b.run(t, parseRendered(t, spec)) {
		t.Fatal("the build fails")
	}
	checkNames(t, b.file(t, "imagedefinitions.json"))

	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	script := "aws() { echo password; }; docker() { if test $1 = login; then cat; fi; }\n"
	for c := range spec.AllCommands() {
		script += c.Text + " || exit 1\n"
	}
	dir := t.TempDir()
	cmd := exec.Command(sh, "-c", script)
	cmd.Dir, cmd.Env = dir, []string{"REPOSITORY_URI=r/x", "CODEBUILD_BUILD_NUMBER=7"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "imagedefinitions.json"))
	if err != nil {
		t.Fatal(err)
	}
	checkNames(t, string(data))
}

func checkNames(t *testing.T, text string) {
	t.Helper()
	var images []struct{ Name, ImageURI string }
	if err := json.Unmarshal([]byte(text), &images); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var names []string
	for _, image := range images {
		names = append(names, image.Name)
		if image.ImageURI != "r/x:build-7-" {
			t.Errorf("image of %q is %q", image.Name, image.ImageURI)
		}
	}
	if diff := cmp.Diff(awkward, names); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestDockerImageSpec(t *testing.T) {
	spec, err := buildspec.DockerImage{
		Containers:     []string{"app"},
		ParameterStore: []buildspec.Variable{{Name: "REPOSITORY_URI", Value: "/app/repository"}},
		Files:          []string{"taskdef.json"},
	}.Spec()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"imagedefinitions.json", "taskdef.json"}, spec.Artifacts.Files); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]buildspec.Variable{{Name: "REPOSITORY_URI", Value: "/app/repository"}}, spec.Env.ParameterStore); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestDockerImageProblems(t *testing.T) {
	for _, tt := range []struct {
		path   string
		change func(d *buildspec.DockerImage)
	}{
		{"Containers", func(d *buildspec.DockerImage) { d.Containers = nil }},
		{"Containers[1]", func(d *buildspec.DockerImage) { d.Containers = []string{"a", "a"} }},
		{"Containers[0]", func(d *buildspec.DockerImage) { d.Containers = []string{""} }},
		{"File", func(d *buildspec.DockerImage) { d.CodeDeploy, d.File = true, "images.json" }},
		{"RepositoryVariable", func(d *buildspec.DockerImage) { d.RepositoryVariable = "a-b" }},
		{"BuildArgs[1]", func(d *buildspec.DockerImage) { d.BuildArgs = []string{"A=b", "=c"} }},
		{"Context", func(d *buildspec.DockerImage) { d.Context = "--pull" }},
		{"Dockerfile", func(d *buildspec.DockerImage) { d.Dockerfile = "a\nb" }},
	} {
		d := buildspec.DockerImage{Containers: []string{"app"}}
		tt.change(&d)
		spec, err := d.Spec()
		var problems slipway.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Path != tt.path || spec != nil {
			t.Errorf("%s: got %v, %v", tt.path, spec, err)
		}
	}
}
