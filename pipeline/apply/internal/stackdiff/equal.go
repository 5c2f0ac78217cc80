package stackdiff

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// Equal reports whether CloudFormation takes two values for the same: the order of the
// members of an object does not count, and 80 is "80". A number of YAML is what it is
// in JSON: 0x1F is 31, and not the text 0x1F. A Sub without variables is its text, and
// one of a single variable is a Ref or a GetAtt; no other function is evaluated. Nil is
// equal to nil alone.
func Equal(a, b cfn.Value) bool {
	a, b = plain(a), plain(b)
	if text, ok := scalarText(a); ok {
		other, ok := scalarText(b)
		return ok && text == other
	}
	switch a := a.(type) {
	case nil:
		return b == nil
	case cfn.Null:
		_, ok := b.(cfn.Null)
		return ok
	case cfn.List:
		b, ok := b.(cfn.List)
		return ok && equalLists(a, b)
	case cfn.Object:
		b, ok := b.(cfn.Object)
		return ok && equalObjects(a, b)
	}
	name, args, _ := parts(a)
	other, more, ok := parts(b)
	return ok && name == other && equalLists(args, more)
}

func equalLists(a, b []cfn.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// equalObjects looks at the same place first, so that an object with a key that stands
// twice equals itself.
func equalObjects(a, b cfn.Object) bool {
	if len(a) != len(b) {
		return false
	}
	for i, m := range a {
		other := b[i]
		if other.Key != m.Key {
			other = cfn.Member{Key: m.Key, Value: b.Get(m.Key)}
			if other.Value == nil {
				return false
			}
		}
		if !Equal(m.Value, other.Value) {
			return false
		}
	}
	return true
}

// scalarText returns the text of a string, a number or a boolean.
func scalarText(v cfn.Value) (string, bool) {
	switch v := v.(type) {
	case cfn.String:
		return string(v), true
	case cfn.Bool:
		if v {
			return "true", true
		}
		return "false", true
	case cfn.Number:
		if scalar.IsJSONNumber(string(v)) {
			return string(v), true
		}
		return numberText(v), true
	}
	return "", false
}

// numberText returns a number that only YAML knows as JSON writes it, or as it is where
// JSON has none. The rendering of a template is what knows how.
func numberText(n cfn.Number) string {
	t := cfn.Template{Transform: n}
	out, err := t.RenderJSON()
	if err != nil {
		return string(n)
	}
	_, text, _ := strings.Cut(string(out), ": ")
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "}"))
}

// plain returns the simplest value that means the same as v at its outside: a text, a Ref
// or a GetAtt for a Sub that is no more than one.
func plain(v cfn.Value) cfn.Value {
	switch v := v.(type) {
	case cfn.SubMap:
		if len(v.Vars) == 0 {
			return plainSub(v.Text)
		}
	case cfn.Sub:
		return plainSub(string(v))
	}
	return v
}

func plainSub(text string) cfn.Value {
	pieces := splitSub(text)
	switch {
	case len(pieces) == 0:
		return cfn.String("")
	case len(pieces) > 1:
		return cfn.Sub(text)
	case pieces[0].name == "":
		return cfn.String(pieces[0].text)
	}
	return reference(pieces[0].name)
}

// reference returns what a variable of Sub stands for.
func reference(name string) cfn.Value {
	if resource, attribute, dotted := strings.Cut(name, "."); dotted {
		return cfn.GetAtt{Resource: resource, Attribute: attribute}
	}
	return cfn.Ref(name)
}

// A piece is a part of the text of a Sub: a text, or a variable where name is not empty.
type piece struct{ text, name string }

// splitSub cuts the text of a Sub. ${!Literal} is the text ${Literal}; two texts never
// follow each other.
func splitSub(text string) []piece {
	var pieces []piece
	literal := ""
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			literal += text
			break
		}
		text = after
		literal += before
		trimmed := strings.TrimSpace(name)
		switch {
		case trimmed == "":
			literal += "${" + name + "}"
			continue
		case trimmed[0] == '!':
			literal += "${" + trimmed[1:] + "}"
			continue
		}
		if literal != "" {
			pieces = append(pieces, piece{text: literal})
			literal = ""
		}
		pieces = append(pieces, piece{name: trimmed})
	}
	if literal != "" {
		pieces = append(pieces, piece{text: literal})
	}
	return pieces
}
