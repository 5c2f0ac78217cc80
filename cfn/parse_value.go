package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// value reads any value. Where cond is true a condition is meant, and a map with
// the one key Condition refers to one.
func (r *reader) value(n *source.Node, cond bool) Value {
	if n.Tag != "" {
		return r.tagged(n, cond)
	}
	return r.untagged(n, cond)
}

func (r *reader) untagged(n *source.Node, cond bool) Value {
	switch n.Kind {
	case source.Null:
		return Null{}
	case source.Bool:
		if scalar.Resolve(n.Text) == scalar.Bool {
			return Bool(source.IsTrue(n.Text))
		}
	case source.Number:
		if text, ok := yamlNumber(n.Text); ok {
			return Number(text)
		}
	case source.List:
		return r.items(n, false)
	case source.Map:
		if len(n.Members) == 1 && isFunction(n.Members[0].Key, cond) {
			return r.function(n.Members[0].Key, n.Members[0].Value)
		}
		return r.object(n, cond)
	}
	return String(n.Text)
}

// isFunction reports whether a map with this one key is a function.
func isFunction(key string, cond bool) bool {
	switch {
	case key == "Ref":
		return true
	case key == "Condition":
		return cond
	case strings.HasPrefix(key, "Fn::"):
		return !strings.HasPrefix(key, forEach)
	}
	return strings.HasPrefix(key, "Rain::")
}

const forEach = "Fn::ForEach::"

// tagged reads a short form.
func (r *reader) tagged(n *source.Node, cond bool) Value {
	m := longForm(n).Members[0]
	if strings.HasPrefix(m.Key, forEach) {
		return Object{{Key: m.Key, Value: r.entry(m.Key, m.Value, cond)}}
	}
	return r.function(m.Key, m.Value)
}

// longForm returns a short form as a map with one key.
func longForm(n *source.Node) *source.Node {
	arg := *n
	arg.Tag = ""
	name := strings.TrimPrefix(n.Tag, "!")
	if name != "Ref" && name != "Condition" && !strings.HasPrefix(name, "Rain::") {
		name = "Fn::" + name
	}
	return &source.Node{Kind: source.Map, Pos: n.Pos, Members: []source.Member{{Key: name, Pos: n.Pos, Value: &arg}}}
}

func (r *reader) items(n *source.Node, cond bool) List {
	list := make(List, len(n.Items))
	for i, item := range n.Items {
		list[i] = r.value(item, cond)
	}
	return list
}

// object reads the members of a map, whatever their keys.
func (r *reader) object(n *source.Node, cond bool) Object {
	o := make(Object, len(n.Members))
	for i, m := range n.Members {
		o[i] = Member{Key: m.Key, Value: r.entry(m.Key, m.Value, cond)}
	}
	return o
}

// entry reads the value of a key, which makes it a loop where it says so.
func (r *reader) entry(key string, n *source.Node, cond bool) Value {
	if strings.HasPrefix(key, forEach) && n.Kind == source.List && n.Tag == "" && len(n.Items) == 3 {
		if id, body := n.Items[0], n.Items[2]; isText(id) && isMap(body) {
			return ForEach{Identifier: id.Text, Collection: r.value(n.Items[1], false), Body: r.object(body, cond)}
		}
	}
	return r.value(n, cond)
}

func isText(n *source.Node) bool { return n.Kind == source.String && n.Tag == "" }
func isMap(n *source.Node) bool  { return n.Kind == source.Map && n.Tag == "" }

// function reads the function of a full name. Arguments of no known shape make
// it a [Function].
func (r *reader) function(name string, arg *source.Node) Value {
	var v Value
	if arg.Tag == "" {
		switch arg.Kind {
		case source.String:
			v = ofText(name, arg.Text)
		case source.List:
			v = r.ofList(name, arg)
		case source.Map:
			v = r.ofMap(name, arg)
		}
	}
	if v == nil {
		v = r.ofValue(name, arg)
	}
	return v
}

func ofText(name, text string) Value {
	switch name {
	case "Ref":
		return Ref(text)
	case "Condition":
		return Condition(text)
	case "Fn::Sub":
		return Sub(text)
	case "Fn::GetAtt":
		if res, att, ok := strings.Cut(text, "."); ok && res != "" && att != "" {
			return GetAtt{Resource: res, Attribute: att}
		}
	}
	return nil
}

