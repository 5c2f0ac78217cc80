package applytest

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// A transport carries calls to a cloud: in this process or another one.
type transport interface {
	// call does an operation, named as in the operations table. What fails at AWS is a
	// *failure.
	call(ctx context.Context, id string, in any) (any, error)
}

// services are the names of the services in the operations table, by their id in the SDK.
var services = map[string]string{
	"STS": "sts", "CloudFormation": "cloudformation", "ECS": "ecs", "CodePipeline": "codepipeline",
	"CodeBuild": "codebuild", "CloudWatch Logs": "logs", "ECR": "ecr", "S3": "s3",
}

// clientsOf returns the SDK's own clients, which hand every call to t instead of to a
// network. That is done when the SDK has checked the input, so that what it refuses is
// refused here too; and of what fails the SDK makes the error. Token makes tokens where the
// caller has given none; nil leaves that to the SDK.
func clientsOf(t transport, region string, token func() string) apply.Clients {
	cfg := aws.Config{
		Region: region, HTTPClient: &http.Client{Transport: wire{}}, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "example"}, nil
		}),
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			return stack.Initialize.Add(diversion{t}, middleware.After)
		}},
	}
	return apply.Clients{
		Region:         region,
		STS:            sts.NewFromConfig(cfg),
		CloudFormation: cloudformation.NewFromConfig(cfg),
		ECS: ecs.NewFromConfig(cfg, func(o *ecs.Options) {
			if token != nil {
				o.IdempotencyTokenProvider = tokenSource(token)
			}
		}),
		CodePipeline: codepipeline.NewFromConfig(cfg, func(o *codepipeline.Options) {
			if token != nil {
				o.IdempotencyTokenProvider = tokenSource(token)
			}
		}),
		CodeBuild: codebuild.NewFromConfig(cfg),
		Logs:      cloudwatchlogs.NewFromConfig(cfg),
		ECR:       ecr.NewFromConfig(cfg),
		S3:        s3.NewFromConfig(cfg),
	}
}

// tokenSource makes the tokens that the SDK adds to requests.
type tokenSource func() string

func (f tokenSource) GetIdempotencyToken() (string, error) { return f(), nil }

// diversion is the last step of the SDK that sees a call as Go values.
type diversion struct{ t transport }

func (diversion) ID() string { return "applytest" }

func (d diversion) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	out middleware.InitializeOutput, metadata middleware.Metadata, err error,
) {
	id := services[awsmiddleware.GetServiceID(ctx)] + ":" + awsmiddleware.GetOperationName(ctx)
	out.Result, err = d.t.call(ctx, id, in.Parameters)
	var f *failure
	if errors.As(err, &f) {
		return next.HandleInitialize(withFailure(ctx, f), in)
	}
	return out, metadata, err
}
