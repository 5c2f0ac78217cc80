package network

import (
	"github.com/seed-b1f00840/slipway/cfn"
)

// A Network describes the network of a service. The zero value means the default
// in every field.
type Network struct {
	// Description is the template's, at most 1,024 bytes. Empty means one that
	// says what the template holds.
	Description string

	// CIDR is the IPv4 address block of the VPC, of size /16 to /28. Empty means
	// 10.0.0.0/16.
	CIDR string

	// Zones is the number of availability zones, 1 to 6, each with one public
	// subnet. Zero means as many as PublicSubnets has, or 2. A load balancer needs
	// two. An account may not have as many in its region: CloudFormation counts
	// only those with a default subnet, unless there is none at all.
	//
	// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
	Zones int

	// PublicSubnets are the IPv4 address blocks of the public subnets, one a zone,
	// each of size /16 to /28 and within CIDR. Nil means equal blocks from the
	// start of CIDR, of size /24 where they fit and smaller where they do not.
	PublicSubnets []string

	// MapPublicIP gives every network interface that is created in a subnet a
	// public address. False leaves that to who creates it, as an ECS service does
	// with its own AssignPublicIp; nothing else then becomes public by accident.
	MapPublicIP bool

	// Ingress is what may reach the service. Nil means TCP port 80 from
	// everywhere; empty means nothing. All traffic out is allowed.
	Ingress []Ingress
}

// An Ingress opens the security group of the service to a source.
type Ingress struct {
	// Port is the first port, 0 to 65535. It is not given for the protocols icmp
	// and all, which have none.
	Port int

	// ToPort is the last port, not less than Port. Zero means Port alone.
	ToPort int

	// Protocol is tcp, udp, icmp or all. Empty means tcp.
	Protocol string

	// CIDR is the IPv4 or IPv6 address block of the source. Empty means 0.0.0.0/0,
	// everyone, unless there is a SecurityGroup.
	CIDR string

	// SecurityGroup is the id of the security group of the source, instead of
	// CIDR: a [cfn.String] such as sg-0123456789abcdef0, or a [cfn.ImportValue].
	SecurityGroup cfn.Value

	// Description tells the reader of the rule why it is there: at most 255
	// letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*.
	Description string
}

// The names under which the outputs are listed and, after the stack's name and a
// dash, exported.
const (
	outputVPC                  = "VpcId"
	outputPublicSubnets        = "PublicSubnets"
	outputSecurityGroup        = "SecurityGroupId"
	outputDefaultSecurityGroup = "DefaultSecurityGroupId"
)

// ExportNames are the names under which the stack of a network exports what
// others import by [cfn.ImportValue].
type ExportNames struct {
	VPC                  string // the VPC's id
	PublicSubnets        string // the ids of the public subnets, joined by commas, in the order of the zones
	SecurityGroup        string // the id of the service's security group
	DefaultSecurityGroup string // the id of the VPC's default security group, whose members reach each other
}

// Exports returns the names that the stack of that name exports. The name may
// hold a variable for [cfn.Sub], such as ${NetworkStackName}.
func Exports(stack string) ExportNames {
	return ExportNames{
		VPC:                  stack + "-" + outputVPC,
		PublicSubnets:        stack + "-" + outputPublicSubnets,
		SecurityGroup:        stack + "-" + outputSecurityGroup,
		DefaultSecurityGroup: stack + "-" + outputDefaultSecurityGroup,
	}
}

// Template returns the template of the network. The error is a
// [slipway.Problems] with all that is wrong; its paths are those of the fields:
// Network.PublicSubnets[1].
//
// [slipway.Problems]: https://pkg.go.dev/github.com/seed-b1f00840/slipway#Problems
func (n Network) Template() (*cfn.Template, error) {
	p, problems := n.plan()
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return p.template(), nil
}
