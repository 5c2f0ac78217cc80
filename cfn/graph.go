package cfn

import (
	"strings"
	"sync"

	"github.com/seed-b1f00840/slipway"
)

// A graph is a template laid out flat for the rules: one walk finds every
// function with its place and every name that the template mentions, and each
// rule is then a loop over a slice.
type graph struct {
	*Template
	nodes []node
	refs  []reference // in the order of the walk, those of one owner together

	symbols    map[string]symbol // the logical ids that Ref knows
	conditions map[string]int32  // the index of a condition
	first      []int32           // the first reference of each resource, and the end of the last
	firstOf    []int32           // the same of each condition

	// generated says that a macro may add names that are not in the text. What is
	// missing cannot be known then.
	generated bool
	extended  bool // by AWS::LanguageExtensions: functions stand in more places
	dynamic   int  // dynamic references: {{resolve:ssm:name}}
	size      int  // more bytes than the rendering has
	remedies  int  // how often a like name was looked for
}

// A node is a container or a function of the template, or a step to one. A
// scalar has none.
type node struct {
	value  Value  // nil where it is only a step
	key    string // the key under the parent; for an argument, the name of the function
	index  int32  // the index under key; -1 for none
	parent int32  // -1 for a section
	owner  int32  // the index of the resource or the condition in which it stands
	site   site
	choice bool // it stands in a branch of Fn::If
}

// site is the part of the template in which a node stands.
type site uint8

const (
	inConditions site = iota
	inRules
	inProperties
	inAttributes // of a resource, such as its Metadata
	inOutputs
)

// A reference is the mention of a name.
type reference struct {
	node      int32
	target    int32 // the index of the resource or the condition; or a negative one
	kind      refKind
	name      string
	attribute string // of an attribute; empty otherwise
}

type refKind uint8

const (
	refValue     refKind = iota // Ref, and a variable of Fn::Sub
	refAttribute                // Fn::GetAtt, and a variable of Fn::Sub with a dot
	refDependsOn
	refCondition
)

// What a reference leads to when it is no resource.
const (
	toNothing   int32 = -1
	toParameter int32 = -2
	toPseudo    int32 = -3
)

// A symbol is what a logical id stands for: the index of a resource, or toParameter.
type symbol = int32

// graphs keeps the room of those that are done with: to allocate it is a third of
// the work.
var graphs = sync.Pool{New: func() any { return &graph{symbols: map[string]symbol{}, conditions: map[string]int32{}} }}

// free gives the room back, unless it is uncommonly large. It keeps nothing of
// the template.
func (g *graph) free() {
	if cap(g.nodes) > 1<<14 {
		return
	}
	clear(g.nodes)
	clear(g.refs)
	clear(g.symbols)
	clear(g.conditions)
	*g = graph{
		nodes: g.nodes[:0], refs: g.refs[:0], first: g.first[:0], firstOf: g.firstOf[:0],
		symbols: g.symbols, conditions: g.conditions,
	}
	graphs.Put(g)
}

// newGraph lays a template out. Free must be called when it is done with.
func newGraph(t *Template) *graph {
	g := graphs.Get().(*graph)
	g.Template = t
	g.transforms()
	g.size = sizeOfMembers(g.Metadata) + sizeOfMembers(g.Mappings) + sizeOfMembers(g.Hooks) + sizeOfMembers(g.Extra) + len(g.Description)
	for _, p := range t.Parameters {
		g.size += 256 + len(p.Name) + len(p.Description) + len(p.AllowedPattern) + len(p.ConstraintDescription)
		for _, v := range p.AllowedValues {
			g.size += sizeOf(v)
		}
		g.generated = g.generated || p.Raw != nil
		g.symbols[p.Name] = toParameter
	}
	for i, r := range t.Resources {
		g.generated = g.generated || isGenerating(r)
		g.symbols[r.ID] = int32(i)
	}
	for i := range g.Mappings {
		if _, ok := g.Mappings[i].Value.(Object); !ok {
			g.generated = true // by a loop or an include
		}
	}
	g.walkConditions()
	g.walkRules()
	section := g.step(-1, "Resources", cursor{site: inProperties, owner: -1})
	for i, r := range t.Resources {
		g.walkResource(section, int32(i), r)
	}
	g.first = append(g.first, int32(len(g.refs)))
	g.walkOutputs()
	return g
}

