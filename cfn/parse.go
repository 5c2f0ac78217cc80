package cfn

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Parse reads a template in YAML or JSON; the content decides which. Nothing is
// resolved: a pseudo parameter stays a [Ref], a dynamic reference stays text.
//
// The error is [slipway.Problems]: text that is not well-formed, keys that stand
// twice, sections and attributes that CloudFormation does not have, and values
// of the wrong kind. Attributes that a transform of the template may define are
// none of these: Globals, Connectors and IgnoreGlobals of SAM, and whatever stands
// in a template with a macro of its owner's.
func Parse(file string, data []byte) (*Template, error) {
	t, problems := read(file, data)
	if err := problems.Errors().Sorted().Err(); err != nil {
		return nil, err
	}
	t.Source.Notes = problems.Sorted()
	return t, nil
}

// ParseLax reads like [Parse], and fails only where the text is not well-formed
// or holds no map. What Parse would refuse is noted in the Notes of the
// template's Source; of a key that stands twice the last value is kept, and what
// has no place goes to Extra, from where it is written back.
func ParseLax(file string, data []byte) (*Template, error) {
	t, problems := read(file, data)
	if t == nil {
		return nil, problems.Sorted().Err()
	}
	t.Source.Notes = problems.Sorted()
	return t, nil
}

// read returns nil and the reason where there is no map.
func read(file string, data []byte) (*Template, slipway.Problems) {
	n, problems := load(file, data)
	if n == nil {
		return nil, problems
	}
	r := reader{d: source.Decoder{File: file, Problems: problems}}
	if n.Kind != source.Map || n.Tag != "" {
		r.want(n, "a map of sections, such as Resources")
		return nil, r.d.Problems
	}
	t := r.template(n)
	t.Source = n.Source(file, nil)
	return t, r.d.Problems
}

// load reads JSON where the text is JSON, and YAML everywhere else. Of a text
// that is neither, the extension tells which error helps.
func load(file string, data []byte) (*source.Node, slipway.Problems) {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 || text[0] != '{' {
		return source.YAML(file, data)
	}
	n, problems := source.JSON(file, data)
	if n != nil {
		return n, problems
	}
	if n, other := source.YAML(file, data); n != nil || !strings.EqualFold(filepath.Ext(file), ".json") {
		return n, other
	}
	return nil, problems
}

// A reader turns nodes into the parts of a template.
type reader struct {
	d     source.Decoder
	sam   bool // the template has the transform of SAM
	macro bool // it has a transform that may define any attribute
}

var (
	sectionKeys = []string{
		"AWSTemplateFormatVersion", "Description", "Transform", "Metadata", "Parameters", "Rules",
		"Mappings", "Conditions", "Resources", "Hooks", "Outputs",
	}
	parameterKeys = []string{
		"Type", "Description", "Default", "AllowedValues", "AllowedPattern", "MinLength", "MaxLength",
		"MinValue", "MaxValue", "NoEcho", "ConstraintDescription",
	}
	resourceKeys = []string{
		"Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy",
		"UpdatePolicy", "Metadata", "Properties",
	}
	outputKeys = []string{"Description", "Condition", "Value", "Export"}
)

func (r *reader) template(n *source.Node) *Template {
	t := &Template{}
	r.transforms(n.Get("Transform"))
	allowed := func(key string) bool { return key == "Fn::Transform" || r.sam && key == "Globals" }
	t.Extra = r.members(n, sectionKeys, allowed, func(m source.Member) bool {
		switch m.Key {
		case "AWSTemplateFormatVersion":
			return r.text(&t.FormatVersion, m.Value)
		case "Description":
			return r.text(&t.Description, m.Value)
		case "Transform":
			t.Transform = r.value(m.Value, false)
		case "Metadata":
			return r.section(&t.Metadata, m.Value, false)
		case "Parameters":
			return entries(r, &t.Parameters, m.Value, r.parameter)
		case "Rules":
			return r.section(&t.Rules, m.Value, false)
		case "Mappings":
			return r.section(&t.Mappings, m.Value, false)
		case "Conditions":
			return r.section(&t.Conditions, m.Value, true)
		case "Resources":
			return entries(r, &t.Resources, m.Value, r.resource)
		case "Hooks":
			return r.section(&t.Hooks, m.Value, false)
		case "Outputs":
			return entries(r, &t.Outputs, m.Value, r.output)
		}
		return true
	})
	return t
}

