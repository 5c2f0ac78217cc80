package apply

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A Status is what stands in an account of what a bundle says. It prints as text
// ([Status.String]) and as JSON ([Status.JSON]). Its fields are for reading.
type Status struct {
	Target    bundle.Target    `json:"target"`
	Stacks    []StackStatus    `json:"stacks,omitempty"`
	Services  []ServiceStatus  `json:"services,omitempty"`
	Pipelines []PipelineStatus `json:"pipelines,omitempty"`
	// Drift is what a plan would change, computed without writing anything: the
	// difference between the files and AWS.
	Drift *Plan `json:"drift"`
}

// A StackStatus is a stack as it stands.
type StackStatus struct {
	Name    string    `json:"name"`
	State   string    `json:"state"` // CREATE_COMPLETE, ...; empty when there is none
	Reason  string    `json:"reason,omitempty"`
	Updated time.Time `json:"updated,omitzero"` // when it was created or changed last
	Outputs []Output  `json:"outputs,omitempty"`
	Link    string    `json:"link,omitempty"`
}

// An Output is an output of a stack.
type Output struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Export string `json:"export,omitempty"` // the name under which others import it
}

// A ServiceStatus is a service as it stands.
type ServiceStatus struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
	State   string `json:"state"` // ACTIVE; empty when there is none
	// Revision is what it is to run, as family:revision.
	Revision string           `json:"revision,omitempty"`
	Images   []ContainerImage `json:"images,omitempty"`
	Desired  int              `json:"desired"` // tasks
	Running  int              `json:"running"`
	Pending  int              `json:"pending"`
	Rollout  string           `json:"rollout,omitempty"` // of the primary deployment: COMPLETED, IN_PROGRESS, FAILED
	Reason   string           `json:"reason,omitempty"`
	Message  string           `json:"message,omitempty"` // what ECS has said last
	Link     string           `json:"link,omitempty"`
}

// A ContainerImage is the image of a container.
type ContainerImage struct {
	Container string `json:"container"`
	Image     string `json:"image"`
}

// A PipelineStatus is a pipeline as it stands.
type PipelineStatus struct {
	Name       string            `json:"name"`
	Version    int               `json:"version"`           // 0 when there is none
	First      bool              `json:"pending,omitempty"` // its first delivery is not complete
	Executions []ExecutionStatus `json:"executions,omitempty"`
	Link       string            `json:"link,omitempty"`
}

// An ExecutionStatus is an execution of a pipeline. The newest come first.
type ExecutionStatus struct {
	ID       string    `json:"id"`
	Status   string    `json:"status"`
	Started  time.Time `json:"started,omitzero"`
	Updated  time.Time `json:"updated,omitzero"`
	Trigger  string    `json:"trigger,omitempty"`  // what has started it
	Revision string    `json:"revision,omitempty"` // of the source
	Summary  string    `json:"summary,omitempty"`  // of the source, such as the commit's message
	Failed   string    `json:"failed,omitempty"`   // the action that failed, and why
}

// executionsShown is how many executions a status has.
const executionsShown = 5

// Status tells what stands of a bundle: its stacks, services, pipelines, and the
// differences between its files and AWS. It writes nothing, and does not wait for what
// is in progress. What is not there is no error.
func (a *Applier) Status(ctx context.Context, b *bundle.Bundle) (*Status, error) {
	reader := *a
	reader.opts.ReadOnly = true
	p, err := reader.begun(ctx, b)
	if err != nil {
		return nil, err
	}
	p.impatient = true
	if err := p.steps(ctx); err != nil {
		return nil, err
	}
	s := &Status{Target: p.place.Target, Drift: p.plan}
	for _, step := range p.plan.Steps {
		if w, ok := step.work.(*stackWork); ok {
			s.Stacks = append(s.Stacks, stackStatus(p.place.Target, step.Subject, w))
		}
	}
	for _, item := range p.items.stacks {
		for _, service := range item.services {
			if err := p.addService(ctx, s, service); err != nil {
				return nil, about(Subject{ServiceSubject, service.label()}, err)
			}
		}
	}
	for _, step := range p.plan.Steps {
		if w, ok := step.work.(*pipelineWork); ok {
			if err := p.addPipeline(ctx, s, step.Subject, w); err != nil {
				return nil, about(step.Subject, err)
			}
		}
	}
	return s, nil
}

