package applytest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

func checkStory(t *testing.T, w *world, stack, want string) {
	t.Helper()
	if diff := gocmp.Diff(strings.TrimSpace(want), w.story(stack)); diff != "" {
		t.Errorf("events of %s mismatch (-want +got):\n%s", stack, diff)
	}
}

func (w *world) remove(stack string) error {
	_, err := w.CloudFormation.DeleteStack(w.t.Context(), &cloudformation.DeleteStackInput{StackName: &stack})
	return err
}

// gone waits until nothing goes on in a stack that is being deleted, by its id.
func (w *world) gone(id string) string {
	w.t.Helper()
	w.sleep(2 * time.Second)
	return w.settled(id)
}

const twoTopics = `
Resources:
  First: {Type: AWS::SNS::Topic, Properties: {TopicName: first}}
  Second: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "second-of-${First}"}}
  Slow: {Type: AWS::EC2::NatGateway}
`

// The events of a stack through its life, as recorded in localstack: test_stacks.py
// (test_list_events_after_deployment), test_change_set_ref.py
// (test_immutable_property_update_causes_resource_replacement) and test_deletion_policy.py.
func TestStackEvents(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", topic, nil)
	w.deploy("stack", strings.Replace(topic, "one", "two", 1), nil)
	id := *w.stack("stack").StackId
	must(0, w.remove("stack"))
	if status := w.gone(id); status != "DELETE_COMPLETE" {
		t.Error(status)
	}
	checkStory(t, w, id, `
stack REVIEW_IN_PROGRESS: User Initiated
stack CREATE_IN_PROGRESS: User Initiated
Topic CREATE_IN_PROGRESS
Topic CREATE_IN_PROGRESS: Resource creation Initiated
Topic CREATE_COMPLETE
stack CREATE_COMPLETE
stack UPDATE_IN_PROGRESS: User Initiated
Topic UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.
Topic UPDATE_IN_PROGRESS: Resource creation Initiated
Topic UPDATE_COMPLETE
stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
Topic DELETE_IN_PROGRESS
Topic DELETE_COMPLETE
stack UPDATE_COMPLETE
stack DELETE_IN_PROGRESS: User Initiated
Topic DELETE_IN_PROGRESS
Topic DELETE_COMPLETE
stack DELETE_COMPLETE`)
	if w.exists("stack") {
		t.Error("a deleted stack is found by its name")
	}
	_, err := w.CloudFormation.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("stack")})
	checkAnswer(t, "ValidationError: Stack with id stack does not exist", err) // LS test_non_existing_stack_message
	_, err = w.CloudFormation.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("stack")})
	checkAnswer(t, "ValidationError: Stack [stack] does not exist", err) // LS test_describe_stack_events_errors
	if left := w.cloud.Snapshot(); len(left.Things) > 0 {
		t.Errorf("left behind: %v", left.Things)
	}
}

// A resource that fails takes those that go on with it, and the stack goes back.
// The words: public accounts of such events; LS test_blocked_stack_deletion for the order.
func TestCreateFails(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.cloud.FailResource(applytest.ResourceFault{Stack: "stack", Resource: "Second", On: applytest.OnCreate, Reason: "no luck"})
	if status := w.deploy("stack", twoTopics, nil); status != "ROLLBACK_COMPLETE" {
		t.Error(status)
	}
	checkStory(t, w, "stack", `
stack REVIEW_IN_PROGRESS: User Initiated
stack CREATE_IN_PROGRESS: User Initiated
First CREATE_IN_PROGRESS
Slow CREATE_IN_PROGRESS
First CREATE_IN_PROGRESS: Resource creation Initiated
Slow CREATE_IN_PROGRESS: Resource creation Initiated
First CREATE_COMPLETE
Second CREATE_IN_PROGRESS
Second CREATE_IN_PROGRESS: Resource creation Initiated
Second CREATE_FAILED: no luck
Slow CREATE_FAILED: Resource creation cancelled
stack ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Second, Slow]. Rollback requested by user.
Second DELETE_IN_PROGRESS
Slow DELETE_IN_PROGRESS
Second DELETE_COMPLETE
First DELETE_IN_PROGRESS
First DELETE_COMPLETE
Slow DELETE_COMPLETE
stack ROLLBACK_COMPLETE`)
	if got := w.cloud.Snapshot().Things; len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	if left := w.cloud.UnfiredResourceFaults(); len(left) > 0 {
		t.Errorf("unfired: %v", left)
	}
	must(0, w.remove("stack"))
	w.gone(*w.stack("stack").StackId)
	if w.exists("stack") {
		t.Error("it cannot be deleted")
	}
}

