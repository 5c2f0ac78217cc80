package apply

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// A tree is a value as encoding/json reads it, with numbers as they were written.
type tree = any

// treeOf returns what a model renders, as a tree.
func treeOf(m interface{ Render() ([]byte, error) }) (map[string]any, error) {
	data, err := m.Render()
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var t map[string]any
	err = d.Decode(&t)
	return t, err
}

// keys are the members by which the items of a list are told apart, by the name of the
// list: their order does not count. Of other lists it does.
var keys = map[string][]string{
	"containerDefinitions": {"name"}, "environment": {"name"}, "secrets": {"name"}, "secretOptions": {"name"},
	"portMappings": {"containerPort", "containerPortRange", "protocol"}, "mountPoints": {"containerPath"},
	"volumesFrom": {"sourceContainer"}, "dependsOn": {"containerName", "condition"}, "ulimits": {"name"},
	"systemControls": {"namespace"}, "extraHosts": {"hostname", "ipAddress"}, "volumes": {"name"}, "resourceRequirements": {"type"},
	"actions": {"name"}, "variables": {"name"}, "environmentVariables": {"name"},
	"requiresCompatibilities": {}, "add": {}, "drop": {}, "inputArtifacts": {"name"}, "outputArtifacts": {"name"},
}

// differences returns what differs between two trees, sorted by path. An item of a list
// whose order does not count is called by its name: containerDefinitions.web.image.
func differences(before, after tree) []Property {
	return differencesIn(before, after, open)
}

// differencesIn is differences for trees that stand where not all may be shown.
func differencesIn(before, after tree, s secrecy) []Property {
	var d differ
	d.walk(nil, before, after, s)
	slices.SortStableFunc(d.found, func(a, b Property) int { return cmp.Compare(a.Path, b.Path) })
	return d.found
}

type differ struct{ found []Property }

// walk compares the values at a path: keys and indexes, as slipway.Path takes them.
func (d *differ) walk(path []any, before, after tree, s secrecy) {
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(union(a, b))) {
				d.walk(with(path, key), b[key], a[key], s.enter(key))
			}
			return
		}
	case []any:
		if a, ok := after.([]any); ok || after == nil && isNamed(path) {
			d.list(path, b, a, s)
			return
		}
	case nil:
		if a, ok := after.([]any); ok && isNamed(path) {
			d.list(path, nil, a, s)
			return
		}
	}
	if !reflect.DeepEqual(before, after) {
		d.add(path, before, after, s)
	}
}

// isNamed reports whether a list stands at a path whose items have names: those of one
// that is added or removed as a whole are told one by one.
func isNamed(path []any) bool { return len(keys[last(path)]) > 0 }

// last returns the last key of a path, or nothing.
func last(path []any) string {
	if len(path) == 0 {
		return ""
	}
	name, _ := path[len(path)-1].(string)
	return name
}

// list compares lists: item by item in order, or by their keys.
func (d *differ) list(path []any, before, after []any, s secrecy) {
	members, keyed := keys[last(path)]
	if !keyed {
		for i := range max(len(before), len(after)) {
			inner := s
			for _, word := range [...]any{at(before, i-1), at(after, i-1)} {
				if flag, ok := word.(string); ok && isSecretFlag(flag) {
					inner = closed
				}
			}
			d.walk(with(path, i), at(before, i), at(after, i), inner)
		}
		return
	}
	rest := slices.Clone(before)
	old := make([]any, len(after))
	for i, item := range after {
		if j := slices.IndexFunc(rest, func(b any) bool { return b != nil && keyOf(b, members) == keyOf(item, members) }); j >= 0 {
			old[i], rest[j] = rest[j], nil
		}
	}
	for _, item := range rest {
		if item != nil {
			d.walk(with(path, nameOf(item, members)), item, nil, s)
		}
	}
	for i, item := range after {
		d.walk(with(path, nameOf(item, members)), old[i], item, s)
	}
}

// nameOf returns what an item is called in a path: its name, or another member by which
// items are told apart, or all of it.
func nameOf(item any, members []string) string {
	if m, ok := item.(map[string]any); ok {
		for _, member := range members {
			if v := m[member]; v != nil {
				return strings.Trim(compact(v), `"`)
			}
		}
	}
	return strings.Trim(compact(item), `"`)
}

func at(list []any, i int) any {
	if i >= 0 && i < len(list) {
		return list[i]
	}
	return nil
}

// keyOf returns by what an item of a list is told apart: some members, or all of it.
func keyOf(item any, members []string) string {
	m, ok := item.(map[string]any)
	if !ok || len(members) == 0 {
		return compact(item)
	}
	var b strings.Builder
	for _, name := range members {
		b.WriteString(compact(m[name]))
		b.WriteByte(' ')
	}
	return b.String()
}

func (d *differ) add(path []any, before, after any, s secrecy) {
	d.found = append(d.found, Property{Path: slipway.Path(path...), Before: show(before, s), After: show(after, s)})
}

// compact returns a value as JSON on one line.
func compact(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strconv.Quote(v)
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "?"
	}
	return strings.TrimSuffix(buf.String(), "\n")
}

func union(a, b map[string]any) map[string]any {
	u := maps.Clone(a)
	maps.Copy(u, b)
	return u
}

func with(path []any, e any) []any { return append(slices.Clip(path), e) }
