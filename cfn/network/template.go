package network

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// The logical ids that others refer to.
const (
	idVPC        = "VPC"
	idGateway    = "InternetGateway"
	idAttachment = "InternetGatewayAttachment"
	idRouteTable = "PublicRouteTable"
	idGroup      = "SecurityGroup"
)

// ofStack begins the names that CloudFormation completes with the stack's.
const ofStack = "${AWS::StackName}-"

// A builder lays out the resources in the order in which a reader would explain
// them, which is also the one in which they are created.
type builder struct {
	*plan
	*cfn.Template
	room []cfn.Resource // for those to come, in one piece
}

func (p *plan) template() *cfn.Template {
	const fixed = 6 // resources that do not come once a zone
	n := fixed + 2*p.Zones
	b := builder{plan: p, room: make([]cfn.Resource, n), Template: &cfn.Template{
		FormatVersion: "2010-09-09",
		Description:   p.Description,
		Resources:     make([]*cfn.Resource, 0, n),
	}}
	switch {
	case p.Description != "":
	case p.Zones == 1:
		b.Template.Description = "Network of a containerised service: VPC, public subnet in 1 availability zone, security group"
	default:
		b.Template.Description = "Network of a containerised service: VPC, public subnets in " +
			strconv.Itoa(p.Zones) + " availability zones, security group"
	}
	b.roads()
	subnets := make(cfn.List, p.Zones)
	for i := range subnets {
		subnets[i] = b.subnet(i)
	}
	b.group()
	b.outputs(subnets)
	return b.Template
}

func (b *builder) add(id, kind string, properties ...cfn.Member) *cfn.Resource {
	r := &b.room[0]
	b.room = b.room[1:]
	r.ID, r.Type, r.Properties = id, kind, properties
	b.Add(r)
	return r
}

// roads adds the VPC and its way to the internet. The route names the gateway and
// not its attachment, so that only DependsOn makes it wait for this.
func (b *builder) roads() {
	b.add(idVPC, "AWS::EC2::VPC",
		cfn.Prop("CidrBlock", cfn.String(b.CIDR)),
		cfn.Prop("EnableDnsSupport", cfn.Bool(true)),
		cfn.Prop("EnableDnsHostnames", cfn.Bool(true)),
		nameTag(cfn.Sub(ofStack+"vpc")))
	b.add(idGateway, "AWS::EC2::InternetGateway",
		nameTag(cfn.Sub(ofStack+"internet")))
	b.add(idAttachment, "AWS::EC2::VPCGatewayAttachment",
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		cfn.Prop("InternetGatewayId", cfn.Ref(idGateway)))
	b.add(idRouteTable, "AWS::EC2::RouteTable",
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		nameTag(cfn.Sub(ofStack+"public")))
	route := b.add("PublicRoute", "AWS::EC2::Route",
		cfn.Prop("RouteTableId", cfn.Ref(idRouteTable)),
		cfn.Prop("DestinationCidrBlock", cfn.String(everyone)),
		cfn.Prop("GatewayId", cfn.Ref(idGateway)))
	route.DependsOn = []string{idAttachment}
}

// subnet adds the public subnet of a zone and returns a reference to it.
func (b *builder) subnet(zone int) cfn.Value {
	number := strconv.Itoa(zone + 1)
	id := "PublicSubnet" + number
	subnet := cfn.Value(cfn.Ref(id))
	b.add(id, "AWS::EC2::Subnet",
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		cfn.Prop("AvailabilityZone", cfn.Select{Index: cfn.Int(zone), List: cfn.GetAZs{Region: cfn.String("")}}),
		cfn.Prop("CidrBlock", cfn.String(b.blocks[zone].String())),
		cfn.Prop("MapPublicIpOnLaunch", cfn.Bool(b.MapPublicIP)),
		nameTag(cfn.Sub(ofStack+"public-"+number)))
	b.add(id+"RouteTableAssociation", "AWS::EC2::SubnetRouteTableAssociation",
		cfn.Prop("SubnetId", subnet),
		cfn.Prop("RouteTableId", cfn.Ref(idRouteTable)))
	return subnet
}