// What a stack does when a phase fails.
func TestFailures(t *testing.T) {
	const changed = `
Resources:
  First: {Type: AWS::SNS::Topic, Properties: {TopicName: first, DisplayName: changed}}
  Second: {Type: AWS::SNS::Topic, Properties: {TopicName: second, DisplayName: changed}}
  Third: {Type: AWS::SNS::Topic, Properties: {TopicName: third}}
`
	const base = `
Resources:
  First: {Type: AWS::SNS::Topic, Properties: {TopicName: first}}
  Second: {Type: AWS::SNS::Topic, Properties: {TopicName: second}}
  Gone: {Type: AWS::SNS::Topic, Properties: {TopicName: gone}}
`
	fault := func(resource string, on applytest.Phase) applytest.ResourceFault {
		return applytest.ResourceFault{Stack: "stack", Resource: resource, On: on, Reason: "no luck"}
	}
	tests := []struct {
		name   string
		create []applytest.ResourceFault // before the stack is created
		update []applytest.ResourceFault // before it is updated
		status string
		reason string
		things string // that are left
	}{
		{"nothing", nil, nil, "UPDATE_COMPLETE", "", "first second third"},
		{"creation", []applytest.ResourceFault{fault("First", applytest.OnCreate)}, nil, "ROLLBACK_COMPLETE", "", ""},
		{"creation and deletion", []applytest.ResourceFault{fault("First", applytest.OnCreate), fault("First", applytest.OnDelete)}, nil,
			"ROLLBACK_FAILED", "The following resource(s) failed to delete: [First]. ", "first"},
		{"update", nil, []applytest.ResourceFault{fault("Second", applytest.OnUpdate)}, "UPDATE_ROLLBACK_COMPLETE", "", "first gone second"},
		{"creation in an update", nil, []applytest.ResourceFault{fault("Third", applytest.OnCreate)}, "UPDATE_ROLLBACK_COMPLETE", "", "first gone second"},
		{"update and rollback", nil, []applytest.ResourceFault{fault("Second", applytest.OnUpdate), fault("First", applytest.OnRollback)},
			"UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: [First]. ", "first gone second third"},
		{"clean-up", nil, []applytest.ResourceFault{fault("Gone", applytest.OnDelete)},
			"UPDATE_COMPLETE", "Update successful. One or more resources could not be deleted.", "first gone second third"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			for _, f := range test.create {
				w.cloud.FailResource(f)
			}
			status := w.deploy("stack", base, nil)
			for _, f := range test.update {
				w.cloud.FailResource(f)
			}
			if test.create == nil {
				status = w.deploy("stack", changed, nil)
			}
			if status != test.status || aws.ToString(w.stack("stack").StackStatusReason) != test.reason {
				t.Errorf("got %s: %s\n%s", status, aws.ToString(w.stack("stack").StackStatusReason), w.story("stack"))
			}
			var names []string
			for _, thing := range w.cloud.Snapshot().Things {
				names = append(names, thing.Physical)
			}
			if got := strings.Join(names, " "); got != test.things {
				t.Errorf("got things %q, want %q", got, test.things)
			}
		})
	}
}

// A rollback that has failed can be continued, and what hinders it left out.
func TestContinueUpdateRollback(t *testing.T) {
	const base = "Resources: {A: {Type: AWS::SNS::Topic, Properties: {DisplayName: x}}, B: {Type: AWS::SNS::Topic, Properties: {DisplayName: x}}}"
	for _, skip := range [][]string{nil, {"A"}, {"all"}} {
		w := newWorld(t, applytest.Options{})
		w.deploy("stack", base, nil)
		w.cloud.FailResource(applytest.ResourceFault{Stack: "stack", Resource: "B", On: applytest.OnUpdate})
		w.cloud.FailResource(applytest.ResourceFault{Stack: "stack", Resource: "A", On: applytest.OnRollback, Times: 1 + len(skip)})
		w.deploy("stack", strings.ReplaceAll(base, "x", "y"), nil)
		_, err := w.CloudFormation.CreateChangeSet(t.Context(), change("stack", topic))
		checkAnswer(t, "ValidationError: Stack:"+*w.stack("stack").StackId+" is in UPDATE_ROLLBACK_FAILED state and can not be updated.", err)
		in := &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("stack"), ResourcesToSkip: skip}
		if len(skip) > 0 && skip[0] == "all" {
			in.ResourcesToSkip, in.ForceRollback = nil, aws.Bool(true)
		}
		must(w.CloudFormation.ContinueUpdateRollback(t.Context(), in))
		if status := w.settled("stack"); status != "UPDATE_ROLLBACK_COMPLETE" {
			t.Errorf("skip %v: %s\n%s", skip, status, w.story("stack"))
		}
		_, err = w.CloudFormation.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("stack")})
		checkAnswer(t, "ValidationError: Stack:"+*w.stack("stack").StackId+" is in UPDATE_ROLLBACK_COMPLETE state and can not continue rollback.", err)
	}
}

