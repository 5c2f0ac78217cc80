package source

import (
	"bytes"
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// maxNodes bounds what aliases may expand to: more than a file of MaxSize can
// hold without them, so that only an alias bomb reaches it.
const maxNodes = 1 << 20

// YAML reads one YAML document. Aliases and merge keys (<<) are expanded. The
// problems are the keys that stand twice, of which the last value is kept; with
// any other fault the node is nil and the problem is the last.
func YAML(file string, data []byte) (*Node, slipway.Problems) {
	if p := admit(file, data); p != nil {
		return nil, slipway.Problems{p}
	}
	r := yamlReader{file: file}
	var doc yaml.Node
	if err := r.load(data, &doc); err != nil {
		return nil, slipway.Problems{r.problem(data, err)}
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
	nodes    int
	problems slipway.Problems
}

// load reads the one document of data into doc.
func (r *yamlReader) load(data []byte, doc *yaml.Node) error {
	limits := loaderlimits.New(loaderlimits.DepthValue(MaxDepth), loaderlimits.AliasNone())
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys(false), yaml.WithPlugin(limits))
	if err != nil {
		return err
	}
	if err := loader.Load(doc); err != nil {
		return err
	}
	var next yaml.Node
	if err := loader.Load(&next); err == nil && len(next.Content) > 0 {
		return problem(&SyntaxRule, r.file, position(&next), "a second document begins here; one file holds one document")
	}
	return nil
}

func (r *yamlReader) problem(data []byte, err error) *slipway.Problem {
	var p *slipway.Problem
	if errors.As(err, &p) {
		return p
	}
	pos := offsetPosition(data, len(data))
	text := err.Error()
	var load *yaml.LoadError
	if errors.As(err, &load) {
		text = load.Message
		if load.Mark.Line > 0 {
			pos = slipway.Position{Line: load.Mark.Line, Column: load.Mark.Column}
		}
	}
	p = problem(&SyntaxRule, r.file, pos, "%s", strings.TrimPrefix(text, "yaml: "))
	p.Err = err
	return p
}

func position(n *yaml.Node) slipway.Position {
	return slipway.Position{Line: n.Line, Column: n.Column}
}

func (r *yamlReader) node(y *yaml.Node, depth int) (*Node, *slipway.Problem) {
	if r.nodes++; r.nodes > maxNodes {
		return nil, problem(&SyntaxRule, r.file, position(y), "the aliases expand to more than %d values", maxNodes)
	}
	if depth > MaxDepth {
		return nil, problem(&SyntaxRule, r.file, position(y), "nested deeper than %d levels", MaxDepth)
	}
	n := &Node{Pos: position(y)}
	switch y.Kind {
	case yaml.AliasNode:
		return r.node(y.Alias, depth+1)
	case yaml.ScalarNode:
		r.scalar(n, y)
	case yaml.SequenceNode:
		n.Kind, n.Tag = List, ownTag(y)
		n.Items = make([]*Node, 0, len(y.Content))
		for _, c := range y.Content {
			item, p := r.node(c, depth+1)
			if p != nil {
				return nil, p
			}
			n.Items = append(n.Items, item)
		}
	case yaml.MappingNode:
		n.Kind, n.Tag = Map, ownTag(y)
		if p := r.members(n, y, depth); p != nil {
			return nil, p
		}
	}
	return n, nil
}

func (r *yamlReader) scalar(n *Node, y *yaml.Node) {
	n.Kind, n.Text = String, y.Value
	n.Plain = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	n.Tag = ownTag(y)
	switch {
	case n.Tag != "":
	case y.Style&yaml.TaggedStyle != 0:
		n.Kind = coreKinds[y.ShortTag()]
	case n.Plain:
		n.Kind = kinds[scalar.Resolve(y.Value)]
	}
}

var kinds = [...]Kind{scalar.String: String, scalar.Null: Null, scalar.Bool: Bool, scalar.Number: Number}

var coreKinds = map[string]Kind{"!!null": Null, "!!bool": Bool, "!!int": Number, "!!float": Number, "!!str": String}

// ownTag returns a tag of the author's own (!Ref), not one of YAML's (!!str).
func ownTag(y *yaml.Node) string {
	if y.Style&yaml.TaggedStyle == 0 || strings.HasPrefix(y.Tag, "!!") || strings.HasPrefix(y.Tag, "tag:yaml.org,") || y.Tag == "!" {
		return ""
	}
	return y.Tag
}

func (r *yamlReader) members(n *Node, y *yaml.Node, depth int) *slipway.Problem {
	var set memberSet
	var merged []*Node
	n.Members = make([]Member, 0, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return problem(&SyntaxRule, r.file, position(key), "a key must be plain text; quote it if a placeholder stands here")
		}
		v, p := r.node(value, depth+1)
		if p != nil {
			return p
		}
		if key.Value == "<<" && key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 {
			merged = append(merged, v)
			continue
		}
		m := Member{Key: key.Value, Pos: position(key), Value: v}
		if first, twice := set.add(n, m); twice {
			r.problems = append(r.problems, duplicate(r.file, m, first))
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
			if n.Get(m.Key) == nil {
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
