package applytest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// answer is what AWS answers, as "code: message".
func answer(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	return api.ErrorCode() + ": " + api.ErrorMessage()
}

func checkAnswer(t *testing.T, want string, err error) {
	t.Helper()
	if diff := gocmp.Diff(want, answer(err)); diff != "" {
		t.Errorf("answer mismatch (-want +got):\n%s\nerror: %v", diff, err)
	}
}

const (
	topic = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}}"
	named = `
Parameters:
  Name: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
`
)

// change is a change set for a stack, of type UPDATE where nothing else is said.
func change(stack, body string) *cloudformation.CreateChangeSetInput {
	return &cloudformation.CreateChangeSetInput{StackName: &stack, ChangeSetName: aws.String("set"), TemplateBody: &body}
}

func creation(stack, body string) *cloudformation.CreateChangeSetInput {
	in := change(stack, body)
	in.ChangeSetType = types.ChangeSetTypeCreate
	return in
}

func parameters(pairs ...string) []types.Parameter {
	var out []types.Parameter
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Parameter{ParameterKey: &pairs[i], ParameterValue: &pairs[i+1]})
	}
	return out
}

// What CreateChangeSet refuses. The sources of the words: LS is the recordings of AWS in
// the tests of localstack (tests/aws/services/cloudformation/**/*.snapshot.json), MODEL is
// botocore's model of CloudFormation, others are public issues.
func TestCreateChangeSetRefuses(t *testing.T) {
	role := "Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}"
	tests := []struct {
		name, source string
		in           *cloudformation.CreateChangeSetInput
		want         string
	}{
		{"a live stack again", "LS test_name_conflicts", creation("live", topic),
			"ValidationError: Stack [live] already exists and cannot be created again with the changeSet [set]."},
		{"a stack that there is not", "LS test_create_change_set_update_nonexisting", change("none", topic),
			"ValidationError: Stack [none] does not exist"},
		{"a stack in review", "rules/cloudformation.md 6", change("review", topic),
			"ValidationError: Stack:ARN/review/ID is in REVIEW_IN_PROGRESS state and can not be updated."},
		{"a stack that was rolled back", "LS test_changeset_for_deleted_stack, for another state", change("back", topic),
			"ValidationError: Stack:ARN/back/ID is in ROLLBACK_COMPLETE state and can not be updated."},
		{"a name that is none", "LS test_stack_name_creation", change("*x", topic),
			"ValidationError: 1 validation error detected: Value '*x' at 'stackName' failed to satisfy constraint: Member must satisfy regular " +
				"expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"},
		{"no template", "LS test_templates", &cloudformation.CreateChangeSetInput{StackName: aws.String("live"), ChangeSetName: aws.String("x")},
			"ValidationError: Either Template URL or Template Body must be specified."},
		{"a template at a place that is no bucket", "LS test_create_stack_from_template_url", &cloudformation.CreateChangeSetInput{
			StackName: aws.String("live"), ChangeSetName: aws.String("x"), TemplateURL: aws.String("http://example.com/x"),
		}, "ValidationError: TemplateURL must be a supported URL."},
		{"no resources", "LS test_missing_resources_block", change("live", "Outputs: {}"),
			"ValidationError: Template format error: At least one Resources member must be defined."},
		{"no type", "LS test_resources_blocks[missing-type]", change("live", "Resources: {A: {Properties: {}}}"),
			"ValidationError: Template format error: [/Resources/A] Every Resources object must contain a Type member."},
		{"a logical id that is none", "LS test_invalid_logical_resource_id", change("live", "Resources: {a-b: {Type: AWS::SNS::Topic}}"),
			"ValidationError: Template format error: Resource name a-b is non alphanumeric."},
		{"a reference that leads nowhere", "LS test_useful_error_when_invalid_ref", change("live", "Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Gone}}}"),
			"ValidationError: Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template"},
		{"a dependency that there is not", "LS test_depends_on_with_missing_reference", change("live", "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: Gone}}"),
			"ValidationError: Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template"},
		{"an output that leads nowhere", "LS test_templates", change("live", topic+"\nOutputs: {O: {Value: !Ref Gone}}"),
			"ValidationError: Unresolved resource dependencies [Gone] in the Outputs block of the template"},
		{"an export named after a resource", "cfn-lint#1632", change("live", topic+"\nOutputs: {O: {Value: x, Export: {Name: !Ref Topic}}}"),
			"ValidationError: Template format error: Output O is malformed.  The Name field of Export must not depend on any resources, imported values, or Fn::GetAZs."},
		{"a circle", "aws-cdk#2883", change("live", "Resources: {B: {Type: AWS::SNS::Topic, DependsOn: A}, A: {Type: AWS::SNS::Topic, DependsOn: B}}"),
			"ValidationError: Circular dependency between resources: [A, B]"},
		{"text that is no YAML", "LS test_templates", change("live", "Resources: [\n"),
			"ValidationError: Template format error: YAML not well-formed. (line 2, column 1)"},
		{"a parameter without value", "LS test_no_parameters_given", change("live", named),
			"ValidationError: Parameters: [Name] must have values"},
		{"a parameter that there is not", "AWS CLI documentation; many public issues", &cloudformation.CreateChangeSetInput{
			StackName: aws.String("live"), ChangeSetName: aws.String("x"), TemplateBody: aws.String(topic), Parameters: parameters("X", "1", "Y", "2"),
		}, "ValidationError: Parameters: [X, Y] do not exist in the template"},
		{"a number that is none", "LS test_templates", &cloudformation.CreateChangeSetInput{
			StackName: aws.String("live"), ChangeSetName: aws.String("x"), Parameters: parameters("Value", "many"),
			TemplateBody: aws.String("Parameters: {Value: {Type: Number}}\n" + topic),
		}, "ValidationError: Parameter 'Value' must be a number."},
		{"roles without a word", "API_CreateChangeSet", change("live", role), "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]"},
		{"named roles with the lesser word", "API_CreateChangeSet", &cloudformation.CreateChangeSetInput{
			StackName: aws.String("live"), ChangeSetName: aws.String("x"), Capabilities: []types.Capability{types.CapabilityCapabilityIam},
			TemplateBody: aws.String(strings.Replace(role, "{Assume", "{RoleName: x, Assume", 1)),
		}, "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]"},
		{"a macro without a word", "LS test_autoexpand_capability_requirement", change("live", "Transform: AWS::LanguageExtensions\n"+topic),
			"InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]"},
		{"a name twice", "saksdirect/nova#10", change("twice", topic),
			"AlreadyExistsException: ChangeSet set cannot be created due to a mismatch with existing attribute Template"},
	}
	w := newWorld(t, applytest.Options{})
	w.deploy("live", topic, nil)
	w.plan(creation("review", topic))
	w.cloud.FailResource(applytest.ResourceFault{Stack: "back", Resource: "Topic", On: applytest.OnCreate})
	w.deploy("back", strings.Replace(topic, "one", "two", 1), nil)
	w.deploy("twice", strings.Replace(topic, "one", "three", 1), nil)
	w.plan(change("twice", strings.Replace(topic, "one", "four", 1)))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := w.CloudFormation.CreateChangeSet(t.Context(), test.in)
			got := errors.New("")
			if err != nil {
				got = err
			}
			want := test.want
			for _, name := range []string{"review", "back"} {
				want = strings.ReplaceAll(want, "ARN/"+name+"/ID", aws.ToString(w.stack(name).StackId))
			}
			checkAnswer(t, want, got)
		})
	}
}

