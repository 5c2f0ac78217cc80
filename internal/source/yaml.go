package source

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// maxAliased bounds what aliases may add to a file, in values.
const maxAliased = 100_000

// YAML reads one YAML document. Aliases and merge keys (<<) are expanded: a
// value that is repeated is one node in several places. The problems are the
// keys that stand twice, of which the last value is kept; with any other fault
// the node is nil and the problem is the last.
func YAML(file string, data []byte) (*Node, slipway.Problems) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if p := admit(file, data); p != nil {
		return nil, slipway.Problems{p}
	}
	if p := admitYAML(file, data); p != nil {
		if n, problems := JSON(file, data); n != nil { // a large one, on one line
			return n, problems
		}
		return nil, slipway.Problems{p}
	}
	r := yamlReader{file: file, data: data, starts: lineStarts(data), end: offsetPosition(data, len(data))}
	var doc yaml.Node
	if err := r.load(&doc); err != nil {
		return nil, slipway.Problems{r.problem(err)}
	}
	if len(doc.Content) == 0 {
		return nil, slipway.Problems{problem(&SyntaxRule, file, slipway.Position{Line: 1, Column: 1}, "the file is empty")}
	}
	n, p := r.node(doc.Content[0], 0)
	if p != nil {
		return nil, append(r.problems, p)
	}
	return n, r.problems
}

type yamlReader struct {
	file     string
	data     []byte
	starts   []slipway.Position // see lineStarts
	end      slipway.Position   // of the file
	nodes    nodes
	anchored map[*yaml.Node]anchored
	size     int // values so far, with those that aliases repeat
	aliased  int // values that aliases repeat
	deepest  int // depth of the deepest value since the last anchor
	problems slipway.Problems
}

// anchored is a value that aliases may repeat.
type anchored struct {
	node         *Node // nil until the end of the value was read
	size, height int   // the values in it, the levels in it
}

// load reads the one document of the data into doc, which stays as it is when
// there is none.
func (r *yamlReader) load(doc *yaml.Node) (err error) {
	defer func() {
		if v := recover(); v != nil { // a fault of the library; none is known
			err = problem(&SyntaxRule, r.file, slipway.Position{Line: 1, Column: 1}, "the file cannot be read: %v", v)
		}
	}()
	limits := loaderlimits.New(loaderlimits.DepthValue(MaxDepth), loaderlimits.AliasNone())
	loader, err := yaml.NewLoader(bytes.NewReader(r.data), yaml.WithUniqueKeys(false), yaml.WithPlugin(limits))
	if err != nil {
		return err
	}
	if err := loader.Load(doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return err
	}
	var next yaml.Node
	if err := loader.Load(&next); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return err
	}
	return problem(&SyntaxRule, r.file, r.position(&next), "a second document begins here; one file holds one document")
}

func (r *yamlReader) node(y *yaml.Node, depth int) (*Node, *slipway.Problem) {
	if y.Kind == yaml.AliasNode {
		return r.alias(y, depth)
	}
	r.size++
	r.deepest = max(r.deepest, depth)
	if y.Anchor == "" {
		return r.value(y, depth)
	}
	if r.anchored == nil {
		r.anchored = make(map[*yaml.Node]anchored)
	}
	r.anchored[y] = anchored{}
	before, deepest := r.size, r.deepest
	r.deepest = depth
	n, p := r.value(y, depth)
	r.anchored[y] = anchored{node: n, size: r.size - before + 1, height: r.deepest - depth}
	r.deepest = max(r.deepest, deepest)
	return n, p
}

// alias returns the node that an alias repeats.
func (r *yamlReader) alias(y *yaml.Node, depth int) (*Node, *slipway.Problem) {
	a := r.anchored[y.Alias]
	r.size += a.size
	r.aliased += a.size
	r.deepest = max(r.deepest, depth+a.height)
	switch {
	case a.node == nil:
		return nil, problem(&SyntaxRule, r.file, r.position(y), "the alias *%s stands inside of what it repeats", y.Value)
	case r.aliased > maxAliased:
		return nil, problem(&SyntaxRule, r.file, r.position(y), "the aliases up to here repeat more than %d values", maxAliased)
	case depth+a.height > MaxDepth:
		return nil, problem(&SyntaxRule, r.file, r.position(y), "nested deeper than %d levels", MaxDepth)
	}
	return a.node, nil
}

