package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var taskNetworkRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/task-network", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
		Doc: "A task on Fargate has a way to the registry of its image: a public address in a public subnet, a NAT gateway, or VPC endpoints.",
	},
	Check: func(v *view, r *check.Report) {
		for _, s := range v.Services {
			checkNetwork(v, s, r)
		}
	},
}

// checkNetwork looks at a service whose whole network stands in its own template.
// An output may let other stacks add endpoints to the network, so that it is then
// only a warning.
func checkNetwork(v *view, s *Part[*Service], r *check.Report) {
	m := s.Model
	if !m.isFargate() || !m.Network.Known() || m.Network.Value == nil || s.Template == nil || s.Template.Transform != nil {
		return
	}
	n := m.Network.Value
	assign, ok := n.AssignPublicIP.Get("DISABLED")
	if !ok || !isDefinite(n.Subnets) {
		return
	}
	for i, id := range n.Subnets.Value {
		subnet := s.Template.Resource(symbolID(id))
		if subnet == nil || subnet.Type != "AWS::EC2::Subnet" || subnet.Condition != "" {
			return
		}
		way := wayOut(s.Template, subnet)
		if way == wayUnknown || way == wayNAT || way == wayInternet && assign == "ENABLED" {
			continue
		}
		vpc, ok := subnet.Properties.Get("VpcId").(cfn.Ref)
		if !ok || s.Template.Resource(string(vpc)) == nil || hasEndpoints(s.Template) {
			return
		}
		where := slipway.Path("NetworkConfiguration", "AwsvpcConfiguration", "Subnets", i)
		message := "the subnet " + subnet.ID + " has no route to the internet and the network no endpoints, so that the task cannot pull its image; add a NAT gateway or VPC endpoints, or take a public subnet with AssignPublicIp: ENABLED"
		if way == wayInternet {
			where = slipway.Path("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")
			message = "the subnet " + subnet.ID + " leads to the internet by its gateway, which a task without public address cannot use to pull its image; set AssignPublicIp: ENABLED, or take a subnet with a NAT gateway"
		}
		p := addf(r, s, where, "%s", message)
		if isExported(s.Template, string(vpc)) {
			p.Severity = slipway.Warning
		}
		at := slipway.Path("Resources", subnet.ID)
		relate(p, slipway.Place{File: s.File, Pos: s.Template.Source.Position(at), Path: at, Message: "the subnet"})
		return
	}
}

// isDefinite reports whether all elements of a list are there: its state is
// unknown as soon as one is no literal, as references are not.
func isDefinite(f Field[[]string]) bool {
	if f.Status == Absent || len(f.Value) == 0 {
		return false
	}
	for _, v := range f.Value {
		if symbolID(v) == "" {
			return false
		}
	}
	return true
}

// isFargate reports whether tasks of the service certainly run on Fargate.
func (s *Service) isFargate() bool {
	if s.LaunchType.Known() {
		return s.LaunchType.Value == "FARGATE"
	}
	if s.CapacityProviders.Status == Absent || len(s.CapacityProviders.Value) == 0 {
		return false
	}
	for _, name := range s.CapacityProviders.Value {
		if name != "FARGATE" && name != "FARGATE_SPOT" {
			return false
		}
	}
	return true
}

// A way is how a subnet leads out of its VPC.
type way uint8

const (
	wayUnknown  way = iota
	wayNone         // not at all
	wayInternet     // by an internet gateway
	wayNAT          // by a NAT gateway, or by another thing that needs no public address
)

// wayOut finds the default route of a subnet.
func wayOut(t *cfn.Template, subnet *cfn.Resource) way {
	table := ""
	for _, res := range t.Resources {
		if res.Raw != nil {
			return wayUnknown
		}
		if res.Type != "AWS::EC2::SubnetRouteTableAssociation" {
			continue
		}
		id, ok := res.Properties.Get("SubnetId").(cfn.Ref)
		if !ok {
			return wayUnknown
		}
		if string(id) != subnet.ID {
			continue
		}
		ref, ok := res.Properties.Get("RouteTableId").(cfn.Ref)
		if !ok || table != "" || res.Condition != "" {
			return wayUnknown
		}
		table = string(ref)
	}
	if t.Resource(table) == nil || t.Resource(table).Type != "AWS::EC2::RouteTable" {
		return wayUnknown // the main route table, or one of a parameter
	}
	out := wayNone
	for _, res := range t.Resources {
		if res.Type != "AWS::EC2::Route" {
			continue
		}
		ref, ok := res.Properties.Get("RouteTableId").(cfn.Ref)
		switch {
		case !ok || res.Condition != "" && string(ref) == table:
			return wayUnknown
		case string(ref) != table:
		case res.Properties.Get("GatewayId") == nil:
			return wayNAT
		default:
			gateway, ok := res.Properties.Get("GatewayId").(cfn.Ref)
			if !ok || t.Resource(string(gateway)) == nil || t.Resource(string(gateway)).Type != "AWS::EC2::InternetGateway" {
				return wayUnknown
			}
			if destination, _ := scalarText(res.Properties.Get("DestinationCidrBlock")); destination != "0.0.0.0/0" {
				return wayUnknown
			}
			out = wayInternet
		}
	}
	return out
}