// An update that goes on can be cancelled.
func TestCancelUpdateStack(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", twoTopics, nil)
	cancel := func() error {
		_, err := w.CloudFormation.CancelUpdateStack(t.Context(), &cloudformation.CancelUpdateStackInput{StackName: aws.String("stack")})
		return err
	}
	checkAnswer(t, "ValidationError: CancelUpdateStack cannot be called from current stack status", cancel())
	set := w.plan(change("stack", strings.Replace(twoTopics, "NatGateway}", "NatGateway, Properties: {Tags: [{Key: a, Value: b}]}}", 1)))
	must(w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId}))
	w.sleep(10 * time.Second)
	if err := cancel(); err != nil {
		t.Fatal(err)
	}
	if status := w.settled("stack"); status != "UPDATE_ROLLBACK_COMPLETE" {
		t.Errorf("%s\n%s", status, w.story("stack"))
	}
	if !strings.Contains(w.story("stack"), "Slow UPDATE_FAILED: Resource update cancelled") {
		t.Error(w.story("stack"))
	}
}

// Stacks, events and resources come in pages; all stacks that live are listed.
func TestStackPages(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	for i := range 25 {
		w.deploy("stack"+string(rune('a'+i)), "Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}}", nil)
	}
	must(0, w.remove("stacka"))
	w.gone(*w.stack("stacka").StackId)
	n := 0
	for p := cloudformation.NewDescribeStacksPaginator(w.CloudFormation.(*cloudformation.Client), &cloudformation.DescribeStacksInput{}); p.HasMorePages(); {
		n += len(must(p.NextPage(t.Context())).Stacks)
	}
	if n != 24 {
		t.Errorf("got %d stacks, want 24", n)
	}
	template := must(w.CloudFormation.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("stackb")}))
	if got := *template.TemplateBody; got != "Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}}" {
		t.Errorf("got template %s", got)
	}
}

// DescribeStacks shows what AWS shows: recordings in localstack, test_change_sets.py,
// post-create-1-describe and delete-describe; secrets: test_no_echo_parameter.
func TestDescribeStack(t *testing.T) {
	const body = "Description: things\nParameters: {Name: {Type: String}, Secret: {Type: String, NoEcho: true, Default: x}}\n" + topic + "\nOutputs: {O: {Description: d, Value: !Ref Name}}"
	w := newWorld(t, applytest.Options{})
	in := creation("stack", body)
	in.Parameters = parameters("Name", "n")
	in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	in.RoleARN = aws.String("arn:aws:iam::123456789012:role/deploy")
	set := w.plan(in)
	must(w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId}))
	w.settled("stack")
	s := w.stack("stack")
	if *s.Description != "things" || *s.ChangeSetId != *set.ChangeSetId || s.LastUpdatedTime == nil || *s.EnableTerminationProtection || *s.DisableRollback {
		t.Errorf("got %+v", s)
	}
	if len(s.Tags) != 1 || *s.Tags[0].Value != "v" || len(s.Outputs) != 1 || *s.Outputs[0].OutputValue != "n" || *s.Outputs[0].Description != "d" {
		t.Errorf("got tags %v and outputs %v", s.Tags, s.Outputs)
	}
	if *s.Parameters[0].ParameterValue != "n" || *s.Parameters[1].ParameterValue != "****" {
		t.Errorf("got parameters %s and %s", *s.Parameters[0].ParameterValue, *s.Parameters[1].ParameterValue)
	}
	// The stack keeps its role until it is given another one.
	w.deploy("stack", strings.Replace(body, "things", "others", 1)+"\n# x", map[string]string{"Name": "m"})
	if got := aws.ToString(w.stack("stack").RoleARN); got != *in.RoleARN || w.cloud.Snapshot().Stacks[0].Role != got {
		t.Errorf("got role %s, want %s", got, *in.RoleARN)
	}
	other := "arn:aws:iam::123456789012:role/remove"
	must(w.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("stack"), RoleARN: &other}))
	w.gone(*s.StackId)
	s = w.stack(*s.StackId)
	if aws.ToString(s.RoleARN) != other {
		t.Errorf("got role %s, want %s", aws.ToString(s.RoleARN), other)
	}
	if s.DeletionTime == nil || s.ChangeSetId != nil || s.EnableTerminationProtection != nil {
		t.Errorf("got deleted %+v", s)
	}
}
