package applytest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// A template is what it was when it came, that of a change set too.
func TestGetTemplate(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", topic+" # as it came", nil)
	set := w.plan(change("stack", strings.Replace(topic, "one", "two", 1)))
	tests := []struct {
		name string
		in   *cloudformation.GetTemplateInput
		want string
	}{
		{"stack", &cloudformation.GetTemplateInput{StackName: aws.String("stack")}, topic + " # as it came"},
		{"change set", &cloudformation.GetTemplateInput{ChangeSetName: set.ChangeSetId}, strings.Replace(topic, "one", "two", 1)},
		{"change set by name", &cloudformation.GetTemplateInput{ChangeSetName: aws.String("set"), StackName: aws.String("stack")}, strings.Replace(topic, "one", "two", 1)},
	}
	for _, test := range tests {
		got, err := w.CloudFormation.GetTemplate(t.Context(), test.in)
		if err != nil || aws.ToString(got.TemplateBody) != test.want {
			t.Errorf("%s: got %v, %v", test.name, got, err)
		}
	}
	_, err := w.CloudFormation.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("none")})
	checkAnswer(t, "ValidationError: Stack with id none does not exist", err)
	_, err = w.CloudFormation.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{ChangeSetName: aws.String("none"), StackName: aws.String("stack")})
	checkAnswer(t, "ChangeSetNotFound: ChangeSet [none] does not exist", err)
	_, err = w.CloudFormation.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{})
	checkAnswer(t, "ValidationError: StackName is required if ChangeSetName is not specified.", err)
}

// Where a template is said to be, and is not: the words are quoted in many public guides;
// LS test_create_stack_from_template_url.
func TestTemplateURL(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stores", stores, nil)
	const more = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
	for url, want := range map[string]string{
		"https://example.com/x":                            "TemplateURL must be a supported URL.",
		"ftp://example.com/x":                              "TemplateURL must be a supported URL.",
		"https://store-none.s3.us-east-1.amazonaws.com/x":  "S3 error: The specified bucket does not exist" + more,
		"https://store-plain.s3.us-east-1.amazonaws.com/x": "S3 error: The specified key does not exist." + more,
		"s3://store-plain/x":                               "S3 error: Domain name specified in store-plain is not a valid S3 domain",
	} {
		_, err := w.CloudFormation.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("stores"), ChangeSetName: aws.String("set"), TemplateURL: &url,
		})
		checkAnswer(t, "ValidationError: "+want, err)
	}
}

// The same request again is the same change set.
func TestClientToken(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	in := creation("stack", topic)
	in.ClientToken = aws.String("token")
	first := must(w.CloudFormation.CreateChangeSet(t.Context(), in))
	again := must(w.CloudFormation.CreateChangeSet(t.Context(), in))
	if *first.Id != *again.Id || *first.StackId != *again.StackId {
		t.Errorf("got %s, want %s", *again.Id, *first.Id)
	}
	in.ClientToken = aws.String("another")
	_, err := w.CloudFormation.CreateChangeSet(t.Context(), in)
	checkAnswer(t, "AlreadyExistsException: ChangeSet set cannot be created due to a mismatch with existing attribute ClientToken", err)
}
