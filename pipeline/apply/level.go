package apply

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// What the roll back of an update that fails does to services: CloudFormation sends each
// of them to ECS as the stack had it, with the number of tasks that the stack has noted and
// with the family of its task definition, of which ECS takes the latest revision.

// level lets a stack note the numbers of tasks that run, before an update works on the
// services: a roll back would set those that it has noted.
func (r *runner) level(ctx context.Context, s *Step, w *stackWork) error {
	if conditionOf(w.live) != ready {
		return nil
	}
	params := parametersOf(w.live)
	sub := submission{item: w.item, previous: true, role: w.submission.role, account: w.submission.account}
	changed := make(map[string]string)
	for _, service := range w.item.services {
		noted, isNoted := params[service.count]
		if !isNoted || !s.touches(service.id) {
			continue
		}
		live, err := r.liveService(ctx, service)
		if err != nil {
			return err
		}
		if live != nil && noted != strconv.Itoa(int(live.DesiredCount)) && allows(parameter(w.item.template, service.count), int(live.DesiredCount)) {
			changed[service.count] = strconv.Itoa(int(live.DesiredCount))
		}
	}
	if len(changed) == 0 {
		return nil
	}
	sub.parameters = keeping(w.live, changed)
	done, err := r.numbers(ctx, w, &sub)
	if done && w.set != nil { // CloudFormation has removed it with that
		w.set = nil
	}
	return err
}

// keeping returns the parameters of a stack with the values that they have, but for some.
func keeping(live *cfntypes.Stack, but map[string]string) (list []cfntypes.Parameter) {
	for _, p := range live.Parameters {
		in := cfntypes.Parameter{ParameterKey: p.ParameterKey, UsePreviousValue: aws.Bool(true)}
		if value, ok := but[aws.ToString(p.ParameterKey)]; ok {
			in.ParameterValue, in.UsePreviousValue = &value, nil
		}
		list = append(list, in)
	}
	return list
}

// numbers updates a stack in numbers of tasks alone. It is not done where that would change
// anything else of the services, or where the stack has noted those numbers.
func (r *runner) numbers(ctx context.Context, w *stackWork, sub *submission) (done bool, err error) {
	set, err := r.begin(ctx, sub, r.place.caller)
	if err == nil {
		set, err = r.finish(ctx, w.item, set)
	}
	if set == nil {
		return false, err
	}
	defer func() {
		after, cancel := afterwards(ctx)
		defer cancel()
		_ = r.removeChangeSet(after, set) // where it was not used; the error that comes with it says more
	}()
	if err != nil {
		return false, err
	}
	touched, now, err := r.foresee(ctx, w, set)
	if err != nil || len(now.Needs)+len(now.Blocked) > 0 {
		return false, err
	}
	if err := r.guardImages(ctx, w, now, touched); err != nil {
		return false, err
	}
	err = r.execute(ctx, w.item, set, touched)
	return set.used, err
}

// standingServices returns the services of a stack as they are.
func (r *runner) standingServices(ctx context.Context, w *stackWork) ([]*touch, error) {
	all := new(Step)
	for _, s := range w.item.services {
		all.Changes = append(all.Changes, Change{Action: Update, Resource: s.id})
	}
	return r.touched(ctx, w, all, func(s *serviceItem) (*ecstypes.Service, error) { return r.liveService(ctx, s) })
}

// retreat makes what services ran the latest revision of their family again, so that a roll
// back takes that.
func (r *runner) retreat(ctx context.Context, services []*touch) error {
	for _, t := range services {
		if t.takes.family == "" {
			continue
		}
		before := *t
		before.takes.family = family(running(t.live)) // which the roll back takes
		odd, err := r.oddLatest(ctx, &before)
		if err != nil {
			return err
		}
		if odd == nil {
			continue
		}
		was, err := r.describeRevision(ctx, running(t.live))
		if err != nil {
			return err
		}
		if _, err := r.registerDefinition(ctx, was.definition); err != nil {
			return err
		}
		r.notef("a copy of %s is registered, so that the roll back of service %s takes that", revision(was.arn), t.service.label())
	}
	return nil
}

// restore gives services the numbers of tasks that they had.
func (r *runner) restore(ctx context.Context, services []*touch) error {
	for _, t := range services {
		live, err := r.liveService(ctx, t.service)
		if err != nil {
			return err
		}
		if live == nil || live.DesiredCount == t.live.DesiredCount {
			continue
		}
		_, err = do(ctx, r.Applier, call{op: "ecs:UpdateService", on: "service " + t.service.label()}, r.clients.ECS.UpdateService,
			&ecs.UpdateServiceInput{Cluster: live.ClusterArn, Service: live.ServiceName, DesiredCount: aws.Int32(t.live.DesiredCount)})
		if err != nil {
			return err
		}
		r.notef("%s", fmt.Sprintf("service %s ran %s, and the roll back has set %d: it is given them again", t.service.label(), tasks(int(t.live.DesiredCount)), live.DesiredCount))
	}
	return nil
}
