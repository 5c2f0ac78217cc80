package network

import (
	"fmt"
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

// template lays out the resources in the order in which a reader would explain
// them, which is also the one in which they are created.
func (p *plan) template() *cfn.Template {
	const fixed = 6 // resources that do not come once a zone
	t := &cfn.Template{
		FormatVersion: "2010-09-09",
		Description:   p.Description,
		Resources:     make([]*cfn.Resource, 0, fixed+2*p.Zones),
	}
	if t.Description == "" {
		t.Description = fmt.Sprintf("Network of a containerised service: VPC, public subnets in %d availability zones, security group", p.Zones)
		if p.Zones == 1 {
			t.Description = "Network of a containerised service: VPC, public subnet in 1 availability zone, security group"
		}
	}
	p.addRoads(t)
	subnets := make(cfn.List, p.Zones)
	for i := range subnets {
		subnets[i] = cfn.Ref(p.addSubnet(t, i))
	}
	t.Add(p.group())
	t.Outputs = []*cfn.Output{
		output(outputVPC, "Id of the VPC", cfn.Ref(idVPC)),
		output(outputPublicSubnets, "Ids of the public subnets, joined by commas", cfn.Join{Delimiter: ",", Values: subnets}),
		output(outputSecurityGroup, "Id of the security group of the service", cfn.Att(idGroup, "GroupId")),
		output(outputDefaultSecurityGroup, "Id of the default security group of the VPC", cfn.Att(idVPC, "DefaultSecurityGroup")),
	}
	return t
}

// addRoads adds the VPC and its way to the internet. The route names the gateway
// and not its attachment, so that only DependsOn makes it wait for this.
func (p *plan) addRoads(t *cfn.Template) {
	t.Add(&cfn.Resource{ID: idVPC, Type: "AWS::EC2::VPC", Properties: cfn.Object{
		cfn.Prop("CidrBlock", cfn.String(p.CIDR)),
		cfn.Prop("EnableDnsSupport", cfn.Bool(true)),
		cfn.Prop("EnableDnsHostnames", cfn.Bool(true)),
		nameTag("vpc"),
	}}, &cfn.Resource{ID: idGateway, Type: "AWS::EC2::InternetGateway", Properties: cfn.Object{
		nameTag("internet"),
	}}, &cfn.Resource{ID: idAttachment, Type: "AWS::EC2::VPCGatewayAttachment", Properties: cfn.Object{
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		cfn.Prop("InternetGatewayId", cfn.Ref(idGateway)),
	}}, &cfn.Resource{ID: idRouteTable, Type: "AWS::EC2::RouteTable", Properties: cfn.Object{
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		nameTag("public"),
	}}, &cfn.Resource{ID: "PublicRoute", Type: "AWS::EC2::Route", DependsOn: []string{idAttachment}, Properties: cfn.Object{
		cfn.Prop("RouteTableId", cfn.Ref(idRouteTable)),
		cfn.Prop("DestinationCidrBlock", cfn.String("0.0.0.0/0")),
		cfn.Prop("GatewayId", cfn.Ref(idGateway)),
	}})
}

// addSubnet adds the public subnet of a zone and returns its logical id.
func (p *plan) addSubnet(t *cfn.Template, zone int) string {
	number := strconv.Itoa(zone + 1)
	id := "PublicSubnet" + number
	t.Add(&cfn.Resource{ID: id, Type: "AWS::EC2::Subnet", Properties: cfn.Object{
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
		cfn.Prop("AvailabilityZone", cfn.Select{Index: cfn.Int(zone), List: cfn.GetAZs{Region: cfn.String("")}}),
		cfn.Prop("CidrBlock", cfn.String(p.subnets[zone].String())),
		cfn.Prop("MapPublicIpOnLaunch", cfn.Bool(p.MapPublicIP)),
		nameTag("public-" + number),
	}}, &cfn.Resource{ID: id + "RouteTableAssociation", Type: "AWS::EC2::SubnetRouteTableAssociation", Properties: cfn.Object{
		cfn.Prop("SubnetId", cfn.Ref(id)),
		cfn.Prop("RouteTableId", cfn.Ref(idRouteTable)),
	}})
	return id
}

// group returns the security group of the service. A group without rules for
// what goes out would let all out, but an update that removes the last one lets
// nothing out; so the rule is written.
func (p *plan) group() *cfn.Resource {
	properties := cfn.Object{
		cfn.Prop("GroupDescription", cfn.String("What may reach the service")),
		cfn.Prop("VpcId", cfn.Ref(idVPC)),
	}
	if len(p.Ingress) > 0 {
		rules := make(cfn.List, len(p.Ingress))
		for i := range p.Ingress {
			rules[i] = p.Ingress[i].rule()
		}
		properties = append(properties, cfn.Prop("SecurityGroupIngress", rules))
	}
	return &cfn.Resource{ID: idGroup, Type: "AWS::EC2::SecurityGroup", Properties: append(properties,
		cfn.Prop("SecurityGroupEgress", cfn.List{cfn.Object{
			cfn.Prop("Description", cfn.String("Everything may go out")),
			cfn.Prop("IpProtocol", cfn.String(everyProtocol)),
			cfn.Prop("CidrIp", cfn.String("0.0.0.0/0")),
		}}),
		nameTag("service"),
	)}
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
		return append(rule, cfn.Prop("CidrIp", cfn.String("0.0.0.0/0")))
	case strings.Contains(in.CIDR, ":"):
		return append(rule, cfn.Prop("CidrIpv6", cfn.String(in.CIDR)))
	}
	return append(rule, cfn.Prop("CidrIp", cfn.String(in.CIDR)))
}

const everyProtocol = "-1"

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

// ofStack begins the names that CloudFormation completes with the stack's.
const ofStack = "${AWS::StackName}-"

func nameTag(what string) cfn.Member {
	return cfn.Prop("Tags", cfn.List{cfn.Object{
		cfn.Prop("Key", cfn.String("Name")),
		cfn.Prop("Value", cfn.Sub(ofStack+what)),
	}})
}

func output(name, description string, value cfn.Value) *cfn.Output {
	return &cfn.Output{Name: name, Description: description, Value: value, Export: cfn.Sub(ofStack + name)}
}
