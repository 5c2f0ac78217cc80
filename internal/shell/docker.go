package shell

import "strings"

// docker records a use of docker.
func (m *machine) docker(d Docker) {
	d.Place = m.here()
	m.seq++
	m.report.Docker = append(m.report.Docker, d)
}

// dockerCLI follows docker and what has its command line.
func (p *process) dockerCLI() Text {
	rest, remote := p.globals()
	d := Docker{Tool: p.name}
	local := p.name == "docker" && !remote
	if len(rest) == 0 {
		return p.unknown()
	}
	verb, ok := rest[0].text.Known()
	if !ok {
		d.Open = true
		p.docker(d)
		return p.unknown()
	}
	rest = rest[1:]
	if verb == "image" || verb == "container" || verb == "builder" || verb == "buildx" || verb == "manifest" {
		group := verb
		if len(rest) == 0 {
			return p.unknown()
		}
		if verb, ok = rest[0].text.Known(); !ok {
			return p.unknown()
		}
		rest = rest[1:]
		if group == "buildx" && verb == "b" {
			verb = "build"
		}
		if group == "manifest" || group == "buildx" && verb != "build" && verb != "bake" {
			verb = group + " " + verb
		}
	}
	d.Verb = verb
	d.Daemon = local && needsDaemon(verb)
	q := &process{machine: p.machine, name: p.name, args: rest, in: p.in}
	switch verb {
	case "build":
		q.dockerBuild(&d)
	case "push", "pull":
		operands, options := q.split(" --platform ")
		d.Images = texts(operands)
		d.Open = d.Open || has(options, "-a", "--all-tags")
		d.Platforms = values(options, "--platform")
	case "tag":
		operands, _ := q.split(" ")
		if len(operands) > 1 {
			d.Source, d.Images = operands[0].text, texts(operands[1:2])
		}
	case "login":
		operands, _ := q.split(" -u --username -p --password ")
		if len(operands) > 0 {
			d.Registry = operands[0].text
		}
	case "run", "create":
		q.dockerRun(&d)
	case "manifest create", "manifest push", "manifest annotate":
		operands, _ := q.split(" --os --arch --variant ")
		d.Images = texts(operands[:min(1, len(operands))])
	case "cp", "save":
		q.dockerFiles(verb)
	case "--version", "-v", "help", "--help":
		return p.unknown()
	}
	p.docker(d)
	return p.unknown()
}

// globals returns the arguments after the options that stand before the verb, and
// whether they choose a daemon elsewhere.
func (p *process) globals() (rest []field, remote bool) {
	if v := p.lookup("DOCKER_HOST"); v.Set != No && isEmpty(v.Value) != Yes && !strings.HasPrefix(v.Value.Prefix(), "unix:") {
		remote = true
	}
	for i := 0; i < len(p.args); i++ {
		switch s, _ := p.args[i].text.Known(); {
		case s == "-H" || s == "--host" || s == "-c" || s == "--context":
			remote = true
			i++
		case s == "--config" || s == "-l" || s == "--log-level":
			i++
		case strings.HasPrefix(s, "--host") || strings.HasPrefix(s, "--context"):
			remote = true
		case s == "--version" || s == "-v" || s == "--help" || !strings.HasPrefix(s, "-"):
			return p.args[i:], remote
		}
	}
	return nil, remote
}

// needsDaemon reports whether a verb of docker cannot work without the daemon.
func needsDaemon(verb string) bool {
	switch verb {
	case "build", "push", "pull", "tag", "run", "create", "start", "exec", "save", "load", "import", "commit",
		"images", "ps", "rmi", "rm", "cp", "compose", "bake", "up", "attach", "logs", "wait", "stop", "kill":
		return true
	}
	return false
}

func texts(fields []field) []Text {
	var list []Text
	for _, f := range fields {
		list = append(list, f.text)
	}
	return list
}

func values(options []option, names ...string) []Text {
	var list []Text
	for _, o := range options {
		for _, name := range names {
			if o.name == name {
				list = append(list, o.value)
			}
		}
	}
	return list
}

const (
	// buildValued are the options of docker build that have a value.
	buildValued = " -t --tag -f --file --platform --build-arg --target --cache-from --cache-to --label --network --secret " +
		"--ssh --progress -o --output --iidfile --metadata-file --add-host --memory -m --cpuset-cpus -c --cpu-shares --ulimit " +
		"--shm-size --isolation --security-opt --builder --build-context --allow --attest --provenance --sbom --annotation " +
		"--cgroup-parent --cpu-period --cpu-quota --memory-swap --no-cache-filter "
	runValued = " -e --env -v --volume -w --workdir -u --user -p --publish --name --network --net --env-file --entrypoint -h --hostname " +
		"--mount -l --label --add-host --memory -m --cpus --platform --link --device --cap-add --security-opt --volumes-from --log-driver --log-opt " +
		"--restart --shm-size --tmpfs --ulimit --pull --cidfile --gpus --ip --ipc --pid --dns --expose -a --attach --health-cmd "
)