// transforms notes what the transforms of the template allow.
func (r *reader) transforms(n *source.Node) {
	if n == nil {
		return
	}
	names := n.Items
	if n.Kind != source.List {
		names = []*source.Node{n}
	}
	for _, name := range names {
		switch {
		case strings.HasPrefix(name.Text, "AWS::Serverless"):
			r.sam = true
		case strings.HasPrefix(name.Text, "AWS::"):
		default:
			r.macro = true
		}
	}
}

// members hands the known members of a map to set, and returns those that set
// has no place for, with the unknown ones.
func (r *reader) members(n *source.Node, known []string, allowed func(key string) bool, set func(source.Member) bool) Object {
	var extra Object
	for _, m := range n.Members {
		if slices.Contains(known, m.Key) {
			r.d.Enter(m.Key)
			ok := set(m)
			r.d.Leave()
			if ok {
				continue
			}
		} else if !r.macro && !allowed(m.Key) {
			r.d.Unknown(m, known)
		}
		extra = append(extra, Member{Key: m.Key, Value: r.entry(m.Key, m.Value, false)})
	}
	return extra
}

// mapOf returns the node of a map of members: one that was written so, or the
// macro that is to make one. Any other function is none.
func mapOf(n *source.Node) (*source.Node, bool) {
	if n.Tag == "!Transform" {
		return longForm(n), true
	}
	if n.Kind != source.Map || n.Tag != "" {
		return nil, false
	}
	return n, len(n.Members) != 1 || isTransform(n.Members[0].Key) || !isFunction(n.Members[0].Key, false)
}

// want reports that n is not what belongs in its place. It returns false.
func (r *reader) want(n *source.Node, what string) bool {
	name := n.Tag
	if name == "" && n.Kind == source.Map && len(n.Members) == 1 && isFunction(n.Members[0].Key, false) {
		name = n.Members[0].Key
	}
	if name == "" {
		return r.d.Want(n, what)
	}
	r.d.Addf(&source.TypeRule, n.Pos, "found the function %s, want %s", name, what)
	return false
}

// text sets *p to a string. An empty one has no place there, as it would not be
// written.
func (r *reader) text(p *string, n *source.Node) bool {
	if n.Kind != source.String || n.Tag != "" {
		return r.want(n, "a string")
	}
	*p = n.Text
	return *p != ""
}

// section sets *p to the members of a map.
func (r *reader) section(p *Object, n *source.Node, cond bool) bool {
	m, ok := mapOf(n)
	if !ok {
		return r.want(n, "a map")
	}
	if len(m.Members) > 0 {
		*p = r.object(m, cond)
	}
	return true
}

// entries sets *p to the entries of a section.
func entries[T any](r *reader, p *[]T, n *source.Node, read func(source.Member) T) bool {
	section, ok := mapOf(n)
	if !ok {
		return r.want(n, "a map")
	}
	for _, m := range section.Members {
		r.d.Enter(m.Key)
		*p = append(*p, read(m))
		r.d.Leave()
	}
	return true
}

// attributes returns the map of an entry's attributes. Where none stands, or the
// key is a function's, it sets *raw and returns nil.
func (r *reader) attributes(raw *Value, m source.Member) *source.Node {
	fn := strings.HasPrefix(m.Key, "Fn::")
	if !fn {
		if n, ok := mapOf(m.Value); ok {
			return n
		}
		if !r.macro {
			r.want(m.Value, "a map")
		}
	}
	*raw = r.entry(m.Key, m.Value, false)
	return nil
}
