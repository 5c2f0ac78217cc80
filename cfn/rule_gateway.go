package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkGateways holds an attachment to one gateway, and warns of what needs the
// internet gateway of the template and does not wait until it is attached to the
// VPC. To refer to the gateway is not to wait for the attachment, which is a
// resource of its own. Who does not wait may be lucky, so it is no error.
func checkGateways(g *graph, r *check.Report) {
	if g.generated || len(g.Resources) > maxResources {
		return
	}
	var attachments []int32
	for i, res := range g.Resources {
		if res.Type == "AWS::EC2::VPCGatewayAttachment" {
			attachments = append(attachments, int32(i))
			g.checkAttachment(res, r)
		}
	}
	if len(attachments) == 0 {
		return
	}
	for i, res := range g.Resources {
		switch res.Type {
		case "AWS::EC2::Route":
			g.checkRoute(int32(i), attachments, r)
		case "AWS::EC2::NatGateway":
			if res.Properties.Get("ConnectivityType") == nil {
				g.checkWaits(int32(i), attachments, r)
			}
		case "AWS::EC2::EIP":
			if res.Properties.Get("InstanceId") != nil {
				g.checkWaits(int32(i), attachments, r)
			}
		}
	}
}

// checkAttachment holds an attachment to exactly one gateway.
func (g *graph) checkAttachment(res *Resource, r *check.Report) {
	internet, vpn := res.Properties.Get("InternetGatewayId"), res.Properties.Get("VpnGatewayId")
	path := slipway.Path("Resources", res.ID, "Properties")
	switch {
	case internet == nil && vpn == nil:
		r.Addf(path, "there is no gateway: want InternetGatewayId or VpnGatewayId")
	case internet != nil && vpn != nil && isDefinite(internet) && isDefinite(vpn):
		r.Addf(path, "there are two gateways: want InternetGatewayId or VpnGatewayId, not both")
	}
}

// isDefinite reports whether a value cannot turn out to be none.
func isDefinite(v Value) bool {
	switch v.(type) {
	case String, Ref, GetAtt:
		return v != Ref("AWS::NoValue")
	}
	return false
}

// checkRoute reports a route to a gateway when it waits for none of the
// attachments of this.
func (g *graph) checkRoute(route int32, attachments []int32, r *check.Report) {
	gateway := g.resourceOf(route, "GatewayId")
	if gateway < 0 || g.Resources[gateway].Type == "AWS::EC2::VPCGatewayAttachment" {
		return
	}
	wanted := toNothing
	for _, a := range attachments {
		if g.resourceOf(a, "InternetGatewayId") == gateway || g.resourceOf(a, "VpnGatewayId") == gateway {
			if g.reaches(route, a) {
				return
			}
			wanted = a
		}
	}
	if wanted != toNothing {
		path := slipway.Path("Resources", g.Resources[route].ID, "Properties", "GatewayId")
		g.warnOfAttachment(path, g.Resources[gateway].ID, wanted, r)
	}
}

// checkWaits reports a resource that works through the internet gateway of its
// VPC, without naming it, when it waits for no attachment.
func (g *graph) checkWaits(user int32, attachments []int32, r *check.Report) {
	wanted := toNothing
	for _, a := range attachments {
		if g.reaches(user, a) {
			return
		}
		if wanted == toNothing && g.Resources[a].Properties.Get("InternetGatewayId") != nil {
			wanted = a
		}
	}
	if wanted != toNothing {
		g.warnOfAttachment(slipway.Path("Resources", g.Resources[user].ID), "the internet gateway", wanted, r)
	}
}

func (g *graph) warnOfAttachment(path, gateway string, attachment int32, r *check.Report) {
	id := g.Resources[attachment].ID
	p := r.Warnf(path, "%s may not be attached to the VPC yet when this is created; add DependsOn: %s", gateway, id)
	at := slipway.Path("Resources", id)
	p.Related = []slipway.Place{{File: p.File, Pos: g.Source.Position(at), Path: at, Message: "the attachment"}}
}

// reaches reports whether a resource waits for another, by way of others or not.
func (g *graph) reaches(from, to int32) bool {
	seen := make([]bool, len(g.Resources))
	var visit func(int32) bool
	visit = func(at int32) bool {
		if at == to {
			return true
		}
		seen[at] = true
		for i := g.first[at]; i < g.first[at+1]; i++ {
			ref := &g.refs[i]
			if g.waits(ref) && !seen[ref.target] && visit(ref.target) {
				return true
			}
		}
		return false
	}
	return visit(from)
}
