package applytest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What a template says of a parameter binds its value, its default too.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func TestParameterConstraints(t *testing.T) {
	tests := []struct{ parameter, value, want string }{
		{"{Type: String, AllowedValues: [a, b]}", "b", ""},
		{"{Type: String, AllowedValues: [a, b]}", "c", "Parameter 'P' must be one of AllowedValues"},
		{"{Type: Number, AllowedValues: [1, 2]}", "2", ""},
		{"{Type: String, AllowedPattern: '[a-z]+'}", "abc", ""},
		{"{Type: String, AllowedPattern: '[a-z]+'}", "abC", "Parameter 'P' must match pattern [a-z]+"},
		{"{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: must be small.}", "C", "Parameter P failed to satisfy constraint: must be small."},
		{"{Type: String, MinLength: 2}", "a", "Parameter 'P' must contain at least 2 characters"},
		{"{Type: String, MaxLength: 2}", "abc", "Parameter 'P' must contain at most 2 characters"},
		{"{Type: String, MinLength: 2, MaxLength: 3}", "abc", ""},
		{"{Type: Number, MinValue: 1}", "0", "Parameter 'P' must be a number not less than 1"},
		{"{Type: Number, MaxValue: 1}", "1.5", "Parameter 'P' must be a number not greater than 1"},
		{"{Type: Number, MinValue: 1, MaxValue: 3}", "2", ""},
		{"{Type: Number}", "", "Parameter 'P' must be a number."},
	}
	for _, test := range tests {
		w := newWorld(t, applytest.Options{})
		in := creation("stack", "Parameters: {P: "+test.parameter+"}\n"+topic)
		in.Parameters = parameters("P", test.value)
		_, err := w.CloudFormation.CreateChangeSet(t.Context(), in)
		want := test.want
		if want != "" {
			want = "ValidationError: " + want
		}
		if diff := gocmp.Diff(want, answer(err)); diff != "" {
			t.Errorf("%s with %q: answer mismatch (-want +got):\n%s", test.parameter, test.value, diff)
		}
	}
}

// Parameters that are lists are lists for the functions of a template.
func TestListParameters(t *testing.T) {
	const body = `
Parameters:
  Names: {Type: CommaDelimitedList, Default: "a,b"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1,subnet-2"}
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs:
  Joined: {Value: !Join ["-", !Ref Names]}
  Second: {Value: !Select [1, !Ref Subnets]}
`
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, nil)
	if diff := gocmp.Diff(map[string]string{"Joined": "a-b", "Second": "subnet-2"}, w.outputs("stack")); diff != "" {
		t.Errorf("outputs mismatch (-want +got):\n%s", diff)
	}
}

// A resource cannot become one of another type, and a change set for that fails.
// https://github.com/aws/aws-sam-cli/issues/6786
func TestRetyped(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", topic, nil)
	set := w.plan(change("stack", "Resources: {Topic: {Type: AWS::SQS::Queue}}"))
	const want = "Update of resource type is not permitted. The new template modifies resource type of the following resources: [Topic]"
	if set.Status != "FAILED" || aws.ToString(set.StatusReason) != want {
		t.Errorf("got %s: %s", set.Status, aws.ToString(set.StatusReason))
	}
}
