package rehearse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// A buildRun is a build that runs.
type buildRun struct {
	*container
	project *project
	spec    *buildspec.Spec
	action  *pipeline.Action
	out     *Action
	build   *Build
	dirs    map[string]string // input artifact to its directory on the disk
	env     map[string]string // at the start
	runner  *interp.Runner
	failed  bool

	stageIndex, index int             // of the action
	moved             map[string]bool // artifacts that are on the disk now
}

// The names that CodeBuild gives to the phases.
var phaseNames = map[string]string{
	buildspec.Install: "INSTALL", buildspec.PreBuild: "PRE_BUILD", buildspec.Build: "BUILD", buildspec.PostBuild: "POST_BUILD",
}

// build runs a CodeBuild action.
func (r *rehearsal) build(ctx context.Context, stage, number int, a *pipeline.Action, out *Action) error {
	p := r.project(stage, number, a)
	out.Build = &Build{Project: p.name}
	if !p.known {
		out.Notes = append(out.Notes, fmt.Sprintf("the project %s is in no template of the bundle: nothing is known of its environment", p.name))
	}
	if a.Configuration["BatchEnabled"] == "true" {
		out.State, out.Message = NotRehearsed, "batch builds are not rehearsed"
		r.outputsUnknown(a)
		return nil
	}
	dir, err := os.MkdirTemp(r.root.Name(), "build-")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	c := &container{rehearsal: r, stage: r.pipeline.Stages[stage].Name, action: out.Name, cancel: cancel, arm: p.arm, privileged: p.privileged,
		docker: newDocker(), missing: map[string]bool{}, refused: map[string]bool{}}
	if c.disk, err = newDisk(dir, r.opts.MaxBytes, c.deny); err != nil {
		cancel(nil)
		return err
	}
	b := &buildRun{container: c, project: p, action: a, out: out, build: out.Build, dirs: map[string]string{},
		stageIndex: stage, index: number, moved: map[string]bool{}}
	watched := make(chan struct{})
	go func() { defer close(watched); c.watch(ctx) }()
	err = b.run(ctx)
	cancel(context.Canceled)
	<-watched
	out.Build.Pushed = c.docker.pushed
	out.Build.Missing = slices.Sorted(maps.Keys(c.missing))
	for _, name := range slices.Sorted(maps.Keys(c.refused)) {
		out.Notes = append(out.Notes, fmt.Sprintf("writing to %s was refused: it is outside of the rehearsal", name))
	}
	return errors.Join(err, c.close())
}

// run runs the build. What is wrong with the build makes the action fail; an error
// is what ends the rehearsal.
func (b *buildRun) run(ctx context.Context) error {
	download := Phase{Name: "DOWNLOAD_SOURCE", State: Succeeded}
	if err := b.inputs(ctx); err != nil {
		return err
	}
	message := b.findSpec()
	if message == "" {
		message = b.environment()
	}
	if message != "" && b.isUnknown(b.action) {
		b.out.State, b.out.Message = NotRehearsed, unknownInput
		b.outputsUnknown(b.action)
		return nil
	}
	if message != "" {
		download.State, download.Message = Failed, message
		b.build.Phases = append(b.build.Phases, download)
		b.out.fail(message)
		return nil
	}
	b.build.Phases = append(b.build.Phases, download)
	if b.spec.RunAs != "" {
		b.out.Notes = append(b.out.Notes, "run-as is not rehearsed: all commands have the same rights")
	}
	skip := false
	for _, name := range []string{buildspec.Install, buildspec.PreBuild, buildspec.Build, buildspec.PostBuild} {
		phase := b.phase(name)
		if phase == nil {
			continue
		}
		if skip {
			b.build.Phases = append(b.build.Phases, Phase{Name: phaseNames[name], State: DidNotRun})
			continue
		}
		ok, err := b.runPhase(ctx, name, phase)
		if err != nil {
			return err
		}
		switch {
		case ok, strings.EqualFold(string(phase.OnFailure), string(buildspec.Continue)):
		case strings.EqualFold(string(phase.OnFailure), string(buildspec.Abort)), name != buildspec.Build:
			skip = true
		}
	}
	b.exportVariables()
	return b.upload()
}

func (b *buildRun) phase(name string) *buildspec.Phase {
	switch name {
	case buildspec.Install:
		return b.spec.Phases.Install
	case buildspec.PreBuild:
		return b.spec.Phases.PreBuild
	case buildspec.Build:
		return b.spec.Phases.Build
	}
	return b.spec.Phases.PostBuild
}

// sourceDir is where CodeBuild puts source number i.
func sourceDir(i int) string { return fmt.Sprintf("%s/src%d/src", base, i+1) }

