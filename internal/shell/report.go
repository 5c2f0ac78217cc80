package shell

// A Place is where in the commands something stands.
type Place struct {
	// Path is the [Command.Path].
	Path string
	// Offset is where in the text of the command, in bytes, starting at 0.
	Offset int
	// Sure says that this runs in every run in which no command fails: it is not in
	// a branch, a loop, a function or after ||.
	Sure bool
}

// A Report is what commands do. The lists are in the order in which things happen.
type Report struct {
	// Writes are the files that are seen to be written, each as often as it is.
	Writes []File
	// Docker are the uses of docker and its like.
	Docker []Docker
	// Effects are the commands that could do more than what is seen.
	Effects []Effect
	// Notes are the commands that cannot be read.
	Notes []Note

	vars  map[string]Var
	files map[string]File
	dir   Text // that of the last command
}

// A File is a file after a command has written it.
type File struct {
	Place
	// Name is the path, clean and relative to the directory of the source; or
	// absolute, when it is outside of it. Its directory may be unknown.
	Name Text
	// Content is all that the file holds then, including what was there before >>.
	Content Text
	// By is the command that wrote it: printf, cat, jq; "" is a mere redirection.
	By string
	// Removed says that the command removed the file; Content is empty.
	Removed bool
	// Exists says whether the file is there, at this place in the order of events.
	Exists Answer
}

// A Docker is one call of docker, or of a tool that needs its daemon.
type Docker struct {
	Place
	// Tool is docker, docker-compose, podman, pack or sam.
	Tool string
	// Verb is build (also for buildx build), push, pull, tag, login, run, compose
	// and so on; "" is unknown.
	Verb string
	// Images are the tags that build gives, the images that push and pull move, or
	// those that run starts; for tag the new name. No tag stands for :latest where
	// the command has none.
	Images []Text
	// Source is the image that tag gives another name.
	Source Text
	// Registry is what login logs in to; empty is Docker Hub.
	Registry Text
	// Platforms are what --platform of build asks for.
	Platforms []Text
	// Dockerfile and Context are those of build, relative to the directory of the
	// source as [File.Name] is. An empty Dockerfile is the one in Context.
	Dockerfile, Context Text
	// Push says that build also pushes.
	Push bool
	// Daemon says that it cannot work without the daemon, which a build project runs
	// in privileged mode only.
	Daemon bool
}

// An Effect is a command that could do more than what is seen of it.
type Effect struct {
	Place
	// What is the command in short: "npm run build", "source env.sh".
	What string
	// Files is whether it writes files that are not in the report: Unlikely for
	// ordinary tools, Maybe for what could do anything.
	Files Answer
	// Docker is whether it uses docker.
	Docker Answer
	// Variables is whether it sets variables of the shell.
	Variables Answer
}

// A Note is a command that cannot be read.
type Note struct {
	Place
	// Message says why, such as "reached EOF without closing quote".
	Message string
	// Syntax says that no shell could run it either; otherwise it is too long or too
	// deeply nested to be read.
	Syntax bool
}

// A Var is a variable after the last command.
type Var struct {
	Place // of the last command that set it; the Path is empty when none did
	Name  string
	Value Text
	// Exported says that the programs that are called can see it, and CodeBuild can.
	Exported bool
	// Set says whether it is set at all.
	Set Answer
}

// File returns the state of a file after the last command: name is a clean path
// relative to the directory of the source. Where commands are not seen to touch
// it, the result has an empty Path, and Exists is what [Report.MayWrite] says.
func (r *Report) File(name string) File {
	if f, ok := r.files[name]; ok {
		return f
	}
	return File{Name: Literal(name), Content: Variable(""), Exists: r.MayWrite(name)}
}

// MayWrite says whether a file is written by the commands, wherever that is seen:
// Yes, Maybe (only in some runs, or something ran that could do anything),
// Unlikely (only ordinary tools ran) or No.
func (r *Report) MayWrite(name string) Answer {
	answer := No
	for _, e := range r.Effects {
		answer = max(answer, e.Files)
	}
	return answer
}

// MayUseDocker says whether the commands need the daemon of docker.
func (r *Report) MayUseDocker() Answer {
	answer := No
	for _, e := range r.Effects {
		answer = max(answer, e.Docker)
	}
	return answer
}

// MaySet says whether the commands set a variable.
func (r *Report) MaySet(name string) Answer { return r.Var(name).Set }

// Var returns a variable after the last command.
func (r *Report) Var(name string) Var {
	if v, ok := r.vars[name]; ok {
		return v
	}
	return Var{Name: name, Value: Variable(name)}
}
