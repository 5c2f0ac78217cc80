package network

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/cidr"
)

const (
	maxZones       = 6
	maxDescription = 1024 // bytes of a template's
)

// A plan is a network with every default filled in and nothing wrong in it.
type plan struct {
	Network
	vpc    netip.Prefix
	blocks []netip.Prefix // of the public subnets, one a zone
}

// A planner collects the problems of a plan.
type planner struct {
	plan
	problems slipway.Problems
}

func (p *planner) addf(path, format string, args ...any) {
	p.problems = append(p.problems, &slipway.Problem{Path: "Network." + path, Message: fmt.Sprintf(format, args...)})
}

// plan checks the network and fills in its defaults.
func (n Network) plan() (*plan, slipway.Problems) {
	p := planner{plan: plan{Network: n}}
	if len(n.Description) > maxDescription {
		p.addf("Description", "found %d bytes, at most %d are allowed", len(n.Description), maxDescription)
	}
	p.zones()
	if p.block() {
		if n.PublicSubnets != nil {
			p.givenSubnets()
		} else {
			p.equalSubnets()
		}
	}
	if n.Ingress == nil {
		p.Ingress = []Ingress{{Port: 80}}
	}
	for i := range p.Ingress {
		p.ingress(i)
	}
	return &p.plan, p.problems
}

// zones fills in the number of zones.
func (p *planner) zones() {
	given := len(p.PublicSubnets)
	switch {
	case p.Zones < 0 || p.Zones > maxZones:
		p.addf("Zones", "found %d, want 1 to %d, or 0 for the default", p.Zones, maxZones)
		p.Zones = 0
	case p.PublicSubnets != nil && (given == 0 || given > maxZones):
		p.addf("PublicSubnets", "found %d blocks, want 1 to %d, one a zone, or nil for the default", given, maxZones)
	case p.PublicSubnets != nil && p.Zones == 0:
		p.Zones = given
	case p.PublicSubnets != nil && p.Zones != given:
		p.addf("PublicSubnets", "found %d blocks for %d zones, want one a zone", given, p.Zones)
	}
	if p.Zones == 0 {
		p.Zones = 2
	}
}

// block reads the block of the VPC. It reports whether subnets can be judged by it.
func (p *planner) block() bool {
	if p.CIDR == "" {
		p.CIDR = "10.0.0.0/16"
	}
	var ok bool
	if p.vpc, ok = p.read("CIDR", p.CIDR); !ok {
		return false
	}
	if err := cidr.Usable(p.vpc); err != nil {
		p.addf("CIDR", "%s: %s", p.CIDR, err)
	}
	return true
}

// read reads the block of a VPC or a subnet.
func (p *planner) read(path, block string) (netip.Prefix, bool) {
	prefix, err := cidr.ParseIPv4(block)
	if err != nil {
		p.addf(path, "%s", err)
		return prefix, false
	}
	if err := cidr.Sized(prefix); err != nil {
		p.addf(path, "%s: %s", block, err)
		return prefix, false
	}
	if masked := prefix.Masked(); masked != prefix {
		p.addf(path, "%s is an address within a block, the block is %s", block, masked)
		return prefix, false
	}
	return prefix, true
}

func (p *planner) givenSubnets() {
	p.blocks = make([]netip.Prefix, len(p.PublicSubnets))
	for i, block := range p.PublicSubnets {
		path := fmt.Sprintf("PublicSubnets[%d]", i)
		prefix, ok := p.read(path, block)
		if !ok {
			continue
		}
		p.blocks[i] = prefix
		if !cidr.Within(prefix, p.vpc) {
			p.addf(path, "%s is not within the VPC's %s", block, p.vpc)
			continue
		}
		for j, other := range p.blocks[:i] {
			if other.Overlaps(prefix) {
				p.addf(path, "%s overlaps Network.PublicSubnets[%d], %s", block, j, other)
			}
		}
	}
}

