package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/source"
)

func isTransform(key string) bool { return key == "Fn::Transform" }

func (r *reader) parameter(m source.Member) *Parameter {
	p := &Parameter{Name: m.Key}
	n := r.attributes(&p.Raw, m)
	if n == nil {
		return p
	}
	p.Extra = r.members(n, parameterKeys, isTransform, func(m source.Member) bool {
		switch m.Key {
		case "Type":
			return r.text(&p.Type, m.Value)
		case "Description":
			return r.text(&p.Description, m.Value)
		case "Default":
			p.Default = r.value(m.Value, false)
		case "AllowedValues":
			return r.list(&p.AllowedValues, m.Value)
		case "AllowedPattern":
			return r.text(&p.AllowedPattern, m.Value)
		case "MinLength":
			p.MinLength = r.value(m.Value, false)
		case "MaxLength":
			p.MaxLength = r.value(m.Value, false)
		case "MinValue":
			p.MinValue = r.value(m.Value, false)
		case "MaxValue":
			p.MaxValue = r.value(m.Value, false)
		case "NoEcho":
			p.NoEcho = r.value(m.Value, false)
		case "ConstraintDescription":
			return r.text(&p.ConstraintDescription, m.Value)
		}
		return true
	})
	return p
}

func (r *reader) list(p *List, n *source.Node) bool {
	if n.Kind != source.List || n.Tag != "" {
		return r.want(n, "a list")
	}
	*p = r.items(n, false)
	return true
}

func (r *reader) resource(m source.Member) *Resource {
	res := &Resource{ID: m.Key}
	n := r.attributes(&res.Raw, m)
	if n == nil {
		return res
	}
	kind := ""
	if named := n.Get("Type"); named != nil {
		kind = named.Text
	}
	allowed := func(key string) bool {
		switch key {
		case "Fn::Transform":
			return true
		case "Connectors", "IgnoreGlobals":
			return r.sam
		case "Version":
			return kind == "AWS::CloudFormation::CustomResource" || strings.HasPrefix(kind, "Custom::")
		}
		return false
	}
	res.Extra = r.members(n, resourceKeys, allowed, func(m source.Member) bool {
		switch m.Key {
		case "Type":
			return r.text(&res.Type, m.Value)
		case "Condition":
			return r.text(&res.Condition, m.Value)
		case "DependsOn":
			return r.dependsOn(&res.DependsOn, m.Value)
		case "DeletionPolicy":
			res.DeletionPolicy = r.value(m.Value, false)
		case "UpdateReplacePolicy":
			res.UpdateReplacePolicy = r.value(m.Value, false)
		case "CreationPolicy":
			res.CreationPolicy = r.value(m.Value, false)
		case "UpdatePolicy":
			res.UpdatePolicy = r.value(m.Value, false)
		case "Metadata":
			res.Metadata = r.value(m.Value, false)
		case "Properties":
			return r.properties(&res.Properties, m.Value)
		}
		return true
	})
	return res
}

// properties reads the properties of a resource. A function in their place, such
// as Fn::If, becomes their one member.
func (r *reader) properties(p *Object, n *source.Node) bool {
	if n.Tag != "" {
		n = longForm(n)
	}
	if n.Kind != source.Map {
		return r.want(n, "a map")
	}
	*p = r.object(n, false)
	return true
}

// dependsOn reads one name or a list of names.
func (r *reader) dependsOn(p *[]string, n *source.Node) bool {
	if n.Kind != source.List || n.Tag != "" {
		var name string
		if !r.text(&name, n) {
			return false
		}
		*p = []string{name}
		return true
	}
	names := make([]string, len(n.Items))
	for i, item := range n.Items {
		r.d.Enter(i)
		ok := isText(item) || r.want(item, "a string")
		names[i] = item.Text
		r.d.Leave()
		if !ok {
			return false
		}
	}
	*p = names
	return true
}

func (r *reader) output(m source.Member) *Output {
	o := &Output{Name: m.Key}
	n := r.attributes(&o.Raw, m)
	if n == nil {
		return o
	}
	o.Extra = r.members(n, outputKeys, isTransform, func(m source.Member) bool {
		switch m.Key {
		case "Description":
			return r.text(&o.Description, m.Value)
		case "Condition":
			return r.text(&o.Condition, m.Value)
		case "Value":
			o.Value = r.value(m.Value, false)
		case "Export":
			return r.export(&o.Export, m.Value)
		}
		return true
	})
	return o
}

// export reads the map around the name of an export.
func (r *reader) export(p *Value, node *source.Node) bool {
	n, ok := mapOf(node)
	if !ok {
		return r.want(node, "a map with Name")
	}
	known := []string{"Name"}
	for _, m := range n.Members {
		if m.Key != "Name" {
			if !r.macro {
				r.d.Unknown(m, known)
			}
			return false
		}
	}
	if len(n.Members) == 0 {
		return r.want(n, "a map with Name")
	}
	*p = r.value(n.Members[0].Value, false)
	return true
}