// group adds the security group of the service. A group without rules for what
// goes out would let all out, but an update that removes the last one lets
// nothing out; so the rule is written.
func (b *builder) group() {
	properties := make(cfn.Object, 0, 5)
	properties = append(properties,
		cfn.Prop("GroupDescription", cfn.String("What may reach the service")),
		cfn.Prop("VpcId", cfn.Ref(idVPC)))
	if len(b.Ingress) > 0 {
		rules := make(cfn.List, len(b.Ingress))
		for i := range b.Ingress {
			rules[i] = b.Ingress[i].rule()
		}
		properties = append(properties, cfn.Prop("SecurityGroupIngress", rules))
	}
	properties = append(properties,
		cfn.Prop("SecurityGroupEgress", cfn.List{cfn.Object{
			cfn.Prop("Description", cfn.String("Everything may go out")),
			cfn.Prop("IpProtocol", cfn.String(everyProtocol)),
			cfn.Prop("CidrIp", cfn.String(everyone)),
		}}),
		nameTag(cfn.Sub(ofStack+"service")))
	b.add(idGroup, "AWS::EC2::SecurityGroup", properties...)
}

func (b *builder) outputs(subnets cfn.List) {
	b.Outputs = []*cfn.Output{{
		Name: outputVPC, Description: "Id of the VPC",
		Value: cfn.Ref(idVPC), Export: cfn.Sub(ofStack + outputVPC),
	}, {
		Name: outputPublicSubnets, Description: "Ids of the public subnets, joined by commas",
		Value: cfn.Join{Delimiter: ",", Values: subnets}, Export: cfn.Sub(ofStack + outputPublicSubnets),
	}, {
		Name: outputSecurityGroup, Description: "Id of the security group of the service",
		Value: cfn.Att(idGroup, "GroupId"), Export: cfn.Sub(ofStack + outputSecurityGroup),
	}, {
		Name: outputDefaultSecurityGroup, Description: "Id of the default security group of the VPC",
		Value: cfn.Att(idVPC, "DefaultSecurityGroup"), Export: cfn.Sub(ofStack + outputDefaultSecurityGroup),
	}}
}

// rule returns the properties of an ingress that was checked.
func (in *Ingress) rule() cfn.Object {
	rule := make(cfn.Object, 0, 5)
	if in.Description != "" {
		rule = append(rule, cfn.Prop("Description", cfn.String(in.Description)))
	}
	protocol, from, to := in.protocol(), in.Port, max(in.Port, in.ToPort)
	if from == 0 && to == 0 {
		from, to = -1, -1 // every type and code of icmp
	}
	rule = append(rule, cfn.Prop("IpProtocol", cfn.String(protocol)))
	if protocol != everyProtocol {
		rule = append(rule, cfn.Prop("FromPort", cfn.Int(from)), cfn.Prop("ToPort", cfn.Int(to)))
	}
	switch {
	case in.SecurityGroup != nil:
		return append(rule, cfn.Prop("SourceSecurityGroupId", in.SecurityGroup))
	case in.CIDR == "":
		return append(rule, cfn.Prop("CidrIp", cfn.String(everyone)))
	case strings.Contains(in.CIDR, ":"):
		return append(rule, cfn.Prop("CidrIpv6", cfn.String(in.CIDR)))
	}
	return append(rule, cfn.Prop("CidrIp", cfn.String(in.CIDR)))
}

// What EC2 calls all of them.
const (
	everyProtocol = "-1"
	everyone      = "0.0.0.0/0"
)

// protocol returns what EC2 calls the protocol of a rule.
func (in *Ingress) protocol() string {
	switch in.Protocol {
	case "":
		return "tcp"
	case "all":
		return everyProtocol
	case "icmp":
		if strings.Contains(in.CIDR, ":") {
			return "icmpv6"
		}
	}
	return in.Protocol
}

func nameTag(name cfn.Value) cfn.Member {
	return cfn.Prop("Tags", cfn.List{cfn.Object{
		cfn.Prop("Key", cfn.String("Name")),
		cfn.Prop("Value", name),
	}})
}
