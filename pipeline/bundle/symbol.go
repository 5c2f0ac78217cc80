package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// opaque is the symbol of what has no name.
const opaque = "${?}"

// isSymbol reports whether two equal texts of one template stand for one value.
func isSymbol(text string) bool { return text != "" && !strings.Contains(text, opaque) }

// symbol returns the text of a value as a [Field] has it, and whether it is a literal.
// It is false for what cannot be a text: a list, or no value.
func symbol(v cfn.Value) (text string, literal, ok bool) {
	switch v := v.(type) {
	case cfn.String:
		return string(v), !strings.Contains(string(v), "{{resolve:"), true
	case cfn.Number:
		return string(v), true, true
	case cfn.Bool:
		if v {
			return "true", true, true
		}
		return "false", true, true
	case nil, cfn.Null, cfn.List, cfn.Object:
		return "", false, false
	case cfn.Ref:
		return reference(string(v)), false, true
	case cfn.GetAtt:
		return "${" + v.Resource + "." + v.Attribute + "}", false, true
	case cfn.Sub:
		text, literal = substitute(string(v), nil)
		return text, literal, true
	case cfn.SubMap:
		text, literal = substitute(v.Text, v.Vars)
		return text, literal, true
	case cfn.Join:
		text, literal = joinSymbols(v)
		return text, literal, true
	case cfn.ImportValue:
		name, _, _ := symbol(v.Name)
		return "${Fn::ImportValue " + name + "}", false, true
	}
	return opaque, false, true
}

// reference is the symbol of a Ref.
func reference(name string) string {
	switch name {
	case "AWS::AccountId":
		return Account
	case "AWS::Region":
		return Region
	case "AWS::Partition":
		return Partition
	case "AWS::URLSuffix":
		return URLSuffix
	}
	return "${" + name + "}"
}

// substitute is Fn::Sub as far as it is known.
func substitute(text string, vars cfn.Object) (string, bool) {
	var b strings.Builder
	literal := true
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), literal
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			return b.String(), literal
		}
		text = after
		if escaped, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + escaped + "}")
			continue
		}
		value := vars.Get(strings.TrimSpace(name))
		if value == nil {
			value = cfn.Ref(strings.TrimSpace(name))
		}
		s, known, ok := symbol(value)
		if !ok {
			s = opaque
		}
		literal = literal && known && ok
		b.WriteString(s)
	}
}

func joinSymbols(j cfn.Join) (string, bool) {
	items, ok := j.Values.(cfn.List)
	if !ok {
		return opaque, false
	}
	texts, literal := make([]string, len(items)), true
	for i, item := range items {
		s, known, ok := symbol(item)
		if !ok {
			s = opaque
		}
		texts[i], literal = s, literal && known && ok
	}
	return strings.Join(texts, j.Delimiter), literal
}

// isNoValue reports whether v stands for nothing.
func isNoValue(v cfn.Value) bool {
	switch v := v.(type) {
	case nil, cfn.Null:
		return true
	case cfn.Ref:
		return v == "AWS::NoValue"
	}
	return false
}
