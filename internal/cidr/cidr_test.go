package cidr_test

import (
	"net/netip"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/cidr"
)

func TestBlock(t *testing.T) {
	for _, test := range []struct{ block, want string }{
		{"10.0.0.0/16", ""},
		{"10.0.0.0/28", ""},
		{"10.0.0.0/15", "a block of size /15 is not allowed, use /16 to /28"},
		{"10.0.0.0/29", "a block of size /29 is not allowed, use /16 to /28"},
		{"10.0.0.0", `"10.0.0.0" is no address block, want one such as 10.0.0.0/16`},
		{"10.0.0.256/16", `"10.0.0.256/16" is no address block, want one such as 10.0.0.0/16`},
		{"2001:db8::/32", "2001:db8::/32 is IPv6, want an IPv4 block such as 10.0.0.0/16"},
		{"0.1.0.0/16", "0.0.0.0/8 is reserved and no VPC may use it"},
		{"127.0.0.0/16", "127.0.0.0/8 is reserved for loopback and no VPC may use it"},
		{"169.254.9.0/24", "169.254.0.0/16 is reserved for link-local addresses and no VPC may use it"},
		{"169.253.0.0/16", ""},
		{"223.255.0.0/16", ""},
		{"224.0.0.0/16", "224.0.0.0/4 is reserved for multicast and no VPC may use it"},
		{"239.255.0.0/16", "224.0.0.0/4 is reserved for multicast and no VPC may use it"},
		{"240.0.0.0/16", ""},
	} {
		p, err := cidr.ParseIPv4(test.block)
		if err == nil {
			err = cidr.Sized(p)
		}
		if err == nil {
			err = cidr.Usable(p)
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.block, got, test.want)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		inner, outer string
		want         bool
	}{
		{"10.0.0.0/16", "10.0.0.0/16", true},
		{"10.0.255.0/24", "10.0.0.0/16", true},
		{"10.1.0.0/24", "10.0.0.0/16", false},
		{"10.0.0.0/15", "10.0.0.0/16", false},
	} {
		if got := cidr.Within(netip.MustParsePrefix(test.inner), netip.MustParsePrefix(test.outer)); got != test.want {
			t.Errorf("Within(%s, %s) = %v", test.inner, test.outer, got)
		}
	}
}

func TestSubnet(t *testing.T) {
	for _, test := range []struct {
		block   string
		bits, i int
		want    string
	}{
		{"10.0.0.0/16", 24, 0, "10.0.0.0/24"},
		{"10.0.0.0/16", 24, 255, "10.0.255.0/24"},
		{"192.168.7.0/24", 26, 3, "192.168.7.192/26"},
		{"10.1.2.3/16", 18, 1, "10.1.64.0/18"},
	} {
		if got := cidr.Subnet(netip.MustParsePrefix(test.block), test.bits, test.i).String(); got != test.want {
			t.Errorf("Subnet(%s, %d, %d) = %s, want %s", test.block, test.bits, test.i, got, test.want)
		}
	}
}
