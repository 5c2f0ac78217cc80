package applytest_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// outputs returns the outputs of a stack, by key.
func (w *world) outputs(stack string) map[string]string {
	out := map[string]string{}
	for _, o := range w.stack(stack).Outputs {
		out[*o.OutputKey] = *o.OutputValue
	}
	return out
}

// What Ref and Fn::GetAtt give for a type: the form is that of the page of the type in the
// template reference.
func TestReturnValues(t *testing.T) {
	const arn = "^arn:aws:"
	tests := []struct{ typ, properties, what, want string }{
		{"AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16", "!Ref X", "^vpc-[0-9a-f]{17}$"},
		{"AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16", "!GetAtt X.CidrBlock", "^10.0.0.0/16$"},
		{"AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16", "!GetAtt X.DefaultSecurityGroup", "^sg-[0-9a-f]{17}$"},
		{"AWS::EC2::Subnet", "AvailabilityZone: us-east-1b", "!GetAtt X.AvailabilityZone", "^us-east-1b$"},
		{"AWS::EC2::Subnet", "AvailabilityZone: us-east-1b", "!GetAtt X.OutpostArn", "^$"},
		{"AWS::EC2::VPCGatewayAttachment", "VpcId: vpc-1", "!Ref X", `^IGW\|vpc-1$`},
		{"AWS::EC2::Route", "{RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0}", "!Ref X", `^rtb-1\|0.0.0.0/0$`},
		{"AWS::EC2::NatGateway", "SubnetId: subnet-1", "!GetAtt X.NatGatewayId", "^nat-[0-9a-f]{17}$"},
		{"AWS::EC2::EIP", "Domain: vpc", "!Ref X", `^203\.0\.113\.\d+$`},
		{"AWS::EC2::EIP", "Domain: vpc", "!GetAtt X.AllocationId", "^eipalloc-[0-9a-f]{17}$"},
		{"AWS::EC2::SecurityGroup", "VpcId: vpc-1", "!GetAtt X.GroupId", "^sg-[0-9a-f]{17}$"},
		{"AWS::EC2::VPCEndpoint", "VpcId: vpc-1", "!GetAtt X.CreationTimestamp", "^2026-01-05T"},
		{"AWS::ElasticLoadBalancingV2::LoadBalancer", "Name: front", "!Ref X", arn + "elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/[0-9a-f]{16}$"},
		{"AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme: internal", "!GetAtt X.DNSName", `^stack-\d{10}\.us-east-1\.elb\.amazonaws\.com$`},
		{"AWS::ElasticLoadBalancingV2::LoadBalancer", "Name: front", "!GetAtt X.LoadBalancerFullName", "^app/front/[0-9a-f]{16}$"},
		{"AWS::ElasticLoadBalancingV2::TargetGroup", "Name: front", "!GetAtt X.TargetGroupFullName", "^targetgroup/front/[0-9a-f]{16}$"},
		{"AWS::ElasticLoadBalancingV2::TargetGroup", "Name: front", "!GetAtt X.TargetGroupName", "^front$"},
		{"AWS::ElasticLoadBalancingV2::ListenerRule", "Priority: 1", "!GetAtt X.IsDefault", "^false$"},
		{"AWS::IAM::Role", "AssumeRolePolicyDocument: {}", "!Ref X", "^stack-X-[0-9A-Za-z]{12}$"},
		{"AWS::IAM::Role", "{RoleName: r, Path: /p/, AssumeRolePolicyDocument: {}}", "!GetAtt X.Arn", "^arn:aws:iam::123456789012:role/p/r$"},
		{"AWS::IAM::Role", "AssumeRolePolicyDocument: {}", "!GetAtt X.RoleId", "^AROA[0-9A-Z]{17}$"},
		{"AWS::IAM::ManagedPolicy", "PolicyDocument: {}", "!Ref X", "^arn:aws:iam::123456789012:policy/stack-X-[0-9A-Za-z]{12}$"},
		{"AWS::IAM::ManagedPolicy", "{ManagedPolicyName: p, PolicyDocument: {}}", "!GetAtt X.PolicyArn", "^arn:aws:iam::123456789012:policy/p$"},
		{"AWS::S3::Bucket", "{}", "!Ref X", "^stack-x-[0-9a-z]{12,13}$"},
		{"AWS::S3::Bucket", "BucketName: b", "!GetAtt X.RegionalDomainName", `^b\.s3\.us-east-1\.amazonaws\.com$`},
		{"AWS::S3::Bucket", "BucketName: b", "!GetAtt X.WebsiteURL", `^http://b\.s3-website-us-east-1\.amazonaws\.com$`},
		{"AWS::ECR::Repository", "{}", "!Ref X", "^stack-x-[0-9a-z]{12}$"},
		{"AWS::ECR::Repository", "RepositoryName: a/b", "!GetAtt X.RepositoryUri", `^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com/a/b$`},
		{"AWS::Logs::LogGroup", "LogGroupName: /g", "!GetAtt X.Arn", `^arn:aws:logs:us-east-1:123456789012:log-group:/g:\*$`},
		{"AWS::SSM::Parameter", "{Type: String, Value: v}", "!Ref X", "^CFN-X-[0-9a-z]{12}$"},
		{"AWS::SSM::Parameter", "{Name: /p, Type: String, Value: v}", "!GetAtt X.Value", "^v$"},
		{"AWS::CodeCommit::Repository", "RepositoryName: r", "!Ref X", "^[0-9a-f]{8}-[0-9a-f-]{27}$"},
		{"AWS::CodeCommit::Repository", "RepositoryName: r", "!GetAtt X.Name", "^r$"},
		{"AWS::CodeCommit::Repository", "RepositoryName: r", "!GetAtt X.CloneUrlHttp", `^https://git-codecommit\.us-east-1\.amazonaws\.com/v1/repos/r$`},
		{"AWS::CodeCommit::Repository", "RepositoryName: r", "!GetAtt X.CloneUrlSsh", `^ssh://git-codecommit\.us-east-1\.amazonaws\.com/v1/repos/r$`},
		{"AWS::CodeBuild::Project", "Name: p", "!GetAtt X.Arn", "^arn:aws:codebuild:us-east-1:123456789012:project/p$"},
		{"AWS::Events::Rule", "Name: r", "!GetAtt X.Arn", "^arn:aws:events:us-east-1:123456789012:rule/r$"},
		{"AWS::ECS::Cluster", "{}", "!Ref X", "^stack-X-[0-9A-Za-z]{12}$"},
		{"AWS::ECS::Cluster", "ClusterName: c", "!GetAtt X.Arn", "^arn:aws:ecs:us-east-1:123456789012:cluster/c$"},
		{"AWS::ECS::TaskDefinition", "{Family: f, ContainerDefinitions: [{Name: a, Image: x, Memory: 128}]}", "!Ref X", "^arn:aws:ecs:us-east-1:123456789012:task-definition/f:1$"},
		{"AWS::ECS::TaskDefinition", "ContainerDefinitions: [{Name: a, Image: x, Memory: 128}]", "!GetAtt X.TaskDefinitionArn", "^arn:aws:ecs:us-east-1:123456789012:task-definition/stackX[0-9a-z]{8}:1$"},
		// Types of which nothing is known have an id, and any attribute.
		{"AWS::DynamoDB::Table", "TableName: t", "!Ref X", "^t$"},
		{"AWS::DynamoDB::Table", "{}", "!GetAtt X.Arn", "^arn:aws:dynamodb:us-east-1:123456789012:table/stack-X-[0-9A-Za-z]{12}$"},
		{"AWS::DynamoDB::Table", "TableName: t", "!GetAtt X.StreamLabel", `^t\.StreamLabel$`},
	}
	for _, test := range tests {
		t.Run(test.typ+" "+test.what, func(t *testing.T) {
			properties := test.properties
			if !strings.HasPrefix(properties, "{") {
				properties = "{" + properties + "}"
			}
			w := newWorld(t, applytest.Options{})
			body := "Resources: {X: {Type: " + test.typ + ", Properties: " + properties + "}}\nOutputs: {O: {Value: " + test.what + "}}"
			if status := w.deploy("stack", body, nil); status != "CREATE_COMPLETE" {
				t.Fatal(w.story("stack"))
			}
			if got := w.outputs("stack")["O"]; !regexp.MustCompile(test.want).MatchString(got) {
				t.Errorf("got %q, want %s", got, test.want)
			}
			id := *w.stack("stack").StackId
			must(0, w.remove("stack"))
			if status := w.gone(id); status != "DELETE_COMPLETE" {
				t.Errorf("got %s after the deletion", status)
			}
			if left := w.cloud.Snapshot(); len(left.Things) > 0 {
				t.Errorf("left behind: %v", left.Things)
			}
		})
	}
}

