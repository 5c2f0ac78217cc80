package apply

import (
	"maps"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A resolver tells the text of a value of a template, as far as that is known without
// CloudFormation: from literals, pseudo parameters, parameters, mappings, conditions, and
// the names that resources of the same template are given.
type resolver struct {
	template *cfn.Template
	known    *stackdiff.Resolver
}

// newResolver returns a resolver for a stack's template. Of params, one that is not there
// has its default.
func newResolver(target bundle.Target, stack string, t *cfn.Template, params map[string]string) *resolver {
	values := map[string]string{"AWS::StackName": stack}
	maps.Copy(values, params)
	for name, value := range map[string]string{
		"AWS::AccountId": target.Account, "AWS::Region": target.Region, "AWS::Partition": target.Partition, "AWS::URLSuffix": target.URLSuffix,
	} {
		if value != "" {
			values[name] = value
		}
	}
	return &resolver{t, stackdiff.NewResolver(stackdiff.Side{Template: t, Parameters: values})}
}

// text returns a value as text, and whether it is known.
func (r *resolver) text(v cfn.Value) (string, bool) { return r.value(r.known.Resolve(v), 0) }

func (r *resolver) value(v cfn.Value, depth int) (string, bool) {
	if depth > 10 {
		return "", false // a circle
	}
	if text, ok := plainText(v); ok {
		return text, text != "" && !strings.Contains(text, "{{resolve:")
	}
	switch v := v.(type) {
	case cfn.Ref: // of a resource, whose name it may be
		resource := r.template.Resource(string(v))
		if resource == nil || resource.Condition != "" {
			return "", false
		}
		switch resource.Type {
		case "AWS::ECS::Cluster", "AWS::ECR::Repository", "AWS::S3::Bucket", "AWS::Logs::LogGroup":
			return r.value(r.known.Resolve(resource.Properties.Get(nameProperties[resource.Type])), depth+1)
		}
	case cfn.Function: // texts with what is known here alone between them
		list, ok := v.Arg.(cfn.List)
		if v.Name != "Fn::Sub" || !ok {
			return "", false
		}
		var b strings.Builder
		for _, item := range list {
			part, ok := r.value(item, depth+1)
			if !ok {
				return "", false
			}
			b.WriteString(part)
		}
		return b.String(), b.Len() > 0
	}
	return "", false
}

// plainText returns a value as CloudFormation takes it for a parameter, and whether it is
// one without a function.
func plainText(v cfn.Value) (string, bool) {
	switch v := v.(type) {
	case cfn.String:
		return string(v), true
	case cfn.Number:
		return string(v), true
	case cfn.Bool:
		return strconv.FormatBool(bool(v)), true
	}
	return "", false
}
