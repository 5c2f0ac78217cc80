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

// Exports are unique; those that others import stay.
// The words: aws-cdk#604 and rlister/stax#40 for what becomes of the stack; the newer text of
// the reason from public logs of 2025 and 2026; linz/geostore#630 for values.
func TestExports(t *testing.T) {
	const exporter = topic + "\nOutputs: {O: {Value: x, Export: {Name: shared}}}"
	const importer = "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue shared}}}"
	w := newWorld(t, applytest.Options{})
	if status := w.deploy("user", importer, nil); status != "ROLLBACK_COMPLETE" || !strings.Contains(w.story("user"),
		"user ROLLBACK_IN_PROGRESS: No export named shared found. Rollback requested by user.") {
		t.Errorf("%s\n%s", status, w.story("user"))
	}
	must(0, w.remove("user"))
	w.gone(*w.stack("user").StackId)
	w.deploy("source", exporter, nil)
	list := func() ([]string, error) {
		out, err := w.CloudFormation.ListImports(t.Context(), &cloudformation.ListImportsInput{ExportName: aws.String("shared")})
		if err != nil {
			return nil, err
		}
		return out.Imports, nil
	}
	_, err := list()
	checkAnswer(t, "ValidationError: Export 'shared' is not imported by any stack.", err)
	w.deploy("user", importer, nil)
	if got := must(list()); len(got) != 1 || got[0] != "user" {
		t.Errorf("got imports %v", got)
	}
	tests := []struct{ name, body, want string }{
		{"removed", topic + "\n# x\nOutputs: {O: {Value: x}}", "source UPDATE_ROLLBACK_IN_PROGRESS: Delete canceled. Cannot delete export shared as it is in use by user."},
		{"changed", strings.Replace(exporter, "Value: x", "Value: y", 1), "source UPDATE_ROLLBACK_IN_PROGRESS: Export shared cannot be updated as it is in use by user"},
	}
	for _, test := range tests {
		if status := w.deploy("source", test.body, nil); status != "UPDATE_ROLLBACK_COMPLETE" || !strings.Contains(w.story("source"), test.want) {
			t.Errorf("%s: %s\n%s", test.name, status, w.story("source"))
		}
	}
	if status := w.deploy("twin", strings.Replace(exporter, "one", "two", 1), nil); status != "ROLLBACK_COMPLETE" {
		t.Errorf("%s\n%s", status, w.story("twin"))
	}
	must(0, w.remove("source"))
	if status := w.gone("source"); status != "UPDATE_ROLLBACK_COMPLETE" || aws.ToString(w.stack("source").StackStatusReason) != "Delete canceled. Cannot delete export shared as it is in use by user." {
		t.Errorf("%s: %s", status, aws.ToString(w.stack("source").StackStatusReason))
	}
	must(0, w.remove("user"))
	w.gone(*w.stack("user").StackId)
	must(0, w.remove("source"))
	w.gone(*w.stack("source").StackId)
	if left := w.cloud.Snapshot().Exports; len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A policy of the stack says what an update may do.
// The words: LS test_stack_policies; a public log of 2026 for the whole of the text.
func TestStackPolicy(t *testing.T) {
	const allow = `{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}`
	const base = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: one, DisplayName: x}}}"
	tests := []struct{ name, policy, body, status, want string }{
		{"allowed", `{"Statement":[` + allow + `]}`, strings.Replace(base, "x", "y", 1), "UPDATE_COMPLETE", ""},
		{"replacement denied", `{"Statement":[{"Effect":"Deny","Action":"Update:Replace","Principal":"*","Resource":"LogicalResourceId/Topic"},` + allow + `]}`,
			strings.Replace(base, "one", "two", 1), "UPDATE_ROLLBACK_COMPLETE",
			"Topic UPDATE_FAILED: Action denied by stack policy: Statement [#1] does not allow [Update:Replace] for resource [LogicalResourceId/Topic]"},
		{"replacement denied, but it is none", `{"Statement":[{"Effect":"Deny","Action":"Update:Replace","Principal":"*","Resource":"*"},` + allow + `]}`,
			strings.Replace(base, "x", "y", 1), "UPDATE_COMPLETE", ""},
		{"another resource", `{"Statement":[` + allow + `,{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"LogicalResourceId/Table*"}]}`,
			strings.Replace(base, "one", "two", 1), "UPDATE_COMPLETE", ""},
		{"a type", `{"Statement":[` + allow + `,{"Effect":"Deny","Action":["Update:Modify"],"Principal":"*","Resource":"*","Condition":{"StringEquals":{"ResourceType":["AWS::SNS::Topic"]}}}]}`,
			strings.Replace(base, "x", "y", 1), "UPDATE_ROLLBACK_COMPLETE", "Statement [#2] does not allow [Update:Modify]"},
		{"removal denied", `{"Statement":[{"Effect":"Deny","Action":"Update:Delete","Principal":"*","Resource":"*"},` + allow + `]}`,
			"Resources: {Other: {Type: AWS::SNS::Topic}}", "UPDATE_ROLLBACK_COMPLETE",
			"stack UPDATE_ROLLBACK_IN_PROGRESS: Action denied by stack policy: Statement [#1] does not allow [Update:Delete] for resource [LogicalResourceId/Topic]"},
		{"nothing is allowed", `{"Statement":[]}`, strings.Replace(base, "x", "y", 1), "UPDATE_ROLLBACK_COMPLETE", "Action not allowed by stack policy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			w.deploy("stack", base, nil)
			w.cloud.SetStackPolicy("stack", test.policy)
			if status := w.deploy("stack", test.body, nil); status != test.status || !strings.Contains(w.story("stack"), test.want) {
				t.Errorf("%s\n%s", status, w.story("stack"))
			}
			got := must(w.CloudFormation.GetStackPolicy(t.Context(), &cloudformation.GetStackPolicyInput{StackName: aws.String("stack")}))
			if aws.ToString(got.StackPolicyBody) != test.policy {
				t.Errorf("got policy %s", aws.ToString(got.StackPolicyBody))
			}
		})
	}
}