// A resource that is updated in place is another one than before for those that use it.
func TestUpdateInPlace(t *testing.T) {
	const body = `
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: store, VersioningConfiguration: {Status: Suspended}}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images, ImageTagMutability: MUTABLE}}
  Value: {Type: AWS::SSM::Parameter, Properties: {Name: /value, Type: String, Value: before}}
  Reader: {Type: AWS::SSM::Parameter, Properties: {Name: /reader, Type: String, Value: !GetAtt Value.Value}}
Outputs: {Value: {Value: !GetAtt Reader.Value}}
`
	after := strings.NewReplacer("Suspended", "Enabled", " MUTABLE", " IMMUTABLE", "before", "after").Replace(body)
	w := newWorld(t, applytest.Options{})
	w.deploy("stack", body, nil)
	w.cloud.PushImage("images", "latest")
	w.cloud.PushImage("images", "latest")
	if status := w.deploy("stack", after, nil); status != "UPDATE_COMPLETE" {
		t.Fatal(w.story("stack"))
	}
	if got := w.outputs("stack")["Value"]; got != "after" {
		t.Errorf("got output %q", got)
	}
	put := must(w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("store"), Key: aws.String("k"), Body: strings.NewReader("x")}))
	if put.VersionId == nil {
		t.Error("the bucket has no versions")
	}
	defer func() {
		if recover() == nil {
			t.Error("the repository moves tags")
		}
	}()
	w.cloud.PushImage("images", "latest")
}

