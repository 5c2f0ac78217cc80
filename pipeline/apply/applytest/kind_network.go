package applytest

import (
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
)

type attributes = map[string]func(*work) cfn.Value

type mirrors = map[string]string

// other returns an attribute that is the id of something that comes with the resource.
func other(prefix string) func(*work) cfn.Value {
	return func(w *work) cfn.Value {
		return cfn.String(prefix + "-" + w.c.hex(prefix, w.s.name+"/"+w.r.id+"/"+prefix, 17))
	}
}

// fromARN returns an attribute that is the rest of an ARN, after the last of what is given.
func fromARN(part string) func(*work) cfn.Value {
	return func(w *work) cfn.Value {
		return cfn.String(w.r.physical[strings.LastIndex(w.r.physical, part)+len(part):])
	}
}

func none(*work) cfn.Value { return cfn.List{} }

// networkKinds are what a network is made of, as EC2 and Elastic Load Balancing have it.
// The attributes are those of the resource schemas (rules/cloudformation.md, 9).
var networkKinds = []kind{
	{typ: "AWS::EC2::VPC", takes: 5 * time.Second, id: "vpc", attributes: attributes{
		"VpcId": nil, "DefaultSecurityGroup": other("sg"), "DefaultNetworkAcl": other("acl"),
		"CidrBlockAssociations": none, "Ipv6CidrBlocks": none,
	}, mirrors: mirrors{"CidrBlock": "CidrBlock"}},
	{typ: "AWS::EC2::Subnet", takes: 4 * time.Second, id: "subnet", attributes: attributes{
		"SubnetId": nil, "NetworkAclAssociationId": other("aclassoc"), "Ipv6CidrBlocks": none,
	}, mirrors: mirrors{
		"VpcId": "VpcId", "CidrBlock": "CidrBlock", "OutpostArn": "OutpostArn",
		"AvailabilityZone": "AvailabilityZone", "AvailabilityZoneId": "AvailabilityZoneId",
	}},
	{typ: "AWS::EC2::InternetGateway", takes: 16 * time.Second, id: "igw", attributes: attributes{"InternetGatewayId": nil}},
	{typ: "AWS::EC2::VPCGatewayAttachment", takes: 16 * time.Second, physicalID: func(w *work) string {
		return "IGW|" + w.text("VpcId")
	}, attributes: attributes{"AttachmentType": func(*work) cfn.Value { return cfn.String("IGW") }}},
	{typ: "AWS::EC2::RouteTable", takes: 2 * time.Second, id: "rtb", attributes: attributes{"RouteTableId": nil}},
	{typ: "AWS::EC2::Route", takes: 2 * time.Second, physicalID: func(w *work) string {
		return w.text("RouteTableId") + "|" + w.text("DestinationCidrBlock") + w.text("DestinationIpv6CidrBlock")
	}, mirrors: mirrors{"CidrBlock": "DestinationCidrBlock"}},
	{typ: "AWS::EC2::SubnetRouteTableAssociation", takes: 2 * time.Second, id: "rtbassoc", attributes: attributes{"Id": nil}},
	{typ: "AWS::EC2::NatGateway", takes: 90 * time.Second, id: "nat", attributes: attributes{
		"NatGatewayId": nil, "EniId": other("eni"), "RouteTableId": other("rtb"),
	}},
	{typ: "AWS::EC2::EIP", takes: 16 * time.Second, physicalID: func(w *work) string {
		return "203.0.113." + itoa(1+len(w.c.data.things)%250)
	}, attributes: attributes{"AllocationId": other("eipalloc"), "PublicIp": nil}},
	{typ: "AWS::EC2::SecurityGroup", takes: 5 * time.Second, id: "sg", attributes: attributes{
		"GroupId": nil, "Id": nil,
	}, mirrors: mirrors{"VpcId": "VpcId"}},
	{typ: "AWS::EC2::SecurityGroupIngress", takes: 2 * time.Second, id: "sgr", attributes: attributes{"Id": nil}},
	{typ: "AWS::EC2::SecurityGroupEgress", takes: 2 * time.Second, id: "sgr", attributes: attributes{"Id": nil}},
	{typ: "AWS::EC2::VPCEndpoint", takes: 60 * time.Second, id: "vpce", attributes: attributes{
		"Id": nil, "NetworkInterfaceIds": none, "DnsEntries": none,
		"CreationTimestamp": func(w *work) cfn.Value { return cfn.String(w.c.now.Format(time.RFC3339)) },
	}},
	{typ: "AWS::ElasticLoadBalancingV2::LoadBalancer", named: "Name", takes: 120 * time.Second,
		physicalID: balancerARN("loadbalancer/app/"), attributes: attributes{
			"LoadBalancerArn": nil, "LoadBalancerFullName": fromARN("loadbalancer/"),
			"DNSName": func(w *work) cfn.Value {
				return cfn.String(w.s.name + "-" + w.c.digits("balancer", w.s.name+"/"+w.r.id, 10) + "." + w.c.opts.Region + ".elb." + w.c.suffix())
			},
			"CanonicalHostedZoneID": func(*work) cfn.Value { return cfn.String("Z35SXDOTRQ7X7K") },
		}, mirrors: mirrors{"LoadBalancerName": "Name", "SecurityGroups": "SecurityGroups"}},
	{typ: "AWS::ElasticLoadBalancingV2::TargetGroup", named: "Name", takes: 2 * time.Second,
		physicalID: balancerARN("targetgroup/"), attributes: attributes{
			"TargetGroupArn": nil, "TargetGroupFullName": fromARN(":"), "LoadBalancerArns": none,
		}, mirrors: mirrors{"TargetGroupName": "Name"}},
	{typ: "AWS::ElasticLoadBalancingV2::Listener", takes: 2 * time.Second,
		physicalID: balancerARN("listener/app/"), attributes: attributes{"ListenerArn": nil}},
	{typ: "AWS::ElasticLoadBalancingV2::ListenerRule", takes: 2 * time.Second,
		physicalID: balancerARN("listener-rule/app/"), attributes: attributes{
			"RuleArn": nil, "IsDefault": func(*work) cfn.Value { return cfn.String("false") },
		}},
}

// balancerARN returns ids as Elastic Load Balancing has them: an ARN.
func balancerARN(path string) func(*work) string {
	return func(w *work) string {
		name := w.text("Name")
		if name == "" {
			name = w.s.name + "-" + w.r.id
		}
		return w.c.arn("elasticloadbalancing", path+name+"/"+w.c.hex(path, w.s.name+"/"+w.r.id, 16))
	}
}
