package applytest

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A TaskEnd says what becomes of a task.
type TaskEnd uint8

// The ends of tasks.
const (
	TaskRuns       TaskEnd = iota // until it is stopped
	TaskCrashes                   // its program ends
	TaskCannotPull                // its image cannot be pulled
	TaskUnhealthy                 // its health checks fail
)

// Tasks script what becomes of tasks. Those that nothing is scripted for run, if their
// images are there: one in a repository of the cloud has to have been pushed.
type Tasks struct {
	Service string // name; empty is any
	Image   string // a part of the image of one of the containers; empty is any
	Times   int    // how many tasks; 0 is all

	Do       TaskEnd
	After    time.Duration // how long a crashing task runs; 0 is a second
	ExitCode int           // of a crashing task; 0 is 1, unless there is a Reason
	Reason   string        // of its container: "OutOfMemoryError: Container killed due to memory usage"
	Log      []string      // what it prints, if it has a log group
}

// taskScript is a script with how often it was used.
type taskScript struct {
	Tasks
	used int
}

// ScriptTasks says what becomes of tasks that start from now on. Of several scripts that
// fit a task, the last one counts.
func (c *Cloud) ScriptTasks(t Tasks) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ecs.scripts = append([]*taskScript{{Tasks: t}}, c.ecs.scripts...)
}

// taskScript returns what is scripted for a task.
func (c *Cloud) taskScript(t *task) Tasks {
	for _, s := range c.ecs.scripts {
		if s.Service != "" && s.Service != t.service.name || s.Times > 0 && s.used >= s.Times || !s.fits(t) {
			continue
		}
		s.used++
		return s.Tasks
	}
	return Tasks{}
}

func (s *taskScript) fits(t *task) bool {
	for _, d := range t.definition.ContainerDefinitions {
		if strings.Contains(aws.ToString(d.Image), s.Image) {
			return true
		}
	}
	return false
}
