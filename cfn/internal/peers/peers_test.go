package peers

import (
	"os"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/ec2"
	"github.com/awslabs/goformation/v7/cloudformation/tags"

	"github.com/seed-b1f00840/slipway/cfn"
)

func network(tb testing.TB) *cfn.Template {
	tb.Helper()
	data, err := os.ReadFile("../../testdata/network.yml")
	if err != nil {
		tb.Fatal(err)
	}
	t, err := cfn.Parse("network.yml", data)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func name(suffix string) []tags.Tag {
	return []tags.Tag{{Key: "Name", Value: cloudformation.Sub("${AWS::StackName}-" + suffix)}}
}

func subnet(suffix string, index int) *ec2.Subnet {
	return &ec2.Subnet{
		VpcId: cloudformation.Ref("VPC"),
		CidrBlock: cloudformation.SelectPtr(index,
			cloudformation.CIDR(cloudformation.GetAtt("VPC", "CidrBlock"), "2", "8")),
		AvailabilityZone:    cloudformation.SelectPtr(index, cloudformation.GetAZs("")),
		MapPublicIpOnLaunch: new(true),
		Tags:                name(suffix),
	}
}

func output(description, value, export string) cloudformation.Output {
	return cloudformation.Output{
		Description: &description, Value: value,
		Export: &cloudformation.Export{Name: cloudformation.Sub("${AWS::StackName}-" + export)},
	}
}

// goformation returns the template of network.yml as goformation has it.
func goformation() *cloudformation.Template {
	t := cloudformation.NewTemplate()
	t.Description = "A VPC with two public subnets for a service on Fargate"
	t.Parameters["VpcCidr"] = cloudformation.Parameter{
		Type: "String", Description: new("The address block of the VPC"), Default: "10.0.0.0/16",
	}
	t.Resources["VPC"] = &ec2.VPC{
		CidrBlock: cloudformation.RefPtr("VpcCidr"), EnableDnsHostnames: new(true), EnableDnsSupport: new(true), Tags: name("vpc"),
	}
	t.Resources["InternetGateway"] = &ec2.InternetGateway{Tags: name("igw")}
	t.Resources["GatewayAttachment"] = &ec2.VPCGatewayAttachment{
		InternetGatewayId: cloudformation.RefPtr("InternetGateway"), VpcId: cloudformation.Ref("VPC"),
	}
	t.Resources["PublicSubnetA"] = subnet("public-a", 0)
	t.Resources["PublicSubnetB"] = subnet("public-b", 1)
	t.Resources["PublicRouteTable"] = &ec2.RouteTable{VpcId: cloudformation.Ref("VPC"), Tags: name("public")}
	t.Resources["DefaultRoute"] = &ec2.Route{
		AWSCloudFormationDependsOn: []string{"GatewayAttachment"},
		RouteTableId:               cloudformation.Ref("PublicRouteTable"),
		DestinationCidrBlock:       new("0.0.0.0/0"),
		GatewayId:                  cloudformation.RefPtr("InternetGateway"),
	}
	for _, s := range []string{"PublicSubnetA", "PublicSubnetB"} {
		t.Resources[s+"Routes"] = &ec2.SubnetRouteTableAssociation{
			RouteTableId: cloudformation.Ref("PublicRouteTable"), SubnetId: cloudformation.Ref(s),
		}
	}
	t.Resources["ServiceSecurityGroup"] = &ec2.SecurityGroup{
		GroupDescription: "HTTP from anywhere",
		VpcId:            cloudformation.RefPtr("VPC"),
		SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{
			IpProtocol: "tcp", FromPort: new(80), ToPort: new(80), CidrIp: new("0.0.0.0/0"), Description: new("HTTP"),
		}},
		Tags: name("service"),
	}
	t.Outputs["VpcId"] = output("The VPC", cloudformation.Ref("VPC"), "VpcId")
	t.Outputs["PublicSubnetIds"] = output("The public subnets", cloudformation.Join(",",
		[]string{cloudformation.Ref("PublicSubnetA"), cloudformation.Ref("PublicSubnetB")}), "PublicSubnetIds")
	t.Outputs["ServiceSecurityGroupId"] = output("The security group of the service",
		cloudformation.GetAtt("ServiceSecurityGroup", "GroupId"), "ServiceSecurityGroupId")
	return t
}

func benchmark(b *testing.B, render func() ([]byte, error)) {
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		var err error
		if out, err = render(); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(out)))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(out)), "ns/byte")
}

func BenchmarkSlipwayYAML(b *testing.B)     { benchmark(b, network(b).Render) }
func BenchmarkGoformationYAML(b *testing.B) { benchmark(b, goformation().YAML) }
func BenchmarkSlipwayJSON(b *testing.B)     { benchmark(b, network(b).RenderJSON) }
func BenchmarkGoformationJSON(b *testing.B) { benchmark(b, goformation().JSON) }

// TestSame holds the two templates to the same size, so that the benchmarks
// measure the same work.
func TestSame(t *testing.T) {
	data, err := goformation().JSON()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := cfn.Parse("goformation.json", data)
	if err != nil {
		t.Fatal(err)
	}
	ours := network(t)
	if len(theirs.Resources) != len(ours.Resources) || len(theirs.Outputs) != len(ours.Outputs) {
		t.Errorf("goformation has %d resources and %d outputs, slipway %d and %d",
			len(theirs.Resources), len(theirs.Outputs), len(ours.Resources), len(ours.Outputs))
	}
}