// Values of parameters of Systems Manager come into templates in two ways.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func TestParameterStore(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("values", "Resources: {V: {Type: AWS::SSM::Parameter, Properties: {Name: /image, Type: String, Value: nginx}}}", nil)
	const body = `
Parameters: {Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /image}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: "{{resolve:ssm:/image:1}}"}}}
Outputs: {Parameter: {Value: !Ref Image}, Reference: {Value: !GetAtt R.Value}}
`
	w.deploy("stack", body, nil)
	if diff := gocmp.Diff(map[string]string{"Parameter": "nginx", "Reference": "nginx"}, w.outputs("stack")); diff != "" {
		t.Errorf("outputs mismatch (-want +got):\n%s", diff)
	}
	for _, p := range w.stack("stack").Parameters {
		if *p.ParameterValue != "/image" || aws.ToString(p.ResolvedValue) != "nginx" {
			t.Errorf("got %s resolved as %s", *p.ParameterValue, aws.ToString(p.ResolvedValue))
		}
	}
	_, err := w.CloudFormation.CreateChangeSet(t.Context(), creation("other", strings.ReplaceAll(body, "/image", "/none")))
	checkAnswer(t, "ValidationError: Parameters: [ssm:/none] cannot be found.", err)
}

// Services have the tags of their stack and their own, which win.
func TestServiceTags(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	in := creation("service", strings.Replace(webService, "ServiceName: web", "ServiceName: web\n      Tags: [{Key: a, Value: service}]", 1))
	in.Tags = []cfntypes.Tag{{Key: aws.String("a"), Value: aws.String("stack")}, {Key: aws.String("b"), Value: aws.String("stack")}}
	must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(w.plan(in).ChangeSetId)))
	w.settled("service")
	must(w.ECS.TagResource(t.Context(), &ecs.TagResourceInput{ResourceArn: w.web().ServiceArn, Tags: []ecstypes.Tag{{Key: aws.String("c"), Value: aws.String("x")}}}))
	out := must(w.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{
		Cluster: aws.String("main"), Services: []string{"web"}, Include: []ecstypes.ServiceField{ecstypes.ServiceFieldTags},
	}))
	got := map[string]string{}
	for _, tag := range out.Services[0].Tags {
		got[*tag.Key] = *tag.Value
	}
	want := map[string]string{"a": "service", "b": "stack", "c": "x"}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("tags mismatch (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(want, w.cloud.Snapshot().Clusters[0].Services[0].Tags); diff != "" {
		t.Errorf("tags in the snapshot mismatch (-want +got):\n%s", diff)
	}
}

// The delivery of examples/minimal goes as it came, last thing first, and leaves nothing
// but what nothing deletes: revisions of task definitions, logs of builds.
func TestDestroyMinimal(t *testing.T) {
	w := delivered(t, nil)
	w.execution()
	must(w.CodePipeline.DeletePipeline(t.Context(), &codepipeline.DeletePipelineInput{Name: aws.String(pipelineName)}))
	for range 2 { // "This command does not return an error when you delete a pipeline that there is not"
		must(w.CodePipeline.DeletePipeline(t.Context(), &codepipeline.DeletePipelineInput{Name: aws.String(pipelineName)}))
	}
	for _, b := range w.cloud.Snapshot().Buckets {
		in := &s3.DeleteObjectsInput{Bucket: &b.Name, Delete: &s3types.Delete{}}
		for _, o := range b.Objects {
			in.Delete.Objects = append(in.Delete.Objects, s3types.ObjectIdentifier{Key: &o.Key, VersionId: &o.Version})
		}
		must(w.S3.DeleteObjects(t.Context(), in))
	}
	for _, r := range w.cloud.Snapshot().Repositories {
		in := &ecr.BatchDeleteImageInput{RepositoryName: &r.Name}
		for _, i := range r.Images {
			in.ImageIds = append(in.ImageIds, ecrtypes.ImageIdentifier{ImageDigest: &i.Digest})
		}
		must(w.ECR.BatchDeleteImage(t.Context(), in))
	}
	for _, name := range []string{serviceStack, platformStack, networkStack} {
		id := *w.stack(name).StackId
		must(w.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &name}))
		if status := w.gone(id); status != "DELETE_COMPLETE" {
			t.Fatal(w.story(id))
		}
	}
	left := w.cloud.Snapshot()
	left.Revisions, left.LogGroups = nil, nil
	if diff := gocmp.Diff(&applytest.State{}, left); diff != "" {
		t.Errorf("left behind (-want +got):\n%s", diff)
	}
}
