package rehearse

// An Event is something that happens in a rehearsal: an [ActionStarted],
// [CommandStarted], [Output], [CommandEnded] or [ActionEnded].
type Event interface{ event() }

// ActionStarted says that an action begins.
type ActionStarted struct {
	Stage, Action string
	Provider      string
}

// CommandStarted says that a command of a build begins.
type CommandStarted struct {
	Stage, Action string
	Phase         string
	Text          string
}

// Output is something that a command has printed.
type Output struct {
	Stage, Action string
	Text          string
}

// CommandEnded says that a command has ended.
type CommandEnded struct {
	Stage, Action string
	Command       *Command
}

// ActionEnded says that an action has ended, or that it did not run.
type ActionEnded struct {
	Stage  string
	Action *Action
}

func (ActionStarted) event()  {}
func (CommandStarted) event() {}
func (Output) event()         {}
func (CommandEnded) event()   {}
func (ActionEnded) event()    {}
