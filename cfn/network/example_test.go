package network_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
)

// The zero value is a network that works.
func Example() {
	t, err := network.Network{}.Template()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range t.Resources {
		fmt.Println(r.ID, r.Type)
	}
	// Output:
	// VPC AWS::EC2::VPC
	// InternetGateway AWS::EC2::InternetGateway
	// InternetGatewayAttachment AWS::EC2::VPCGatewayAttachment
	// PublicRouteTable AWS::EC2::RouteTable
	// PublicRoute AWS::EC2::Route
	// PublicSubnet1 AWS::EC2::Subnet
	// PublicSubnet1RouteTableAssociation AWS::EC2::SubnetRouteTableAssociation
	// PublicSubnet2 AWS::EC2::Subnet
	// PublicSubnet2RouteTableAssociation AWS::EC2::SubnetRouteTableAssociation
	// SecurityGroup AWS::EC2::SecurityGroup
}

// Every problem is named at once, by the field in which it stands.
func ExampleNetwork_Template_problems() {
	_, err := network.Network{
		CIDR:          "10.0.0.0/16",
		PublicSubnets: []string{"10.0.0.0/24", "10.0.0.128/25", "10.1.0.0/24"},
		Ingress:       []network.Ingress{{Port: 80}, {Port: 443, CIDR: "everyone"}},
	}.Template()
	fmt.Println(err)
	// Output:
	// Network.Ingress[1].CIDR: "everyone" is no address block, want one such as 10.0.0.0/16
	// Network.PublicSubnets[1]: 10.0.0.128/25 overlaps Network.PublicSubnets[0], 10.0.0.0/24
	// Network.PublicSubnets[2]: 10.1.0.0/24 is not within the VPC's 10.0.0.0/16
}

// A service template takes the subnets from the network's stack. The name of the
// stack may be known, or a variable for [cfn.Sub].
func ExampleExports() {
	fmt.Println(network.Exports("docker-cicd-formation").PublicSubnets)
	subnets := cfn.Split{Delimiter: ",", Text: cfn.ImportValue{
		Name: cfn.Sub(network.Exports("${NetworkStackName}").PublicSubnets),
	}}
	fmt.Printf("%+v\n", subnets)
	// Output:
	// docker-cicd-formation-PublicSubnets
	// {Delimiter:, Text:{Name:${NetworkStackName}-PublicSubnets}}
}
