package cfn_test

import (
	"fmt"

	"github.com/awslabs/goformation/v7/cloudformation/ec2"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A template is built of plain values; every intrinsic function is one.
func ExampleTemplate_Render() {
	t := &cfn.Template{
		FormatVersion: "2010-09-09",
		Parameters:    []*cfn.Parameter{{Name: "Count", Type: "Number", Default: cfn.Int(0)}},
	}
	t.Add(&cfn.Resource{
		ID: "Cluster", Type: "AWS::ECS::Cluster",
		Properties: cfn.Object{cfn.Prop("ClusterName", cfn.Sub("${AWS::StackName}-app"))},
	}, &cfn.Resource{
		ID: "Service", Type: "AWS::ECS::Service", DependsOn: []string{"Cluster"},
		Properties: cfn.Object{
			cfn.Prop("Cluster", cfn.Ref("Cluster")),
			cfn.Prop("DesiredCount", cfn.Ref("Count")),
		},
	})
	t.Outputs = []*cfn.Output{{Name: "ClusterArn", Value: cfn.Att("Cluster", "Arn")}}
	text, err := t.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", text)
	// Output:
	// AWSTemplateFormatVersion: '2010-09-09'
	//
	// Parameters:
	//   Count:
	//     Type: Number
	//     Default: 0
	//
	// Resources:
	//   Cluster:
	//     Type: AWS::ECS::Cluster
	//     Properties:
	//       ClusterName: !Sub ${AWS::StackName}-app
	//
	//   Service:
	//     Type: AWS::ECS::Service
	//     DependsOn: Cluster
	//     Properties:
	//       Cluster: !Ref Cluster
	//       DesiredCount: !Ref Count
	//
	// Outputs:
	//   ClusterArn:
	//     Value: !GetAtt Cluster.Arn
}

// A template that was read is amended and written back, as JSON if need be.
func ExampleParse() {
	t, err := cfn.Parse("bucket.yml", []byte(`
Resources:
  Artifacts:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub ${AWS::AccountId}-artifacts
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	bucket := t.Resource("Artifacts")
	bucket.DeletionPolicy = cfn.String("Retain")
	bucket.Set("VersioningConfiguration.Status", cfn.String("Enabled"))
	text, err := t.RenderJSON()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", text)
	// Output:
	// {
	//   "Resources": {
	//     "Artifacts": {
	//       "Type": "AWS::S3::Bucket",
	//       "DeletionPolicy": "Retain",
	//       "Properties": {
	//         "BucketName": {
	//           "Fn::Sub": "${AWS::AccountId}-artifacts"
	//         },
	//         "VersioningConfiguration": {
	//           "Status": "Enabled"
	//         }
	//       }
	//     }
	//   }
	// }
}

// The structs of goformation are a typed vocabulary. What they lack, or cannot
// hold, is set over them: a reference in the place of a boolean, here.
func ExampleTyped() {
	subnet, err := cfn.Typed("Subnet", &ec2.Subnet{
		CidrBlock: new("10.0.1.0/24"),
		VpcId:     "vpc-0a1b2c3d",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	subnet.Set("VpcId", cfn.Ref("VPC")).Set("MapPublicIpOnLaunch", cfn.Ref("Public"))
	t := &cfn.Template{}
	t.Add(subnet)
	text, err := t.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", text)
	// Output:
	// Resources:
	//   Subnet:
	//     Type: AWS::EC2::Subnet
	//     Properties:
	//       CidrBlock: 10.0.1.0/24
	//       VpcId: !Ref VPC
	//       MapPublicIpOnLaunch: !Ref Public
}
