package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// A task is one of a service.
type task struct {
	service    *service
	deployment *deployment
	definition *definition
	id, arn    string

	last, desired                       string // statuses
	created, started, stopping, stopped time.Time
	code                                types.TaskStopCode
	reason                              string
	ready                               bool // it is healthy, or nobody asks
	containers                          []types.Container
}

// How long a task takes for each of its steps, and how long a stopped one can be seen.
const (
	taskProvisions = 8 * time.Second
	taskPulls      = 22 * time.Second
	taskHealthy    = 15 * time.Second
	taskUnhealthy  = 60 * time.Second
	taskStops      = 12 * time.Second
	taskForgotten  = time.Hour
)

// startTask starts a task.
func (c *Cloud) startTask(svc *service, d *deployment) *task {
	cl := svc.cluster
	id := c.hex("task", svc.arn, 32)
	t := &task{
		service: svc, deployment: d, definition: c.definition(d.definition), id: id,
		arn: c.arn("ecs", "task/"+cl.name+"/"+id), last: "PROVISIONING", desired: "RUNNING", created: c.now,
	}
	for _, container := range t.definition.ContainerDefinitions {
		t.containers = append(t.containers, types.Container{
			Name: container.Name, Image: container.Image, TaskArn: &t.arn, LastStatus: aws.String("PENDING"),
			ContainerArn: aws.String(c.arn("ecs", "container/"+cl.name+"/"+id+"/"+c.uuid("container", id))),
			HealthStatus: types.HealthStatusUnknown, Cpu: aws.String(itoa(int(container.Cpu))),
		})
	}
	cl.tasks = append(cl.tasks, t)
	script := c.taskScript(t)
	c.after(taskProvisions, func() {
		if t.last == "PROVISIONING" && t.desired == "RUNNING" {
			t.last = "PENDING"
			c.after(taskPulls, func() { t.run(script) })
		}
	})
	return t
}

// run is what happens when the images of a task have been pulled, or could not be.
func (t *task) run(script Tasks) {
	c := t.service.c
	if t.last != "PENDING" || t.desired != "RUNNING" {
		return
	}
	if name, reason := t.cannotStart(script); reason != "" {
		t.containerReason(name, reason)
		t.halt(types.TaskStopCodeTaskFailedToStart, reason)
		t.service.failedTask(t)
		return
	}
	t.last, t.started = "RUNNING", c.now
	for i := range t.containers {
		t.containers[i].LastStatus = aws.String("RUNNING")
	}
	t.log(script.Log)
	switch script.Do {
	case TaskCrashes:
		c.after(max(script.After, time.Second), func() { t.crash(script) })
	case TaskUnhealthy:
		c.after(taskUnhealthy, func() { t.sicken() })
	default:
		wait := time.Duration(0)
		if t.checked() {
			wait = taskHealthy
		}
		c.after(wait, func() {
			if t.last == "RUNNING" {
				t.becomeReady()
			}
		})
	}
	t.service.reconcile()
}

// checked reports whether somebody looks at the health of the task.
func (t *task) checked() bool {
	return len(t.service.spec.LoadBalancers) > 0 || slices.ContainsFunc(t.definition.ContainerDefinitions, func(d types.ContainerDefinition) bool {
		return d.HealthCheck != nil
	})
}

func (t *task) becomeReady() {
	t.ready = true
	for i, d := range t.definition.ContainerDefinitions {
		if d.HealthCheck != nil {
			t.containers[i].HealthStatus = types.HealthStatusHealthy
		}
	}
	t.service.healthyTask(t.deployment)
}

// cannotStart returns why a task cannot start, with the container that is the cause.
func (t *task) cannotStart(script Tasks) (container, reason string) {
	c := t.service.c
	for i, d := range t.definition.ContainerDefinitions {
		image := aws.ToString(d.Image)
		if script.Do == TaskCannotPull && i == 0 || !c.pullable(image) {
			why := script.Reason
			if why == "" {
				why = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
					image + ": " + image + ": not found"
			}
			return *d.Name, why
		}
		if log := d.LogConfiguration; log != nil && log.LogDriver == types.LogDriverAwslogs && log.Options["awslogs-create-group"] != "true" {
			if group := log.Options["awslogs-group"]; c.data.logGroup(group) == nil {
				return *d.Name, "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to " +
					"create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"
			}
		}
	}
	return "", ""
}

