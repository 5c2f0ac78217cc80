package cfn

import (
	"net/netip"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/cidr"
)

// A block is the literal IPv4 block of a VPC or a subnet.
type block struct {
	resource *Resource
	vpc      int32 // the index of the VPC; toNothing where it is not in the template
	prefix   netip.Prefix
}

// checkBlocks judges the IPv4 blocks that are literal, or literal in a mapping.
func checkBlocks(g *graph, r *check.Report) {
	var subnets []block
	for i, res := range g.Resources {
		switch res.Type {
		case "AWS::EC2::VPC":
			if b, ok := g.readBlock(res, "CidrBlock", r); ok {
				if err := cidr.Usable(b.prefix); err != nil {
					r.Addf(blockPath(res), "%s: %s", b.prefix, err)
				}
			}
		case "AWS::EC2::Subnet":
			if b, ok := g.readBlock(res, "CidrBlock", r); ok {
				b.vpc = g.resourceOf(int32(i), "VpcId")
				subnets = append(subnets, b)
			}
		}
	}
	for i := range subnets[:min(len(subnets), maxResources)] {
		if subnets[i].vpc >= 0 {
			g.checkWithin(&subnets[i], r)
			g.checkOverlap(&subnets[i], subnets[:i], r)
		}
	}
}

func blockPath(res *Resource) string {
	return slipway.Path("Resources", res.ID, "Properties", "CidrBlock")
}

// readBlock reads the block of a VPC or a subnet, as AWS would: without the bits
// of a host.
func (g *graph) readBlock(res *Resource, property string, r *check.Report) (block, bool) {
	text, ok := g.literal(res.Properties.Get(property))
	if !ok {
		return block{}, false
	}
	prefix, err := cidr.ParseIPv4(text)
	if err != nil {
		r.Addf(blockPath(res), "%s", err)
		return block{}, false
	}
	if err := cidr.Sized(prefix); err != nil {
		r.Addf(blockPath(res), "%s: %s", text, err)
		return block{}, false
	}
	if masked := prefix.Masked(); masked != prefix {
		r.Warnf(blockPath(res), "%s is an address within a block; AWS makes it %s", text, masked)
		prefix = masked
	}
	return block{resource: res, vpc: toNothing, prefix: prefix}, true
}

// literal returns the text of a value that is a text, or the text that a mapping
// has under literal keys.
func (g *graph) literal(v Value) (string, bool) {
	if find, ok := v.(FindInMap); ok && !g.generated {
		mapping, okMap := find.Map.(String)
		top, okTop := find.Top.(String)
		second, okSecond := find.Second.(String)
		if !okMap || !okTop || !okSecond {
			return "", false
		}
		outer, _ := g.Mappings.Get(string(mapping)).(Object)
		inner, _ := outer.Get(string(top)).(Object)
		v = inner.Get(string(second))
	}
	text, ok := v.(String)
	return string(text), ok && !isPlaceholder(string(text))
}

// resourceOf returns the index of the resource that a property of another one
// names as a whole, or toNothing.
func (g *graph) resourceOf(owner int32, property string) int32 {
	name := ""
	switch v := g.Resources[owner].Properties.Get(property).(type) {
	case Ref:
		name = string(v)
	case GetAtt:
		name = v.Resource
	}
	if i, ok := g.symbols[name]; ok && i >= 0 {
		return i
	}
	return toNothing
}

// checkWithin finds a subnet that is not within one of the blocks of its VPC.
func (g *graph) checkWithin(subnet *block, r *check.Report) {
	vpc := g.Resources[subnet.vpc]
	text, ok := g.literal(vpc.Properties.Get("CidrBlock"))
	if !ok {
		return
	}
	prefix, err := cidr.ParseIPv4(text)
	if err != nil || cidr.Within(subnet.prefix, prefix.Masked()) {
		return
	}
	for _, res := range g.Resources { // blocks that were added to the VPC
		if res.Type == "AWS::EC2::VPCCidrBlock" {
			more, ok := g.literal(res.Properties.Get("CidrBlock"))
			added, err := netip.ParsePrefix(more)
			if !ok || err != nil || cidr.Within(subnet.prefix, added.Masked()) {
				return
			}
		}
	}
	path := slipway.Path("Resources", vpc.ID, "Properties", "CidrBlock")
	p := r.Addf(blockPath(subnet.resource), "%s is not within the block of %s, %s", subnet.prefix, vpc.ID, prefix.Masked())
	p.Related = []slipway.Place{{File: p.File, Pos: g.Source.Position(path), Path: path, Message: "the block of the VPC"}}
}

// checkOverlap finds the first of the subnets before it that a subnet overlaps.
// Two that exist under different conditions may never meet.
func (g *graph) checkOverlap(subnet *block, others []block, r *check.Report) {
	for i := range others {
		other := &others[i]
		if other.vpc != subnet.vpc || !other.prefix.Overlaps(subnet.prefix) || other.resource.Condition != subnet.resource.Condition {
			continue
		}
		p := r.Addf(blockPath(subnet.resource), "%s overlaps that of the subnet %s, %s", subnet.prefix, other.resource.ID, other.prefix)
		path := blockPath(other.resource)
		p.Related = []slipway.Place{{File: p.File, Pos: g.Source.Position(path), Path: path, Message: "the other subnet"}}
		return
	}
}
