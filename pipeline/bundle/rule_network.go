package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var taskNetworkRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/task-network", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
		Doc: "A task on Fargate has a way to the registry of its image: a public address in a public subnet, a NAT gateway, or VPC endpoints.",
	},
	Check: func(v *view, r *check.Report) {
		for _, s := range v.Services {
			checkNetwork(v, s, r)
		}
	},
}

// checkNetwork looks at a service whose whole network stands in its own template.
// An output may let other stacks add endpoints to the network, so that it is then
// only a warning.
func checkNetwork(v *view, s *Part[*Service], r *check.Report) {
	m := s.Model
	if !m.isFargate() || !m.Network.Known() || m.Network.Value == nil || s.Template == nil || s.Template.Transform != nil {
		return
	}
	n := m.Network.Value
	assign, ok := n.AssignPublicIP.Get("DISABLED")
	if !ok || !isDefinite(n.Subnets) {
		return
	}
	for i, id := range n.Subnets.Value {
		subnet := s.Template.Resource(symbolID(id))
		if subnet == nil || subnet.Type != "AWS::EC2::Subnet" || subnet.Condition != "" {
			return
		}
		way := wayOut(s.Template, subnet)
		if way == wayUnknown || way == wayNAT || way == wayInternet && assign == "ENABLED" {
			continue
		}
		vpc, ok := subnet.Properties.Get("VpcId").(cfn.Ref)
		if !ok || s.Template.Resource(string(vpc)) == nil || hasEndpoints(s.Template) {
			return
		}
		where := slipway.Path("NetworkConfiguration", "AwsvpcConfiguration", "Subnets", i)
		message := "the subnet " + subnet.ID + " has no route to the internet and the network no endpoints, so that the task cannot pull its image; add a NAT gateway or VPC endpoints, or take a public subnet with AssignPublicIp: ENABLED"
		if way == wayInternet {
			where = slipway.Path("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")
			message = "the subnet " + subnet.ID + " leads to the internet by its gateway, which a task without public address cannot use to pull its image; set AssignPublicIp: ENABLED, or take a subnet with a NAT gateway"
		}
		p := addf(r, s, where, "%s", message)
		if isExported(s.Template, string(vpc)) {
			p.Severity = slipway.Warning
		}
		at := slipway.Path("Resources", subnet.ID)
		relate(p, slipway.Place{File: s.File, Pos: s.Template.Source.Position(at), Path: at, Message: "the subnet"})
		return
	}
}

// isDefinite reports whether all elements of a list are there: its state is
// unknown as soon as one is no literal, as references are not.
func isDefinite(f Field[[]string]) bool {
	if f.Status == Absent || len(f.Value) == 0 {
		return false
	}
	for _, v := range f.Value {
		if symbolID(v) == "" {
			return false
		}
	}
	return true
}

// isFargate reports whether tasks of the service certainly run on Fargate.
func (s *Service) isFargate() bool {
	if s.LaunchType.Known() {
		return s.LaunchType.Value == "FARGATE"
	}
	if s.CapacityProviders.Status == Absent || len(s.CapacityProviders.Value) == 0 {
		return false
	}
	for _, name := range s.CapacityProviders.Value {
		if name != "FARGATE" && name != "FARGATE_SPOT" {
			return false
		}
	}
	return true
}

// A way is how a subnet leads out of its VPC.
type way uint8

const (
	wayUnknown  way = iota
	wayNone         // not at all
	wayInternet     // by an internet gateway
	wayNAT          // by a NAT gateway, or by another thing that needs no public address
)

// wayOut finds the default route of a subnet.
func wayOut(t *cfn.Template, subnet *cfn.Resource) way {
	table := ""
	for _, res := range t.Resources {
		if res.Raw != nil {
			return wayUnknown
		}
		if res.Type != "AWS::EC2::SubnetRouteTableAssociation" {
			continue
		}
		id, ok := res.Properties.Get("SubnetId").(cfn.Ref)
		if !ok {
			return wayUnknown
		}
		if string(id) != subnet.ID {
			continue
		}
		ref, ok := res.Properties.Get("RouteTableId").(cfn.Ref)
		if !ok || table != "" || res.Condition != "" {
			return wayUnknown
		}
		table = string(ref)
	}
	if t.Resource(table) == nil || t.Resource(table).Type != "AWS::EC2::RouteTable" {
		return wayUnknown // the main route table, or one of a parameter
	}
	out := wayNone
	for _, res := range t.Resources {
		if res.Type != "AWS::EC2::Route" {
			continue
		}
		ref, ok := res.Properties.Get("RouteTableId").(cfn.Ref)
		switch {
		case !ok || res.Condition != "" && string(ref) == table:
			return wayUnknown
		case string(ref) != table:
		case res.Properties.Get("GatewayId") == nil:
			return wayNAT
		default:
			gateway, ok := res.Properties.Get("GatewayId").(cfn.Ref)
			if !ok || t.Resource(string(gateway)) == nil || t.Resource(string(gateway)).Type != "AWS::EC2::InternetGateway" {
				return wayUnknown
			}
			if destination, _ := scalarText(res.Properties.Get("DestinationCidrBlock")); destination != "0.0.0.0/0" {
				return wayUnknown
			}
			out = wayInternet
		}
	}
	return out
}

// hasEndpoints reports whether a template makes VPC endpoints or other ways out.
func hasEndpoints(t *cfn.Template) bool {
	for _, res := range t.Resources {
		switch res.Type {
		case "AWS::EC2::VPCEndpoint", "AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment", "AWS::EC2::VPCPeeringConnection", "AWS::CloudFormation::Stack":
			return true
		}
	}
	return false
}

// isExported reports whether an output shows a resource to others.
func isExported(t *cfn.Template, id string) bool {
	for _, o := range t.Outputs {
		switch v := o.Value.(type) {
		case cfn.Ref:
			if string(v) == id {
				return true
			}
		case cfn.GetAtt:
			if v.Resource == id {
				return true
			}
		}
	}
	return false
}