func (r *yamlReader) value(y *yaml.Node, depth int) (*Node, *slipway.Problem) {
	n := r.nodes.new()
	n.Pos, n.Tag = r.position(y), ownTag(y)
	switch y.Kind {
	case yaml.ScalarNode:
		r.scalar(n, y)
	case yaml.SequenceNode:
		n.Kind = List
		n.Items = make([]*Node, 0, len(y.Content))
		for _, c := range y.Content {
			item, p := r.node(c, depth+1)
			if p != nil {
				return nil, p
			}
			n.Items = append(n.Items, item)
		}
	case yaml.MappingNode:
		n.Kind = Map
		if p := r.members(n, y, depth); p != nil {
			return nil, p
		}
	}
	return n, nil
}

const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

func (r *yamlReader) scalar(n *Node, y *yaml.Node) {
	n.Kind, n.Text, n.Plain = String, y.Value, y.Style&quoted == 0
	switch {
	case n.Tag != "" || y.Tag == "!":
	case y.Style&yaml.TaggedStyle != 0:
		n.Kind = taggedKind(y)
	case n.Plain:
		n.Kind = kindOf(y.Value)
	}
}

// kindOf returns what a plain scalar is.
func kindOf(text string) Kind {
	switch scalar.Resolve(text) {
	case scalar.Null:
		return Null
	case scalar.Bool:
		return Bool
	case scalar.Number:
		return Number
	}
	return String
}

// taggedKind returns what a scalar is by its tag, if its text can be that.
func taggedKind(y *yaml.Node) Kind {
	switch kind := kindOf(y.Value); y.Tag {
	case "!!null":
		return Null
	case "!!bool":
		if kind == Bool {
			return Bool
		}
	case "!!int", "!!float":
		if _, err := strconv.ParseFloat(y.Value, 64); kind == Number || err == nil {
			return Number
		}
	}
	return String
}

// ownTag returns a tag of the author's own (!Ref), not one of YAML's (!!str).
func ownTag(y *yaml.Node) string {
	if y.Style&yaml.TaggedStyle == 0 || y.Tag == "!" || strings.HasPrefix(y.Tag, "!!") || strings.HasPrefix(y.Tag, "tag:yaml.org,") {
		return ""
	}
	return y.Tag
}

func (r *yamlReader) members(n *Node, y *yaml.Node, depth int) *slipway.Problem {
	var set memberSet
	var merged []*Node
	n.Members = make([]Member, 0, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		m := Member{Pos: r.position(y.Content[i])}
		key := y.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		} else if key.Anchor != "" {
			if _, p := r.node(key, depth+1); p != nil { // an alias may repeat it as a value
				return p
			}
		}
		if key.Kind != yaml.ScalarNode {
			return problem(&SyntaxRule, r.file, m.Pos, "a key must be plain text; quote it if a placeholder stands here")
		}
		var p *slipway.Problem
		if m.Value, p = r.node(y.Content[i+1], depth+1); p != nil {
			return p
		}
		if key.Tag == "!!merge" {
			merged = append(merged, m.Value)
			continue
		}
		m.Key = key.Value
		if first, twice := set.add(n, m); twice {
			r.problems = duplicate(r.problems, r.file, m, first)
		}
	}
	for _, v := range merged {
		if p := r.merge(n, &set, v); p != nil {
			return p
		}
	}
	return nil
}

// merge adds the members of v, a map or a list of maps, that n does not have.
func (r *yamlReader) merge(n *Node, set *memberSet, v *Node) *slipway.Problem {
	switch v.Kind {
	case Map:
		for _, m := range v.Members {
			if set.find(n, m.Key) < 0 {
				set.add(n, m)
			}
		}
	case List:
		for _, item := range v.Items {
			if item.Kind != Map {
				return problem(&SyntaxRule, r.file, item.Pos, "<< merges maps, this is %s", item.Kind)
			}
			if p := r.merge(n, set, item); p != nil {
				return p
			}
		}
	default:
		return problem(&SyntaxRule, r.file, v.Pos, "<< merges a map or a list of maps, this is %s", v.Kind)
	}
	return nil
}
