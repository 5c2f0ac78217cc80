package intrinsic

import (
	"encoding/binary"
	"net/netip"
	"strconv"

	"github.com/seed-b1f00840/slipway/cfn"
)

// cidr cuts blocks out of an IPv4 block. Bits are those of a host: 8 gives blocks of /24.
func (s *Scope) cidr(v cfn.Cidr) (cfn.Value, error) {
	block, err := s.Text(v.Block)
	if err != nil {
		return nil, err
	}
	count, err := s.number(v.Count)
	if err != nil {
		return nil, err
	}
	bits := 8
	if v.Bits != nil {
		if bits, err = s.number(v.Bits); err != nil {
			return nil, err
		}
	}
	whole, err := netip.ParsePrefix(block)
	if err != nil || !whole.Addr().Is4() {
		return nil, failf("Template error: Fn::Cidr: %q is no IPv4 block", block)
	}
	if bits < 1 || bits > 32-whole.Bits() || count < 1 || count > 1<<min(32-whole.Bits()-bits, 8) {
		return nil, failf("Template error: Fn::Cidr: the block has no room for that many")
	}
	addr := whole.Masked().Addr().As4()
	start, out := binary.BigEndian.Uint32(addr[:]), make(cfn.List, count)
	for i := range out {
		binary.BigEndian.PutUint32(addr[:], start+uint32(i)<<bits)
		out[i] = cfn.String(netip.PrefixFrom(netip.AddrFrom4(addr), 32-bits).String())
	}
	return out, nil
}

func (s *Scope) number(v cfn.Value) (int, error) {
	text, err := s.Text(v)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, failf("Template error: %q is no number", text)
	}
	return n, nil
}
