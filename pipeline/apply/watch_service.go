package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// A serviceWatch follows a service, and tells what happens to it.
type serviceWatch struct {
	*Applier
	item    *serviceItem
	since   time.Time // by the clock of AWS: what was before is of no interest; zero is all that is not marked
	last    DeploymentChanged
	told    map[string]bool // events and tasks
	stopped []ecstypes.Task // that stopped by themselves, in the order in which they were seen
}

// watchService returns a watch of a service.
func (a *Applier) watchService(s *serviceItem) *serviceWatch {
	return &serviceWatch{Applier: a, item: s, told: make(map[string]bool)}
}

// mark takes what has happened to the service already for what is of no interest.
func (w *serviceWatch) mark(ctx context.Context) error {
	s, err := w.describeService(ctx, w.item)
	if err != nil || s == nil {
		return err
	}
	for _, e := range s.Events {
		w.told[aws.ToString(e.Id)] = true
	}
	tasks, err := w.stoppedTasks(ctx)
	for _, arn := range tasks {
		w.told[arn] = true
	}
	return err
}

// look tells what is new, and returns the service; nil when there is none.
func (w *serviceWatch) look(ctx context.Context) (*ecstypes.Service, error) {
	s, err := w.describeService(ctx, w.item)
	if err != nil || s == nil {
		return s, err
	}
	events := slices.Clone(s.Events)
	slices.Reverse(events) // the newest come first
	for _, e := range events {
		if id := aws.ToString(e.Id); !w.told[id] && !aws.ToTime(e.CreatedAt).Before(w.since) {
			w.told[id] = true
			w.emit(ServiceEvent{aws.ToTime(e.CreatedAt), w.item.cluster, w.item.name, fault.Redact(aws.ToString(e.Message))})
		}
	}
	if d := primary(s); d != nil {
		w.tell(s, d)
		if d.FailedTasks > 0 || d.RunningCount < d.DesiredCount {
			err = w.findStopped(ctx)
		}
	}
	return s, err
}

// tell tells of the primary deployment if it differs from what was told last.
func (w *serviceWatch) tell(s *ecstypes.Service, d *ecstypes.Deployment) {
	e := DeploymentChanged{
		Cluster: w.item.cluster, Service: w.item.name, TaskDefinition: revision(running(s)),
		Rollout: string(d.RolloutState), Reason: aws.ToString(d.RolloutStateReason),
		Desired: int(d.DesiredCount), Running: int(d.RunningCount), Pending: int(d.PendingCount), Failed: int(d.FailedTasks),
	}
	if e == w.last {
		return
	}
	w.last = e
	e.Time = w.now()
	w.emit(e)
}

