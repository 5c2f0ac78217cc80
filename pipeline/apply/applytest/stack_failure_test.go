package applytest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What becomes of a stack that fails is for the change set to say, or for its execution.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
func TestOnStackFailure(t *testing.T) {
	second := applytest.ResourceFault{Stack: "stack", Resource: "Second", On: applytest.OnCreate}
	first := applytest.ResourceFault{Stack: "stack", Resource: "First", On: applytest.OnDelete}
	tests := []struct {
		name    string
		failure types.OnStackFailure
		disable bool
		faults  []applytest.ResourceFault
		status  string
		things  int
	}{
		{"rollback", types.OnStackFailureRollback, false, []applytest.ResourceFault{second}, "ROLLBACK_COMPLETE", 0},
		{"nothing", types.OnStackFailureDoNothing, false, []applytest.ResourceFault{second}, "CREATE_FAILED", 3},
		{"rollback disabled", "", true, []applytest.ResourceFault{second}, "CREATE_FAILED", 3},
		{"deletion", types.OnStackFailureDelete, false, []applytest.ResourceFault{second}, "DELETE_COMPLETE", 0},
		{"deletion that fails", types.OnStackFailureDelete, false, []applytest.ResourceFault{second, first}, "DELETE_FAILED", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			for _, f := range test.faults {
				w.cloud.FailResource(f)
			}
			in := creation("stack", twoTopics)
			in.OnStackFailure = test.failure
			execute := executeInput(w.plan(in).ChangeSetId)
			if test.disable {
				execute.DisableRollback = &test.disable
			}
			id := *w.stack("stack").StackId
			must(w.CloudFormation.ExecuteChangeSet(t.Context(), execute))
			if status := w.settled(id); status != test.status {
				t.Errorf("got %s\n%s", status, w.story(id))
			}
			if got := w.cloud.Snapshot().Things; len(got) != test.things {
				t.Errorf("got things %v, want %d", got, test.things)
			}
			if !strings.HasPrefix(test.status, "CREATE") {
				return
			}
			// It goes on in the same way only.
			execute = executeInput(w.plan(change("stack", twoTopics+"  Last: {Type: AWS::SNS::Topic}")).ChangeSetId)
			_, err := w.CloudFormation.ExecuteChangeSet(t.Context(), execute)
			checkAnswer(t, "ValidationError: This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack from this state, please use the "+
				"disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API", err)
			execute.DisableRollback = aws.Bool(true)
			must(w.CloudFormation.ExecuteChangeSet(t.Context(), execute))
			if status := w.settled(id); status != "UPDATE_COMPLETE" || len(w.cloud.Snapshot().Things) != 4 {
				t.Errorf("got %s with %v\n%s", status, w.cloud.Snapshot().Things, w.story(id))
			}
		})
	}
}

// An update that fails leaves nothing of what it has made, and the things as they were.
func TestUpdateFails(t *testing.T) {
	const before = `
Conditions: {Always: !Equals [a, a]}
Resources:
  First: {Type: AWS::ECR::Repository, Properties: {ImageTagMutability: MUTABLE}}
  Value: {Type: AWS::SSM::Parameter, Properties: {Name: /value, Type: String, Value: before}}
  Maybe: {Type: AWS::SNS::Topic, Condition: Always, Properties: {TopicName: maybe}}
`
	replaced := strings.NewReplacer("{ImageTag", "{EncryptionConfiguration: {EncryptionType: KMS}, ImageTag").Replace(before)
	tests := []struct {
		name, body string
		faults     []applytest.ResourceFault
		want       string // in the events
	}{
		{"the replacement", replaced, []applytest.ResourceFault{{Resource: "First", On: applytest.OnUpdate, Reason: "no luck"}}, "First UPDATE_FAILED: no luck"},
		{"after the replacement", replaced + "  Last: {Type: AWS::SNS::Topic, DependsOn: First}", []applytest.ResourceFault{
			{Resource: "Last", On: applytest.OnCreate},
		}, "First UPDATE_COMPLETE"},
		{"after a change in place", strings.Replace(before, "Value: before", "Value: after", 1) + "  Last: {Type: AWS::SNS::Topic, DependsOn: Value}",
			[]applytest.ResourceFault{{Resource: "Last", On: applytest.OnCreate}}, "Value UPDATE_COMPLETE"},
		{"a value that cannot be had", before + `  Last: {Type: AWS::SNS::Topic, Properties: {DisplayName: !ImportValue none}}`, nil, "No export named none found"},
		{"a value of one that changes", strings.Replace(before, "Value: before", "Value: !ImportValue none", 1), nil, "No export named none found"},
		{"an attribute that there is not", before + "Outputs: {O: {Value: !GetAtt First.Invalid}}", nil, "does not support attribute {Invalid}"},
		{"a condition that ends", strings.Replace(before, "[a, a]", "[a, b]", 1) + "  Last: {Type: AWS::SNS::Topic}", []applytest.ResourceFault{
			{Resource: "Last", On: applytest.OnCreate},
		}, "Last CREATE_FAILED"},
		{"a name that is taken", before + "  Last: {Type: AWS::SSM::Parameter, Properties: {Name: /taken, Type: String, Value: x}}", nil, "/taken already exists in stack "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			w.deploy("other", "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /taken, Type: String, Value: x}}}", nil)
			if status := w.deploy("stack", before, nil); status != "CREATE_COMPLETE" {
				t.Fatal(w.story("stack"))
			}
			want := w.cloud.Snapshot()
			for _, f := range test.faults {
				f.Stack = "stack"
				w.cloud.FailResource(f)
			}
			in := change("stack", test.body)
			in.DisableValidation = aws.Bool(true)
			must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(w.plan(in).ChangeSetId)))
			if status := w.settled("stack"); status != "UPDATE_ROLLBACK_COMPLETE" || !strings.Contains(w.story("stack"), test.want) {
				t.Fatalf("got %s without %q:\n%s", status, test.want, w.story("stack"))
			}
			got := w.cloud.Snapshot()
			for i := range got.Stacks {
				got.Stacks[i].Status, want.Stacks[i].Status = "", ""
				for j := range got.Stacks[i].Resources {
					got.Stacks[i].Resources[j].Status, want.Stacks[i].Resources[j].Status = "", ""
				}
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("what stands is not as before (-want +got):\n%s", diff)
			}
		})
	}
}