// inputs copies the input artifacts to the disk, the primary one first.
func (b *buildRun) inputs(ctx context.Context) error {
	names := make([]string, 0, len(b.action.InputArtifacts))
	for _, in := range b.action.InputArtifacts {
		if in.Name == b.action.Configuration["PrimarySource"] {
			names = slices.Insert(names, 0, in.Name)
			continue
		}
		names = append(names, in.Name)
	}
	t := &tree{what: "the input of the build", maxFiles: b.opts.MaxFiles, maxBytes: b.opts.MaxBytes}
	for i, name := range names {
		b.dirs[name] = sourceDir(i)
		if b.isLastUse(name) {
			if err := b.move(name, sourceDir(i)); err != nil {
				return err
			}
			continue
		}
		from, err := b.root.OpenRoot(b.artifacts[name])
		if err != nil {
			return err
		}
		err = t.copy(ctx, from.FS(), b.disk.root, rel(sourceDir(i)))
		if err := errors.Join(err, from.Close()); err != nil {
			return err
		}
	}
	if len(names) > 0 {
		b.container.clone = b.rehearsal.clone[names[0]]
	}
	return b.disk.mkdirAll(sourceDir(0))
}

// isLastUse reports whether no other action of this stage or a later one reads an
// artifact.
func (b *buildRun) isLastUse(name string) bool {
	for i := b.stageIndex; i < len(b.pipeline.Stages); i++ {
		for j, a := range b.pipeline.Stages[i].Actions {
			if (i != b.stageIndex || j != b.index) &&
				slices.ContainsFunc(a.InputArtifacts, func(in pipeline.InputArtifact) bool { return in.Name == name }) {
				return false
			}
		}
	}
	return !b.moved[name]
}

// move makes the directory of an artifact one of the disk.
func (b *buildRun) move(name, to string) error {
	if err := b.disk.mkdirAll(path.Dir(to)); err != nil {
		return err
	}
	b.moved[name] = true
	return os.Rename(filepath.Join(b.root.Name(), b.artifacts[name]), b.disk.host(to))
}

// findSpec finds the buildspec. It returns what is wrong with it.
func (b *buildRun) findSpec() string {
	text := firstNonEmpty(b.action.Configuration["BuildspecOverride"], b.project.buildspec)
	if strings.Contains(text, "\n") || strings.HasPrefix(text, "{") {
		b.build.Buildspec = "inline"
		return b.parse("inline buildspec", []byte(text))
	}
	if strings.HasPrefix(text, "arn:") {
		b.build.Buildspec = text
		return "a buildspec in S3 is not rehearsed"
	}
	file := path.Clean(firstNonEmpty(text, "buildspec.yml"))
	b.build.Buildspec = file
	at := abs(sourceDir(0), file)
	data, err := b.disk.readFile(at)
	if spec := b.world.spec(file); spec != nil {
		// The bundle is what is rehearsed: what it would write counts.
		rendered, renderErr := spec.Render()
		if renderErr != nil {
			return "YAML_FILE_ERROR: " + renderErr.Error()
		}
		if err != nil || !sameSpec(file, data, rendered) {
			if err == nil {
				b.out.Notes = append(b.out.Notes, fmt.Sprintf("the %s of the source differs from the bundle's, which was run", file))
			}
			if err := errors.Join(b.disk.mkdirAll(path.Dir(at)), b.disk.writeFile(at, rendered)); err != nil {
				return err.Error()
			}
		}
		b.spec = spec
		return b.checkSpec(file)
	}
	if err != nil {
		return fmt.Sprintf("YAML_FILE_ERROR: stat %s: no such file or directory", at)
	}
	return b.parse(file, data)
}

// sameSpec reports whether a file says what the rendered buildspec says.
func sameSpec(file string, data, rendered []byte) bool {
	if string(data) == string(rendered) {
		return true
	}
	spec, err := buildspec.ParseLax(file, data)
	if err != nil {
		return false
	}
	again, err := spec.Render()
	return err == nil && string(again) == string(rendered)
}

func (b *buildRun) parse(file string, data []byte) string {
	spec, err := buildspec.ParseLax(file, data)
	if err != nil {
		return "YAML_FILE_ERROR: " + err.Error()
	}
	b.spec = spec
	return b.checkSpec(file)
}

// checkSpec refuses what CodeBuild cannot read, such as a command that is a map.
func (b *buildRun) checkSpec(file string) string {
	if b.spec.Source != nil {
		if wrong := b.spec.Source.Notes.Errors(); len(wrong) > 0 {
			return "YAML_FILE_ERROR: " + wrong[0].Error()
		}
	}
	for c := range b.spec.AllCommands() {
		if c.Text == "" {
			return "YAML_FILE_ERROR: " + file + ": " + c.Path() + " is empty"
		}
	}
	return ""
}