func (r *reader) ofList(name string, n *source.Node) Value {
	switch name {
	case "Fn::And":
		return And(r.items(n, true))
	case "Fn::Or":
		return Or(r.items(n, true))
	}
	switch len(n.Items) {
	case 1:
		if name == "Fn::Not" {
			return Not{Condition: r.value(n.Items[0], true)}
		}
	case 2:
		return r.ofTwo(name, n.Items[0], n.Items[1])
	case 3:
		return r.ofThree(name, n.Items)
	case 4:
		if last := n.Items[3]; name == "Fn::FindInMap" && isMap(last) && len(last.Members) == 1 {
			if v := last.Get("DefaultValue"); v != nil {
				f := r.ofThree(name, n.Items).(FindInMap)
				f.Default = r.value(v, false)
				return f
			}
		}
	}
	return nil
}

func (r *reader) ofTwo(name string, a, b *source.Node) Value {
	switch name {
	case "Fn::GetAtt":
		if isText(a) && isText(b) && a.Text != "" && b.Text != "" && !strings.Contains(a.Text, ".") {
			return GetAtt{Resource: a.Text, Attribute: b.Text}
		}
	case "Fn::Sub":
		if isText(a) && isMap(b) {
			return SubMap{Text: a.Text, Vars: r.object(b, false)}
		}
	case "Fn::Join":
		if isText(a) {
			return Join{Delimiter: a.Text, Values: r.value(b, false)}
		}
	case "Fn::Split":
		if isText(a) {
			return Split{Delimiter: a.Text, Text: r.value(b, false)}
		}
	case "Fn::Select":
		return Select{Index: r.value(a, false), List: r.value(b, false)}
	case "Fn::Cidr":
		return Cidr{Block: r.value(a, false), Count: r.value(b, false)}
	case "Fn::Equals":
		return Equals{Left: r.value(a, true), Right: r.value(b, true)}
	}
	return nil
}

func (r *reader) ofThree(name string, items []*source.Node) Value {
	switch name {
	case "Fn::Cidr":
		return Cidr{Block: r.value(items[0], false), Count: r.value(items[1], false), Bits: r.value(items[2], false)}
	case "Fn::FindInMap":
		return FindInMap{Map: r.value(items[0], false), Top: r.value(items[1], false), Second: r.value(items[2], false)}
	case "Fn::If":
		if isText(items[0]) {
			return If{Condition: items[0].Text, Then: r.value(items[1], false), Else: r.value(items[2], false)}
		}
	}
	return nil
}

func (r *reader) ofMap(name string, n *source.Node) Value {
	switch name {
	case "Fn::Transform":
		macro, params := n.Get("Name"), n.Get("Parameters")
		switch {
		case macro == nil || !isText(macro):
		case len(n.Members) == 1:
			return Transform{Name: macro.Text}
		case len(n.Members) == 2 && params != nil && isMap(params):
			return Transform{Name: macro.Text, Parameters: r.object(params, false)}
		}
	case "Fn::GetStackOutput":
		return r.stackOutput(n)
	}
	return nil
}

func (r *reader) stackOutput(n *source.Node) Value {
	var out GetStackOutput
	for _, m := range n.Members {
		v := r.value(m.Value, false)
		switch m.Key {
		case "StackName":
			out.StackName = v
		case "OutputName":
			out.OutputName = v
		case "Region":
			out.Region = v
		case "RoleArn":
			out.RoleArn = v
		default:
			return nil
		}
	}
	if out.StackName == nil || out.OutputName == nil {
		return nil
	}
	return out
}

// ofValue reads the functions that take a value of any kind.
func (r *reader) ofValue(name string, n *source.Node) Value {
	switch name {
	case "Fn::GetAZs":
		return GetAZs{Region: r.value(n, false)}
	case "Fn::ImportValue":
		return ImportValue{Name: r.value(n, false)}
	case "Fn::Base64":
		return Base64{Text: r.value(n, false)}
	case "Fn::Length":
		return Length{List: r.value(n, false)}
	case "Fn::ToJsonString":
		return ToJSONString{Value: r.value(n, false)}
	}
	cond := name == "Fn::If" || name == "Fn::Not" || name == "Fn::Equals"
	if n.Kind == source.List && n.Tag == "" {
		return Function{Name: name, Arg: r.items(n, cond)}
	}
	return Function{Name: name, Arg: r.value(n, cond)}
}