// What has a name of its own cannot be replaced without another one, and a name is given once.
// The words: cloudtools/stacker#96 and many others.
func TestNames(t *testing.T) {
	const base = "Resources: {Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}, Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: a}}}"
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", "Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images, EncryptionConfiguration: {EncryptionType: AES256}}}}", nil)
	if status := w.deploy("stack", "Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images, EncryptionConfiguration: {EncryptionType: KMS}}}}", nil); status != "UPDATE_ROLLBACK_COMPLETE" || !strings.Contains(w.story("stack"),
		"Images UPDATE_FAILED: CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename images and update the stack again.") {
		t.Errorf("%s\n%s", status, w.story("stack"))
	}
	w.deploy("first", base, nil)
	const kept = "Resources: {Role: {Type: AWS::IAM::Role, DeletionPolicy: Retain, Properties: {RoleName: kept, AssumeRolePolicyDocument: {}}}}"
	w.deploy("role", kept, nil)
	must(0, w.remove("role"))
	w.gone(*w.stack("role").StackId)

	// The change set finds it, since 2025: aws-cloudformation/rain#744, aws/aws-cdk-cli#1000.
	set := w.plan(creation("second", base))
	const want = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, " +
		"use the DescribeEvents API for detailed failure information."
	if set.Status != types.ChangeSetStatusFailed || aws.ToString(set.StatusReason) != want {
		t.Errorf("got %s: %s", set.Status, aws.ToString(set.StatusReason))
	}
	var found []string
	for _, e := range must(w.CloudFormation.(*cloudformation.Client).DescribeEvents(t.Context(), &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId})).OperationEvents {
		found = append(found, *e.LogicalResourceId+" "+*e.ValidationStatusReason)
	}
	wantFound := []string{
		"Cluster Resource of type 'AWS::ECS::Cluster' with identifier 'main' already exists.",
		"Topic Resource of type 'AWS::SNS::Topic' with identifier 'a' already exists.",
	}
	if diff := gocmp.Diff(wantFound, found); diff != "" {
		t.Errorf("events mismatch (-want +got):\n%s", diff)
	}

	// Without that, or when it comes between, the resource fails.
	for stack, body := range map[string]string{"third": base, "role": kept} {
		in := creation(stack, body)
		in.DisableValidation, in.Capabilities = aws.Bool(true), []types.Capability{types.CapabilityCapabilityNamedIam}
		must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(w.plan(in).ChangeSetId)))
		want := "Cluster CREATE_FAILED: main already exists in stack " + *w.stack("first").StackId
		if stack == "role" {
			want = `Role CREATE_FAILED: Resource handler returned message: "Resource of type 'AWS::IAM::Role' with identifier 'kept' already exists." (RequestToken: `
		}
		if status := w.settled(stack); status != "ROLLBACK_COMPLETE" || !strings.Contains(w.story(stack), want) {
			t.Errorf("%s\n%s", status, w.story(stack))
		}
	}
}

// An attribute that a type does not have fails the stack before anything is made.
// Recorded in localstack: TestResourceAttributes::test_invalid_getatt_fails.
func TestUnknownAttribute(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	status := w.deploy("stack", "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x}}}\nOutputs: {InvalidOutput: {Value: !GetAtt P.Invalid}}", nil)
	if status != "ROLLBACK_COMPLETE" {
		t.Error(status)
	}
	checkStory(t, w, "stack", `
stack REVIEW_IN_PROGRESS: User Initiated
stack CREATE_IN_PROGRESS: User Initiated
stack ROLLBACK_IN_PROGRESS: [Error] /Outputs/InvalidOutput/Value/Fn::GetAtt: Resource type AWS::SSM::Parameter does not support attribute {Invalid}. Rollback requested by user.
stack ROLLBACK_COMPLETE`)
}