func stackStatus(t bundle.Target, subject Subject, w *stackWork) StackStatus {
	out := StackStatus{Name: subject.Name}
	live := w.live
	if conditionOf(live) == absent {
		return out
	}
	out.State, out.Reason = string(live.StackStatus), fault.Redact(aws.ToString(live.StackStatusReason))
	out.Updated = aws.ToTime(live.CreationTime).UTC()
	if live.LastUpdatedTime != nil {
		out.Updated = live.LastUpdatedTime.UTC()
	}
	out.Link = link(t, subject, aws.ToString(live.StackId))
	for _, o := range live.Outputs {
		value := w.item.cover(showText(aws.ToString(o.OutputValue), w.secrecyOfOutput(aws.ToString(o.OutputKey))))
		out.Outputs = append(out.Outputs, Output{aws.ToString(o.OutputKey), value, aws.ToString(o.ExportName)})
	}
	slices.SortFunc(out.Outputs, func(a, b Output) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// secrecyOfOutput returns what of an output may be shown: nothing of one that has the value
// of a parameter which is not to be shown.
func (w *stackWork) secrecyOfOutput(name string) secrecy {
	for _, o := range w.item.template.Outputs {
		if o.Name != name {
			continue
		}
		for _, p := range w.item.template.Parameters {
			if isNoEcho(p) && uses(o.Value, p.Name) > 0 {
				return closed
			}
		}
	}
	return open.enter(name)
}

func (p *planner) addService(ctx context.Context, s *Status, item *serviceItem) error {
	out := ServiceStatus{Cluster: item.cluster, Name: item.name}
	live := p.live[item]
	if live == nil {
		s.Services = append(s.Services, out)
		return nil
	}
	out.State, out.Revision = aws.ToString(live.Status), revision(running(live))
	out.Desired, out.Running, out.Pending = int(live.DesiredCount), int(live.RunningCount), int(live.PendingCount)
	out.Link = link(p.place.Target, Subject{ServiceSubject, item.label()}, "")
	if d := primary(live); d != nil {
		out.Rollout, out.Reason = string(d.RolloutState), aws.ToString(d.RolloutStateReason)
	}
	if len(live.Events) > 0 {
		out.Message = fault.Redact(aws.ToString(live.Events[0].Message))
	}
	r, err := p.describeRevision(ctx, running(live))
	if err != nil {
		return err
	}
	if r != nil {
		for i := range r.definition.ContainerDefinitions {
			c := &r.definition.ContainerDefinitions[i]
			out.Images = append(out.Images, ContainerImage{c.Name, c.Image})
		}
	}
	s.Services = append(s.Services, out)
	return nil
}

func (p *planner) addPipeline(ctx context.Context, s *Status, subject Subject, w *pipelineWork) error {
	out := PipelineStatus{Name: subject.Name, Version: int(w.version), First: w.first && w.version > 0}
	if w.version == 0 {
		s.Pipelines = append(s.Pipelines, out)
		return nil
	}
	out.Link = link(p.place.Target, subject, "")
	list, err := p.executions(ctx, subject.Name, executionsShown)
	if err != nil {
		return err
	}
	for _, e := range list {
		out.Executions = append(out.Executions, executionStatus(e))
	}
	if len(list) > 0 && list[0].Status == cptypes.PipelineExecutionStatusFailed {
		watch := &executionWatch{Applier: p.quietly(), item: w.item, told: make(map[string]string)}
		if err := watch.look(ctx, aws.ToString(list[0].PipelineExecutionId)); err != nil {
			return err
		}
		out.Executions[0].Failed = watch.failed()
	}
	s.Pipelines = append(s.Pipelines, out)
	return nil
}

// quietly returns an Applier that tells nobody.
func (a *Applier) quietly() *Applier { return a.WithEvents(func(Event) {}) }

func executionStatus(e cptypes.PipelineExecutionSummary) ExecutionStatus {
	out := ExecutionStatus{
		ID: aws.ToString(e.PipelineExecutionId), Status: string(e.Status),
		Started: aws.ToTime(e.StartTime).UTC(), Updated: aws.ToTime(e.LastUpdateTime).UTC(),
	}
	if e.Trigger != nil {
		out.Trigger = string(e.Trigger.TriggerType)
	}
	if len(e.SourceRevisions) > 0 {
		out.Revision = aws.ToString(e.SourceRevisions[0].RevisionId)
		out.Summary = firstLine(fault.Redact(aws.ToString(e.SourceRevisions[0].RevisionSummary)))
	}
	return out
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
