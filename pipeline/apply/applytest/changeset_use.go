package applytest

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func (c *Cloud) describeChangeSet(in *cloudformation.DescribeChangeSetInput) (*cloudformation.DescribeChangeSetOutput, error) {
	set, err := c.findChangeSet(in.StackName, in.ChangeSetName)
	if err != nil {
		return nil, err
	}
	all, reason := set.changes, cmp.Or(set.reason, set.warning)
	if !aws.ToBool(in.IncludePropertyValues) {
		all, reason = withoutValues(all), set.reason
	}
	changes, next, err := page(all, in.NextToken, changesPage)
	return &cloudformation.DescribeChangeSetOutput{
		ChangeSetId: &set.id, ChangeSetName: &set.name, StackId: &set.stack.id, StackName: &set.stack.name,
		Description: optional(set.description), CreationTime: &set.created, Status: set.status, StatusReason: optional(reason),
		ExecutionStatus: set.execution, Parameters: shownParameters(set.content.parameters), Tags: set.content.tags,
		Capabilities: set.content.capabilities, OnStackFailure: set.onFailure, Changes: changes, NextToken: next,
		IncludeNestedStacks: aws.Bool(false), RollbackConfiguration: &types.RollbackConfiguration{},
	}, err
}

// withoutValues returns changes as they are shown without IncludePropertyValues.
func withoutValues(changes []types.Change) []types.Change {
	out := cloned(changes)
	for i := range out {
		r := out[i].ResourceChange
		r.BeforeContext, r.AfterContext = nil, nil
		for j := range r.Details {
			target := r.Details[j].Target
			target.BeforeValue, target.AfterValue, target.Path, target.AttributeChangeType = nil, nil, nil, ""
		}
		r.Details = slices.CompactFunc(r.Details, func(a, b types.ResourceChangeDetail) bool { return reflect.DeepEqual(a, b) })
	}
	return out
}

func (c *Cloud) listChangeSets(in *cloudformation.ListChangeSetsInput) (*cloudformation.ListChangeSetsOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", aws.ToString(in.StackName))
	}
	var all []types.ChangeSetSummary
	for _, set := range s.sets {
		if set.done() {
			continue // it can still be described
		}
		all = append(all, types.ChangeSetSummary{
			ChangeSetId: &set.id, ChangeSetName: &set.name, StackId: &s.id, StackName: &s.name, CreationTime: &set.created,
			Description: optional(set.description), Status: set.status, StatusReason: optional(set.reason),
			ExecutionStatus: set.execution, IncludeNestedStacks: aws.Bool(false),
		})
	}
	summaries, next, err := page(all, in.NextToken, stacksPage)
	return &cloudformation.ListChangeSetsOutput{Summaries: summaries, NextToken: next}, err
}

// deleteChangeSet is quiet about one that there is not: DeleteChangeSet has no
// ChangeSetNotFound (botocore, cloudformation 2010-05-15).
func (c *Cloud) deleteChangeSet(in *cloudformation.DeleteChangeSetInput) (*cloudformation.DeleteChangeSetOutput, error) {
	set, err := c.findChangeSet(in.StackName, in.ChangeSetName)
	var r *refusal
	switch {
	case errors.As(err, &r) && r.code == "ChangeSetNotFound":
		return &cloudformation.DeleteChangeSetOutput{}, nil
	case err != nil:
		return nil, err
	case set.execution == types.ExecutionStatusExecuteInProgress, set.status == types.ChangeSetStatusCreateInProgress,
		set.status == types.ChangeSetStatusCreatePending:
		return nil, refuse("InvalidChangeSetStatus", "An operation on this ChangeSet is currently in progress.")
	}
	set.stack.sets = slices.DeleteFunc(set.stack.sets, func(other *changeSet) bool { return other == set })
	return &cloudformation.DeleteChangeSetOutput{}, nil
}

func (c *Cloud) executeChangeSet(in *cloudformation.ExecuteChangeSetInput) (*cloudformation.ExecuteChangeSetOutput, error) {
	set, err := c.findChangeSet(in.StackName, in.ChangeSetName)
	if err != nil {
		return nil, err
	}
	s, token := set.stack, aws.ToString(in.ClientRequestToken)
	if token != "" && token == set.executedBy {
		return &cloudformation.ExecuteChangeSetOutput{}, nil // the same request again
	}
	switch {
	case set.status != types.ChangeSetStatusCreateComplete:
		return nil, refuse("InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current status of [%s]", set.id, set.status)
	case set.execution != types.ExecutionStatusAvailable:
		return nil, refuse("InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current execution status of [%s]", set.id, set.execution)
	}
	if err := changeable(s, s.name, set.name, set.create); err != nil {
		return nil, notUpdatable(s)
	}
	failure := set.onFailure
	if aws.ToBool(in.DisableRollback) {
		failure = types.OnStackFailureDoNothing
	}
	if err := paused(s, failure); err != nil {
		return nil, err
	}
	c.dropOthers(set)
	set.execution, set.executedBy, s.changeSet = types.ExecutionStatusExecuteInProgress, token, set.id
	s.workAs(&set.role)
	if set.create {
		c.startCreate(s, set, token, failure)
	} else {
		c.startUpdate(s, set, token, failure)
	}
	return &cloudformation.ExecuteChangeSetOutput{}, nil
}

// dropOthers makes the other change sets of a stack obsolete, and then deletes them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
func (c *Cloud) dropOthers(set *changeSet) {
	for _, other := range set.stack.sets {
		if other != set && !other.done() {
			other.execution = types.ExecutionStatusObsolete
		}
	}
	c.after(time.Second, func() {
		set.stack.sets = slices.DeleteFunc(set.stack.sets, func(other *changeSet) bool {
			return other.execution == types.ExecutionStatusObsolete
		})
	})
}
