package applytest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func (c *Cloud) cancelUpdateStack(in *cloudformation.CancelUpdateStackInput) (*cloudformation.CancelUpdateStackOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	switch {
	case s == nil:
		return nil, invalid("Stack [%s] does not exist", aws.ToString(in.StackName))
	case s.status != types.StackStatusUpdateInProgress || s.running == nil:
		return nil, invalid("CancelUpdateStack cannot be called from current stack status")
	case s.running.token != "" && s.running.token == aws.ToString(in.ClientRequestToken): // that of another operation
		return nil, refuse("TokenAlreadyExistsException", "A client request token already exists.")
	}
	run := s.running
	run.token = aws.ToString(in.ClientRequestToken)
	run.finished = true
	run.stop()
	run.rollBackUpdate("User Initiated")
	return &cloudformation.CancelUpdateStackOutput{}, nil
}

func (c *Cloud) continueUpdateRollback(in *cloudformation.ContinueUpdateRollbackInput) (*cloudformation.ContinueUpdateRollbackOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	switch {
	case s == nil:
		return nil, invalid("Stack [%s] does not exist", aws.ToString(in.StackName))
	case s.status != types.StackStatusUpdateRollbackFailed || s.interrupted == nil:
		return nil, invalid("Stack:%s is in %s state and can not continue rollback.", s.id, s.status)
	}
	for _, id := range in.ResourcesToSkip {
		if r := s.resource(id); r == nil || r.status != types.ResourceStatusUpdateFailed {
			return nil, invalid("The following resource(s) cannot be skipped because they are not in the UPDATE_FAILED state: [%s]", id)
		}
	}
	if aws.ToBool(in.ForceRollback) {
		if len(in.ResourcesToSkip) > 0 {
			return nil, invalid("ForceRollback and ResourcesToSkip are mutually exclusive")
		}
		for _, r := range s.resources {
			if r.status == types.ResourceStatusUpdateFailed {
				in.ResourcesToSkip = append(in.ResourcesToSkip, r.id)
			}
		}
	}
	s.workAs(in.RoleARN)
	run := s.interrupted
	run.token, run.skipped = aws.ToString(in.ClientRequestToken), in.ResourcesToSkip
	s.running = run
	c.set(s, types.StackStatusUpdateRollbackInProgress, "User Initiated", run.token)
	c.after(time.Second, run.revert)
	return &cloudformation.ContinueUpdateRollbackOutput{}, nil
}
