package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A condition is what can be done with a stack, which follows from its status.
type condition uint8

const (
	absent   condition = iota // there is none, or it is deleted
	reviewed                  // REVIEW_IN_PROGRESS: a record that only a change set has
	ready                     // it can be updated
	busy                      // an operation is in progress
	broken                    // its creation or deletion has failed: it can only be deleted
	stuck                     // the roll back of an update has failed: it can be continued
)

// conditionOf tells what can be done with a stack. Nil is absent.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func conditionOf(s *cfntypes.Stack) condition {
	if s == nil {
		return absent
	}
	switch status := s.StackStatus; {
	case status == cfntypes.StackStatusDeleteComplete:
		return absent
	case status == cfntypes.StackStatusReviewInProgress:
		return reviewed
	case strings.HasSuffix(string(status), "_IN_PROGRESS"):
		return busy
	case status == cfntypes.StackStatusUpdateRollbackFailed:
		return stuck
	case status == cfntypes.StackStatusCreateFailed, status == cfntypes.StackStatusRollbackComplete,
		status == cfntypes.StackStatusRollbackFailed, status == cfntypes.StackStatusDeleteFailed:
		return broken
	}
	return ready
}

// describeStack returns a stack by name or id, or nil when there is none.
func (a *Applier) describeStack(ctx context.Context, name string) (*cfntypes.Stack, error) {
	out, err := do(ctx, a, call{op: "cloudformation:DescribeStacks", on: "stack " + name},
		a.clients.CloudFormation.DescribeStacks, &cloudformation.DescribeStacksInput{StackName: &name})
	if says(err, "ValidationError", "does not exist") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(out.Stacks) == 0 || conditionOf(&out.Stacks[0]) == absent {
		return nil, nil
	}
	return &out.Stacks[0], nil
}

// settledStack returns a stack in which nothing is in progress: it waits for an
// operation of somebody else to end.
func (a *Applier) settledStack(ctx context.Context, name string) (*cfntypes.Stack, error) {
	var limit deadline
	for look := 0; ; look++ {
		s, err := a.describeStack(ctx, name)
		if err != nil || conditionOf(s) != busy {
			return s, err
		}
		if look == 0 {
			limit = a.within(a.opts.Timeouts.Busy, "the operation in progress ("+string(s.StackStatus)+")")
			a.emit(Waiting{Time: a.now(), Wait: WaitOperation, For: "stack " + name + ", which is in " + string(s.StackStatus), Upto: limit.limit})
		}
		if err := a.pause(ctx, limit, look); err != nil {
			return nil, err
		}
	}
}

// template returns the text of a stack's template as it was submitted.
func (a *Applier) template(ctx context.Context, stack string) (string, error) {
	out, err := do(ctx, a, call{op: "cloudformation:GetTemplate", on: "stack " + stack},
		a.clients.CloudFormation.GetTemplate, &cloudformation.GetTemplateInput{
			StackName: &stack, TemplateStage: cfntypes.TemplateStageOriginal,
		})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.TemplateBody), nil
}

// resources returns the resources of a stack.
func (a *Applier) resources(ctx context.Context, stack string) ([]cfntypes.StackResourceSummary, error) {
	var all []cfntypes.StackResourceSummary
	in := &cloudformation.ListStackResourcesInput{StackName: &stack}
	for {
		out, err := do(ctx, a, call{op: "cloudformation:ListStackResources", on: "stack " + stack}, a.clients.CloudFormation.ListStackResources, in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.StackResourceSummaries...)
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return all, nil
		}
	}
}

// capabilities returns what a template needs to be allowed.
func capabilities(item *stackItem) []cfntypes.Capability {
	var list []cfntypes.Capability
	for _, r := range item.template.Resources {
		if strings.HasPrefix(r.Type, "AWS::IAM::") {
			list = append(list, cfntypes.CapabilityCapabilityNamedIam) // allows the unnamed too
			break
		}
	}
	expands := item.template.Transform != nil
	for _, r := range item.template.Resources {
		expands = expands || r.Type == "AWS::CloudFormation::Stack"
	}
	if expands {
		list = append(list, cfntypes.CapabilityCapabilityAutoExpand)
		if len(list) == 1 { // what comes out of it may have roles
			list = append(list, cfntypes.CapabilityCapabilityNamedIam)
		}
	}
	return list
}

// parametersOf returns the values that the parameters of a stack have.
func parametersOf(s *cfntypes.Stack) map[string]string {
	values := make(map[string]string)
	if s != nil {
		for _, p := range s.Parameters {
			values[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
		}
	}
	return values
}

// tagsOf returns the tags of a stack.
func tagsOf(s *cfntypes.Stack) map[string]string {
	tags := make(map[string]string)
	if s != nil {
		for _, t := range s.Tags {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	return tags
}