// equalSubnets cuts the subnets from the start of the VPC's block.
func (p *planner) equalSubnets() {
	bits := p.vpc.Bits()
	for 1<<(bits-p.vpc.Bits()) < p.Zones {
		bits++
	}
	if bits > cidr.Smallest {
		p.addf("CIDR", "%s does not hold %d subnets of size /%d, the smallest allowed; use a larger block or fewer zones",
			p.CIDR, p.Zones, cidr.Smallest)
		return
	}
	bits = max(bits, 24)
	p.blocks = make([]netip.Prefix, p.Zones)
	for i := range p.blocks {
		p.blocks[i] = cidr.Subnet(p.vpc, bits, i)
	}
}

// ingress checks a rule.
func (p *planner) ingress(i int) {
	in := &p.Ingress[i]
	path := func(field string) string { return fmt.Sprintf("Ingress[%d].%s", i, field) }
	p.ports(in, path)
	if len(in.Description) > 255 || strings.ContainsFunc(in.Description, notDescription) {
		p.addf(path("Description"), "found %q, allowed are at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*", in.Description)
	}
	p.origin(in, path)
	for j := range p.Ingress[:i] {
		if p.Ingress[j].same(in) {
			p.addf(fmt.Sprintf("Ingress[%d]", i), "opens the same ports to the same source as Network.Ingress[%d]; keep one", j)
		}
	}
}

// ports checks the protocol of a rule and its ports.
func (p *planner) ports(in *Ingress, path func(string) string) {
	switch in.Protocol {
	case "", "tcp", "udp":
		switch {
		case in.Port < 0 || in.Port > 65535:
			p.addf(path("Port"), "found %d, want 0 to 65535", in.Port)
		case in.ToPort > 65535:
			p.addf(path("ToPort"), "found %d, want at most 65535", in.ToPort)
		case in.ToPort != 0 && in.ToPort < in.Port:
			p.addf(path("ToPort"), "found %d, less than the first port %d", in.ToPort, in.Port)
		case in.Port == 0 && in.ToPort == 0:
			p.addf(path("Port"), "there is no port; give one, or a range up to ToPort")
		}
	case "icmp", "all":
		if in.Port != 0 || in.ToPort != 0 {
			p.addf(path("Port"), "the protocol %s has no ports", in.Protocol)
		}
	default:
		p.addf(path("Protocol"), "found %q, want tcp, udp, icmp or all", in.Protocol)
	}
}

// origin checks the source of a rule.
func (p *planner) origin(in *Ingress, path func(string) string) {
	switch {
	case in.SecurityGroup != nil && in.CIDR != "":
		p.addf(path("SecurityGroup"), "there is a CIDR as well; a rule has one source")
	case in.SecurityGroup == cfn.Value(cfn.Att(idGroup, "GroupId")), in.SecurityGroup == cfn.Value(cfn.Ref(idGroup)):
		p.addf(path("SecurityGroup"), "a group that names itself waits for itself; add an AWS::EC2::SecurityGroupIngress to the template")
	case in.SecurityGroup != nil:
		if id, ok := in.SecurityGroup.(cfn.String); ok && !strings.HasPrefix(string(id), "sg-") {
			p.addf(path("SecurityGroup"), "found %q, want the id of a security group such as sg-0123456789abcdef0", string(id))
		}
	case in.CIDR != "":
		prefix, err := cidr.Parse(in.CIDR)
		if err != nil {
			p.addf(path("CIDR"), "%s", err)
		} else if prefix.Masked() != prefix {
			p.addf(path("CIDR"), "%s is an address within a block, the block is %s", in.CIDR, prefix.Masked())
		}
	}
}

// same reports whether two rules from address blocks are one to EC2.
func (in *Ingress) same(other *Ingress) bool {
	return in.SecurityGroup == nil && other.SecurityGroup == nil && in.CIDR == other.CIDR &&
		in.protocol() == other.protocol() && in.Port == other.Port && max(in.Port, in.ToPort) == max(other.Port, other.ToPort)
}

func notDescription(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(" ._-:/()#,@[]+=&;{}!$*", r))
}