// stoppedTasks returns the ARNs of the tasks of the service that have stopped.
func (w *serviceWatch) stoppedTasks(ctx context.Context) ([]string, error) {
	out, err := do(ctx, w.Applier, call{op: "ecs:ListTasks", on: "service " + w.item.label()}, w.clients.ECS.ListTasks, &ecs.ListTasksInput{
		Cluster: &w.item.cluster, ServiceName: &w.item.name, DesiredStatus: ecstypes.DesiredStatusStopped,
	})
	if hasCode(err, "ServiceNotFoundException", "ClusterNotFoundException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out.TaskArns, nil
}

// findStopped tells of tasks that have stopped by themselves.
func (w *serviceWatch) findStopped(ctx context.Context) error {
	list, err := w.stoppedTasks(ctx)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(list, func(arn string) bool { return w.told[arn] })
	if len(fresh) == 0 {
		return nil
	}
	out, err := do(ctx, w.Applier, call{op: "ecs:DescribeTasks", on: "service " + w.item.label()}, w.clients.ECS.DescribeTasks,
		&ecs.DescribeTasksInput{Cluster: &w.item.cluster, Tasks: fresh})
	if err != nil {
		return err
	}
	slices.SortStableFunc(out.Tasks, func(a, b ecstypes.Task) int { return aws.ToTime(a.StoppedAt).Compare(aws.ToTime(b.StoppedAt)) })
	for _, t := range out.Tasks {
		if t.StoppedAt == nil && aws.ToString(t.LastStatus) != "STOPPED" {
			continue // on its way
		}
		w.told[aws.ToString(t.TaskArn)] = true
		if aws.ToTime(t.StoppedAt).Before(w.since) || isWanted(&t) {
			continue
		}
		w.stopped = append(w.stopped, t)
		w.emit(TaskStopped{aws.ToTime(t.StoppedAt), w.item.cluster, w.item.name, taskID(&t), stopReason(&t)})
	}
	return nil
}

// isWanted reports whether a task was stopped because it was to stop.
func isWanted(t *ecstypes.Task) bool {
	switch t.StopCode {
	case ecstypes.TaskStopCodeUserInitiated, ecstypes.TaskStopCodeTerminationNotice, ecstypes.TaskStopCodeSpotInterruption:
		return true
	case ecstypes.TaskStopCodeServiceSchedulerInitiated: // by a scale in or a deployment, or because it is not healthy
		return !strings.Contains(aws.ToString(t.StoppedReason), "health")
	}
	return false
}

func taskID(t *ecstypes.Task) string {
	arn := aws.ToString(t.TaskArn)
	return arn[strings.LastIndexByte(arn, '/')+1:]
}

// stopReason returns why a task has stopped: what ECS says of it, and of the containers
// that ended badly.
func stopReason(t *ecstypes.Task) string {
	text := strings.TrimSuffix(aws.ToString(t.StoppedReason), ".")
	for _, c := range t.Containers {
		switch {
		case aws.ToString(c.Reason) != "" && !strings.Contains(text, *c.Reason):
			text += fmt.Sprintf("; container %s: %s", aws.ToString(c.Name), *c.Reason)
		case c.ExitCode != nil && *c.ExitCode != 0:
			text += fmt.Sprintf("; container %s: exit code %d", aws.ToString(c.Name), *c.ExitCode)
		}
	}
	return fault.Redact(strings.TrimPrefix(text, "; "))
}

// errCrash is why a service is given up whose tasks do not stay up.
var errCrash = errors.New("its tasks do not stay up")

func isCrash(err error) bool { return errors.Is(err, errCrash) }

// crashing returns an error when so many tasks of a service's primary deployment have
// stopped by themselves that waiting is in vain. Those of the revision before do not
// count, and where a circuit breaker watches over the deployment, it is left to that.
func (w *serviceWatch) crashing(ctx context.Context, s *ecstypes.Service) error {
	const least = 3
	d := primary(s)
	if d == nil || hasBreaker(s) && d.RolloutState != ecstypes.DeploymentRolloutStateCompleted {
		return nil
	}
	crashed := 0
	for i := range w.stopped {
		if by := aws.ToString(w.stopped[i].StartedBy); by == "" || by == aws.ToString(d.Id) {
			crashed++
		}
	}
	if crashed < max(least, int(d.DesiredCount)) {
		return nil
	}
	e := &Error{
		Message: fmt.Sprintf("%s of %s have stopped by themselves", tasks(crashed), revision(running(s))),
		Remedy:  "see why they stop, mend that, deliver it, and run again", Err: errCrash,
	}
	w.explain(ctx, e)
	return e
}

func hasBreaker(s *ecstypes.Service) bool {
	c := s.DeploymentConfiguration
	return c != nil && c.DeploymentCircuitBreaker != nil && c.DeploymentCircuitBreaker.Enable
}

// explain adds to an error why the first task has stopped, with the last output of its
// container.
func (w *serviceWatch) explain(ctx context.Context, e *Error) {
	if len(w.stopped) == 0 {
		_ = w.findStopped(ctx) // the error stands without it too
	}
	if len(w.stopped) == 0 {
		return
	}
	t := &w.stopped[0]
	reason := stopReason(t)
	e.Message += "; the first task that stopped (" + taskID(t) + "): " + reason
	if remedy := remedyOf(reason); remedy != "" {
		e.Remedy = remedy
	}
	e.Log = w.taskLog(ctx, t)
}

// settle follows a service until the revision with that ARN is what it runs, and nothing
// else, in at least so many tasks. It is an error when another one takes its place: ECS may
// have rolled it back, and be content.
func (w *serviceWatch) settle(ctx context.Context, target string, least int) error {
	limit := w.within(w.opts.Timeouts.Deployment, "the deployment of "+revision(target))
	begin, others := w.now(), 0
	for look := 0; ; look++ {
		s, err := w.look(ctx)
		if err != nil {
			return err
		}
		if s == nil {
			return &Error{Message: "the service is gone", Remedy: "plan again"}
		}
		if err := w.failed(ctx, s, target); err != nil {
			return err
		}
		if others++; running(s) == target || !isRolling(s) {
			others = 0
		}
		// A read right after a write may still show what was before.
		if others > 2 && w.now().Sub(begin) > settling {
			return w.displaced(ctx, s, target)
		}
		if isSettled(s, target) && int(s.DesiredCount) >= least {
			return nil
		}
		if err := w.crashing(ctx, s); err != nil {
			return err
		}
		if err := w.pause(ctx, limit, look); err != nil {
			w.explain(ctx, asError(err))
			return err
		}
	}
}

// settling is how long ECS may take until a change is seen everywhere.
const settling = 20 * time.Second

// isSettled reports whether a service runs a revision, all of it and nothing else.
func isSettled(s *ecstypes.Service, target string) bool {
	if !isRolling(s) {
		return s.RunningCount == s.DesiredCount && s.PendingCount == 0
	}
	d := primary(s)
	if d == nil || running(s) != target || len(s.Deployments) != 1 {
		return false
	}
	if d.RolloutState != "" && d.RolloutState != ecstypes.DeploymentRolloutStateCompleted {
		return false
	}
	return d.RunningCount == d.DesiredCount && d.PendingCount == 0 && d.DesiredCount == s.DesiredCount
}

// failed returns the error of a deployment of a revision that ECS has given up.
func (w *serviceWatch) failed(ctx context.Context, s *ecstypes.Service, target string) error {
	for i := range s.Deployments {
		d := &s.Deployments[i]
		if aws.ToString(d.TaskDefinition) != target || d.RolloutState != ecstypes.DeploymentRolloutStateFailed {
			continue
		}
		e := &Error{Message: fmt.Sprintf("the deployment of %s has failed: %s", revision(target), strings.TrimSuffix(aws.ToString(d.RolloutStateReason), "."))}
		if now := running(s); now != target {
			e.Message += "; the service runs " + revision(now) + " again"
		}
		e.Remedy = cmp.Or(remedyOf(e.Message), "see why its tasks stop, mend that, and deploy again")
		w.explain(ctx, e)
		return e
	}
	return nil
}

// errDisplaced is why a service is not what it was to be.
var errDisplaced = errors.New("it runs another revision")

// displaced is the error of a revision in whose place a service runs another one.
func (w *serviceWatch) displaced(ctx context.Context, s *ecstypes.Service, target string) error {
	e := &Error{
		Message: fmt.Sprintf("the service runs %s, not %s: it was rolled back, or something else was deployed", revision(running(s)), revision(target)),
		Remedy:  "see the events of the service; then plan again", Err: errDisplaced,
	}
	w.explain(ctx, e)
	return e
}

// asError returns the [*Error] in err, or one to write into when there is none.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return new(Error)
}