// hasEndpoints reports whether a template makes VPC endpoints or other ways out.
func hasEndpoints(t *cfn.Template) bool {
	for _, res := range t.Resources {
		switch res.Type {
		case "AWS::EC2::VPCEndpoint", "AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment", "AWS::EC2::VPCPeeringConnection", "AWS::CloudFormation::Stack":
			return true
		}
	}
	return false
}

// isExported reports whether an output shows a resource to others.
func isExported(t *cfn.Template, id string) bool {
	for _, o := range t.Outputs {
		switch v := o.Value.(type) {
		case cfn.Ref:
			if string(v) == id {
				return true
			}
		case cfn.GetAtt:
			if v.Resource == id {
				return true
			}
		}
	}
	return false
}

var serviceRoleRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/service-role", Source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html", Severity: slipway.Warning,
		Doc: "A service with a role of the template waits until that role and its policies are there.",
	},
	Check: func(v *view, r *check.Report) {
		for _, s := range v.Services {
			checkServiceRole(s, r)
		}
	},
}

func checkServiceRole(s *Part[*Service], r *check.Report) {
	if s.Template == nil || s.Template.Transform != nil {
		return
	}
	var role *cfn.Resource
	named := false
	switch v := s.Model.Resource.Properties.Get("Role").(type) {
	case cfn.Ref:
		role = s.Template.Resource(string(v))
	case cfn.GetAtt:
		role = s.Template.Resource(v.Resource)
	case cfn.String:
		named = true
		for _, res := range s.Template.Resources {
			name, ok := scalarText(res.Properties.Get("RoleName"))
			if res.Type == "AWS::IAM::Role" && ok && (name == string(v) || strings.HasSuffix(string(v), "/"+name)) {
				role = res
			}
		}
	}
	if role == nil || role.Type != "AWS::IAM::Role" {
		return
	}
	if named && !waits(s.Model, role.ID) {
		p := addf(r, s, "Role", "the role %s may not be there yet when the service is created; add DependsOn: %s", role.ID, role.ID)
		relate(p, resourcePlace(s, role, "the role"))
		return
	}
	for _, res := range s.Template.Resources {
		if res.Type != "AWS::IAM::Policy" && res.Type != "AWS::IAM::RolePolicy" || waits(s.Model, res.ID) || res.Condition != "" {
			continue
		}
		for _, name := range append(elements(res.Properties.Get("Roles")), elements(res.Properties.Get("RoleName"))...) {
			if name == cfn.Ref(role.ID) {
				p := addf(r, s, "Role", "the role may not have its policy %s yet when the service is created; add DependsOn: %s", res.ID, res.ID)
				relate(p, resourcePlace(s, res, "the policy"))
			}
		}
	}
}

func waits(s *Service, id string) bool {
	for _, name := range s.DependsOn {
		if name == id {
			return true
		}
	}
	return false
}

func resourcePlace(s *Part[*Service], res *cfn.Resource, message string) slipway.Place {
	at := slipway.Path("Resources", res.ID)
	return slipway.Place{File: s.File, Pos: s.Template.Source.Position(at), Path: at, Message: message}
}

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

var roleAccountRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/account", Source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html", Severity: slipway.Warning,
		Doc: "The roles of a task, and the pipeline's own, are of one account, and regions that must agree do.",
	},
	Check: func(v *view, r *check.Report) {
		for _, t := range v.Tasks {
			checkAccounts(t, r)
		}
		for _, p := range v.Pipelines {
			checkRegions(v, p, r)
		}
	},
}

func checkAccounts(t *Part[*taskdef.Definition], r *check.Report) {
	execution, task := arnPart(t.Model.ExecutionRoleARN, 4), arnPart(t.Model.TaskRoleARN, 4)
	if execution != "" && task != "" && execution != task {
		p := addf(r, t, "taskRoleArn", "the role is of account %s, and the execution role of %s; a task takes roles of its own account only", task, execution)
		relate(p, t.Place("executionRoleArn", "the other role"))
	}
}

// arnPart returns a literal part of an ARN, counted from 0, or "".
func arnPart(arn string, n int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || !IsKnown(parts[n]) {
		return ""
	}
	return parts[n]
}