func (p *process) dockerBuild(d *Docker) {
	operands, options := p.split(buildValued)
	for _, o := range options {
		switch o.name {
		case "-t", "--tag":
			d.Images = append(d.Images, o.value)
		case "-f", "--file":
			d.Dockerfile = p.resolve(o.value)
		case "--platform":
			d.Platforms = append(d.Platforms, splitComma(o.value)...)
		case "--push":
			d.Push = !o.value.is("false")
		case "-o", "--output":
			if strings.Contains(o.value.String(), "push=true") || strings.Contains(o.value.String(), "type=registry") {
				d.Push = true
			} else if !strings.Contains(o.value.String(), "type=") || strings.Contains(o.value.String(), "type=local") {
				p.effect(Effect{What: "docker " + d.Verb + " --output", Files: Maybe})
			}
		case "--iidfile", "--metadata-file":
			p.write(o.value, Variable(""), false, "docker")
		}
	}
	d.Context = Text{}
	if n := len(operands); n > 0 {
		context := operands[n-1].text
		if d.Context = p.resolve(context); len(d.Context.parts) == 0 {
			d.Context = Literal(".")
		}
		if context.is("-") || strings.Contains(context.String(), "://") {
			d.Context = context
		}
		for _, f := range operands {
			d.Open = d.Open || f.loose && f.text.single() != nil && (n > 1 || d.Images == nil)
		}
	} else {
		d.Open = true
	}
	if d.Platforms == nil {
		if v := p.lookup("DOCKER_DEFAULT_PLATFORM"); v.Set != No {
			d.Platforms = []Text{v.Value}
		}
	}
}

func splitComma(t Text) []Text {
	s, ok := t.Known()
	if !ok {
		return []Text{t}
	}
	var list []Text
	for s := range strings.SplitSeq(s, ",") {
		list = append(list, Literal(s))
	}
	return list
}

// dockerRun finds the image, after which the command of the container stands. The
// container may write into the directories that are mounted.
func (p *process) dockerRun(d *Docker) {
	for i := 0; i < len(p.args); i++ {
		f := p.args[i]
		s := f.text.Prefix()
		if !strings.HasPrefix(s, "-") {
			if !f.loose {
				d.Images = []Text{f.text}
			} else {
				d.Images, d.Open = []Text{f.text}, true
			}
			return
		}
		name, _, eq := strings.Cut(s, "=")
		if name == "-v" || name == "--volume" || name == "--mount" || strings.HasPrefix(name, "-v") {
			p.effect(Effect{What: "docker run with a volume", Files: Maybe})
		}
		if name == "--platform" && i+1 < len(p.args) && !eq {
			d.Platforms = []Text{p.args[i+1].text}
		}
		if !eq && strings.Contains(runValued, " "+name+" ") {
			i++
		}
	}
}

// dockerFiles follows docker cp and docker save -o.
func (p *process) dockerFiles(verb string) {
	operands, options := p.split(" -o --output ")
	for _, t := range values(options, "-o", "--output") {
		p.write(t, Variable(""), false, "docker")
	}
	if verb != "cp" || len(operands) != 2 {
		return
	}
	container, source, ok := strings.Cut(operands[0].text.Suffix(), ":")
	if to := operands[1].text; ok && container != "" || strings.HasPrefix(operands[0].text.Suffix(), ":") {
		base := source[strings.LastIndexByte(source, '/')+1:]
		switch {
		case !p.isDir(to):
			p.write(to, Variable(""), false, "docker")
		case strings.Contains(base, "."):
			p.write(concat(to, Literal("/"+base)), Variable(""), false, "docker")
			return
		}
		p.effect(Effect{What: "docker cp", Files: Maybe, dirs: []Text{p.resolve(to)}})
	}
}

// otherDocker follows other tools that need the daemon.
func (p *process) otherDocker() Text {
	d := Docker{Tool: p.name, Daemon: true}
	operands, options := p.split(" -f --file -p --project-name --builder --env --template-file -t --build-dir -b --region --stack-name --config-file --config-env --profile --host --storage-driver ")
	if len(operands) > 0 {
		d.Verb, _ = operands[0].text.Known()
	}
	switch p.name {
	case "docker-compose":
		if has(options, "--version", "-v") || d.Verb == "version" || d.Verb == "config" {
			return p.unknown()
		}
	case "pack":
		if d.Verb != "build" {
			return p.unknown()
		}
		d.Images = texts(operands[1:])
		d.Push = has(options, "--publish")
	case "sam":
		p.effect(Effect{What: p.what(), Files: Unlikely, Docker: Unlikely})
		if d.Verb != "local" && !has(options, "--use-container", "-u") {
			return p.unknown()
		}
	}
	p.docker(d)
	return p.unknown()
}