// A template may have 51,200 bytes, and more when it is read from a bucket.
// The words: LS test_validate_template_body_too_long.
func TestTemplateSize(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	body := topic + "\n#" + strings.Repeat("x", 51200-len(topic)-2)
	if w.plan(creation("fits", body)).Status != types.ChangeSetStatusCreateComplete {
		t.Error("a template of 51,200 bytes is refused")
	}
	_, err := w.CloudFormation.CreateChangeSet(t.Context(), creation("large", body+"x"))
	checkAnswer(t, "ValidationError: 1 validation error detected: Value '"+body+"x' at 'templateBody' failed to satisfy constraint: "+
		"Member must have length less than or equal to 51200", err)

	w.deploy("store", "Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: store-123}}}", nil)
	for _, url := range []string{"https://store-123.s3.us-east-1.amazonaws.com/large.yml", "https://s3.us-east-1.amazonaws.com/store-123/large.yml", "https://store-123.s3.amazonaws.com/large.yml"} {
		in := creation("large", "")
		in.TemplateBody, in.TemplateURL = nil, &url
		_, err = w.CloudFormation.CreateChangeSet(t.Context(), in)
		if want := "S3 error: The specified key does not exist."; !strings.Contains(answer(err), want) {
			t.Errorf("%s: got %v, want %q in it", url, err, want)
		}
	}
	must(w.S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("store-123"), Key: aws.String("large.yml"), Body: strings.NewReader(body + "x"),
	}))
	in := creation("large", "")
	in.TemplateBody, in.TemplateURL = nil, aws.String("https://store-123.s3.us-east-1.amazonaws.com/large.yml")
	if set := w.plan(in); set.Status != types.ChangeSetStatusCreateComplete {
		t.Errorf("got %s: %s", set.Status, aws.ToString(set.StatusReason))
	}
}

