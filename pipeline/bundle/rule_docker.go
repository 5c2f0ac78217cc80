package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var privilegedModeRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/privileged-mode", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html#troubleshooting-cannot-connect-to-docker-daemon",
		Doc: "A project whose build needs the daemon of docker runs in privileged mode.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].builds {
				if b := &v.groups[i].builds[j]; b.Project != nil && b.Buildspec != nil {
					checkPrivileged(b, r)
				}
			}
		}
	},
}

func checkPrivileged(b *build, r *check.Report) {
	project := b.Project.Model
	privileged, ok := project.PrivilegedMode.Get(false)
	kind, known := project.Type.Get("LINUX_CONTAINER")
	if privileged || !ok || !known || b.isBatch() || b.Buildspec.Model.Batch != nil || project.hasOwnDocker() {
		return
	}
	lambda := strings.HasSuffix(kind, "LAMBDA_CONTAINER")
	if !lambda && kind != "LINUX_CONTAINER" && kind != "ARM_CONTAINER" && kind != "LINUX_GPU_CONTAINER" {
		return
	}
	report := b.commands()
	if v := report.Var("DOCKER_HOST"); v.Path != "" || b.gives("DOCKER_HOST") {
		return
	}
	for _, d := range report.Docker {
		if !d.Daemon {
			continue
		}
		where, message := "Environment.PrivilegedMode", "the build calls docker, whose daemon runs only in privileged mode; set PrivilegedMode: true"
		if lambda {
			where, message = "Environment.Type", "the build calls docker, which does not run on Lambda compute; take LINUX_CONTAINER or ARM_CONTAINER, with PrivilegedMode: true"
		}
		p := addf(r, b.Project, where, "%s", message)
		image, _ := project.Image.Get("")
		if !d.Sure || !project.Image.Known() || strings.HasPrefix(image, "aws/codebuild/docker:") {
			p.Severity = slipway.Warning // those images may start the daemon themselves
		}
		relate(p, b.Buildspec.Place(d.Place.Path, strings.TrimSpace(d.Tool+" "+d.Verb)))
		return
	}
}

// hasOwnDocker reports whether the build may use a daemon that is not its own: of a
// docker server, or of a fleet.
func (p *Project) hasOwnDocker() bool {
	environment := propertyObject(p.Resource, "Environment")
	return environment == nil || environment.Get("DockerServer") != nil || environment.Get("Fleet") != nil
}

// gives reports whether the project, the action or the buildspec sets a variable.
func (b *build) gives(name string) bool {
	for _, v := range b.variables() {
		if v.Name == name {
			return true
		}
	}
	if e := b.Buildspec.Model.Env; e != nil {
		for _, v := range e.Variables {
			if v.Name == name {
				return true
			}
		}
	}
	return false
}

var architectureRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/architecture", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
		Doc: "An image is built for the processor on which the task runs.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			g := &v.groups[i]
			for j := range g.builds {
				if b := &g.builds[j]; b.Buildspec != nil {
					if task := g.taskFrom(v, b); task != nil {
						checkArchitecture(b, task, r)
					}
				}
			}
		}
	},
}

// taskFrom returns the task definition whose image a build makes, or nil.
func (g *group) taskFrom(v *view, b *build) *Part[*taskdef.Definition] {
	if g.Pipeline == nil {
		if len(g.builds) == 1 && len(g.Deploys) == 1 {
			return g.Deploys[0].Task
		}
		return nil
	}
	for i := range g.Deploys {
		d := &g.Deploys[i]
		if d.Action == nil {
			continue
		}
		for _, in := range d.Action.InputArtifacts {
			if g.maker(in.Name).build == b {
				return v.taskOf(d)
			}
		}
	}
	return nil
}