// runPhase runs a phase, again where its on-failure says so.
func (b *buildRun) runPhase(ctx context.Context, name string, phase *buildspec.Phase) (ok bool, err error) {
	count, pattern, retries := phase.OnFailure.Retry()
	begin := b.opts.Clock()
	out := Phase{Name: phaseNames[name]}
	if phase.RunAs != "" {
		b.out.Notes = append(b.out.Notes, "run-as is not rehearsed: all commands have the same rights")
	}
	for try := 0; ; try++ {
		wasFailed := b.failed
		out.State, out.Message = Succeeded, ""
		failedAt := -1
		for i, text := range phase.Commands {
			if failed, err := b.command(ctx, &out, buildspec.Command{Phase: name, Index: i, Text: text}); err != nil {
				return false, b.end(&out, err)
			} else if failed {
				failedAt = len(out.Commands) - 1
				break
			}
		}
		for i, text := range phase.Finally {
			if _, err := b.command(ctx, &out, buildspec.Command{Phase: name, Finally: true, Index: i, Text: text}); err != nil {
				return false, b.end(&out, err)
			}
		}
		if failedAt < 0 || !retries || try >= min(count, buildspec.MaxRetries) || !matches(pattern, out.Commands[failedAt].Output) {
			break
		}
		b.setSucceeding(wasFailed)
	}
	out.Duration = b.opts.Clock().Sub(begin)
	b.build.Phases = append(b.build.Phases, out)
	return out.State == Succeeded, nil
}

func matches(pattern, output string) bool {
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString(output)
}

// end records a phase that could not go on.
func (b *buildRun) end(out *Phase, err error) error {
	out.State, out.Message = Failed, err.Error()
	b.build.Phases = append(b.build.Phases, *out)
	b.out.fail(err.Error())
	if b.isBroken() {
		return nil
	}
	return err
}

// command runs one command and adds it to the phase.
func (b *buildRun) command(ctx context.Context, phase *Phase, c buildspec.Command) (failed bool, err error) {
	b.emit(CommandStarted{b.stage, b.out.Name, phase.Name, c.Text})
	begin := b.opts.Clock()
	out := &output{}
	b.mu.Lock()
	b.container.out, b.calls = out, nil
	b.mu.Unlock()
	err = b.eval(ctx, b.shellFor(), c.Text)
	b.mu.Lock()
	b.container.out = nil
	cmd := Command{Path: c.Path(), Text: c.Text, Output: string(out.text), Truncated: out.truncated, Calls: slices.Clone(b.calls)}
	b.mu.Unlock()
	slices.SortStableFunc(cmd.Calls, func(x, y Invocation) int { return cmp.Compare(x.at, y.at) })
	cmd.Duration = b.opts.Clock().Sub(begin)
	var status ExitStatus
	switch {
	case errors.As(err, &status):
		cmd.ExitStatus, err, failed = int(status), nil, true
	case err != nil:
		cmd.ExitStatus, failed = 1, true
	}
	phase.Commands = append(phase.Commands, cmd)
	b.emit(CommandEnded{b.stage, b.out.Name, &phase.Commands[len(phase.Commands)-1]})
	if failed && err == nil {
		b.setSucceeding(true)
		if phase.State == Succeeded {
			phase.State = Failed
			phase.Message = fmt.Sprintf("COMMAND_EXECUTION_ERROR: Error while executing command: %s. Reason: exit status %d", c.Text, cmd.ExitStatus)
		}
		if b.out.State == Succeeded {
			b.out.fail(phase.Name + ": " + phase.Message)
		}
	}
	return failed, err
}

// shellFor returns the shell of the next command: in version 0.1 each has its own.
func (b *buildRun) shellFor() *interp.Runner {
	if b.spec.Version != "0.1" {
		return b.runner
	}
	env := maps.Clone(b.env)
	if b.failed {
		env["CODEBUILD_BUILD_SUCCEEDING"] = "0"
	}
	r, err := b.shell(sourceDir(0), env)
	if err != nil {
		return b.runner
	}
	return r
}

// setSucceeding says whether the build has failed, to the commands too.
func (b *buildRun) setSucceeding(failed bool) {
	b.failed = failed
	value := "1"
	if failed {
		value = "0"
	} else if b.out.State == Failed {
		b.out.State, b.out.Message = Succeeded, ""
	}
	_ = b.eval(context.Background(), b.runner, "export CODEBUILD_BUILD_SUCCEEDING="+value) // cannot fail
}

// exportVariables takes the exported variables from the shell.
func (b *buildRun) exportVariables() {
	if b.spec.Env == nil {
		return
	}
	for _, name := range b.spec.Env.ExportedVariables {
		value, ok := b.env[name]
		if v, set := b.runner.Vars[name]; set && v.IsSet() {
			value, ok = v.String(), true
		}
		if ok {
			b.out.Variables = append(b.out.Variables, Variable{name, value})
		}
	}
}
