package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var securityGroupRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/service-port", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html", Severity: slipway.Warning,
		Doc: "The security group of a service lets traffic through to the port that its load balancer sends to.",
	},
	Check: func(v *view, r *check.Report) {
		for _, s := range v.Services {
			checkGroups(s, r)
		}
	},
}

// checkGroups looks at services whose security groups all stand in the template,
// with all their rules.
func checkGroups(s *Part[*Service], r *check.Report) {
	m := s.Model
	if s.Template == nil || s.Template.Transform != nil || !m.Network.Known() || m.Network.Value == nil || !isDefinite(m.Network.Value.SecurityGroups) {
		return
	}
	for _, res := range s.Template.Resources {
		if res.Type == "AWS::EC2::SecurityGroupIngress" || res.Raw != nil {
			return
		}
	}
	for i, lb := range m.LoadBalancers.Value {
		if !lb.ContainerPort.Known() {
			continue
		}
		for _, symbol := range m.Network.Value.SecurityGroups.Value {
			group := s.Template.Resource(symbolID(symbol))
			if group == nil || group.Type != "AWS::EC2::SecurityGroup" || letsIn(group, lb.ContainerPort.Value) {
				return
			}
		}
		where := slipway.Path("LoadBalancers", i, "ContainerPort")
		p := addf(r, s, where, "no security group of the service lets port %d in, so that the load balancer finds its tasks unhealthy; add an ingress rule", lb.ContainerPort.Value)
		for _, symbol := range m.Network.Value.SecurityGroups.Value {
			relate(p, resourcePlace(s, s.Template.Resource(symbolID(symbol)), "a security group of the service"))
		}
	}
}

// letsIn reports whether a group lets a port in, or may do so.
func letsIn(group *cfn.Resource, port int) bool {
	for _, item := range elements(group.Properties.Get("SecurityGroupIngress")) {
		rule, ok := item.(cfn.Object)
		if !ok {
			return true
		}
		protocol, ok := scalarText(rule.Get("IpProtocol"))
		low, okLow := wholeNumber(rule.Get("FromPort"))
		high, okHigh := wholeNumber(rule.Get("ToPort"))
		if !ok || protocol == "-1" || !okLow || !okHigh || low <= port && port <= high {
			return true
		}
	}
	return false
}

func wholeNumber(v cfn.Value) (int, bool) {
	s, ok := scalarText(v)
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || n > 1<<20 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, ok && s != ""
}
