package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
)

// TestProblems starts from the zero value, which is right, and changes one thing.
func TestProblems(t *testing.T) {
	group := cfn.String("sg-0123456789abcdef0")
	for _, test := range []struct {
		name    string
		network network.Network
		want    string // empty means none
	}{
		{"zero", network.Network{}, ""},
		{"description too long", network.Network{Description: strings.Repeat("x", 1025)}, "Network.Description: found 1025 bytes, at most 1024 are allowed"},
		{"description", network.Network{Description: strings.Repeat("x", 1024)}, ""},

		{"no block", network.Network{CIDR: "10.0.0.0"}, `Network.CIDR: "10.0.0.0" is no address block, want one such as 10.0.0.0/16`},
		{"too large", network.Network{CIDR: "10.0.0.0/8"}, "Network.CIDR: 10.0.0.0/8: a block of size /8 is not allowed, use /16 to /28"},
		{"host bits", network.Network{CIDR: "10.0.1.0/16"}, "Network.CIDR: 10.0.1.0/16 is an address within a block, the block is 10.0.0.0/16"},
		{"multicast", network.Network{CIDR: "224.0.0.0/16"}, "Network.CIDR: 224.0.0.0/16: 224.0.0.0/4 is reserved for multicast and no VPC may use it"},
		{"IPv6", network.Network{CIDR: "2001:db8::/56"}, "Network.CIDR: 2001:db8::/56 is IPv6, want an IPv4 block such as 10.0.0.0/16"},

		{"negative zones", network.Network{Zones: -1}, "Network.Zones: found -1, want 1 to 6, or 0 for the default"},
		{"too many zones", network.Network{Zones: 7}, "Network.Zones: found 7, want 1 to 6, or 0 for the default"},
		{"six zones", network.Network{Zones: 6}, ""},
		{"narrow", network.Network{CIDR: "10.0.0.0/25", Zones: 6}, ""},
		{"too narrow", network.Network{CIDR: "10.0.0.0/26", Zones: 5}, "Network.CIDR: 10.0.0.0/26 does not hold 5 subnets of size /28, the smallest allowed; use a larger block or fewer zones"},

		{"subnets", network.Network{PublicSubnets: []string{"10.0.128.0/17", "10.0.0.0/17"}}, ""},
		{"no subnets", network.Network{PublicSubnets: []string{}}, "Network.PublicSubnets: found 0 blocks, want 1 to 6, one a zone, or nil for the default"},
		{"subnets and zones", network.Network{Zones: 2, PublicSubnets: []string{"10.0.0.0/24"}}, "Network.PublicSubnets: found 1 blocks for 2 zones, want one a zone"},
		{"subnet is no block", network.Network{PublicSubnets: []string{"public"}}, `Network.PublicSubnets[0]: "public" is no address block, want one such as 10.0.0.0/16`},
		{"subnet too small", network.Network{PublicSubnets: []string{"10.0.0.0/29"}}, "Network.PublicSubnets[0]: 10.0.0.0/29: a block of size /29 is not allowed, use /16 to /28"},
		{"subnet with host bits", network.Network{PublicSubnets: []string{"10.0.0.1/24"}}, "Network.PublicSubnets[0]: 10.0.0.1/24 is an address within a block, the block is 10.0.0.0/24"},
		{"subnet outside", network.Network{CIDR: "10.1.0.0/16", PublicSubnets: []string{"10.0.0.0/24"}}, "Network.PublicSubnets[0]: 10.0.0.0/24 is not within the VPC's 10.1.0.0/16"},
		{"overlap", network.Network{PublicSubnets: []string{"10.0.0.0/24", "10.0.0.0/25"}}, "Network.PublicSubnets[1]: 10.0.0.0/25 overlaps Network.PublicSubnets[0], 10.0.0.0/24"},

		{"closed", network.Network{Ingress: []network.Ingress{}}, ""},
		{"range", in(network.Ingress{ToPort: 65535}), ""},
		{"udp", in(network.Ingress{Port: 53, Protocol: "udp"}), ""},
		{"icmp", in(network.Ingress{Protocol: "icmp"}), ""},
		{"all from a group", in(network.Ingress{Protocol: "all", SecurityGroup: group}), ""},
		{"imported group", in(network.Ingress{Port: 80, SecurityGroup: cfn.ImportValue{Name: cfn.String("lb")}}), ""},
		{"protocol", in(network.Ingress{Port: 80, Protocol: "TCP"}), `Network.Ingress[0].Protocol: found "TCP", want tcp, udp, icmp or all`},
		{"no port", in(network.Ingress{}), "Network.Ingress[0].Port: there is no port; give one, or a range up to ToPort"},
		{"port of icmp", in(network.Ingress{Protocol: "icmp", Port: 8}), "Network.Ingress[0].Port: the protocol icmp has no ports"},
		{"port too large", in(network.Ingress{Port: 65536}), "Network.Ingress[0].Port: found 65536, want 0 to 65535"},
		{"last port too large", in(network.Ingress{Port: 1, ToPort: 65536}), "Network.Ingress[0].ToPort: found 65536, want at most 65535"},
		{"backwards", in(network.Ingress{Port: 81, ToPort: 80}), "Network.Ingress[0].ToPort: found 80, less than the first port 81"},
		{"source host bits", in(network.Ingress{Port: 80, CIDR: "192.0.2.1/24"}), "Network.Ingress[0].CIDR: 192.0.2.1/24 is an address within a block, the block is 192.0.2.0/24"},
		{"two sources", in(network.Ingress{Port: 80, CIDR: "192.0.2.0/24", SecurityGroup: group}), "Network.Ingress[0].SecurityGroup: there is a CIDR as well; a rule has one source"},
		{"name of a group", in(network.Ingress{Port: 80, SecurityGroup: cfn.String("default")}), `Network.Ingress[0].SecurityGroup: found "default", want the id of a security group such as sg-0123456789abcdef0`},
		{"itself", in(network.Ingress{Port: 80, SecurityGroup: cfn.Att("SecurityGroup", "GroupId")}), "Network.Ingress[0].SecurityGroup: a group that names itself waits for itself; add an AWS::EC2::SecurityGroupIngress to the template"},
		{"letters", in(network.Ingress{Port: 80, Description: "Büro"}), `Network.Ingress[0].Description: found "Büro", allowed are at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`},
		{"twice", network.Network{Ingress: []network.Ingress{{Port: 80}, {Port: 80, ToPort: 80, Protocol: "tcp"}}}, "Network.Ingress[1]: opens the same ports to the same source as Network.Ingress[0]; keep one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			template, err := test.network.Template()
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("found %q\nwant  %q", got, test.want)
			}
			if (template == nil) != (err != nil) {
				t.Errorf("template %v with error %v", template, err)
			}
		})
	}
}

