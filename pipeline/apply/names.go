package apply

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A resolver tells the text of a value of a template, as far as that is known without
// CloudFormation: from literals, pseudo parameters, parameters, and the names that
// resources of the same template are given.
type resolver struct {
	target   bundle.Target
	stack    string // name
	template *cfn.Template
	params   map[string]string // values; one that is not here has its default
}

// text returns a value as text, and whether it is known.
func (r *resolver) text(v cfn.Value) (string, bool) { return r.value(v, 0) }

func (r *resolver) value(v cfn.Value, depth int) (string, bool) {
	if depth > 10 {
		return "", false // a circle
	}
	switch v := v.(type) {
	case cfn.String:
		return string(v), v != "" && !strings.Contains(string(v), "{{resolve:")
	case cfn.Number:
		return string(v), true
	case cfn.Ref:
		return r.name(string(v), depth)
	case cfn.Sub:
		return r.substitute(string(v), nil, depth)
	case cfn.SubMap:
		return r.substitute(v.Text, v.Vars, depth)
	case cfn.Join:
		list, ok := v.Values.(cfn.List)
		parts := make([]string, len(list))
		for i := range list {
			part, known := r.value(list[i], depth+1)
			parts[i], ok = part, ok && known
		}
		return strings.Join(parts, v.Delimiter), ok
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

// name returns what a Ref gives.
func (r *resolver) name(id string, depth int) (string, bool) {
	if text, ok := map[string]string{
		"AWS::AccountId": r.target.Account, "AWS::Region": r.target.Region, "AWS::Partition": r.target.Partition,
		"AWS::URLSuffix": r.target.URLSuffix, "AWS::StackName": r.stack,
	}[id]; ok {
		return text, text != ""
	}
	if p := parameter(r.template, id); p != nil {
		if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value") {
			return "", false
		}
		if text, ok := r.params[id]; ok {
			return text, text != ""
		}
		if p.Default == nil {
			return "", false
		}
		return plainText(p.Default)
	}
	// A resource whose Ref is the name that it is given.
	resource := r.template.Resource(id)
	if resource == nil || resource.Condition != "" {
		return "", false
	}
	switch property := nameProperties[resource.Type]; resource.Type {
	case "AWS::ECS::Cluster", "AWS::ECR::Repository", "AWS::S3::Bucket", "AWS::Logs::LogGroup":
		return r.value(resource.Properties.Get(property), depth+1)
	}
	return "", false
}

func (r *resolver) substitute(text string, vars cfn.Object, depth int) (string, bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), b.Len() > 0
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || strings.HasPrefix(name, "!") {
			return "", false
		}
		value, ok := "", false
		if v := vars.Get(name); v != nil {
			value, ok = r.value(v, depth+1)
		} else if !strings.Contains(name, ".") {
			value, ok = r.name(name, depth+1)
		}
		if !ok {
			return "", false
		}
		b.WriteString(value)
		text = after
	}
}
