package rehearse

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// resolve returns a value of a template as text, as far as the bundle tells it:
// literals, pseudo parameters, defaults of parameters, what other resources are
// called, and what other stacks export.
func (w *world) resolve(t *cfn.Template, v cfn.Value) (string, bool) { return w.value(t, v, 0) }

func (w *world) value(t *cfn.Template, v cfn.Value, depth int) (string, bool) {
	if depth > 20 {
		return "", false // a circle, or as good as one
	}
	switch v := v.(type) {
	case cfn.String:
		return string(v), !strings.Contains(string(v), "{{resolve:")
	case cfn.Number:
		return string(v), true
	case cfn.Bool:
		if v {
			return "true", true
		}
		return "false", true
	case cfn.Ref:
		return w.ref(t, string(v), depth)
	case cfn.GetAtt:
		return w.attribute(t, v.Resource, v.Attribute, depth)
	case cfn.Sub:
		return w.substitute(t, string(v), nil, depth)
	case cfn.SubMap:
		return w.substitute(t, v.Text, v.Vars, depth)
	case cfn.Join:
		list, ok := v.Values.(cfn.List)
		parts := make([]string, len(list))
		for i, e := range list {
			part, known := w.value(t, e, depth+1)
			parts[i], ok = part, ok && known
		}
		return strings.Join(parts, v.Delimiter), ok
	case cfn.ImportValue:
		return w.imported(t, v.Name, depth)
	}
	return "", false
}

func (w *world) ref(t *cfn.Template, name string, depth int) (string, bool) {
	switch name {
	case "AWS::AccountId":
		return w.target.Account, true
	case "AWS::Region":
		return w.target.Region, true
	case "AWS::Partition":
		return w.target.Partition, true
	case "AWS::URLSuffix":
		return w.target.URLSuffix, true
	}
	for _, p := range t.Parameters {
		if p.Name == name && p.Default != nil {
			text, ok := w.value(t, p.Default, depth+1)
			if ok && strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value") {
				return w.parameterAt(text, depth+1)
			}
			return text, ok
		}
	}
	r := t.Resource(name)
	if r == nil {
		return "", false
	}
	// What Ref gives is the name, for the types that have one here.
	property, ok := map[string]string{
		"AWS::ECR::Repository": "RepositoryName", "AWS::ECS::Cluster": "ClusterName", "AWS::S3::Bucket": "BucketName",
		"AWS::SSM::Parameter": "Name", "AWS::CodeBuild::Project": "Name", "AWS::Logs::LogGroup": "LogGroupName",
		"AWS::ECS::TaskDefinition": "Family", "AWS::CodePipeline::Pipeline": "Name",
		"AWS::CodeDeploy::Application": "ApplicationName", "AWS::CodeDeploy::DeploymentGroup": "DeploymentGroupName",
	}[r.Type]
	if !ok {
		return "", false
	}
	if v := r.Properties.Get(property); v != nil {
		return w.value(t, v, depth+1)
	}
	return strings.ToLower(r.ID), r.Type == "AWS::ECR::Repository" // CloudFormation makes a name of its own
}

func (w *world) attribute(t *cfn.Template, id, attribute string, depth int) (string, bool) {
	r := t.Resource(id)
	switch {
	case r == nil:
	case attribute == "Name" && r.Type == "AWS::ECS::Service":
		return w.value(t, r.Properties.Get("ServiceName"), depth+1)
	case r.Type == "AWS::ECR::Repository":
		name, ok := w.ref(t, id, depth+1)
		switch attribute {
		case "RepositoryUri":
			return w.registry() + "/" + name, ok
		case "Arn":
			return "arn:" + w.target.Partition + ":ecr:" + w.target.Region + ":" + w.target.Account + ":repository/" + name, ok
		}
	case r.Type == "AWS::SSM::Parameter" && attribute == "Value":
		return w.value(t, r.Properties.Get("Value"), depth+1)
	}
	return "", false
}

// substitute is Fn::Sub.
func (w *world) substitute(t *cfn.Template, text string, vars cfn.Object, depth int) (string, bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return "", false
		}
		text = after
		if literal, isLiteral := strings.CutPrefix(name, "!"); isLiteral {
			b.WriteString("${" + literal + "}")
			continue
		}
		var value string
		if v := vars.Get(name); v != nil {
			value, ok = w.value(t, v, depth+1)
		} else if id, attribute, isAttribute := strings.Cut(name, "."); isAttribute {
			value, ok = w.attribute(t, id, attribute, depth+1)
		} else {
			value, ok = w.ref(t, name, depth+1)
		}
		if !ok {
			return "", false
		}
		b.WriteString(value)
	}
}

// imported returns what another template of the bundle exports under a name.
func (w *world) imported(t *cfn.Template, name cfn.Value, depth int) (string, bool) {
	want, ok := w.value(t, name, depth+1)
	if !ok {
		return "", false
	}
	for _, other := range w.templates {
		for _, out := range other.Outputs {
			if out.Export == nil {
				continue
			}
			if text, ok := w.value(other, out.Export, depth+1); ok && text == want {
				return w.value(other, out.Value, depth+1)
			}
		}
	}
	return "", false
}

// registry is the host of the images of the target.
func (w *world) registry() string {
	return w.target.Account + ".dkr.ecr." + w.target.Region + "." + w.target.URLSuffix
}

// parameter returns the value of a parameter of the parameter store.
func (w *world) parameter(name string) (string, bool) { return w.parameterAt(name, 0) }

func (w *world) parameterAt(name string, depth int) (string, bool) {
	if value, ok := w.opts.Parameters[name]; ok {
		return value, true
	}
	if _, after, ok := strings.Cut(name, ":parameter/"); ok {
		name = "/" + after
		if value, ok := w.opts.Parameters[name]; ok {
			return value, true
		}
	}
	for t, r := range w.resources("AWS::SSM::Parameter") {
		text, ok := w.value(t, r.Properties.Get("Name"), depth+1)
		if ok && strings.TrimPrefix(text, "/") == strings.TrimPrefix(name, "/") {
			return w.value(t, r.Properties.Get("Value"), depth+1)
		}
	}
	return "", false
}

// resources yields the resources of a type, with their templates.
func (w *world) resources(kind string) func(func(*cfn.Template, *cfn.Resource) bool) {
	return func(yield func(*cfn.Template, *cfn.Resource) bool) {
		for _, t := range w.templates {
			for _, r := range t.Resources {
				if r.Type == kind && !yield(t, r) {
					return
				}
			}
		}
	}
}

// repositories returns the names of the image repositories of the bundle, sorted.
func (w *world) repositories() []string {
	var names []string
	for t, r := range w.resources("AWS::ECR::Repository") {
		if name, ok := w.ref(t, r.ID, 0); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
