package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkGateways finds what needs the internet gateway of the template and does
// not wait until it is attached to the VPC. To refer to the gateway is not to
// wait for the attachment, which is a resource of its own.
func checkGateways(g *graph, r *check.Report) {
	if g.generated {
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
			if gateway := g.resourceOf(int32(i), "GatewayId"); gateway >= 0 {
				g.checkAttached(int32(i), gateway, "GatewayId", attachments, r)
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

// checkAttached reports a resource that needs a gateway and waits for none of
// the attachments of it.
func (g *graph) checkAttached(user, gateway int32, property string, attachments []int32, r *check.Report) {
	wanted := toNothing
	for _, a := range attachments {
		if g.resourceOf(a, "InternetGatewayId") == gateway || g.resourceOf(a, "VpnGatewayId") == gateway {
			if g.reaches(user, a) {
				return
			}
			wanted = a
		}
	}
	if wanted == toNothing || g.Resources[gateway].Type == "AWS::EC2::VPCGatewayAttachment" {
		return
	}
	attachment := g.Resources[wanted].ID
	p := r.Addf(slipway.Path("Resources", g.Resources[user].ID, "Properties", property),
		"%s may not be attached to the VPC yet when this is created; add DependsOn: %s", g.Resources[gateway].ID, attachment)
	path := slipway.Path("Resources", attachment)
	p.Related = []slipway.Place{{File: p.File, Pos: g.Source.Position(path), Path: path, Message: "the attachment"}}
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
