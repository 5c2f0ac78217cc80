package buildspec

import (
	"iter"

	"github.com/seed-b1f00840/slipway"
)

// The names of the phases, as the file has them.
const (
	Install   = "install"
	PreBuild  = "pre_build"
	Build     = "build"
	PostBuild = "post_build"
)

// All yields the phases that there are with their names, in the order in which
// they run.
func (p *Phases) All() iter.Seq2[string, *Phase] {
	return func(yield func(string, *Phase) bool) {
		_ = (p.Install == nil || yield(Install, p.Install)) &&
			(p.PreBuild == nil || yield(PreBuild, p.PreBuild)) &&
			(p.Build == nil || yield(Build, p.Build)) &&
			(p.PostBuild == nil || yield(PostBuild, p.PostBuild))
	}
}

// A Command is a command with its place.
type Command struct {
	Phase   string // name of the phase: [Install], [PreBuild], [Build] or [PostBuild]
	Finally bool   // in finally, not in commands
	Index   int    // index in the list, starting at 0
	Text    string
}

// Path returns the path of the command, phases.build.commands[0]. The
// [slipway.Source] of the spec has its position.
func (c Command) Path() string {
	list := "commands"
	if c.Finally {
		list = "finally"
	}
	return slipway.Path("phases", c.Phase, list, c.Index)
}

// AllCommands yields the commands of all phases in the order in which they run
// when none fails.
func (s *Spec) AllCommands() iter.Seq[Command] {
	return func(yield func(Command) bool) {
		for name, phase := range s.Phases.All() {
			for i, text := range phase.Commands {
				if !yield(Command{Phase: name, Index: i, Text: text}) {
					return
				}
			}
			for i, text := range phase.Finally {
				if !yield(Command{Phase: name, Finally: true, Index: i, Text: text}) {
					return
				}
			}
		}
	}
}
