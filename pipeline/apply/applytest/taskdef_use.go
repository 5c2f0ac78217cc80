package applytest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// definition returns the revision that is named by its ARN, by family:revision, or by its
// family: the latest active one. It is nil when there is none.
func (c *Cloud) definition(name string) *definition {
	if _, after, ok := strings.Cut(name, ":task-definition/"); ok {
		name = after
	}
	family, revision, exact := strings.Cut(name, ":")
	for _, d := range slices.Backward(c.ecs.definitions) {
		switch {
		case *d.Family != family:
		case exact && strconv.Itoa(int(d.Revision)) == revision, !exact && d.Status == types.TaskDefinitionStatusActive:
			return d
		}
	}
	return nil
}

func (c *Cloud) describeTaskDefinition(in *ecs.DescribeTaskDefinitionInput) (*ecs.DescribeTaskDefinitionOutput, error) {
	d := c.definition(aws.ToString(in.TaskDefinition))
	if d == nil {
		return nil, refuseClient("Unable to describe task definition.")
	}
	out := &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &d.TaskDefinition}
	if slices.Contains(in.Include, types.TaskDefinitionFieldTags) {
		out.Tags = d.tags
	}
	return out, nil
}

func (c *Cloud) listTaskDefinitions(in *ecs.ListTaskDefinitionsInput) (*ecs.ListTaskDefinitionsOutput, error) {
	status := in.Status
	if status == "" {
		status = types.TaskDefinitionStatusActive
	}
	var arns []string
	for _, d := range c.ecs.definitions {
		if d.Status == status && (in.FamilyPrefix == nil || *in.FamilyPrefix == *d.Family) {
			arns = append(arns, *d.TaskDefinitionArn)
		}
	}
	slices.SortStableFunc(arns, func(a, b string) int {
		x, y := c.definition(a), c.definition(b)
		if *x.Family != *y.Family {
			return strings.Compare(*x.Family, *y.Family)
		}
		return int(x.Revision - y.Revision)
	})
	if in.Sort == types.SortOrderDesc {
		slices.Reverse(arns)
	}
	shown, next, err := page(arns, in.NextToken, pageSize(in.MaxResults, 100))
	return &ecs.ListTaskDefinitionsOutput{TaskDefinitionArns: shown, NextToken: next}, err
}

// pageSize returns how many elements a page has.
func pageSize(wanted *int32, most int) int {
	if wanted == nil || *wanted < 1 {
		return most
	}
	return min(int(*wanted), most)
}

func (c *Cloud) deregisterTaskDefinition(in *ecs.DeregisterTaskDefinitionInput) (*ecs.DeregisterTaskDefinitionOutput, error) {
	name := aws.ToString(in.TaskDefinition)
	if short := name[strings.LastIndex(name, "/")+1:]; !strings.Contains(short, ":") {
		return nil, refuseClient("Invalid revision number. Number: %s", short)
	}
	d := c.definition(name)
	if d == nil {
		return nil, refuseClient("The specified task definition does not exist. Specify a valid account, family, revision and try again.")
	}
	d.Status = types.TaskDefinitionStatusInactive
	if d.DeregisteredAt == nil {
		d.DeregisteredAt = aws.Time(c.now)
	}
	return &ecs.DeregisterTaskDefinitionOutput{TaskDefinition: &d.TaskDefinition}, nil
}

// tagContainers tags a cluster, a service or a task definition.
func (c *Cloud) tagContainers(in *ecs.TagResourceInput) (*ecs.TagResourceOutput, error) {
	arn := aws.ToString(in.ResourceArn)
	var tags *[]types.Tag
	if d := c.definition(arn); d != nil && *d.TaskDefinitionArn == arn {
		tags = &d.tags
	}
	for _, cl := range c.ecs.clusters {
		if cl.arn == arn {
			tags = &cl.tags
		}
		for _, svc := range cl.services {
			if svc.arn == arn {
				tags = &svc.tags
			}
		}
	}
	if tags == nil {
		return nil, refuse("InvalidParameterException", "The specified resource does not exist: %s", arn)
	}
	for _, tag := range in.Tags {
		*tags = setTag(*tags, tag)
	}
	return &ecs.TagResourceOutput{}, nil
}

func setTag(tags []types.Tag, tag types.Tag) []types.Tag {
	for i := range tags {
		if aws.ToString(tags[i].Key) == aws.ToString(tag.Key) {
			tags[i] = tag
			return tags
		}
	}
	return append(tags, tag)
}
