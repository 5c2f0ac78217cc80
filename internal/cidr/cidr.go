// Package cidr holds what a VPC allows as an IPv4 address block, for the checks
// of templates and for the builder of networks.
package cidr

import (
	"errors"
	"fmt"
	"net/netip"
)

// The sizes that a VPC and a subnet may have, as prefix lengths.
//
// Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
const (
	Largest  = 16
	Smallest = 28
)

// Parse returns the address block that s denotes. The error is a text such as
// "10.0.0.0/33 is no address block, want one such as 10.0.0.0/16".
func Parse(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("%q is no address block, want one such as 10.0.0.0/16", s)
	}
	return p, nil
}

// ParseIPv4 is [Parse] for what must be IPv4.
func ParseIPv4(s string) (netip.Prefix, error) {
	p, err := Parse(s)
	if err == nil && !p.Addr().Is4() {
		err = fmt.Errorf("%s is IPv6, want an IPv4 block such as 10.0.0.0/16", s)
	}
	return p, err
}

// Sized returns an error unless the size of an IPv4 block is one that a VPC and
// a subnet may have.
func Sized(p netip.Prefix) error {
	if n := p.Bits(); n < Largest || n > Smallest {
		return fmt.Errorf("a block of size /%d is not allowed, use /%d to /%d", n, Largest, Smallest)
	}
	return nil
}

// Usable returns an error when an IPv4 block overlaps one that no VPC may have.
//
// Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
func Usable(p netip.Prefix) error {
	a := p.Masked().Addr().As4()
	switch {
	case a[0] == 0:
		return errors.New("0.0.0.0/8 is reserved and no VPC may use it")
	case a[0] == 127:
		return errors.New("127.0.0.0/8 is reserved for loopback and no VPC may use it")
	case a[0] == 169 && a[1] == 254:
		return errors.New("169.254.0.0/16 is reserved for link-local addresses and no VPC may use it")
	case a[0]>>4 == 14:
		return errors.New("224.0.0.0/4 is reserved for multicast and no VPC may use it")
	}
	return nil
}

// Within reports whether inner lies in outer, or equals it.
func Within(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// Subnet returns the i-th block of size /bits in an IPv4 block that holds it.
func Subnet(block netip.Prefix, bits, i int) netip.Prefix {
	a := block.Masked().Addr().As4()
	n := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	n += uint32(i) << (32 - bits)
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), bits)
}