// transforms finds out what macros may do to the template as a whole.
func (g *graph) transforms() {
	switch v := g.Transform.(type) {
	case nil:
	case String:
		g.transform(string(v))
	case List:
		for _, item := range v {
			if name, ok := item.(String); ok {
				g.transform(string(name))
			} else {
				g.generated = true
			}
		}
	default:
		g.generated = true
	}
	if len(g.Extra) > 0 {
		g.generated = true
	}
}

func (g *graph) transform(name string) {
	switch name {
	case "AWS::LanguageExtensions":
		g.extended = true
	case "AWS::CodeDeployBlueGreen":
	default:
		g.generated = true
	}
}

// isGenerating reports whether other resources than this one come of it.
func isGenerating(r *Resource) bool {
	return r.Raw != nil || strings.HasSuffix(r.Type, "::MODULE") ||
		len(r.Extra) > 0 && (r.Extra.Get("Type") != nil || r.Extra.Get("Fn::Transform") != nil)
}

func (g *graph) walkConditions() {
	if len(g.Conditions) == 0 {
		return
	}
	for i, m := range g.Conditions {
		g.conditions[m.Key] = int32(i)
	}
	section := g.step(-1, "Conditions", cursor{site: inConditions})
	for i, m := range g.Conditions {
		g.firstOf = append(g.firstOf, int32(len(g.refs)))
		g.walk(m.Value, section, m.Key, -1, cursor{site: inConditions, owner: int32(i)})
	}
	g.firstOf = append(g.firstOf, int32(len(g.refs)))
}

func (g *graph) walkRules() {
	if c := (cursor{site: inRules, owner: -1}); len(g.Rules) > 0 {
		g.members(g.Rules, g.step(-1, "Rules", c), c)
	}
}

// walkResource lays out a resource and notes where its references begin.
func (g *graph) walkResource(section, i int32, r *Resource) {
	g.first = append(g.first, int32(len(g.refs)))
	if r.Raw != nil {
		return
	}
	g.size += len(r.ID) + len(r.Type) + 128
	c := cursor{site: inProperties, owner: i}
	self := g.step(section, r.ID, c)
	if r.Condition != "" {
		g.refer(self, refCondition, r.Condition, "")
	}
	for _, name := range r.DependsOn {
		g.refer(self, refDependsOn, name, "")
	}
	if len(r.Properties) > 0 {
		g.members(r.Properties, g.step(self, "Properties", c), c)
	}
	c.site = inAttributes
	g.walk(r.Metadata, self, "Metadata", -1, c)
	g.walk(r.CreationPolicy, self, "CreationPolicy", -1, c)
	g.walk(r.UpdatePolicy, self, "UpdatePolicy", -1, c)
}

func (g *graph) walkOutputs() {
	if len(g.Outputs) == 0 {
		return
	}
	c := cursor{site: inOutputs, owner: -1}
	section := g.step(-1, "Outputs", c)
	for _, o := range g.Outputs {
		g.generated = g.generated || o.Raw != nil
		g.size += len(o.Name) + len(o.Description) + 128
		self := g.step(section, o.Name, c)
		if o.Condition != "" {
			g.refer(self, refCondition, o.Condition, "")
		}
		g.walk(o.Value, self, "Value", -1, c)
		if o.Export != nil {
			g.walk(o.Export, g.step(self, "Export", c), "Name", -1, c)
		}
	}
}

// path returns the path of a node, with more elements after it (see [slipway.Path]).
func (g *graph) path(n int32, more ...any) string {
	return slipway.Path(append(g.elements(n), more...)...)
}

func (g *graph) elements(n int32) []any {
	if n < 0 {
		return nil
	}
	at := &g.nodes[n]
	elems := g.elements(at.parent)
	if at.key != "" {
		elems = append(elems, at.key)
	}
	if at.index >= 0 {
		elems = append(elems, int(at.index))
	}
	return elems
}
