package applytest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// sameChanges compares changes, without the fields that the SDK does not show.
func sameChanges(t *testing.T, want, got []types.Change) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.IgnoreUnexported(
		types.Change{}, types.ResourceChange{}, types.ResourceChangeDetail{}, types.ResourceTargetDefinition{},
	), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changes mismatch (-want +got):\n%s", diff)
	}
}

func resourceChange(r types.ResourceChange) []types.Change {
	return []types.Change{{Type: types.ChangeTypeResource, ResourceChange: &r}}
}

// What a change set shows is what AWS has shown: recordings in localstack,
// tests/aws/services/cloudformation/test_change_sets.py, TestCaptureUpdateProcess,
// test_direct_update, test_dynamic_update and test_parameter_changes.
func TestDescribedChanges(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	created := w.plan(creation("stack", topic))
	sameChanges(t, resourceChange(types.ResourceChange{
		Action: types.ChangeActionAdd, LogicalResourceId: aws.String("Topic"), ResourceType: aws.String("AWS::SNS::Topic"),
		AfterContext: aws.String(`{"Properties":{"TopicName":"one"}}`),
	}), created.Changes)

	w.deploy("other", strings.Replace(topic, "one", "topic-1", 1), nil)
	target := types.ResourceTargetDefinition{
		Attribute: types.ResourceAttributeProperties, Name: aws.String("TopicName"), RequiresRecreation: types.RequiresRecreationAlways,
		Path: aws.String("/Properties/TopicName"), AttributeChangeType: types.AttributeChangeTypeModify,
		BeforeValue: aws.String("topic-1"), AfterValue: aws.String("topic-2"),
	}
	direct := types.ResourceChangeDetail{
		ChangeSource: types.ChangeSourceDirectModification, Evaluation: types.EvaluationTypeStatic, Target: &target,
	}
	want := types.ResourceChange{
		Action: types.ChangeActionModify, LogicalResourceId: aws.String("Topic"), PhysicalResourceId: aws.String("topic-1"),
		ResourceType: aws.String("AWS::SNS::Topic"), Replacement: types.ReplacementTrue, PolicyAction: types.PolicyActionReplaceAndDelete,
		Scope: []types.ResourceAttribute{types.ResourceAttributeProperties}, Details: []types.ResourceChangeDetail{direct},
		BeforeContext: aws.String(`{"Properties":{"TopicName":"topic-1"}}`), AfterContext: aws.String(`{"Properties":{"TopicName":"topic-2"}}`),
	}
	want.PhysicalResourceId = aws.String(physical(w, "other", "Topic"))
	set := w.plan(change("other", strings.Replace(topic, "one", "topic-2", 1)))
	sameChanges(t, resourceChange(want), set.Changes)

	// Without values there are no paths, nor contexts.
	target.Path, target.AttributeChangeType, target.BeforeValue, target.AfterValue = nil, "", nil, nil
	want.BeforeContext, want.AfterContext = nil, nil
	plain := must(w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: set.ChangeSetId}))
	sameChanges(t, resourceChange(want), plain.Changes)
}

func physical(w *world, stack, id string) string {
	for _, r := range must(w.CloudFormation.ListStackResources(w.t.Context(), &cloudformation.ListStackResourcesInput{StackName: &stack})).StackResourceSummaries {
		if *r.LogicalResourceId == id {
			return aws.ToString(r.PhysicalResourceId)
		}
	}
	return ""
}

// A change that a parameter causes is told twice; one that a replaced resource causes names it.
func TestCausedChanges(t *testing.T) {
	const body = `
Parameters:
  Name: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Topic.TopicName}}
`
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, map[string]string{"Name": "topic-1"})
	in := change("stack", body)
	in.Parameters = parameters("Name", "topic-2")
	set := w.plan(in)
	type told struct{ id, source, evaluation, entity, after string }
	var got []told
	for _, c := range set.Changes {
		for _, d := range c.ResourceChange.Details {
			got = append(got, told{*c.ResourceChange.LogicalResourceId, string(d.ChangeSource), string(d.Evaluation), aws.ToString(d.CausingEntity), aws.ToString(d.Target.AfterValue)})
		}
	}
	want := []told{
		{"Topic", "ParameterReference", "Static", "Name", "topic-2"},
		{"Topic", "DirectModification", "Dynamic", "", "topic-2"},
		{"Parameter", "ResourceAttribute", "Static", "Topic.TopicName", "{{changeSet:KNOWN_AFTER_APPLY}}"},
		{"Parameter", "DirectModification", "Dynamic", "", "{{changeSet:KNOWN_AFTER_APPLY}}"},
	}
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("details mismatch (-want +got):\n%s", diff)
	}
}

// An export that there is not is no failure of the change set, but its values are missing:
// recordings in localstack, test_describe_change_set_import_non_existent_export.
func TestChangeSetWithoutExport(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	set := w.plan(creation("stack", "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue nowhere}}}"))
	const want = "[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed " +
		"for resource [P] because: No export named nowhere found"
	if set.Status != types.ChangeSetStatusCreateComplete || aws.ToString(set.StatusReason) != want {
		t.Errorf("got %s: %s", set.Status, aws.ToString(set.StatusReason))
	}
	plain := must(w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: set.ChangeSetId}))
	if plain.StatusReason != nil {
		t.Errorf("got reason %s without values, want none", *plain.StatusReason)
	}
}

// Policies say what becomes of what is removed or replaced.
func TestPolicyActions(t *testing.T) {
	const body = `
Resources:
  Stays: {Type: AWS::SNS::Topic, Properties: {TopicName: a}}
  Gone: {Type: AWS::SNS::Topic, Properties: {TopicName: b}}
  Left: {Type: AWS::SNS::Topic, DeletionPolicy: Retain, Properties: {TopicName: c}}
  Replaced: {Type: AWS::SNS::Topic, UpdateReplacePolicy: Retain, Properties: {TopicName: d}}
`
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, nil)
	set := w.plan(change("stack", `
Resources:
  Stays: {Type: AWS::SNS::Topic, Properties: {TopicName: a}}
  Replaced: {Type: AWS::SNS::Topic, UpdateReplacePolicy: Retain, Properties: {TopicName: e}}
`))
	got := map[string]string{}
	for _, c := range set.Changes {
		got[*c.ResourceChange.LogicalResourceId] = string(c.ResourceChange.Action) + " " + string(c.ResourceChange.PolicyAction)
	}
	want := map[string]string{"Gone": "Remove Delete", "Left": "Remove Retain", "Replaced": "Modify ReplaceAndRetain"}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("policies mismatch (-want +got):\n%s", diff)
	}
}

// Changes come in pages.
func TestChangesPages(t *testing.T) {
	var body strings.Builder
	body.WriteString("Resources:\n")
	for i := range 120 {
		body.WriteString("  T" + string(rune('A'+i/26)) + string(rune('A'+i%26)) + ": {Type: AWS::SNS::Topic}\n")
	}
	w := newWorld(t, applytest.Options{})
	set := w.plan(creation("stack", body.String()))
	n, pages := len(set.Changes), 1
	for set.NextToken != nil {
		set = must(w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{
			ChangeSetName: set.ChangeSetId, NextToken: set.NextToken,
		}))
		n, pages = n+len(set.Changes), pages+1
	}
	if n != 120 || pages < 2 {
		t.Errorf("got %d changes on %d pages, want 120 on some", n, pages)
	}
	_, err := w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{
		ChangeSetName: set.ChangeSetId, NextToken: aws.String("x"),
	})
	checkAnswer(t, "ValidationError: The specified NextToken is not valid", err)
}