// platform returns the platform of the task, such as linux/arm64; "" is unknown.
func platform(task *taskdef.Definition) string {
	if _, unread := task.Extra["runtimePlatform"]; unread || task.IsWindows() {
		return ""
	}
	p := task.RuntimePlatform
	switch {
	case p != nil && p.Extra["cpuArchitecture"] != nil:
		return ""
	case p != nil && p.CPUArchitecture == taskdef.CPUArchitectureARM64:
		return "linux/arm64"
	case p != nil && p.CPUArchitecture == taskdef.CPUArchitectureX8664:
		return "linux/amd64"
	case (p == nil || p.CPUArchitecture == "") && task.IsFargate():
		return "linux/amd64"
	}
	return ""
}

// machine returns the platform of the machine that builds; "" is unknown.
func (b *build) machine() string {
	if b.Project == nil {
		return ""
	}
	switch b.Project.Model.Type.Value {
	case "ARM_CONTAINER", "ARM_EC2", "ARM_LAMBDA_CONTAINER":
		return "linux/arm64"
	case "LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "LINUX_EC2", "LINUX_LAMBDA_CONTAINER":
		return "linux/amd64"
	}
	return ""
}

func checkArchitecture(b *build, task *Part[*taskdef.Definition], r *check.Report) {
	runs := platform(task.Model)
	report := b.commands()
	if runs == "" || report.Var("DOCKER_DEFAULT_PLATFORM").Path != "" || b.gives("DOCKER_DEFAULT_PLATFORM") {
		return
	}
	for _, d := range report.Docker {
		if d.Verb != "build" || d.Tool != "docker" && d.Tool != "podman" {
			continue
		}
		built, why := b.platformOf(d)
		if built == "" || built == runs || !known(built) {
			continue
		}
		p := addf(r, b.Buildspec, d.Place.Path, "the image is built for %s%s, and the task runs on %s; build with --platform %s or on a machine of that kind, or change the task's cpuArchitecture", built, why, runs, runs)
		if len(d.Platforms) == 0 && !b.dockerfileIsNeutral(d) || !d.Sure {
			p.Severity = slipway.Warning
		}
		where := "runtimePlatform.cpuArchitecture"
		if task.Model.RuntimePlatform == nil {
			where = "runtimePlatform"
		}
		relate(p, task.Place(where, "the processor of the task, "+runs))
		if len(d.Platforms) == 0 {
			relate(p, b.Project.Place("Environment.Type", "the machine that builds, "+built))
		}
	}
}

// known reports whether a platform is one of those that are compared.
func known(platform string) bool { return platform == "linux/amd64" || platform == "linux/arm64" }

// platformOf returns for which platform an image is built, and why; "" where that
// is not known, or where there are several.
func (b *build) platformOf(d shell.Docker) (platform, why string) {
	if len(d.Platforms) == 0 {
		if b.Project == nil || !b.Project.Model.Type.Known() {
			return "", ""
		}
		return b.machine(), ", as the project is " + b.Project.Model.Type.Value
	}
	if len(d.Platforms) > 1 {
		return "", ""
	}
	s, ok := d.Platforms[0].Known()
	if !ok {
		return "", ""
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "/v8"), "/v1")
	switch s {
	case "linux/x86_64", "amd64", "x86_64":
		s = "linux/amd64"
	case "linux/aarch64", "arm64", "aarch64":
		s = "linux/arm64"
	}
	return s, ""
}

// dockerfileIsNeutral reports whether the Dockerfile is seen and names no platform.
func (b *build) dockerfileIsNeutral(d shell.Docker) bool {
	name, ok := d.Dockerfile.Known()
	if ok && name == "" {
		if name, ok = d.Context.Known(); ok {
			name = strings.TrimPrefix(strings.TrimSuffix(name, "/")+"/Dockerfile", "./")
		}
	}
	text := b.tree.Text(strings.TrimPrefix(name, "/"))
	return ok && text != nil && !strings.Contains(string(text), "--platform") && !strings.Contains(string(text), "amd64") && !strings.Contains(string(text), "arm64")
}
