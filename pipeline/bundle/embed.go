package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// A graft is a value of a template in the form that the reader of a model takes:
// the properties of a resource as the JSON of an API. It knows where in the template
// each of its parts stands.
type graft struct {
	kind   source.Kind
	text   string // of a scalar
	key    string // in the map around it
	hole   bool   // only the stack knows the value; text is its symbol
	user   bool   // a map whose keys are the author's own
	tried  int    // how many other forms the reader was offered
	first  *graft // what it was before; nil while nothing was tried
	around *graft
	elem   any // the step in the template from around; nil for none
	items  []*graft
}

// plant makes a graft of a value of depth maps below the properties. It returns nil
// for what stands for nothing.
func (d dialect) plant(around *graft, elem any, key string, v cfn.Value, depth int) *graft {
	if isNoValue(v) {
		return nil
	}
	g := &graft{key: key, around: around, elem: elem}
	switch v := v.(type) {
	case cfn.Object:
		d.object(g, v, depth)
	case cfn.List:
		if d == pipelineDialect && key == "artifactStores" && depth == 1 {
			d.stores(g, v)
			break
		}
		g.kind = source.List
		for i, item := range v {
			g.add(d.plant(g, i, "", item, depth))
		}
	case cfn.Number:
		g.kind, g.text = source.Number, string(v)
		if !scalar.IsJSONNumber(g.text) {
			g.kind = source.String
		}
	case cfn.Bool:
		g.kind = source.Bool
		g.text, _, _ = symbol(v)
	default:
		text, literal, _ := symbol(v)
		g.kind, g.text, g.hole = source.String, text, !literal
	}
	return g
}

// object fills a graft with the members of a map.
func (d dialect) object(g *graft, o cfn.Object, depth int) {
	if !isPlain(o) {
		g.kind, g.hole, g.text = source.String, true, opaque
		return
	}
	g.kind = source.Map
	g.user = g.around != nil && (g.around.user || d.isUser(g.key))
	for _, m := range o {
		name, ok := m.Key, true
		if !g.user {
			name, ok = d.name(m.Key, depth)
		}
		if ok {
			g.add(d.plant(g, m.Key, name, m.Value, depth+1))
		}
	}
}

func (g *graft) add(item *graft) {
	if item != nil {
		g.items = append(g.items, item)
	}
}

// isPlain reports whether no macro or loop makes members of a map.
func isPlain(o cfn.Object) bool {
	for i := range o {
		if strings.HasPrefix(o[i].Key, "Fn::") {
			return false
		}
	}
	return true
}

// write writes the graft as JSON.
func (g *graft) write(w *emit.JSON) {
	switch g.kind {
	case source.Map:
		w.BeginMap()
		for _, item := range g.items {
			w.Key(item.key)
			item.write(w)
		}
		w.EndMap()
	case source.List:
		w.BeginList()
		for _, item := range g.items {
			item.write(w)
		}
		w.EndList()
	case source.String:
		w.String(g.text)
	default:
		w.Scalar(g.text)
	}
}

// find returns the part at a path of the model, or the nearest around it with the
// elements that lead on from there.
func (g *graft) find(path string) (*graft, []any) {
	elems := slipway.SplitPath(path)
	for i, elem := range elems {
		next := g.step(elem)
		if next == nil {
			return g, elems[i:]
		}
		g = next
	}
	return g, nil
}

func (g *graft) step(elem any) *graft {
	switch elem := elem.(type) {
	case int:
		if g.kind == source.List && elem < len(g.items) {
			return g.items[elem]
		}
	case string:
		for _, item := range g.items {
			if g.kind == source.Map && item.key == elem {
				return item
			}
		}
	}
	return nil
}

// steps returns the path in the template.
func (g *graft) steps() []any {
	if g == nil {
		return nil
	}
	steps := g.around.steps()
	switch elem := g.elem.(type) {
	case nil:
	case []any:
		steps = append(steps, elem...)
	default:
		steps = append(steps, elem)
	}
	return steps
}

// path returns where in the template the value at a path of the model stands, or
// would stand.
func (g *graft) path(path string) string {
	at, rest := g.find(path)
	steps := at.steps()
	for _, elem := range rest {
		if key, ok := elem.(string); ok && !at.user {
			elem = property(key)
		}
		steps = append(steps, elem)
	}
	return slipway.Path(steps...)
}

// retry puts the value into another form in which CloudFormation would take it, and
// reports whether there is one: "80" and 80, "true" and true, one value and a list
// of it. After the last one it is what it was.
func (g *graft) retry() bool {
	if g.first == nil {
		before := *g
		g.first = &before
	}
	was := *g.first
	for {
		g.tried++
		g.kind, g.text, g.items = was.kind, was.text, was.items
		switch {
		case g.tried == 1 && was.kind == source.String && scalar.IsJSONNumber(was.text):
			g.kind = source.Number
		case g.tried == 1 && was.kind == source.String && isBool(was.text):
			g.kind, g.text = source.Bool, strings.ToLower(was.text)
		case g.tried == 1 && (was.kind == source.Number || was.kind == source.Bool):
			g.kind = source.String
		case g.tried == 2 && was.kind != source.List:
			item := was
			item.around, item.elem = g, nil
			g.kind, g.text, g.items = source.List, "", []*graft{&item}
		case g.tried == 1:
			continue
		default:
			return false
		}
		return true
	}
}

func isBool(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}
