package cfn

import (
	"slices"
	"strings"
)

// A cursor is what the values below a place have in common.
type cursor struct {
	owner  int32
	site   site
	choice bool
}

// step adds a node that is only a step to others.
func (g *graph) step(parent int32, key string, c cursor) int32 {
	return g.add(nil, parent, key, -1, c)
}

func (g *graph) add(v Value, parent int32, key string, index int32, c cursor) int32 {
	g.nodes = append(g.nodes, node{
		value: v, key: key, index: index, parent: parent, owner: c.owner, site: c.site, choice: c.choice,
	})
	return int32(len(g.nodes) - 1)
}

// overhead is more than what a value costs in the rendering beside its text.
const overhead = 48

// walk lays out a value that stands under a key or an index of parent.
func (g *graph) walk(value Value, parent int32, key string, index int32, c cursor) {
	g.size += len(key) + overhead
	switch v := value.(type) {
	case nil, Bool, Null:
	case Number:
		g.size += len(v)
	case String:
		g.text(string(v))
	case Object:
		g.members(v, g.add(value, parent, key, index, c), c)
	case List:
		g.list(v, g.add(value, parent, key, index, c), "", c)
	case Ref:
		g.refer(g.add(value, parent, key, index, c), refValue, string(v), "")
	case GetAtt:
		g.refer(g.add(value, parent, key, index, c), refAttribute, v.Resource, v.Attribute)
	case Sub:
		g.text(string(v))
		g.variables(g.add(value, parent, key, index, c), string(v), nil)
	case SubMap:
		g.text(v.Text)
		n := g.add(value, parent, key, index, c)
		g.variables(n, v.Text, v.Vars)
		g.members(v.Vars, g.add(nil, n, "Fn::Sub", 1, c), c)
	default:
		g.function(value, g.add(value, parent, key, index, c), c)
	}
}

// function lays out the arguments of a function that mentions no name itself.
func (g *graph) function(v Value, n int32, c cursor) {
	switch v := v.(type) {
	case Join:
		g.size += len(v.Delimiter)
		g.walk(v.Values, n, "Fn::Join", 1, c)
	case Select:
		g.walk(v.Index, n, "Fn::Select", 0, c)
		g.walk(v.List, n, "Fn::Select", 1, c)
	case Split:
		g.size += len(v.Delimiter)
		g.walk(v.Text, n, "Fn::Split", 1, c)
	case Cidr:
		g.walk(v.Block, n, "Fn::Cidr", 0, c)
		g.walk(v.Count, n, "Fn::Cidr", 1, c)
		g.walk(v.Bits, n, "Fn::Cidr", 2, c)
	case GetAZs:
		g.walk(v.Region, n, "Fn::GetAZs", -1, c)
	case FindInMap:
		g.walk(v.Map, n, "Fn::FindInMap", 0, c)
		g.walk(v.Top, n, "Fn::FindInMap", 1, c)
		g.walk(v.Second, n, "Fn::FindInMap", 2, c)
		if v.Default != nil {
			g.walk(v.Default, g.add(nil, n, "Fn::FindInMap", 3, c), "DefaultValue", -1, c)
		}
	case ImportValue:
		g.walk(v.Name, n, "Fn::ImportValue", -1, c)
	case GetStackOutput:
		args := g.step(n, "Fn::GetStackOutput", c)
		g.walk(v.StackName, args, "StackName", -1, c)
		g.walk(v.OutputName, args, "OutputName", -1, c)
		g.walk(v.Region, args, "Region", -1, c)
		g.walk(v.RoleArn, args, "RoleArn", -1, c)
	case Base64:
		g.walk(v.Text, n, "Fn::Base64", -1, c)
	case Length:
		g.walk(v.List, n, "Fn::Length", -1, c)
	case ToJSONString:
		g.walk(v.Value, n, "Fn::ToJsonString", -1, c)
	case Transform, ForEach:
		g.generated = true
	case Function:
		g.generated = g.generated || strings.HasPrefix(v.Name, "Rain::")
		g.walk(v.Arg, n, v.Name, -1, c)
	default:
		g.logic(v, n, c)
	}
}

// logic lays out the arguments of a function of conditions.
func (g *graph) logic(v Value, n int32, c cursor) {
	switch v := v.(type) {
	case If:
		g.refer(n, refCondition, v.Condition, "")
		c.choice = true
		g.walk(v.Then, n, "Fn::If", 1, c)
		g.walk(v.Else, n, "Fn::If", 2, c)
	case Equals:
		g.walk(v.Left, n, "Fn::Equals", 0, c)
		g.walk(v.Right, n, "Fn::Equals", 1, c)
	case And:
		g.list(v, n, "Fn::And", c)
	case Or:
		g.list(v, n, "Fn::Or", c)
	case Not:
		g.walk(v.Condition, n, "Fn::Not", 0, c)
	case Condition:
		// Elsewhere a key Condition is anyone's, such as that of a policy.
		if c.site == inConditions {
			g.refer(n, refCondition, string(v), "")
		}
	}
}

func (g *graph) members(o Object, n int32, c cursor) {
	for i := range o {
		g.walk(o[i].Value, n, o[i].Key, -1, c)
	}
}

func (g *graph) list(items []Value, n int32, key string, c cursor) {
	for i, item := range items {
		g.walk(item, n, key, int32(i), c)
	}
}

// sizeOf is more than the rendering of what stands outside of the walk has.
func sizeOf(v Value) int {
	size := overhead
	switch v := v.(type) {
	case String:
		size += len(v)
	case List:
		for _, item := range v {
			size += sizeOf(item)
		}
	case Object:
		size += sizeOfMembers(v)
	}
	return size
}

func sizeOfMembers(o Object) int {
	size := 0
	for i := range o {
		size += len(o[i].Key) + sizeOf(o[i].Value)
	}
	return size
}

// text counts what stands in a text.
func (g *graph) text(s string) {
	g.size += len(s)
	if len(s) > len(resolve) {
		g.dynamic += strings.Count(s, resolve)
	}
}

// resolve begins a dynamic reference.
const resolve = "{{resolve:"

// variables notes the variables of a text of Fn::Sub that it does not define
// itself. ${!Literal} is none.
func (g *graph) variables(n int32, text string, own Object) {
	for {
		_, rest, found := strings.Cut(text, "${")
		if !found {
			return
		}
		name, after, found := strings.Cut(rest, "}")
		if !found {
			return
		}
		text = after
		name = strings.TrimSpace(name)
		if name == "" || name[0] == '!' || own.Get(name) != nil {
			continue
		}
		if resource, attribute, dotted := strings.Cut(name, "."); dotted {
			g.refer(n, refAttribute, resource, attribute)
		} else {
			g.refer(n, refValue, name, "")
		}
	}
}

// refer notes the mention of a name at a node, and where it leads.
func (g *graph) refer(n int32, kind refKind, name, attribute string) {
	target := toNothing
	switch {
	case kind == refCondition:
		if i, ok := g.conditions[name]; ok {
			target = i
		}
	case kind == refValue && strings.HasPrefix(name, "AWS::"):
		if isPseudo(name) {
			target = toPseudo
		}
	default:
		if to, ok := g.symbols[name]; ok {
			target = to
		}
	}
	g.refs = append(g.refs, reference{node: n, target: target, kind: kind, name: name, attribute: attribute})
}

// pseudoParameters are all that there are.
//
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudoParameters = [...]string{
	"AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition",
	"AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
}

func isPseudo(name string) bool { return slices.Contains(pseudoParameters[:], name) }