// A change set is there after some seconds, and in the meantime it can do nothing.
// The words: saksdirect/nova#10, aws-cdk#26182.
func TestChangeSetTakesTime(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	out := must(w.CloudFormation.CreateChangeSet(t.Context(), creation("stack", topic)))
	again := must(w.CloudFormation.CreateChangeSet(t.Context(), func() *cloudformation.CreateChangeSetInput {
		in := creation("stack", topic)
		in.ChangeSetName = aws.String("other")
		return in
	}()))
	if *again.StackId != *out.StackId {
		t.Errorf("got stack %s, want the one in review, %s", *again.StackId, *out.StackId)
	}
	var seen []string
	describe := func() *cloudformation.DescribeChangeSetOutput {
		return must(w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: out.Id}))
	}
	for range 6 {
		set := describe()
		if state := string(set.Status) + " " + string(set.ExecutionStatus); len(seen) == 0 || seen[len(seen)-1] != state {
			seen = append(seen, state)
		}
		if set.Status == types.ChangeSetStatusCreateInProgress {
			_, err := w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: out.Id})
			checkAnswer(t, "InvalidChangeSetStatus: ChangeSet ["+*out.Id+"] cannot be executed in its current status of [CREATE_IN_PROGRESS]", err)
			_, err = w.CloudFormation.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: out.Id})
			checkAnswer(t, "InvalidChangeSetStatus: An operation on this ChangeSet is currently in progress.", err)
		}
		w.sleep(time.Second)
	}
	want := []string{"CREATE_PENDING UNAVAILABLE", "CREATE_IN_PROGRESS UNAVAILABLE", "CREATE_COMPLETE AVAILABLE"}
	if diff := gocmp.Diff(want, seen); diff != "" {
		t.Errorf("states mismatch (-want +got):\n%s", diff)
	}
	if s := w.stack("stack"); s.StackStatus != types.StackStatusReviewInProgress || aws.ToString(s.StackStatusReason) != "User Initiated" {
		t.Errorf("got stack %s: %s", s.StackStatus, aws.ToString(s.StackStatusReason)) // LS test_name_conflicts
	}
}

// What changes nothing is a failed change set, and other things are none.
// The words: LS test_create_change_set_no_changes; outputs: LS
// TestChangeSetFnTransform::test_global_fn_transform_include; metadata of the template: LS
// test_create_and_then_update_refreshes_template_metadata; policies: the user guide,
// troubleshooting, No updates to perform.
func TestNoChanges(t *testing.T) {
	base := topic + "\nOutputs: {O: {Value: x}}"
	tests := []struct {
		name, body string
		changes    bool
	}{
		{"nothing", base, false},
		{"a comment", base + "\n# comment", false},
		{"metadata of the template", "Metadata: {a: b}\n" + base, false},
		{"a deletion policy", strings.Replace(base, "{Type", "{DeletionPolicy: Retain, Type", 1), false},
		{"an output", base + "\n# x\n" + "Conditions: {}", false},
		{"the value of an output", strings.Replace(base, "Value: x", "Value: y", 1), true},
		{"one output more", strings.Replace(base, "{O:", "{P: {Value: z}, O:", 1), true},
		{"metadata of a resource", strings.Replace(base, "{Type", "{Metadata: {a: b}, Type", 1), true},
		{"a property", strings.Replace(base, "one", "two", 1), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			w.deploy("stack", base, nil)
			set := w.plan(change("stack", test.body))
			if test.changes {
				if set.Status != types.ChangeSetStatusCreateComplete || set.ExecutionStatus != types.ExecutionStatusAvailable {
					t.Errorf("got %s %s: %s", set.Status, set.ExecutionStatus, aws.ToString(set.StatusReason))
				}
				return
			}
			const want = "The submitted information didn't contain changes. Submit different information to create a change set."
			if set.Status != types.ChangeSetStatusFailed || set.ExecutionStatus != types.ExecutionStatusUnavailable || aws.ToString(set.StatusReason) != want {
				t.Errorf("got %s %s: %s", set.Status, set.ExecutionStatus, aws.ToString(set.StatusReason))
			}
			_, err := w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId})
			checkAnswer(t, "InvalidChangeSetStatus: ChangeSet ["+*set.ChangeSetId+"] cannot be executed in its current status of [FAILED]", err)
		})
	}
}

