package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// A role is a resource AWS::IAM::Role with all that the templates allow it.
type role struct {
	part       *Part[*cfn.Template]
	resource   *cfn.Resource
	name       string // literal RoleName; "" where it is not known
	statements []statement
	managed    []string // names of managed policies of AWS
	unknown    bool     // it may be allowed more
}

// A statement allows actions on resources.
type statement struct {
	actions   []string
	resources []cfn.Value
	limited   bool // by a condition, or by NotResource
}

// find returns the role that an ARN, a name or a symbol of a template stands for.
func (v *view) find(text string, template *cfn.Template) *role {
	v.lookup()
	if id := symbolID(text); id != "" {
		for _, r := range v.roles {
			if r.part.Model == template && r.resource.ID == id {
				return r
			}
		}
		return nil
	}
	name := text
	if strings.Contains(text, ":role/") {
		name = text[strings.LastIndexByte(text, '/')+1:]
	}
	var found *role
	for _, r := range v.roles {
		if r.name != "" && r.name == name {
			if found != nil {
				return nil
			}
			found = r
		}
	}
	return found
}

// lookup collects the roles of all templates with their policies.
func (v *view) lookup() {
	if v.looked {
		return
	}
	v.looked = true
	for _, t := range v.Templates {
		for _, res := range t.Model.Resources {
			if res.Type != "AWS::IAM::Role" || res.Raw != nil {
				continue
			}
			r := &role{part: t, resource: res}
			r.name, _ = symbolic(res.Properties.Get("RoleName"))
			r.inline()
			v.roles = append(v.roles, r)
		}
	}
	for _, t := range v.Templates {
		for _, res := range t.Model.Resources {
			switch res.Type {
			case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
				v.attach(t, res, elements(res.Properties.Get("Roles")))
			case "AWS::IAM::RolePolicy":
				v.attach(t, res, elements(res.Properties.Get("RoleName")))
			}
		}
	}
}

// symbolic returns a text in which only placeholders such as [Region] may be
// unknown, which are the same everywhere.
func symbolic(v cfn.Value) (string, bool) {
	s, _, ok := symbol(v)
	return s, ok && !strings.Contains(pseudo.Replace(s), "${")
}

var pseudo = strings.NewReplacer(Account, "", Region, "", Partition, "", URLSuffix, "")

// inline reads the policies that stand in the role.
func (r *role) inline() {
	for _, p := range elements(r.resource.Properties.Get("Policies")) {
		policy, ok := p.(cfn.Object)
		if !ok {
			r.unknown = true
			continue
		}
		r.allow(policy.Get("PolicyDocument"))
	}
	for _, arn := range elements(r.resource.Properties.Get("ManagedPolicyArns")) {
		text, ok := "", false
		switch v := arn.(type) {
		case cfn.String:
			text, ok = string(v), true
		case cfn.Sub:
			text, ok = string(v), true
		}
		_, name, aws := strings.Cut(text, ":iam::aws:policy/")
		if !ok || !aws {
			r.unknown = true
			continue
		}
		r.managed = append(r.managed, name)
	}
	r.unknown = r.unknown || r.resource.Properties.Get("Fn::Transform") != nil
}

// attach gives a policy to the roles that it names.
func (v *view) attach(t *Part[*cfn.Template], res *cfn.Resource, names []cfn.Value) {
	for _, name := range names {
		for _, r := range v.roles {
			switch n := name.(type) {
			case cfn.Ref:
				if r.part != t || r.resource.ID != string(n) {
					if t.Model.Resource(string(n)) == nil {
						r.unknown = true // a parameter may name any role
					}
					continue
				}
			case cfn.String:
				if r.name != string(n) && r.name != "" {
					continue
				}
			default:
				r.unknown = true
				continue
			}
			r.allow(res.Properties.Get("PolicyDocument"))
		}
	}
}

// allow adds the statements of a policy document.
func (r *role) allow(document cfn.Value) {
	object, ok := document.(cfn.Object)
	if !ok {
		r.unknown = true
		return
	}
	for _, item := range elements(object.Get("Statement")) {
		s, ok := item.(cfn.Object)
		if !ok || s.Get("NotAction") != nil {
			r.unknown = true
			continue
		}
		if effect, ok := scalarText(s.Get("Effect")); !ok || effect != "Allow" {
			r.unknown = r.unknown || !ok
			continue
		}
		st := statement{resources: elements(s.Get("Resource")), limited: s.Get("NotResource") != nil}
		for _, a := range elements(s.Get("Action")) {
			action, ok := a.(cfn.String)
			if !ok {
				r.unknown = true
				continue
			}
			st.actions = append(st.actions, string(action))
		}
		r.statements = append(r.statements, st)
	}
}

// allows says whether the role has the right to an action, on some resource.
func (r *role) allows(action string) shell.Answer {
	for i := range r.statements {
		if r.statements[i].has(action) {
			return shell.Yes
		}
	}
	for _, name := range r.managed {
		switch grants(name, action) {
		case shell.Yes:
			return shell.Yes
		case shell.Maybe:
			return shell.Maybe
		}
	}
	if r.unknown {
		return shell.Maybe
	}
	return shell.No
}

// on returns the resources on which the role has the right to an action; ok is
// false where there may be others.
func (r *role) on(action string) (resources []cfn.Value, ok bool) {
	if r.unknown {
		return nil, false
	}
	for _, name := range r.managed {
		if grants(name, action) != shell.No {
			return nil, false
		}
	}
	for i := range r.statements {
		if s := &r.statements[i]; s.has(action) {
			if s.limited {
				return nil, false
			}
			resources = append(resources, s.resources...)
		}
	}
	return resources, true
}

func (s *statement) has(action string) bool {
	for _, pattern := range s.actions {
		if likeAction(pattern, action) {
			return true
		}
	}
	return false
}

// likeAction reports whether an action is of the form of a pattern, in which * and
// ? stand for any characters. Letter case plays no part.
func likeAction(pattern, action string) bool { return wildcard(pattern, action, true) }

// wildcard matches a text with a pattern, in a time of at most the product of both
// lengths.
func wildcard(pattern, s string, fold bool) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i] || fold && lower(pattern[p]) == lower(s[i])):
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// grants says whether a managed policy of AWS allows an action. Of those that it
// does not know it says maybe.
//
// Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
func grants(policy, action string) shell.Answer {
	var patterns string
	switch policy {
	case "service-role/AmazonECSTaskExecutionRolePolicy":
		patterns = "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage logs:CreateLogStream logs:PutLogEvents"
	case "AmazonEC2ContainerRegistryPowerUser", "AmazonEC2ContainerRegistryFullAccess", "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly":
		patterns = "ecr:*"
	case "AmazonSSMReadOnlyAccess", "AmazonSSMFullAccess":
		patterns = "ssm:*"
	case "CloudWatchLogsFullAccess":
		patterns = "logs:*"
	case "AmazonS3ReadOnlyAccess", "AmazonS3FullAccess":
		patterns = "s3:*"
	default:
		return shell.Maybe
	}
	for pattern := range strings.FieldsSeq(patterns) {
		if likeAction(pattern, action) {
			return shell.Yes
		}
	}
	return shell.No
}
