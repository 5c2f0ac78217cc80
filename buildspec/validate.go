package buildspec

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Check returns every finding, of every severity, sorted, with what [Parse] has
// noticed. It does not change s, and what it cannot know, such as the value of a
// variable, it passes over.
func (s *Spec) Check() slipway.Problems { return check.Run(rules(), s, s.Source) }

// Validate returns the findings of severity [slipway.Error], as a
// [slipway.Problems], or nil when there are none.
func (s *Spec) Validate() error { return s.Check().Errors().Err() }

// Rules returns the rules that [Parse] and [Spec.Check] hold a buildspec to.
func Rules() []slipway.Rule {
	unknown := source.UnknownRule
	unknown.Severity = slipway.Warning
	return slices.Concat(
		[]slipway.Rule{source.SyntaxRule, source.DuplicateRule, source.TypeRule, unknown, commandRule, tagRule, nullRule, flagRule},
		check.Rules(rules()),
	)
}

const (
	refURL   = "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html"
	batchURL = "https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html"
)

// The rules of the reader.
var (
	commandRule = slipway.Rule{
		Name: "buildspec/command", Source: refURL + "#build-spec.phases",
		Doc: "A command is text; CodeBuild refuses the file when a reader of YAML sees a map in its place.",
	}
	tagRule = slipway.Rule{
		Name: "buildspec/tag", Source: refURL + "#build-spec-ref-syntax",
		Doc: "No value has a tag: the short forms of CloudFormation have no meaning in a buildspec.",
	}
	nullRule = slipway.Rule{
		Name: "buildspec/null", Source: refURL, Severity: slipway.Warning,
		Doc: "A key has a value, and an item of a list too.",
	}
	flagRule = slipway.Rule{
		Name: "buildspec/flag", Source: refURL, Severity: slipway.Warning,
		Doc: "A flag is yes or no, or true or false.",
	}
)

// rules returns the table of the rules that look at a whole spec.
func rules() []check.Rule[*Spec] {
	return []check.Rule[*Spec]{
		{Rule: versionRule, Check: checkVersion},
		{Rule: stateRule, Check: checkState},
		{Rule: phasesRule, Check: checkPhases},
		{Rule: commandsRule, Check: checkCommands},
		{Rule: namesRule, Check: checkNames},
		{Rule: onFailureRule, Check: checkOnFailure},
		{Rule: failedRule, Check: checkFailed},
		{Rule: runtimeVersionRule, Check: checkRuntimeVersion},
		{Rule: shellRule, Check: checkShell},
		{Rule: envNameRule, Check: checkEnvName},
		{Rule: envValueRule, Check: checkEnvValue},
		{Rule: parameterRule, Check: checkParameter},
		{Rule: secretRule, Check: checkSecret},
		{Rule: exportedRule, Check: checkExported},
		{Rule: reportsRule, Check: checkReports},
		{Rule: reportFormatRule, Check: checkReportFormat},
		{Rule: artifactsRule, Check: checkArtifacts},
		{Rule: secondaryRule, Check: checkSecondary},
		{Rule: cacheRule, Check: checkCache},
		{Rule: batchRule, Check: checkBatch},
		{Rule: batchGraphRule, Check: checkBatchGraph},
		{Rule: batchEnvRule, Check: checkBatchEnv},
	}
}
