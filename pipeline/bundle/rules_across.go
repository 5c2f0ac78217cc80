package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// across are the rules that need more than one artifact, or that look at what a
// template and a command mean together.
var across = [...]check.Rule[*view]{
	containerNameRule, imageDefinitionsRule, definitionFileRule, artifactFilesRule, secondaryArtifactRule,
	exportedVariableRule, latestImageRule, pushedImageRule,
	privilegedModeRule, architectureRule, buildspecPathRule, commandFileRule, runtimeImageRule,
	loadBalancerRule, targetTypeRule, appSpecRule, imagePlaceholderRule, controllerRule,
	roleTrustRule, executionRightsRule, passRoleRule, deployRightsRule, parameterRightsRule,
	taskNetworkRule, securityGroupRule, serviceRoleRule, roleAccountRule, customActionRule,
}

// checkAcross returns what the rules across artifacts find, sorted.
func checkAcross(parts *Parts, tree *Tree) slipway.Problems {
	return check.Run(across[:], newView(parts, tree), nil)
}
