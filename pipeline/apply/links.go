package apply

import (
	"net/url"
	"strings"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// console is the host of the console of each partition.
// Source: https://docs.aws.amazon.com/general/latest/gr/console-service.html
var console = map[string]string{
	"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
	"aws-eusc": "console.amazonaws-eusc.eu",
}

// link returns the address of a subject's page in the console; nothing where there is
// none. id is the id of a stack.
func link(t bundle.Target, s Subject, id string) string {
	host := console[t.Partition]
	if host == "" {
		return ""
	}
	base := "https://" + t.Region + "." + host
	region := "?region=" + t.Region
	switch s.Kind {
	case StackSubject:
		return base + "/cloudformation/home" + region + "#/stacks/stackinfo?stackId=" + url.QueryEscape(id)
	case TaskSubject:
		return base + "/ecs/v2/task-definitions/" + url.PathEscape(s.Name) + region
	case ServiceSubject, CountSubject:
		cluster, name, _ := strings.Cut(s.Name, "/")
		return base + "/ecs/v2/clusters/" + url.PathEscape(cluster) + "/services/" + url.PathEscape(name) + region
	case PipelineSubject, ExecutionSubject:
		return base + "/codesuite/codepipeline/pipelines/" + url.PathEscape(s.Name) + "/view" + region
	}
	return ""
}
