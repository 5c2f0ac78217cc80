package applytest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A finding is what the validation of a change set has found: CloudFormation tells the
// change set that there is something, and tells in DescribeEvents what it is.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
type finding struct {
	id, typ, reason string
	at              string // where in the template
}

// nameConflict is why a change set fails whose new resources have names that are taken.
// The words: aws-cloudformation/rain#744, aws/aws-cdk-cli#1000.
const nameConflict = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early " +
	"Validation errors, use the DescribeEvents API for detailed failure information."

// takenNames finds the new resources of a change set that have the name of something that
// is there.
func (c *Cloud) takenNames(set *changeSet) []finding {
	var out []finding
	w := &changeWriter{c: c, s: set.stack, content: &set.content, diff: diff(set.stack, &set.content)}
	for _, change := range set.changes {
		r := change.ResourceChange
		k := kindOf(*r.ResourceType)
		if r.Action != types.ChangeActionAdd || k.named == "" {
			continue
		}
		properties, _ := w.after(*r.LogicalResourceId, set.content.template.Resource(*r.LogicalResourceId).Properties).(cfn.Object)
		name := text(properties.Get(k.named))
		if name != "" && c.thing(k.typ, name) != nil {
			out = append(out, finding{
				id: *r.LogicalResourceId, typ: k.typ, at: "/Resources/" + *r.LogicalResourceId + "/Properties/" + k.named,
				reason: "Resource of type '" + k.typ + "' with identifier '" + name + "' already exists.",
			})
		}
	}
	return out
}

// describeEvents tells the findings of a change set. What happens to a stack is told by
// DescribeStackEvents.
func (c *Cloud) describeEvents(in *cloudformation.DescribeEventsInput) (*cloudformation.DescribeEventsOutput, error) {
	out := &cloudformation.DescribeEventsOutput{}
	if in.ChangeSetName == nil {
		return out, nil
	}
	set, err := c.findChangeSet(in.StackName, in.ChangeSetName)
	if err != nil {
		return nil, err
	}
	for _, f := range set.findings {
		out.OperationEvents = append(out.OperationEvents, types.OperationEvent{
			EventId: aws.String(uuid(c.ids.hash("finding", set.id))), EventType: types.EventTypeValidationError, StackId: &set.stack.id,
			OperationId: &set.id, OperationType: types.OperationTypeCreateChangeset, LogicalResourceId: &f.id, ResourceType: &f.typ,
			Timestamp: &set.created, ValidationFailureMode: types.HookFailureModeFail, ValidationName: aws.String("NAME_CONFLICT_VALIDATION"),
			ValidationPath: &f.at, ValidationStatus: types.ValidationStatusFailed, ValidationStatusReason: &f.reason,
		})
	}
	return out, nil
}
