package applytest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What DeleteStack refuses, and what it leaves.
func TestDeleteStack(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	checkAnswer(t, "", w.remove("none")) // API_DeleteStack: a stack that there is not is no error
	w.deploy("stack", topic, nil)
	w.cloud.Protect("stack", true)
	checkAnswer(t, "ValidationError: Stack [stack] cannot be deleted while TerminationProtection is enabled", w.remove("stack"))
	w.cloud.Protect("stack", false)
	w.cloud.Occupy("stack", time.Minute)
	checkAnswer(t, "ValidationError: Stack [stack] cannot be deleted while in status UPDATE_IN_PROGRESS", w.remove("stack"))
	_, err := w.CloudFormation.CreateChangeSet(t.Context(), change("stack", topic))
	checkAnswer(t, "ValidationError: Stack:"+*w.stack("stack").StackId+" is in UPDATE_IN_PROGRESS state and can not be updated.", err)
	if status := w.settled("stack"); status != "UPDATE_COMPLETE" {
		t.Error(status)
	}
	w.plan(creation("review", topic))
	must(0, w.remove("review"))
	if w.exists("review") {
		t.Error("a stack in review is not gone at once")
	}
	w.deploy("keep", "Resources: {Kept: {Type: AWS::SNS::Topic, DeletionPolicy: Retain, Properties: {TopicName: kept}}}", nil)
	id := *w.stack("keep").StackId
	must(0, w.remove("keep"))
	w.gone(id)
	if !strings.Contains(w.story(id), "Kept DELETE_SKIPPED") { // LS test_deletion_policy_with_retain
		t.Error(w.story(id))
	}
	want := []applytest.ThingState{{Type: "AWS::SNS::Topic", Physical: "kept"}}
	if diff := gocmp.Diff(want, w.cloud.Snapshot().Orphans()); diff != "" {
		t.Errorf("orphans mismatch (-want +got):\n%s", diff)
	}
}

// A bucket and a repository go only when they are empty. The words: aws-cdk#21776 and
// brentley/appmeshworkshop#31, in the form of today's resource handlers.
func TestDeleteFull(t *testing.T) {
	const body = `
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: store-123, VersioningConfiguration: {Status: Enabled}}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images}}
  Topic: {Type: AWS::SNS::Topic}
`
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, nil)
	w.cloud.PushImage("images", "v1")
	must(w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("store-123"), Key: aws.String("k")}))
	must(w.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("store-123"), Key: aws.String("k")})) // its versions are still there
	must(0, w.remove("stack"))
	if status := w.gone("stack"); status != "DELETE_FAILED" {
		t.Fatal(status)
	}
	if got, want := aws.ToString(w.stack("stack").StackStatusReason), "The following resource(s) failed to delete: [Bucket, Images]. "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, want := range []string{
		`Bucket DELETE_FAILED: Resource handler returned message: "The bucket you tried to delete is not empty. You must delete all versions in the bucket. (Service: S3, Status Code: 409, `,
		`Images DELETE_FAILED: Resource handler returned message: "The repository with name 'images' in registry with id '123456789012' cannot be deleted because it still contains images (Service: Ecr, Status Code: 400, `,
		"Topic DELETE_COMPLETE",
	} {
		if !strings.Contains(w.story("stack"), want) {
			t.Errorf("no %q in\n%s", want, w.story("stack"))
		}
	}
	id := *w.stack("stack").StackId
	_, err := w.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{
		StackName: &id, RetainResources: []string{"Bucket", "Images"},
	})
	must(0, err)
	if status := w.gone(id); status != "DELETE_COMPLETE" {
		t.Errorf("%s\n%s", status, w.story(id))
	}
	if got := len(w.cloud.Snapshot().Orphans()); got != 2 {
		t.Errorf("got %d orphans, want the bucket and the repository", got)
	}
}

// A stack that is still created can be deleted, and resources are retained only where a
// deletion has failed. FORCE_DELETE_STACK retains by itself.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
func TestDeleteHow(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(w.plan(creation("early", twoTopics)).ChangeSetId)))
	w.sleep(3 * time.Second)
	id := *w.stack("early").StackId
	must(0, w.remove("early"))
	if status := w.gone(id); status != "DELETE_COMPLETE" || len(w.cloud.Snapshot().Things) > 0 {
		t.Errorf("got %s\n%s", status, w.story(id))
	}
	w.deploy("stack", topic, nil)
	in := &cloudformation.DeleteStackInput{StackName: aws.String("stack"), RetainResources: []string{"Topic"}}
	_, err := w.CloudFormation.DeleteStack(t.Context(), in)
	checkAnswer(t, "ValidationError: Invalid operation on stack ["+*w.stack("stack").StackId+"]. When you delete a stack, specify which resources to "+
		"retain only when the stack is in the DELETE_FAILED state.", err)
	w.cloud.FailResource(applytest.ResourceFault{Stack: "stack", Resource: "Topic", On: applytest.OnDelete})
	in = &cloudformation.DeleteStackInput{StackName: aws.String("stack"), DeletionMode: types.DeletionModeForceDeleteStack}
	id = *w.stack("stack").StackId
	must(w.CloudFormation.DeleteStack(t.Context(), in))
	if status := w.gone(id); status != "DELETE_COMPLETE" || len(w.cloud.Snapshot().Orphans()) != 1 {
		t.Errorf("got %s\n%s", status, w.story(id))
	}
}

// A cluster stays while a service of another stack is in it.
func TestDeleteCluster(t *testing.T) {
	const cluster = "Resources: {Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}}"
	const service = "Resources: {Service: {Type: AWS::ECS::Service, Properties: {Cluster: main, TaskDefinition: web}}}"
	w := newWorld(t, applytest.Options{})
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	w.deploy("cluster", cluster, nil)
	if status := w.deploy("service", service, nil); status != "CREATE_COMPLETE" {
		t.Fatal(w.story("service"))
	}
	if svc := w.cloud.Snapshot().Clusters[0].Services[0]; svc.Desired != 1 || !strings.HasPrefix(svc.Name, "service-Service-") {
		t.Errorf("got service %s with %d tasks", svc.Name, svc.Desired)
	}
	must(0, w.remove("cluster"))
	if status := w.gone("cluster"); status != "DELETE_FAILED" || !strings.Contains(w.story("cluster"), "The Cluster cannot be deleted while Services are active.") {
		t.Errorf("got %s\n%s", status, w.story("cluster"))
	}
}
