package cfn_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/cfn"
)

// Every finding has its place in the file, what is wrong, and the rule's name.
func ExampleTemplate_Check() {
	t, err := cfn.Parse("network.yml", []byte(`
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.0.0/30
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range t.Check() {
		fmt.Println(p)
	}
	// Output:
	// network.yml:10:7: Resources.Subnet.Properties.VpcId: there is no parameter or resource Vpc; did you mean VPC? (cfn/reference)
	// network.yml:11:7: Resources.Subnet.Properties.CidrBlock: 10.0.0.0/30: a block of size /30 is not allowed, use /16 to /28 (cfn/address-block)
}