func in(rule network.Ingress) network.Network {
	return network.Network{Ingress: []network.Ingress{rule}}
}

// TestSubnets shows what the default makes of a block.
func TestSubnets(t *testing.T) {
	for _, test := range []struct {
		cidr  string
		zones int
		want  []string
	}{
		{"", 0, []string{"10.0.0.0/24", "10.0.1.0/24"}},
		{"172.31.0.0/16", 3, []string{"172.31.0.0/24", "172.31.1.0/24", "172.31.2.0/24"}},
		{"192.168.0.0/23", 2, []string{"192.168.0.0/24", "192.168.1.0/24"}},
		{"192.168.0.0/24", 1, []string{"192.168.0.0/24"}},
		{"192.168.0.0/24", 3, []string{"192.168.0.0/26", "192.168.0.64/26", "192.168.0.128/26"}},
		{"192.168.0.64/27", 2, []string{"192.168.0.64/28", "192.168.0.80/28"}},
	} {
		template, err := network.Network{CIDR: test.cidr, Zones: test.zones}.Template()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range template.Resources {
			if r.Type == "AWS::EC2::Subnet" {
				got = append(got, string(r.Properties.Get("CidrBlock").(cfn.String)))
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s in %d zones: mismatch (-want +got):\n%s", test.cidr, test.zones, diff)
		}
	}
}

// TestUnchanged holds the builder to leave its caller's value alone.
func TestUnchanged(t *testing.T) {
	n := network.Network{Ingress: []network.Ingress{{ToPort: 90}}, PublicSubnets: []string{"10.0.0.0/24"}}
	if _, err := n.Template(); err != nil {
		t.Fatal(err)
	}
	want := network.Network{Ingress: []network.Ingress{{ToPort: 90}}, PublicSubnets: []string{"10.0.0.0/24"}}
	if diff := cmp.Diff(want, n); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// TestExports holds the names that others import to those that the template exports.
func TestExports(t *testing.T) {
	template, err := network.Network{}.Template()
	if err != nil {
		t.Fatal(err)
	}
	names := network.Exports("${AWS::StackName}")
	want := []cfn.Value{cfn.Sub(names.VPC), cfn.Sub(names.PublicSubnets), cfn.Sub(names.SecurityGroup), cfn.Sub(names.DefaultSecurityGroup)}
	var got []cfn.Value
	for _, o := range template.Outputs {
		got = append(got, o.Export)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
