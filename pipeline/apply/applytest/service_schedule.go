package applytest

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// reconcile brings a service nearer to what it is told to be: it is called whenever
// something has happened to the service or to one of its tasks.
func (svc *service) reconcile() {
	if svc.status == "INACTIVE" {
		return
	}
	primary := svc.deployments[0]
	svc.start(primary)
	svc.stopSurplus(primary)
	svc.retire()
	svc.complete(primary)
}

// start starts the tasks that are missing.
func (svc *service) start(primary *deployment) {
	missing := int(svc.spec.DesiredCount) - len(svc.alive(primary))
	if missing <= 0 || svc.waiting || primary.state == types.DeploymentRolloutStateFailed {
		return
	}
	if svc.pause > 0 {
		svc.waiting = true
		svc.c.after(svc.pause, func() {
			svc.waiting, svc.pause = false, 0
			svc.reconcile()
		})
		return
	}
	ids := ""
	for range missing {
		ids += " (task " + svc.c.startTask(svc, primary).id + ")"
	}
	svc.say("has started " + strconv.Itoa(missing) + " tasks:" + ids + ".")
}

// stopSurplus stops tasks: those of the primary deployment that are too many, and those of
// others as soon as the primary one has as many that are ready.
func (svc *service) stopSurplus(primary *deployment) {
	stopped, ids := 0, ""
	stop := func(t *task) {
		t.stop(types.TaskStopCodeServiceSchedulerInitiated, "Scaling activity initiated by (deployment "+primary.id+")")
		stopped, ids = stopped+1, ids+" (task "+t.id+")"
	}
	alive := svc.alive(primary)
	for len(alive) > int(svc.spec.DesiredCount) {
		stop(alive[len(alive)-1])
		alive = alive[:len(alive)-1]
	}
	if primary.state != types.DeploymentRolloutStateFailed {
		may := int(svc.spec.DesiredCount) - svc.good(primary) // of the old ones, MinimumHealthyPercent being 100
		for _, old := range svc.deployments[1:] {
			for i, t := range svc.alive(old) {
				if i >= may || old.state == types.DeploymentRolloutStateFailed {
					stop(t)
				}
			}
		}
	}
	if stopped > 0 {
		svc.say("has stopped " + strconv.Itoa(stopped) + " running tasks:" + ids + ".")
	}
}

// retire removes the old deployments of which nothing is left. A failed one is shown until
// the one that took its place is completed.
func (svc *service) retire() {
	primary := svc.deployments[0]
	kept := svc.deployments[:1]
	for _, old := range svc.deployments[1:] {
		shown := old.state == types.DeploymentRolloutStateFailed && primary.state == types.DeploymentRolloutStateInProgress
		if len(svc.present(old)) > 0 || shown || primary.state == types.DeploymentRolloutStateFailed {
			kept = append(kept, old)
		}
	}
	svc.deployments = kept
}

// settles is how long a service has to be what it should be until that is its steady state.
const settles = 5 * time.Second

// complete says that the service is steady, and completes its deployment, when nothing is
// missing.
func (svc *service) complete(primary *deployment) {
	if !svc.settled(primary) {
		svc.steady = false
		return
	}
	if svc.steady {
		return
	}
	svc.c.after(settles, func() {
		if svc.steady || !svc.settled(primary) {
			return
		}
		svc.steady = true
		svc.say("has reached a steady state.")
		if primary.state == types.DeploymentRolloutStateInProgress {
			primary.state, primary.updated = types.DeploymentRolloutStateCompleted, svc.c.now
			primary.reason = "ECS deployment " + primary.id + " completed."
			svc.completed = primary.definition
			svc.say("(deployment " + primary.id + ") deployment completed.")
			svc.retire()
		}
	})
}

// settled reports whether a deployment has the tasks that it should, and no other has any.
func (svc *service) settled(d *deployment) bool {
	if svc.deployments[0] != d || d.state == types.DeploymentRolloutStateFailed || len(svc.present(d)) != int(svc.spec.DesiredCount) {
		return false
	}
	for _, old := range svc.deployments[1:] {
		if len(svc.present(old)) > 0 {
			return false
		}
	}
	return svc.good(d) == int(svc.spec.DesiredCount)
}

// failedTask counts a task that has failed, and opens the circuit breaker. The service
// starts the next one after a pause, which grows.
func (svc *service) failedTask(t *task) {
	d := t.deployment
	svc.pause = min(10*time.Second<<min(d.crashes, 10), 15*time.Minute)
	if d.state == types.DeploymentRolloutStateInProgress {
		d.failed++
		d.strikes++
		d.updated = svc.c.now
		if b := svc.spec.breaker(); b.Enable && d == svc.deployments[0] && d.strikes >= threshold(b, svc.spec.DesiredCount) {
			svc.giveUp(d, b.Rollback)
		}
	} else {
		d.crashes++
	}
	svc.reconcile()
}

// healthyTask lets the circuit breaker forget the failures before, unless it is not to.
func (svc *service) healthyTask(d *deployment) {
	if reset := svc.spec.breaker().ResetOnHealthyTask; reset == nil || *reset {
		d.strikes = 0
	}
	svc.reconcile()
}

// threshold is the number of tasks whose failure opens a circuit breaker.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
func threshold(b types.DeploymentCircuitBreaker, desired int32) int {
	percent, bounded := 50, true
	if t := b.ThresholdConfiguration; t != nil {
		switch t.Type {
		case types.ThresholdTypeCount:
			return int(t.Value)
		case types.ThresholdTypeUnboundedPercent:
			bounded = false
		}
		percent = int(t.Value)
	}
	n := (int(desired)*percent + 99) / 100
	if bounded {
		n = min(max(n, 3), 200)
	}
	return max(n, 1)
}

// giveUp ends a deployment whose tasks fail, and goes back to the last one that was
// completed, if there is one.
func (svc *service) giveUp(d *deployment, rollback bool) {
	d.state, d.reason = types.DeploymentRolloutStateFailed, "ECS deployment circuit breaker: tasks failed to start."
	svc.say("(deployment " + d.id + ") deployment failed: tasks failed to start.")
	for _, t := range svc.alive(d) {
		t.stop(types.TaskStopCodeServiceSchedulerInitiated, "Scaling activity initiated by (deployment "+d.id+")")
	}
	if !rollback || svc.completed == "" {
		return
	}
	svc.spec.TaskDefinition = svc.completed
	back := find(svc.deployments[1:], func(old *deployment) bool { return old.definition == svc.completed })
	if back == nil {
		back = svc.deploy()
	} else { // it is the primary one again
		rest := slices.DeleteFunc(svc.deployments, func(old *deployment) bool { return old == back })
		svc.deployments = append([]*deployment{back}, rest...)
	}
	svc.pause = 0
	back.state, back.updated = types.DeploymentRolloutStateInProgress, svc.c.now
	back.reason = "ECS deployment circuit breaker: rolling back to deploymentId " + back.id + "."
	svc.say("(deployment " + d.id + ") rolling back to (deployment " + back.id + ").")
}
