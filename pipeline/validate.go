package pipeline

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Check returns every finding of every severity, sorted, with the notes of the
// source. What a placeholder or a variable stands for is not known, and passed
// over. It does not change the definition.
func (d *Definition) Check() slipway.Problems {
	return check.Run(rules[:], newSubject(d), d.Source)
}

// Validate returns the findings of severity [slipway.Error] as an error, or nil
// when there are none.
func (d *Definition) Validate() error { return d.Check().Errors().Err() }

// Rules returns all that [Parse] and [Definition.Check] look for.
func Rules() []slipway.Rule {
	return append(check.Rules(rules[:]), readOnlyRule,
		source.SyntaxRule, source.DuplicateRule, source.UnknownRule, source.TypeRule, source.NullRule, source.EmptyRule)
}

// rules is the table of this package, one topic a file.
var rules = [...]check.Rule[*subject]{
	nameRule, uniqueNameRule, roleRule,
	storeRule, regionRule,
	stagesRule, sourceStageRule, limitRule, orderRule,
	actionTypeRule, pipelineTypeRule, modeRule,
	artifactNameRule, artifactCountRule, artifactUniqueRule, artifactFlowRule,
	configurationRule, configurationKeyRule,
	commandsRule, environmentRule, timeoutRule,
	variableRule, namespaceRule, referenceRule,
	triggerRule, conditionRule, tagRule,
	sourceRule, pollingRule, codeBuildRule, cloudFormationRule, ecsRule, codeDeployToECSRule, s3DeployRule, lambdaDeployRule,
}

const guide = "https://docs.aws.amazon.com/codepipeline/latest/userguide/"
const api = "https://docs.aws.amazon.com/codepipeline/latest/APIReference/"