// An update without rollback stays where it has failed.
func TestUpdateFailsAndStays(t *testing.T) {
	const body = "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /p, Type: String, Value: one}}, R: {Type: AWS::ECR::Repository}}"
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, nil)
	w.cloud.FailResource(applytest.ResourceFault{Stack: "stack", Resource: "P", On: applytest.OnUpdate})
	update := func(body, want string) {
		set := w.plan(change("stack", body))
		must(w.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{
			ChangeSetName: set.ChangeSetId, DisableRollback: aws.Bool(true),
		}))
		if status := w.settled("stack"); status != want {
			t.Fatal(w.story("stack"))
		}
	}
	update(strings.Replace(body, "one", "two", 1), "UPDATE_FAILED")
	if got := w.cloud.Snapshot().Parameters["/p"]; got != "one" {
		t.Errorf("got %q, want the value of before", got)
	}
	replaced := strings.Replace(body, "Repository}", "Repository, Properties: {RepositoryName: r}}", 1)
	update(replaced, "UPDATE_FAILED")
	if !strings.Contains(w.story("stack"), "R UPDATE_FAILED: Replacement type updates not supported on stack with disable-rollback.") {
		t.Error(w.story("stack"))
	}
	update(strings.Replace(body, "one", "three", 1), "UPDATE_COMPLETE")
	if got := w.cloud.Snapshot().Parameters["/p"]; got != "three" {
		t.Errorf("got %q", got)
	}
}

// What a template no longer has goes, unless it says otherwise; so does what it no longer
// wants, and what is replaced.
func TestRetained(t *testing.T) {
	const before = `
Parameters: {With: {Type: String, Default: "yes"}}
Conditions: {With: !Equals [!Ref With, "yes"]}
Resources:
  Stays: {Type: AWS::SNS::Topic}
  Kept: {Type: AWS::SNS::Topic, DeletionPolicy: Retain, Properties: {TopicName: kept}}
  Gone: {Type: AWS::SNS::Topic, Properties: {TopicName: gone}}
  Maybe: {Type: AWS::SNS::Topic, Condition: With, Properties: {TopicName: maybe}}
  Old: {Type: AWS::ECR::Repository, UpdateReplacePolicy: Retain, Properties: {RepositoryName: old}}
  Moved: {Type: AWS::ECR::Repository, Properties: {RepositoryName: moved}}
`
	var after []string
	for line := range strings.Lines(before) {
		if !strings.Contains(line, "Kept") && !strings.Contains(line, "Gone") {
			after = append(after, line)
		}
	}
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", before, nil)
	body := strings.NewReplacer("RepositoryName: old", "RepositoryName: new", "RepositoryName: moved", "RepositoryName: there").Replace(strings.Join(after, ""))
	if status := w.deploy("stack", body, map[string]string{"With": "no"}); status != "UPDATE_COMPLETE" {
		t.Fatal(w.story("stack"))
	}
	var got []string
	for _, thing := range w.cloud.Snapshot().Things {
		if owner := thing.Stack; owner == "" {
			owner = "nobody"
			got = append(got, thing.Physical+" of "+owner)
		} else if !strings.HasPrefix(thing.Physical, "stack-") {
			got = append(got, thing.Physical+" of "+owner)
		}
	}
	want := []string{"new of stack", "old of nobody", "there of stack", "kept of nobody"}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("things mismatch (-want +got):\n%s", diff)
	}
}
