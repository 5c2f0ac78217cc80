package shell

import (
	"slices"
	"strings"
)

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
	// Exists says whether the file is there after the command: Maybe, when the
	// command may not run. Content is what it has if it is there.
	Exists Answer
	// Later says whether a later command may have changed the file, where that is
	// not seen. It is set by [Report.File].
	Later Answer

	seq int // of the event
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
	// source as [File.Name] is, which itself is ".". An empty Dockerfile is the one
	// in Context.
	Dockerfile, Context Text
	// Push says that build also pushes.
	Push bool
	// Daemon says that it cannot work without the daemon, which a build project runs
	// in privileged mode only.
	Daemon bool
	// Open says that there may be more arguments, as an unknown one stood without
	// quotes.
	Open bool
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

	dirs []Text // where alone it writes files; nil is anywhere
	seq  int
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
	// Set says whether the commands or the known environment set it.
	Set Answer
}

// File returns the state of a file after the last command: name is a clean path
// relative to the directory of the source. Where commands are not seen to touch
// it, the result has an empty Path, and Exists is what [Report.MayWrite] says; the
// file may be one of the repository.
func (r *Report) File(name string) File {
	f, ok := r.files[name]
	if !ok {
		return File{Name: Literal(name), Content: Variable(""), Exists: r.MayWrite(name)}
	}
	f.Later = r.effects(name, f.seq)
	if r.wild(name, f.seq) {
		f.Later = Maybe
	}
	return f
}

// MayWrite says whether the commands leave a file behind, wherever that is seen:
// Yes, Maybe (only in some runs, or something ran that could do anything),
// Unlikely (only ordinary tools ran) or No. It knows nothing of the files of the
// repository.
func (r *Report) MayWrite(name string) Answer {
	f, ok := r.files[name]
	answer := r.effects(name, f.seq)
	if r.wild(name, f.seq) {
		answer = Maybe
	}
	if ok {
		answer = max(answer, f.Exists)
	}
	return answer
}

// MayMatch is [Report.MayWrite] for any of the files for which match is true.
func (r *Report) MayMatch(match func(name string) bool) Answer {
	answer := No
	for _, e := range r.Effects {
		answer = max(answer, e.Files)
	}
	for _, w := range r.Writes {
		if _, ok := w.Name.Known(); !ok {
			answer = max(answer, Maybe)
		}
	}
	for name, f := range r.files {
		if match(name) {
			answer = max(answer, f.Exists)
		}
	}
	return answer
}

// MayUseDocker says whether the commands need the daemon of docker.
func (r *Report) MayUseDocker() Answer {
	answer := No
	for _, e := range r.Effects {
		answer = max(answer, e.Docker)
	}
	for _, d := range r.Docker {
		switch {
		case d.Daemon && d.Sure:
			return Yes
		case d.Daemon || d.Verb == "":
			answer = max(answer, Maybe)
		}
	}
	return answer
}

// MaySet says whether the commands or the known environment set a variable.
func (r *Report) MaySet(name string) Answer {
	answer := r.Var(name).Set
	for _, e := range r.Effects {
		answer = max(answer, e.Variables)
	}
	return answer
}

// Var returns a variable after the last command.
func (r *Report) Var(name string) Var {
	if v, ok := r.vars[name]; ok {
		return v
	}
	return Var{Name: name, Value: Variable(name)}
}

// effects says whether one of the effects after an event may have written a file.
func (r *Report) effects(name string, seq int) Answer {
	answer := No
	for _, e := range slices.Backward(r.Effects) {
		if e.seq <= seq || answer == Maybe {
			break
		}
		if e.Files > answer && (e.dirs == nil || isUnder(name, e.dirs)) {
			answer = e.Files
		}
	}
	return answer
}

func isUnder(name string, dirs []Text) bool {
	for _, d := range dirs {
		dir, ok := d.Known()
		if !ok || dir == "" && !strings.HasPrefix(name, "/") || dir == name || strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// wild reports whether after an event a file was written whose name is not known
// and may be this one.
func (r *Report) wild(name string, seq int) bool {
	for _, w := range slices.Backward(r.Writes) {
		if w.seq <= seq {
			break
		}
		if _, ok := w.Name.Known(); ok || w.Removed {
			continue
		}
		if w.Name.Prefix() != "" && w.Name.Equal(Literal(name)) == No {
			continue
		}
		if w.Name.Prefix() == "" && !strings.HasSuffix("/"+name, w.Name.Suffix()) {
			continue
		}
		return true
	}
	return false
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
