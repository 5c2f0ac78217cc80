package applytest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// ARNs and domains are those of the partition of the region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func TestPartitions(t *testing.T) {
	const body = `
Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images}}}
Outputs: {O: {Value: !Sub "${AWS::Partition} ${AWS::URLSuffix} ${Images.Arn} ${Images.RepositoryUri}"}}
`
	tests := map[string]string{
		"eu-central-1": "aws amazonaws.com arn:aws:ecr:eu-central-1:123456789012:repository/images 123456789012.dkr.ecr.eu-central-1.amazonaws.com/images",
		"cn-north-1": "aws-cn amazonaws.com.cn arn:aws-cn:ecr:cn-north-1:123456789012:repository/images " +
			"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/images",
		"us-gov-west-1": "aws-us-gov amazonaws.com arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/images " +
			"123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/images",
	}
	for region, want := range tests {
		w := newWorld(t, applytest.Options{Region: region})
		w.deploy("stack", body, nil)
		if got := w.outputs("stack")["O"]; got != want {
			t.Errorf("%s: got %q, want %q", region, got, want)
		}
		if who := must(w.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})); aws.ToString(who.Account) != "123456789012" {
			t.Errorf("%s: got %s", region, aws.ToString(who.Account))
		}
	}
}
