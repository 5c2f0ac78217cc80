package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
)

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

func waits(s *Service, id string) bool { return slices.Contains(s.DependsOn, id) }

func resourcePlace(s *Part[*Service], res *cfn.Resource, message string) slipway.Place {
	at := slipway.Path("Resources", res.ID)
	return slipway.Place{File: s.File, Pos: s.Template.Source.Position(at), Path: at, Message: message}
}
