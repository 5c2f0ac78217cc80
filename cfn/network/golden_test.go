package network_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// goldens are networks that together show everything that the builder writes.
var goldens = []struct {
	file    string
	network network.Network
}{
	{"default.yml", network.Network{}},
	{"full.yml", network.Network{
		Description:   "Network of the shop",
		CIDR:          "172.20.0.0/20",
		PublicSubnets: []string{"172.20.0.0/22", "172.20.4.0/22", "172.20.15.240/28"},
		MapPublicIP:   true,
		Ingress: []network.Ingress{
			{Port: 8080, CIDR: "203.0.113.0/24", Description: "Office"},
			{Port: 8080, CIDR: "2001:db8::/32", Description: "Office (IPv6)"},
			{Port: 9000, ToPort: 9010, Protocol: "udp", SecurityGroup: cfn.String("sg-0123456789abcdef0")},
			{Protocol: "icmp"},
			{Protocol: "icmp", CIDR: "::/0"},
			{Protocol: "all", SecurityGroup: cfn.ImportValue{Name: cfn.String("balancer-SecurityGroupId")}},
		},
	}},
	{"closed.yml", network.Network{Zones: 1, Ingress: []network.Ingress{}}},
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.file, func(t *testing.T) {
			template, err := g.network.Template()
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Render()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", g.file)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
			parsed, err := cfn.Parse(g.file, got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(template, parsed); diff != "" {
				t.Errorf("what is read back differs (-built +read):\n%s", diff)
			}
			if found := parsed.Check(); len(found) > 0 {
				t.Errorf("found %v", found)
			}
		})
	}
}

// FuzzTemplate holds the builder to its word: what it does not refuse has nothing
// that the checks find.
func FuzzTemplate(f *testing.F) {
	f.Add("10.0.0.0/16", 2, "", 80, 0, "tcp", "", "web")
	f.Add("192.168.0.0/26", 4, "192.168.0.0/28", 0, 65535, "udp", "::/0", "")
	f.Add("", 0, "10.0.255.0/24", 0, 0, "all", "192.0.2.7/32", "")
	f.Fuzz(func(t *testing.T, block string, zones int, subnet string, port, to int, protocol, source, description string) {
		n := network.Network{CIDR: block, Zones: zones, Description: description, Ingress: []network.Ingress{
			{Port: port, ToPort: to, Protocol: protocol, CIDR: source, Description: description},
		}}
		if subnet != "" {
			n.PublicSubnets = []string{subnet}
		}
		template, err := n.Template()
		if err != nil {
			return
		}
		if found := template.Check(); len(found) > 0 {
			t.Errorf("%+v: %v", n, found)
		}
	})
}
