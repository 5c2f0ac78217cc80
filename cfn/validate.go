package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Check returns what is wrong or unwise in the template, sorted, with what Parse
// noticed. It knows nothing that stands outside of the template, such as the
// values of parameters, and is silent about what depends on it; about names,
// too, where a macro may add some.
func (t *Template) Check() slipway.Problems {
	g := newGraph(t)
	defer g.free()
	return check.Run(rules, g, t.Source)
}

// Validate returns the problems of severity [slipway.Error] that [Template.Check]
// finds, or nil.
func (t *Template) Validate() error { return t.Check().Errors().Err() }

// Rules returns what Check checks.
func Rules() []slipway.Rule {
	return append(check.Rules(rules), source.SyntaxRule, source.DuplicateRule, source.UnknownRule, source.TypeRule)
}

const (
	userGuide         = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
	templateReference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
	vpcGuide          = "https://docs.aws.amazon.com/vpc/latest/userguide/"
)

type rule = check.Rule[*graph]

var rules = []rule{
	{Rule: slipway.Rule{
		Name: "cfn/reference", Source: templateReference + "intrinsic-function-reference-ref.html",
		Doc: "Ref, Fn::GetAtt, Fn::Sub and DependsOn name what the template has.",
	}, Check: checkReferences},
	{Rule: slipway.Rule{
		Name: "cfn/sub-variable", Source: templateReference + "intrinsic-function-reference-sub.html",
		Doc: "A variable of Fn::Sub is a name or a name with an attribute; ${!Name} stands for the text ${Name}.",
	}, Check: checkVariables},
	{Rule: slipway.Rule{
		Name: "cfn/condition", Source: userGuide + "conditions-section-structure.html",
		Doc: "Every condition that is named is defined, none by way of itself, and none depends on a resource.",
	}, Check: checkConditions},
	{Rule: slipway.Rule{
		Name: "cfn/mapping", Source: templateReference + "intrinsic-function-reference-findinmap.html",
		Doc: "Fn::FindInMap names a mapping of the template, and keys that it has.",
	}, Check: checkMappings},
	{Rule: slipway.Rule{
		Name: "cfn/cycle", Source: userGuide + "troubleshooting.html",
		Doc: "No resource waits for itself, neither by DependsOn nor by what its properties refer to.",
	}, Check: checkCycles},
	{Rule: slipway.Rule{
		Name: "cfn/name", Source: userGuide + "resources-section-structure.html",
		Doc: "Logical ids are 1 to 255 letters and digits.",
	}, Check: checkNames},
	{Rule: slipway.Rule{
		Name: "cfn/duplicate", Source: userGuide + "parameters-section-structure.html",
		Doc: "A logical id stands once in its section, and no parameter has that of a resource.",
	}, Check: checkDuplicates},
	{Rule: slipway.Rule{
		Name: "cfn/limit", Source: userGuide + "cloudformation-limits.html",
		Doc: "The template stays within the quotas of CloudFormation.",
	}, Check: checkLimits},
	{Rule: slipway.Rule{
		Name: "cfn/parameter", Source: userGuide + "parameters-section-structure.html",
		Doc: "A parameter has a type that exists, and a default that its own constraints allow.",
	}, Check: checkParameters},
	{Rule: slipway.Rule{
		Name: "cfn/resource", Source: userGuide + "resources-section-structure.html",
		Doc: "There is a resource, and every one has a type such as AWS::ECS::Cluster.",
	}, Check: checkResources},
	{Rule: slipway.Rule{
		Name: "cfn/deletion-policy", Source: templateReference + "aws-attribute-deletionpolicy.html",
		Doc: "A deletion policy is one that there is; only types that have snapshots can have Snapshot.",
	}, Check: checkPolicies},
	{Rule: slipway.Rule{
		Name: "cfn/function", Source: templateReference + "intrinsic-function-reference.html",
		Doc: "A function exists, has the arguments it wants, and stands where it may.",
	}, Check: checkFunctions},
	{Rule: slipway.Rule{
		Name: "cfn/export", Source: userGuide + "outputs-section-structure.html",
		Doc: "An output has a value, and no two export one name.",
	}, Check: checkOutputs},
	{Rule: slipway.Rule{
		Name: "cfn/address-block", Source: vpcGuide + "subnet-sizing.html",
		Doc: "The IPv4 blocks of a VPC and its subnets have allowed sizes, lie within the VPC and do not overlap.",
	}, Check: checkBlocks},
	{Rule: slipway.Rule{
		Name: "cfn/security-group", Source: templateReference + "aws-resource-ec2-securitygroup.html",
		Doc: "The rules of a security group have ports that fit their protocol, and well-formed address blocks.",
	}, Check: checkGroups},
	{Rule: slipway.Rule{
		Name: "cfn/gateway-attachment", Source: templateReference + "aws-attribute-dependson.html",
		Doc: "What needs the internet gateway waits for its attachment to the VPC.",
	}, Check: checkGateways},
	{Rule: slipway.Rule{
		Name: "cfn/service-listener", Source: templateReference + "aws-resource-ecs-service.html", Severity: slipway.Warning,
		Doc: "An ECS service waits for the listener that ties its target group to a load balancer.",
	}, Check: checkListeners},
}
