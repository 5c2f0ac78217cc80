package rehearse

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
)

// A docker is the state of the Docker daemon of one build.
type docker struct {
	mu     sync.Mutex
	local  map[string]string // reference to digest
	logins map[string]bool   // hosts of registries
	pushed []string          // references, in order
}

func newDocker() *docker { return &docker{local: map[string]string{}, logins: map[string]bool{}} }

// reference completes the name of an image as Docker does.
func reference(name string) string {
	if strings.Contains(name, "@") {
		return name
	}
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		return name
	}
	return name + ":latest"
}

// registry returns the host of the registry of an image.
func registry(ref string) string {
	host, _, ok := strings.Cut(ref, "/")
	if ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

// repository returns an image without its tag and digest.
func repository(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		return ref[:i]
	}
	return ref
}

func digestOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// dockerCLI stands in for docker: it builds nothing, but holds commands to what
// must be there, in the order in which it must be done.
func dockerCLI(_ context.Context, c *Call) error {
	args := c.Args[1:]
	for len(args) > 0 && args[0] == "--debug" {
		args = args[1:]
	}
	if len(args) == 0 {
		return c.failf(1, "missing command")
	}
	verb, args := args[0], args[1:]
	if (verb == "image" || verb == "buildx" || verb == "container") && len(args) > 0 {
		verb, args = strings.TrimPrefix(verb+" ", "image ")+args[0], args[1:]
	}
	if slices.Contains(args, "--password-stdin") || slices.Contains(args, "-") {
		// Before the lock is taken: another docker may be what feeds this one.
		data, err := c.input("-")
		if err != nil {
			return c.fail(err)
		}
		next := *c
		next.Stdin = bytes.NewReader(data)
		c = &next
	}
	state := c.c.docker
	state.mu.Lock()
	defer state.mu.Unlock()
	switch verb {
	case "version", "--version", "-v":
		c.printf("Docker version 27.0.0, build rehearsal\n")
		return nil
	case "login", "logout":
		return c.dockerLogin(state, verb, args)
	}
	if !c.c.privileged {
		return c.daemon("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")
	}
	switch verb {
	case "build", "buildx build":
		return c.dockerBuild(state, args)
	case "tag":
		return c.dockerTag(state, args)
	case "push":
		return c.dockerPush(state, args)
	case "pull":
		return c.dockerPull(state, args)
	case "images", "ls":
		return c.dockerImages(state, args)
	case "inspect":
		return c.dockerInspect(state, args)
	case "info", "ps", "rmi", "rm", "prune", "system", "buildx create", "buildx use", "buildx ls", "buildx inspect":
		return nil
	}
	return c.failf(1, "no stand-in for docker %s; allow docker, or add a stand-in", verb)
}

// daemon reports an error as the daemon of Docker does.
func (c *Call) daemon(message string) error {
	io.WriteString(c.Stderr, message+"\n")
	return ExitStatus(1)
}

func (c *Call) dockerLogin(state *docker, verb string, args []string) error {
	host, password, hasPassword, fromStdin := "docker.io", "", false, false
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		switch name {
		case "-u", "--username", "-p", "--password":
			if !joined && i+1 < len(args) {
				i++
				value = args[i]
			}
			if name == "-p" || name == "--password" {
				password, hasPassword = value, true
			}
		case "--password-stdin":
			fromStdin = true
		default:
			if !strings.HasPrefix(args[i], "-") {
				host = strings.TrimPrefix(strings.TrimPrefix(args[i], "https://"), "http://")
				host, _, _ = strings.Cut(host, "/")
			}
		}
	}
	if verb == "logout" {
		delete(state.logins, host)
		return nil
	}
	if fromStdin {
		data, err := c.input("-")
		if err != nil {
			return c.fail(err)
		}
		password, hasPassword = strings.TrimSpace(string(data)), true
	}
	switch {
	case !hasPassword:
		return c.daemon("Error: Cannot perform an interactive login from a non TTY device")
	case password == "":
		return c.daemon("Error: Password Required")
	}
	state.logins[host] = true
	c.printf("Login Succeeded\n")
	return nil
}

// buildFlags are options of docker build that take a value in the next argument.
const buildFlags = " -t --tag -f --file --build-arg --platform --target --cache-from --cache-to --label --network --secret --ssh " +
	"--progress --output -o --add-host --shm-size --ulimit --memory -m --cpuset-cpus --iidfile --metadata-file --builder --provenance --sbom "

