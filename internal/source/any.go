package source

import "encoding/json"

// Any returns n as encoding/json would with UseNumber: nil, bool, string,
// [json.Number], []any and map[string]any. Models keep in this form what they do
// not know. A number keeps its text, even where JSON has no such number; a
// YAML tag of the author's own is lost.
func (n *Node) Any() any {
	switch n.Kind {
	case Bool:
		return IsTrue(n.Text)
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = item.Any()
		}
		return items
	case Map:
		members := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			members[m.Key] = m.Value.Any()
		}
		return members
	}
	return nil
}

// IsTrue reports whether the text of a Bool means true: true, yes or on.
func IsTrue(text string) bool {
	if text == "" {
		return false
	}
	switch text[0] | 0x20 {
	case 't', 'y':
		return true
	}
	return len(text) == 2 && text[1]|0x20 == 'n'
}
