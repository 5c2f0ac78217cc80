package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/cidr"
)

// checkGroups judges the rules of security groups, those within a group and
// those that are resources of their own.
func checkGroups(g *graph, r *check.Report) {
	for _, res := range g.Resources {
		path := func(elem ...any) string {
			return slipway.Path(append([]any{"Resources", res.ID, "Properties"}, elem...)...)
		}
		switch res.Type {
		case "AWS::EC2::SecurityGroup":
			checkGroupText(res.Properties, "GroupDescription", path, r)
			for _, property := range [...]string{"SecurityGroupIngress", "SecurityGroupEgress"} {
				rules, _ := res.Properties.Get(property).(List)
				for i := range rules {
					if rule, ok := rules[i].(Object); ok {
						checkTraffic(rule, func(key string) string { return path(property, i, key) }, r)
						checkGroupText(rule, "Description", func(key ...any) string { return path(property, i, key[0]) }, r)
					}
				}
			}
		case "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress":
			checkTraffic(res.Properties, func(key string) string { return path(key) }, r)
			checkGroupText(res.Properties, "Description", path, r)
		}
	}
}

const maxGroupText = 255

// checkGroupText judges the description of a group or of one of its rules.
func checkGroupText(o Object, key string, path func(...any) string, r *check.Report) {
	text, ok := o.Get(key).(String)
	if !ok || strings.Contains(string(text), resolve) {
		return
	}
	if len(text) > maxGroupText {
		r.Addf(path(key), "found %d characters, at most %d are allowed", len(text), maxGroupText)
	}
	for _, c := range text {
		if c <= '~' && isAlphanumeric(byte(c)) || strings.ContainsRune(" ._-:/()#,@[]+=&;{}!$*", c) {
			continue
		}
		p := r.Addf(path(key), "the character %q is not allowed: use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*", c)
		if key == "GroupDescription" && c <= '~' {
			p.Severity = slipway.Warning // EC2's own message complains of what is not ASCII only
		}
		return
	}
}

// checkTraffic judges one rule.
func checkTraffic(rule Object, path func(key string) string, r *check.Report) {
	if protocol, ok := scalarText(rule.Get("IpProtocol")); ok {
		checkPorts(strings.ToLower(protocol), rule, path, r)
	}
	checkSource(rule, "CidrIp", path, r)
	checkSource(rule, "CidrIpv6", path, r)
}

func checkPorts(protocol string, rule Object, path func(key string) string, r *check.Report) {
	from, to := rule.Get("FromPort"), rule.Get("ToPort")
	switch protocol {
	case "tcp", "udp", "6", "17":
		if from == nil || to == nil {
			r.Addf(path("IpProtocol"), "the protocol %s needs FromPort and ToPort", protocol)
			return
		}
		first, okFirst := wholeNumber(from)
		last, okLast := wholeNumber(to)
		switch {
		case okFirst && (first < -1 || first > 65535):
			r.Addf(path("FromPort"), "found %d, want 0 to 65535", first)
		case okLast && (last < -1 || last > 65535):
			r.Addf(path("ToPort"), "found %d, want 0 to 65535", last)
		case okFirst && okLast && first > last:
			r.Addf(path("ToPort"), "found %d, less than FromPort %d", last, first)
		}
	case "icmp", "icmpv6", "1", "58":
		if from == nil || to == nil {
			r.Warnf(path("IpProtocol"), "the protocol %s needs FromPort, the type, and ToPort, the code; -1 stands for all", protocol)
		}
	}
}

// checkSource judges the address block of a rule.
func checkSource(rule Object, key string, path func(key string) string, r *check.Report) {
	text, ok := rule.Get(key).(String)
	if !ok || isPlaceholder(string(text)) {
		return
	}
	prefix, err := cidr.Parse(string(text))
	switch {
	case err != nil:
		r.Addf(path(key), "%s", err)
	case key == "CidrIp" && !prefix.Addr().Is4():
		r.Addf(path(key), "%s is IPv6, it belongs in CidrIpv6", text)
	case key == "CidrIpv6" && prefix.Addr().Is4():
		r.Addf(path(key), "%s is IPv4, it belongs in CidrIp", text)
	case prefix.Masked() != prefix:
		r.Warnf(path(key), "%s is an address within a block; AWS makes it %s", text, prefix.Masked())
	}
}