func (c *Call) dockerBuild(state *docker, args []string) error {
	var tags, operands []string
	file, push := "", false
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if !strings.HasPrefix(args[i], "-") || args[i] == "-" {
			operands = append(operands, args[i])
			continue
		}
		if !joined && strings.Contains(buildFlags, " "+name+" ") && name != "--provenance" && name != "--sbom" {
			if i++; i == len(args) {
				return c.daemon("flag needs an argument: " + name)
			}
			value = args[i]
		}
		switch name {
		case "-t", "--tag":
			tags = append(tags, value)
		case "-f", "--file":
			file = value
		case "--push":
			push = true
		}
	}
	if len(operands) != 1 {
		return c.daemon(`ERROR: "docker build" requires exactly 1 argument.`)
	}
	var recipe []byte
	var err error
	switch dir := operands[0]; {
	case dir == "-":
		recipe, err = c.input("-")
	case strings.Contains(dir, "://") || strings.HasPrefix(dir, "git@"):
		return c.failf(1, "a build from %s is not rehearsed", dir)
	default:
		info, statErr := c.c.disk.stat(c.path(dir), true)
		if statErr != nil || !info.IsDir() {
			return c.daemon(`ERROR: unable to prepare context: path "` + dir + `" not found`)
		}
		if file == "" {
			file = path.Join(c.path(dir), "Dockerfile")
		}
		if recipe, err = c.input(file); err != nil {
			return c.daemon("ERROR: failed to read dockerfile: open " + path.Base(file) + ": no such file or directory")
		}
	}
	if err != nil {
		return c.fail(err)
	}
	if message := checkDockerfile(recipe); message != "" {
		return c.daemon("ERROR: failed to solve: " + message)
	}
	for _, tag := range tags {
		if tag == "" || strings.ContainsAny(tag, " \t") || strings.HasPrefix(tag, ":") || strings.HasSuffix(tag, ":") || repository(tag) != strings.ToLower(repository(tag)) {
			return c.daemon(`ERROR: invalid tag "` + tag + `": invalid reference format`)
		}
	}
	digest := digestOf(string(recipe), c.c.opts.Commit)
	for _, tag := range tags {
		state.local[reference(tag)] = digest
		c.printf("naming to %s done\n", reference(tag))
	}
	c.printf("writing image %s done\n", digest)
	if push {
		for _, tag := range tags {
			if err := c.dockerPush(state, []string{tag}); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkDockerfile returns what is wrong with a Dockerfile at first sight.
func checkDockerfile(recipe []byte) string {
	scanner := bufio.NewScanner(strings.NewReader(string(recipe)))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		fields := strings.Fields(scanner.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") || strings.EqualFold(fields[0], "ARG") {
			continue
		}
		if strings.EqualFold(fields[0], "FROM") {
			return ""
		}
		return "dockerfile parse error: no build stage in current context"
	}
	return "the Dockerfile cannot be empty"
}

func (c *Call) dockerTag(state *docker, args []string) error {
	if len(args) != 2 {
		return c.daemon(`"docker tag" requires exactly 2 arguments.`)
	}
	digest, ok := state.local[reference(args[0])]
	if !ok {
		return c.daemon("Error response from daemon: No such image: " + reference(args[0]))
	}
	state.local[reference(args[1])] = digest
	return nil
}

func (c *Call) dockerPush(state *docker, args []string) error {
	all := slices.Contains(args, "--all-tags") || slices.Contains(args, "-a")
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "-") })
	if len(args) != 1 {
		return c.daemon(`"docker push" requires exactly 1 argument.`)
	}
	refs := []string{reference(args[0])}
	if all {
		refs = refs[:0]
		for ref := range state.local {
			if repository(ref) == args[0] {
				refs = append(refs, ref)
			}
		}
		slices.Sort(refs)
	}
	c.printf("The push refers to repository [%s]\n", repository(args[0]))
	for _, ref := range refs {
		digest, ok := state.local[ref]
		if !ok {
			return c.daemon("An image does not exist locally with the tag: " + repository(ref))
		}
		if !state.logins[registry(ref)] {
			if strings.Contains(registry(ref), ".dkr.ecr.") {
				return c.daemon("no basic auth credentials")
			}
			return c.daemon("denied: requested access to the resource is denied")
		}
		if err := c.c.pushImage(ref, digest); err != nil {
			return c.daemon(err.Error())
		}
		state.pushed = append(state.pushed, ref)
		_, tag, _ := strings.Cut(strings.TrimPrefix(ref, repository(ref)), ":")
		c.printf("%s: digest: %s size: 1570\n", tag, digest)
	}
	return nil
}

func (c *Call) dockerPull(state *docker, args []string) error {
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "-") })
	if len(args) == 0 {
		return c.daemon(`"docker pull" requires exactly 1 argument.`)
	}
	ref := reference(args[len(args)-1])
	digest, ok := c.c.images[ref]
	if !ok {
		if strings.Contains(registry(ref), ".dkr.ecr.") {
			// A first build has nothing to warm its cache with, and must live with it.
			return c.daemon("Error response from daemon: manifest for " + ref + " not found: manifest unknown: Requested image not found")
		}
		digest = digestOf(ref)
	}
	state.local[ref] = digest
	c.printf("Digest: %s\nStatus: Downloaded newer image for %s\n%s\n", digest, ref, ref)
	return nil
}

func (c *Call) dockerImages(state *docker, args []string) error {
	quiet := slices.Contains(args, "-q") || slices.Contains(args, "--quiet")
	var refs []string
	for ref := range state.local {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	if !quiet {
		c.printf("REPOSITORY   TAG   IMAGE ID\n")
	}
	for _, ref := range refs {
		id := state.local[ref][7:19]
		if quiet {
			c.printf("%s\n", id)
		} else {
			c.printf("%s   %s   %s\n", repository(ref), strings.TrimPrefix(ref, repository(ref)+":"), id)
		}
	}
	return nil
}

func (c *Call) dockerInspect(state *docker, args []string) error {
	format, ref := "", ""
	for i := 0; i < len(args); i++ {
		switch name, value, joined := strings.Cut(args[i], "="); {
		case (name == "--format" || name == "-f") && joined:
			format = value
		case (name == "--format" || name == "-f") && i+1 < len(args):
			i++
			format = args[i]
		case !strings.HasPrefix(name, "-"):
			ref = reference(args[i])
		}
	}
	digest, ok := state.local[ref]
	if !ok {
		return c.daemon("Error: No such image: " + ref)
	}
	pushed := ""
	if slices.Contains(state.pushed, ref) {
		pushed = repository(ref) + "@" + digest
	}
	switch strings.ReplaceAll(format, " ", "") {
	case "{{index.RepoDigests0}}":
		if pushed == "" {
			return c.daemon("template parsing error: error calling index: index out of range: 0")
		}
		c.printf("%s\n", pushed)
	case "{{.Id}}", "{{.ID}}":
		c.printf("%s\n", digest)
	default:
		return c.failf(1, "no stand-in for docker inspect --format %q; allow docker, or add a stand-in", format)
	}
	return nil
}
