package applytest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

var stackOperations = []operation{
	reads("cloudformation:DescribeStacks", "StackName", (*Cloud).describeStacks),
	reads("cloudformation:DescribeStackEvents", "StackName", (*Cloud).describeStackEvents),
	reads("cloudformation:DescribeEvents", "StackName", (*Cloud).describeEvents),
	reads("cloudformation:ListStackResources", "StackName", (*Cloud).listStackResources),
	reads("cloudformation:GetTemplate", "StackName", (*Cloud).getTemplate),
	reads("cloudformation:GetStackPolicy", "StackName", (*Cloud).getStackPolicy),
	reads("cloudformation:ListImports", "ExportName", (*Cloud).listImports),
	writes("cloudformation:CancelUpdateStack", "StackName", (*Cloud).cancelUpdateStack),
	writes("cloudformation:ContinueUpdateRollback", "StackName", (*Cloud).continueUpdateRollback),
	writes("cloudformation:DeleteStack", "StackName", (*Cloud).deleteStack),
}

// Sizes of pages. Those of the services are larger for some; paging is the same.
const (
	stacksPage    = 20
	eventsPage    = 100
	resourcesPage = 100
	changesPage   = 50
)

// page returns the part of a list that a token asks for, and the token of the next one.
func page[T any](list []T, token *string, size int) ([]T, *string, error) {
	from := 0
	if token != nil {
		n, ok := strings.CutPrefix(*token, "page-")
		at, err := strconv.Atoi(n)
		if !ok || err != nil || at < 0 || at > len(list) {
			return nil, nil, invalid("The specified NextToken is not valid")
		}
		from = at
	}
	if rest := list[from:]; len(rest) <= size {
		return rest, nil, nil
	}
	return list[from : from+size], aws.String("page-" + strconv.Itoa(from+size)), nil
}

func (c *Cloud) describeStacks(in *cloudformation.DescribeStacksInput) (*cloudformation.DescribeStacksOutput, error) {
	var found []types.Stack
	if in.StackName != nil {
		s := c.stackNamed(*in.StackName)
		if s == nil {
			return nil, invalid("Stack with id %s does not exist", *in.StackName)
		}
		found = append(found, describeStack(s))
	} else {
		for _, s := range slices.Backward(c.cfn.stacks) {
			if !s.gone() {
				found = append(found, describeStack(s))
			}
		}
	}
	stacks, next, err := page(found, in.NextToken, stacksPage)
	return &cloudformation.DescribeStacksOutput{Stacks: stacks, NextToken: next}, err
}

func describeStack(s *stack) types.Stack {
	out := types.Stack{
		StackId: &s.id, StackName: &s.name, StackStatus: s.status, StackStatusReason: optional(s.reason),
		CreationTime: &s.created, LastUpdatedTime: optionalTime(s.updated), DeletionTime: optionalTime(s.deleted),
		ChangeSetId: optional(s.changeSet), RoleARN: optional(s.role), Parameters: shownParameters(s.parameters), Capabilities: s.capabilities,
		Tags: s.tags, Outputs: s.outputs, DisableRollback: aws.Bool(false),
		DriftInformation:      &types.StackDriftInformation{StackDriftStatus: types.StackDriftStatusNotChecked},
		RollbackConfiguration: &types.RollbackConfiguration{}, EnableTerminationProtection: &s.protected,
	}
	if s.template != nil {
		out.Description = optional(s.template.Description)
	}
	if s.gone() {
		out.ChangeSetId, out.EnableTerminationProtection, out.Outputs = nil, nil, nil
	}
	return out
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (c *Cloud) describeStackEvents(in *cloudformation.DescribeStackEventsInput) (*cloudformation.DescribeStackEventsOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", aws.ToString(in.StackName))
	}
	newest := slices.Clone(s.events)
	slices.Reverse(newest)
	events, next, err := page(newest, in.NextToken, eventsPage)
	return &cloudformation.DescribeStackEventsOutput{StackEvents: events, NextToken: next}, err
}

func (c *Cloud) listStackResources(in *cloudformation.ListStackResourcesInput) (*cloudformation.ListStackResourcesOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", aws.ToString(in.StackName))
	}
	var all []types.StackResourceSummary
	for _, r := range s.resources {
		all = append(all, types.StackResourceSummary{
			LogicalResourceId: aws.String(r.id), PhysicalResourceId: optional(r.physical), ResourceType: aws.String(r.typ),
			ResourceStatus: r.status, ResourceStatusReason: optional(r.reason), LastUpdatedTimestamp: aws.Time(r.updated),
			DriftInformation: &types.StackResourceDriftInformationSummary{
				StackResourceDriftStatus: types.StackResourceDriftStatusNotChecked,
			},
		})
	}
	resources, next, err := page(all, in.NextToken, resourcesPage)
	return &cloudformation.ListStackResourcesOutput{StackResourceSummaries: resources, NextToken: next}, err
}

func (c *Cloud) getTemplate(in *cloudformation.GetTemplateInput) (*cloudformation.GetTemplateOutput, error) {
	if in.ChangeSetName != nil {
		set, err := c.findChangeSet(in.StackName, in.ChangeSetName)
		if err != nil {
			return nil, err
		}
		return templateOutput(set.content.body), nil
	}
	if in.StackName == nil {
		return nil, invalid("StackName is required if ChangeSetName is not specified.")
	}
	s := c.stackNamed(*in.StackName)
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", *in.StackName)
	}
	return templateOutput(s.body), nil
}

func templateOutput(body string) *cloudformation.GetTemplateOutput {
	return &cloudformation.GetTemplateOutput{
		TemplateBody:    &body,
		StagesAvailable: []types.TemplateStage{types.TemplateStageOriginal, types.TemplateStageProcessed},
	}
}

func (c *Cloud) getStackPolicy(in *cloudformation.GetStackPolicyInput) (*cloudformation.GetStackPolicyOutput, error) {
	s := c.stackNamed(aws.ToString(in.StackName))
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", aws.ToString(in.StackName))
	}
	return &cloudformation.GetStackPolicyOutput{StackPolicyBody: optional(s.policy)}, nil
}

func (c *Cloud) listImports(in *cloudformation.ListImportsInput) (*cloudformation.ListImportsOutput, error) {
	names := c.importers(aws.ToString(in.ExportName))
	if len(names) == 0 {
		return nil, invalid("Export '%s' is not imported by any stack.", aws.ToString(in.ExportName))
	}
	imports, next, err := page(names, in.NextToken, stacksPage)
	return &cloudformation.ListImportsOutput{Imports: imports, NextToken: next}, err
}

// propertiesText is how events show the properties of a resource.
func propertiesText(r *resource) string { return intrinsic.JSON(r.properties) }

// shownParameters are the parameters of a stack, without secrets.
func shownParameters(list []parameter) []types.Parameter {
	var out []types.Parameter
	for _, p := range list {
		value := p.value
		if p.secret {
			value = "****"
		}
		out = append(out, types.Parameter{ParameterKey: aws.String(p.name), ParameterValue: &value, ResolvedValue: optional(p.resolved)})
	}
	return out
}
