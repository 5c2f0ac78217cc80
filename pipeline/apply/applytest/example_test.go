package applytest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// A stack is created in virtual time, and what stands is looked at.
func Example() {
	ctx, cloud := context.Background(), applytest.New(applytest.Options{})
	clients, clock := cloud.Clients(), cloud.Clock()

	_, err := clients.CloudFormation.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{
		StackName: aws.String("images"), ChangeSetName: aws.String("create"), ChangeSetType: types.ChangeSetTypeCreate,
		TemplateBody: aws.String("Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: app}}}"),
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := clock.Sleep(ctx, 5*time.Second); err != nil { // it does not wait
		log.Fatal(err)
	}
	_, err = clients.CloudFormation.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{
		StackName: aws.String("images"), ChangeSetName: aws.String("create"),
	})
	if err != nil {
		log.Fatal(err)
	}
	cloud.Advance(time.Minute)

	for _, s := range cloud.Snapshot().Stacks {
		fmt.Println(s.Name, s.Status)
	}
	fmt.Println(cloud.Snapshot().Things)
	// Output:
	// images CREATE_COMPLETE
	// [{AWS::ECR::Repository app images}]
}

// An answer is lost after the work was done: the caller cannot know.
func ExampleCloud_Fail() {
	cloud := applytest.New(applytest.Options{})
	cloud.Fail(applytest.Fault{Operation: "ecs:RegisterTaskDefinition", Kind: applytest.LostResponse})

	_, err := cloud.Clients().ECS.RegisterTaskDefinition(context.Background(), webTask())
	var api smithy.APIError
	fmt.Println("error:", err != nil, "- answered by AWS:", errors.As(err, &api))
	for _, r := range cloud.Snapshot().Revisions {
		fmt.Println(r.Family, r.Revision, r.Status)
	}
	fmt.Println(cloud.Calls()[0])
	// Output:
	// error: true - answered by AWS: false
	// web 1 ACTIVE
	// 1 ecs:RegisterTaskDefinition web Timeout
}
