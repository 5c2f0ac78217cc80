package handover

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

const (
	fileReference = "https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html"
	codedeploy    = "https://docs.aws.amazon.com/codedeploy/latest/userguide/"
	docResources  = codedeploy + "reference-appspec-file-structure-resources.html"
)

// The rules of reading.
var (
	sizeRule = slipway.Rule{Name: "handover/size", Source: fileReference,
		Doc: "imagedefinitions.json has at most 100 KB."}
	markRule = slipway.Rule{Name: "handover/byte-order-mark", Source: fileReference, Severity: slipway.Warning,
		Doc: "A file that CodePipeline reads begins without a byte order mark."}
)

var imageRules = []check.Rule[*ImageDefinitions]{
	{Rule: slipway.Rule{Name: "handover/image-definitions", Source: fileReference,
		Doc: "Each member of imagedefinitions.json names a container and its image."}, Check: checkImageDefinitions},
}

var detailRules = []check.Rule[*ImageDetail]{
	{Rule: slipway.Rule{Name: "handover/image-detail", Source: fileReference,
		Doc: "imageDetail.json names the image in ImageURI."}, Check: checkImageDetail},
}

var appSpecRules = []check.Rule[*AppSpec]{
	{Rule: slipway.Rule{Name: "handover/appspec-version", Source: codedeploy + "reference-appspec-file-structure.html",
		Doc: "The version of an application specification is 0.0."}, Check: checkVersion},
	{Rule: slipway.Rule{Name: "handover/appspec-resource", Source: docResources,
		Doc: "An application specification has one resource, of type AWS::ECS::Service, with all that CodeDeploy needs."}, Check: checkResources},
	{Rule: slipway.Rule{Name: "handover/appspec-network", Source: docResources,
		Doc: "A network in an application specification is complete, and AssignPublicIp is ENABLED or DISABLED."}, Check: checkNetwork},
	{Rule: slipway.Rule{Name: "handover/appspec-hook", Source: codedeploy + "reference-appspec-file-structure-hooks.html",
		Doc: "A hook has the name of a moment of the deployment, and a function."}, Check: checkHooks},
}

// Rules returns what the package checks, the rules of reading first.
func Rules() []slipway.Rule {
	rules := []slipway.Rule{
		source.SyntaxRule, source.DuplicateRule, source.UnknownRule, source.TypeRule, sizeRule, markRule,
	}
	rules = append(rules, check.Rules(imageRules)...)
	rules = append(rules, check.Rules(detailRules)...)
	return append(rules, check.Rules(appSpecRules)...)
}

// Check returns every finding, with what parsing noted, sorted.
func (d *ImageDefinitions) Check() slipway.Problems { return check.Run(imageRules, d, d.Source) }

// Validate returns the findings of severity [slipway.Error], or nil.
func (d *ImageDefinitions) Validate() error { return d.Check().Errors().Err() }

// Check returns every finding, with what parsing noted, sorted.
func (d *ImageDetail) Check() slipway.Problems { return check.Run(detailRules, d, d.Source) }

// Validate returns the findings of severity [slipway.Error], or nil.
func (d *ImageDetail) Validate() error { return d.Check().Errors().Err() }

// Check returns every finding, with what parsing noted, sorted.
func (a *AppSpec) Check() slipway.Problems { return check.Run(appSpecRules, a, a.Source) }

// Validate returns the findings of severity [slipway.Error], or nil.
func (a *AppSpec) Validate() error { return a.Check().Errors().Err() }