// A change set is found by its id, or by its name with a stack; and it can be deleted, also
// when it is not there.
// The words: LS test_delete_change_set_exception, test_describe_changeset_after_delete,
// test_describe_change_set_nonexisting. That DeleteChangeSet knows no ChangeSetNotFound: MODEL.
func TestFindChangeSet(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	set := w.plan(creation("stack", topic))
	describe := func(stack, name *string) error {
		_, err := w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: stack, ChangeSetName: name})
		return err
	}
	remove := func(stack, name *string) error {
		_, err := w.CloudFormation.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{StackName: stack, ChangeSetName: name})
		return err
	}
	stack, other := aws.String("stack"), aws.String("other")
	if err := describe(stack, aws.String("set")); err != nil {
		t.Error(err)
	}
	checkAnswer(t, "ChangeSetNotFound: ChangeSet [other] does not exist", describe(stack, other))
	checkAnswer(t, "ValidationError: Stack [other] does not exist", describe(other, other))
	checkAnswer(t, "ValidationError: StackName must be specified if ChangeSetName is not specified as an ARN.", describe(nil, other))
	checkAnswer(t, "ValidationError: Stack [other] does not exist", remove(other, other))
	checkAnswer(t, "", remove(stack, other))
	list := func() int {
		return len(must(w.CloudFormation.ListChangeSets(t.Context(), &cloudformation.ListChangeSetsInput{StackName: stack})).Summaries)
	}
	if got := list(); got != 1 {
		t.Errorf("got %d change sets, want 1", got)
	}
	checkAnswer(t, "", remove(nil, set.ChangeSetId))
	checkAnswer(t, "ChangeSetNotFound: ChangeSet ["+*set.ChangeSetId+"] does not exist", describe(nil, set.ChangeSetId))
	if got := list(); got != 0 {
		t.Errorf("got %d change sets, want none", got)
	}
}

// An execution makes the other change sets of the stack obsolete and deletes them; the same
// request again is accepted, another one is not.
// The words: aws/amazon-chime-sdk-js#1089; the deletion: API_ExecuteChangeSet.
func TestExecute(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", topic, nil)
	first := w.plan(change("stack", strings.Replace(topic, "one", "two", 1)))
	in := change("stack", strings.Replace(topic, "one", "three", 1))
	in.ChangeSetName = aws.String("other")
	second := w.plan(in)
	execute := func(set *cloudformation.DescribeChangeSetOutput, token string) error {
		_, err := w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{
			ChangeSetName: set.ChangeSetId, ClientRequestToken: &token,
		})
		return err
	}
	checkAnswer(t, "", execute(first, "token"))
	checkAnswer(t, "", execute(first, "token"))
	checkAnswer(t, "InvalidChangeSetStatus: ChangeSet ["+*first.ChangeSetId+"] cannot be executed in its current execution status of [EXECUTE_IN_PROGRESS]", execute(first, "more"))
	checkAnswer(t, "InvalidChangeSetStatus: ChangeSet ["+*second.ChangeSetId+"] cannot be executed in its current execution status of [OBSOLETE]", execute(second, "token"))
	w.settled("stack")
	checkAnswer(t, "ChangeSetNotFound: ChangeSet ["+*second.ChangeSetId+"] does not exist", execute(second, "token"))
	set := must(w.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: first.ChangeSetId}))
	if set.Status != types.ChangeSetStatusCreateComplete || set.ExecutionStatus != types.ExecutionStatusExecuteComplete {
		t.Errorf("got %s %s after the execution", set.Status, set.ExecutionStatus) // LS test_name_conflicts
	}
	for _, e := range must(w.CloudFormation.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("stack")})).StackEvents {
		if e.ResourceStatus == "UPDATE_IN_PROGRESS" && aws.ToString(e.ClientRequestToken) != "token" {
			t.Errorf("an event of the update has the token %s", aws.ToString(e.ClientRequestToken))
		}
	}
	// The name is free again.
	if set := w.plan(change("stack", topic)); *set.ChangeSetId == *first.ChangeSetId {
		t.Error("got the old change set")
	}
}

// A value can stay what it is, when there was one.
func TestPreviousValue(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", named, map[string]string{"Name": "one"})
	in := change("stack", strings.Replace(named, "Resources:", "  Other: {Type: String, Default: x}\nResources:", 1))
	in.Parameters = []types.Parameter{{ParameterKey: aws.String("Name"), UsePreviousValue: aws.Bool(true)}, {ParameterKey: aws.String("Other"), UsePreviousValue: aws.Bool(true)}}
	_, err := w.CloudFormation.CreateChangeSet(t.Context(), in)
	checkAnswer(t, "ValidationError: Invalid input for parameter key Other. Cannot specify usePreviousValue as true for a parameter key not in the previous template", err)
	in = change("stack", "")
	in.TemplateBody, in.UsePreviousTemplate = nil, aws.Bool(true)
	in.Parameters = []types.Parameter{{ParameterKey: aws.String("Name"), UsePreviousValue: aws.Bool(true)}}
	set := w.plan(in)
	if set.Status != types.ChangeSetStatusFailed || *set.Parameters[0].ParameterValue != "one" {
		t.Errorf("got %s with %s, want no changes with the value of before", set.Status, *set.Parameters[0].ParameterValue)
	}
}

func executeInput(id *string) *cloudformation.ExecuteChangeSetInput {
	return &cloudformation.ExecuteChangeSetInput{ChangeSetName: id}
}
