package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// A dialect is how an API spells what a resource type spells in Pascal case.
type dialect uint8

const (
	// taskDialect is AWS::ECS::TaskDefinition.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html
	taskDialect dialect = iota
	// pipelineDialect is AWS::CodePipeline::Pipeline.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html
	pipelineDialect
)

// isUser reports whether the keys of the map under a key of the API are its author's.
func (d dialect) isUser(key string) bool {
	switch key {
	case "configuration":
		return d == pipelineDialect
	case "dockerLabels", "options", "driverOpts", "labels":
		return d == taskDialect
	}
	return false
}

// name returns the API's key of a property, and false for one that the API does not
// have. Depth is that of the map, 0 for the properties themselves.
func (d dialect) name(key string, depth int) (string, bool) {
	switch key {
	case "EFSVolumeConfiguration":
		return "efsVolumeConfiguration", true
	case "FilesystemId":
		return "fileSystemId", true
	case "FSxWindowsFileServerVolumeConfiguration":
		return "fsxWindowsFileServerVolumeConfiguration", true
	case "ProxyConfigurationProperties":
		return "properties", true
	case "IAM":
		return "iam", true
	case "DisableInboundStageTransitions", "RestartExecutionOnUpdate", "Tags":
		if d == pipelineDialect && depth == 0 {
			return "", false // beside the definition
		}
	}
	if key == "" {
		return "", false
	}
	return strings.ToLower(key[:1]) + key[1:], true
}

// property is the inverse of name.
func property(key string) string {
	switch key {
	case "":
		return ""
	case "efsVolumeConfiguration":
		return "EFSVolumeConfiguration"
	case "fsxWindowsFileServerVolumeConfiguration":
		return "FSxWindowsFileServerVolumeConfiguration"
	case "iam":
		return "IAM"
	}
	return strings.ToUpper(key[:1]) + key[1:]
}

// stores makes of the list of a pipeline's artifact stores the map by region that
// the API has, in g.
func (d dialect) stores(g *graft, list cfn.List) {
	g.kind = source.Map
	for i, item := range list {
		store, ok := item.(cfn.Object)
		region, _, hasRegion := symbol(store.Get("Region"))
		if !ok || !hasRegion {
			*g = graft{kind: source.String, key: g.key, hole: true, text: opaque, around: g.around, elem: g.elem}
			return
		}
		g.add(d.plant(g, []any{i, "ArtifactStore"}, region, store.Get("ArtifactStore"), 2))
	}
}