// pullable reports whether an image can be pulled: one of this registry has to be there.
func (c *Cloud) pullable(image string) bool {
	path, ok := strings.CutPrefix(image, c.registry()+"/")
	if !ok {
		return true
	}
	name, digest, byDigest := strings.Cut(path, "@")
	name, tag, _ := strings.Cut(name, ":")
	r := c.data.repository(name)
	if r == nil {
		return false
	}
	if byDigest {
		return r.byDigest(digest) != nil
	}
	if tag == "" {
		tag = "latest"
	}
	return r.byTag(tag) != nil
}

func (t *task) containerReason(name, reason string) {
	for i := range t.containers {
		if *t.containers[i].Name == name {
			t.containers[i].Reason = &reason
		}
	}
}

// crash is the end of a task whose program ends.
func (t *task) crash(script Tasks) {
	if t.last != "RUNNING" || t.desired != "RUNNING" {
		return
	}
	code := int32(script.ExitCode)
	if script.ExitCode == 0 && script.Reason == "" {
		code = 1
	}
	t.containers[0].ExitCode = &code
	t.containers[0].Reason = optional(script.Reason)
	t.halt(types.TaskStopCodeEssentialContainerExited, "Essential container in task exited")
	t.service.failedTask(t)
}

// sicken is the end of a task that is found unhealthy.
func (t *task) sicken() {
	if t.last != "RUNNING" || t.desired != "RUNNING" {
		return
	}
	reason := "Task failed container health checks"
	if len(t.service.spec.LoadBalancers) > 0 {
		reason = "Task failed ELB health checks in (target-group " + aws.ToString(t.service.spec.LoadBalancers[0].TargetGroupArn) + ")"
	}
	for i := range t.containers {
		t.containers[i].HealthStatus = types.HealthStatusUnhealthy
	}
	t.service.say("(task " + t.id + ") is unhealthy.")
	t.stop(types.TaskStopCodeServiceSchedulerInitiated, reason)
	t.service.failedTask(t)
}

// stop lets a task end, as it is asked to.
func (t *task) stop(code types.TaskStopCode, reason string) {
	if t.desired == "STOPPED" {
		return
	}
	c := t.service.c
	t.desired, t.code, t.reason, t.stopping, t.ready = "STOPPED", code, reason, c.now, false
	if t.last != "RUNNING" {
		t.halt(code, reason)
		c.after(0, t.service.reconcile)
		return
	}
	t.last = "DEACTIVATING"
	c.after(taskStops, func() {
		for i := range t.containers {
			t.containers[i].ExitCode = aws.Int32(0)
		}
		t.halt(code, reason)
		t.service.reconcile()
	})
}

// halt is the end of a task.
func (t *task) halt(code types.TaskStopCode, reason string) {
	c := t.service.c
	t.last, t.desired, t.code, t.reason, t.stopped, t.ready = "STOPPED", "STOPPED", code, reason, c.now, false
	if t.stopping.IsZero() {
		t.stopping = c.now
	}
	for i := range t.containers {
		t.containers[i].LastStatus = aws.String("STOPPED")
	}
	c.after(taskForgotten, func() {
		t.service.cluster.tasks = slices.DeleteFunc(t.service.cluster.tasks, func(other *task) bool { return other == t })
	})
}

// log writes the output of a task's first container that has a log group.
func (t *task) log(lines []string) {
	for _, d := range t.definition.ContainerDefinitions {
		if log := d.LogConfiguration; log != nil && log.LogDriver == types.LogDriverAwslogs {
			prefix := log.Options["awslogs-stream-prefix"]
			t.service.c.writeLog(log.Options["awslogs-group"], prefix+"/"+*d.Name+"/"+t.id, lines)
			return
		}
	}
}
