package delivery

import (
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/cfn/network"
)

// service returns service.yml: the ECS service, which names the task definition
// by its family, so that every update of the stack takes the revision that the
// pipeline made last.
func (p *plan) service() *cfn.Template {
	exports := network.Exports(p.Stacks.Network)
	groups := p.list(cfn.ImportValue{Name: cfn.String(exports.SecurityGroup)})
	if p.Deploy.DefaultSecurityGroup {
		groups = p.list(cfn.ImportValue{Name: cfn.String(exports.DefaultSecurityGroup)}, groups[0])
	}
	subnets := cfn.Split{Delimiter: ",", Text: cfn.ImportValue{Name: cfn.String(exports.PublicSubnets)}}
	service := p.resource("Service", "AWS::ECS::Service", p.object(
		cfn.Prop("ServiceName", cfn.String(p.Deploy.Service)),
		cfn.Prop("Cluster", cfn.String(p.Deploy.Cluster)),
		cfn.Prop("TaskDefinition", cfn.String(p.Task.Family)),
		cfn.Prop("DesiredCount", cfn.Ref("DesiredCount")),
		cfn.Prop("CapacityProviderStrategy", fargate),
		cfn.Prop("PlatformVersion", cfn.String("LATEST")),
		cfn.Prop("NetworkConfiguration", p.object(cfn.Prop("AwsvpcConfiguration", p.object(
			cfn.Prop("Subnets", subnets),
			cfn.Prop("SecurityGroups", groups),
			cfn.Prop("AssignPublicIp", cfn.String("ENABLED")),
		)))),
		cfn.Prop("DeploymentConfiguration", rollingDeployment),
	))
	if len(p.tags) > 0 {
		service.Properties = append(service.Properties, cfn.Prop("PropagateTags", cfn.String("SERVICE")))
	}
	return &cfn.Template{
		FormatVersion: "2010-09-09",
		Description:   "ECS service " + p.Deploy.Service + " on Fargate",
		Parameters: []*cfn.Parameter{{
			Name:        "DesiredCount",
			Type:        "Number",
			Description: "Number of tasks. 0 until the pipeline has pushed the first image; without one the service could not become stable.",
			Default:     cfn.Int(p.Deploy.DesiredCount),
			MinValue:    cfn.Number("0"),
			MaxValue:    cfn.Number("5000"),
		}},
		Resources: []*cfn.Resource{service},
		Outputs: []*cfn.Output{
			{Name: "ServiceName", Description: "Name of the service", Value: cfn.Att("Service", "Name")},
		},
	}
}
