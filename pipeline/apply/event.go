package apply

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// An Event is something that happens while an [Applier] works: one of the types of
// this file. String is the event on one line.
type Event interface {
	// Kind is the type's name for machines: step-started, stack-event, ...
	Kind() string
	String() string
}

// StepStarted says that a step of a plan begins.
type StepStarted struct {
	Time    time.Time `json:"time"`
	Number  int       `json:"number"` // of the step, starting at 1
	Of      int       `json:"of"`     // how many there are
	Action  Action    `json:"action"`
	Subject Subject   `json:"subject"`
	Step    *Step     `json:"-"`
}

// StepEnded says that a step is done, or why it failed.
type StepEnded struct {
	Time    time.Time     `json:"time"`
	Number  int           `json:"number"`
	Of      int           `json:"of"`
	Action  Action        `json:"action"`
	Elapsed time.Duration `json:"elapsed"` // in nanoseconds
	Err     error         `json:"-"`       // nil when it is done
	Subject Subject       `json:"subject"`
	Step    *Step         `json:"-"`
}

// StackEvent is what happens to a stack or to one of its resources.
type StackEvent struct {
	Time     time.Time `json:"time"` // when CloudFormation noted it
	Stack    string    `json:"stack"`
	Resource string    `json:"resource"` // logical id; the stack's name for the stack itself
	Type     string    `json:"type"`     // AWS::ECS::Cluster
	Physical string    `json:"physicalId,omitempty"`
	Status   string    `json:"status"` // CREATE_IN_PROGRESS
	Reason   string    `json:"reason,omitempty"`
}

// ActionChanged says that an action of the pipeline has begun, or how it has ended.
type ActionChanged struct {
	Time      time.Time `json:"time"`
	Pipeline  string    `json:"pipeline"`
	Execution string    `json:"execution"`
	Stage     string    `json:"stage"`
	Action    string    `json:"action"`
	Status    string    `json:"status"` // InProgress, Succeeded, Failed, Abandoned
	Summary   string    `json:"summary,omitempty"`
	Link      string    `json:"link,omitempty"` // to the build or the deployment
}

// DeploymentChanged is the state of a service's primary deployment, told whenever it
// differs.
type DeploymentChanged struct {
	Time           time.Time `json:"time"`
	Cluster        string    `json:"cluster"`
	Service        string    `json:"service"`
	TaskDefinition string    `json:"taskDefinition"` // family:revision
	Rollout        string    `json:"rollout"`        // IN_PROGRESS, COMPLETED, FAILED
	Reason         string    `json:"reason,omitempty"`
	Desired        int       `json:"desired"` // tasks
	Running        int       `json:"running"`
	Pending        int       `json:"pending"`
	Failed         int       `json:"failed"`
}

// ServiceEvent is what ECS says of a service.
type ServiceEvent struct {
	Time    time.Time `json:"time"` // when ECS said it
	Cluster string    `json:"cluster"`
	Service string    `json:"service"`
	Text    string    `json:"text"`
}

// TaskStopped says that a task of a service has stopped, and why.
type TaskStopped struct {
	Time    time.Time `json:"time"`
	Cluster string    `json:"cluster"`
	Service string    `json:"service"`
	Task    string    `json:"task"` // id
	Reason  string    `json:"reason"`
}

// Waiting says that something else has to happen first: an operation of somebody else
// to end, the source to be pushed, an approval to be given.
type Waiting struct {
	Time time.Time     `json:"time"`
	Wait Wait          `json:"wait"`
	For  string        `json:"for"`  // the same for people, with what to do
	Upto time.Duration `json:"upto"` // in nanoseconds; then it is given up
	Link string        `json:"link,omitempty"`
}

// A Wait is what is waited for.
type Wait string

// The waits.
const (
	WaitOperation  Wait = "operation"  // of somebody else on a stack
	WaitDeployment Wait = "deployment" // of a service, that somebody else has begun
	WaitRole       Wait = "role"       // of a pipeline, to be known everywhere
	WaitSource     Wait = "source"     // of a pipeline, to be pushed
	WaitApproval   Wait = "approval"   // of a delivery, to be given
)

// Retrying says that a call is made again.
type Retrying struct {
	Time    time.Time     `json:"time"`
	Call    string        `json:"call"` // cloudformation:DescribeStacks
	Attempt int           `json:"attempt"`
	Pause   time.Duration `json:"pause"` // in nanoseconds
	Reason  string        `json:"reason"`
}

// Note is something that a reader may want to know.
type Note struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"`
}

func (StepStarted) Kind() string       { return "step-started" }
func (StepEnded) Kind() string         { return "step-ended" }
func (StackEvent) Kind() string        { return "stack-event" }
func (ActionChanged) Kind() string     { return "action-changed" }
func (DeploymentChanged) Kind() string { return "deployment-changed" }
func (ServiceEvent) Kind() string      { return "service-event" }
func (TaskStopped) Kind() string       { return "task-stopped" }
func (Waiting) Kind() string           { return "waiting" }
func (Retrying) Kind() string          { return "retrying" }
func (Note) Kind() string              { return "note" }

func (e StepStarted) String() string {
	return fmt.Sprintf("[%d/%d] %s", e.Number, e.Of, e.Step.Headline())
}

func (e StepEnded) String() string {
	outcome := "done in"
	switch {
	case errors.Is(e.Err, ErrInterrupted):
		outcome = "interrupted after"
	case e.Err != nil:
		outcome = "failed after"
	}
	return fmt.Sprintf("[%d/%d] %s %s %s", e.Number, e.Of, e.Subject, outcome, round(e.Elapsed))
}

func (e StackEvent) String() string {
	return join(e.Stack, e.Resource, e.Type, e.Status, e.Reason)
}

func (e ActionChanged) String() string {
	return join(e.Pipeline, e.Stage+"/"+e.Action, e.Status, e.Summary)
}

func (e DeploymentChanged) String() string {
	return join(e.Service, e.TaskDefinition, fmt.Sprintf("%d of %d running", e.Running, e.Desired), count(e.Pending, "pending"), count(e.Failed, "failed"), e.Rollout, e.Reason)
}

func (e ServiceEvent) String() string { return join(e.Service, e.Text) }

func (e TaskStopped) String() string { return join(e.Service, "task "+e.Task+" stopped", e.Reason) }

func (e Waiting) String() string {
	return join("waiting for "+e.For+" (at most "+round(e.Upto).String()+")", e.Link)
}

func (e Retrying) String() string {
	return fmt.Sprintf("%s: %s; trying again in %s", e.Call, e.Reason, round(e.Pause))
}

func (e Note) String() string { return e.Text }

// join joins the parts that are not empty by two blanks.
func join(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("  ")
		}
		b.WriteString(p)
	}
	return b.String()
}

// count is "3 failed", or nothing for 0.
func count(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

// round cuts a duration to what a person reads.
func round(d time.Duration) time.Duration {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second)
	case d >= time.Second:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}
