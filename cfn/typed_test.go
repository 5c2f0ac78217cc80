package cfn_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/ec2"
	"github.com/awslabs/goformation/v7/cloudformation/ecs"
	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/policies"
	"github.com/awslabs/goformation/v7/cloudformation/s3"
	"github.com/awslabs/goformation/v7/cloudformation/tags"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// fn is what goformation's functions return for a function written in JSON.
// Their package compiles all of AWS; internal/peers tests the real ones.
func fn(json string) string { return base64.StdEncoding.EncodeToString([]byte(json)) }

func ref(name string) string { return fn(`{ "Ref": "` + name + `" }`) }

func TestTyped(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed cfn.TypedResource
		want  *cfn.Resource
	}{
		{"attributes and tags", &ec2.VPC{
			CidrBlock:        new(ref("Cidr")),
			EnableDnsSupport: new(false),
			Tags:             []tags.Tag{{Key: "Name", Value: fn(`{ "Fn::Sub" : "${AWS::StackName}-vpc" }`)}},

			AWSCloudFormationDependsOn:           []string{"A", "B"},
			AWSCloudFormationCondition:           "IsProd",
			AWSCloudFormationDeletionPolicy:      policies.DeletionPolicy("Retain"),
			AWSCloudFormationUpdateReplacePolicy: policies.UpdateReplacePolicy("Delete"),
			AWSCloudFormationMetadata:            map[string]any{"b": 1, "a": ref("X")},
		}, &cfn.Resource{
			Type: "AWS::EC2::VPC", Condition: "IsProd", DependsOn: []string{"A", "B"},
			DeletionPolicy: cfn.String("Retain"), UpdateReplacePolicy: cfn.String("Delete"),
			Metadata: cfn.Object{cfn.Prop("a", cfn.Ref("X")), cfn.Prop("b", cfn.Int(1))},
			Properties: cfn.Object{
				cfn.Prop("CidrBlock", cfn.Ref("Cidr")),
				cfn.Prop("EnableDnsSupport", cfn.Bool(false)),
				cfn.Prop("Tags", cfn.List{cfn.Object{
					cfn.Prop("Key", cfn.String("Name")), cfn.Prop("Value", cfn.Sub("${AWS::StackName}-vpc")),
				}}),
			},
		}},
		{"nested structs", &ec2.SecurityGroup{
			GroupDescription: "web",
			SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{
				IpProtocol: "tcp", FromPort: new(80), ToPort: new(80), SourceSecurityGroupId: new(fn(`{ "Fn::GetAtt" : [ "LB", "GroupId" ] }`)),
			}},
			VpcId: new(fn(`{ "Fn::ImportValue": "` + fn(`{ "Fn::Sub" : "${Net}-vpc" }`) + `" }`)),
		}, &cfn.Resource{Type: "AWS::EC2::SecurityGroup", Properties: cfn.Object{
			cfn.Prop("GroupDescription", cfn.String("web")),
			cfn.Prop("SecurityGroupIngress", cfn.List{cfn.Object{
				cfn.Prop("FromPort", cfn.Int(80)), cfn.Prop("IpProtocol", cfn.String("tcp")),
				cfn.Prop("SourceSecurityGroupId", cfn.Att("LB", "GroupId")), cfn.Prop("ToPort", cfn.Int(80)),
			}}),
			cfn.Prop("VpcId", cfn.ImportValue{Name: cfn.Sub("${Net}-vpc")}),
		}}},
		{"lists of functions", &ecs.Service{
			NetworkConfiguration: &ecs.Service_NetworkConfiguration{AwsvpcConfiguration: &ecs.Service_AwsVpcConfiguration{
				SecurityGroups: []string{ref("Group")},
				Subnets:        []string{fn(`{ "Fn::Split" : [ ",", "` + ref("Subnets") + `" ] }`)},
			}},
		}, &cfn.Resource{Type: "AWS::ECS::Service", Properties: cfn.Object{
			cfn.Prop("NetworkConfiguration", cfn.Object{cfn.Prop("AwsvpcConfiguration", cfn.Object{
				cfn.Prop("SecurityGroups", cfn.List{cfn.Ref("Group")}),
				cfn.Prop("Subnets", cfn.Split{Delimiter: ",", Text: cfn.Ref("Subnets")}),
			})}),
		}}},
		{"documents as maps", &iam.Role{
			AssumeRolePolicyDocument: map[string]any{
				"Version": "2012-10-17",
				"Statement": []any{map[string]any{
					"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": "ecs-tasks.amazonaws.com"},
					"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": ref("AWS::AccountId")}},
				}},
			},
		}, &cfn.Resource{Type: "AWS::IAM::Role", Properties: cfn.Object{
			cfn.Prop("AssumeRolePolicyDocument", cfn.Object{
				cfn.Prop("Statement", cfn.List{cfn.Object{
					cfn.Prop("Action", cfn.String("sts:AssumeRole")),
					cfn.Prop("Condition", cfn.Object{
						cfn.Prop("StringEquals", cfn.Object{cfn.Prop("aws:SourceAccount", cfn.Ref("AWS::AccountId"))}),
					}),
					cfn.Prop("Effect", cfn.String("Allow")),
					cfn.Prop("Principal", cfn.Object{cfn.Prop("Service", cfn.String("ecs-tasks.amazonaws.com"))}),
				}}),
				cfn.Prop("Version", cfn.String("2012-10-17")),
			}),
		}}},
		{"null is left out", &iam.Role{}, &cfn.Resource{Type: "AWS::IAM::Role", Properties: cfn.Object{}}},
		{"parts of a text", &s3.Bucket{BucketName: new("app-" + ref("Env") + "-" + ref("AWS::AccountId") + "x")},
			&cfn.Resource{Type: "AWS::S3::Bucket", Properties: cfn.Object{
				cfn.Prop("BucketName", cfn.Join{Values: cfn.List{
					cfn.String("app-"), cfn.Ref("Env"), cfn.String("-"), cfn.Ref("AWS::AccountId"), cfn.String("x"),
				}}),
			}}},
		{"base64 of one's own", &s3.Bucket{
			BucketName: new(fn(`{"Ref": "A", "B": 1}`)), AccessControl: new(fn(`{"Name": "x"}`)),
			Tags: []tags.Tag{{Key: "abcd", Value: fn("text")}},
		}, &cfn.Resource{Type: "AWS::S3::Bucket", Properties: cfn.Object{
			cfn.Prop("AccessControl", cfn.String(fn(`{"Name": "x"}`))),
			cfn.Prop("BucketName", cfn.String(fn(`{"Ref": "A", "B": 1}`))),
			cfn.Prop("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("abcd")), cfn.Prop("Value", cfn.String(fn("text")))}}),
		}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cfn.Typed("It", tt.typed)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.ID = "It"
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypedErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed cfn.TypedResource
		want  string
	}{
		{"nil", (*ec2.VPC)(nil), "It: found null, want a resource"},
		{"a number where goformation wants text", &ec2.VPC{CidrBlock: new(fn(`{ "Fn::Cidr" : [ "10.0.0.0/16", '\x02', "8" ] }`))},
			`It: Properties: CidrBlock: goformation made a function that is not JSON: { "Fn::Cidr" : [ "10.0.0.0/16", '\x02', "8" ] }`},
		{"no JSON", &iam.Role{AssumeRolePolicyDocument: func() {}}, "It: json: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := cfn.Typed("It", tt.typed)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
