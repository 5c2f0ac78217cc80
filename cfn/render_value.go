package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

func (w *writer) object(dst []byte, o Object, depth int, dash bool) []byte {
	if len(o) == 0 {
		return w.emptyMap(dst)
	}
	dst = w.beginMap(dst, dash)
	for i := range o {
		dst = w.key(dst, o[i].Key, depth+1, dash && i == 0)
		dst = w.value(dst, o[i].Value, depth+1, false)
	}
	return w.endMap(dst, depth)
}

func (w *writer) list(dst []byte, values []Value, depth int, dash bool) []byte {
	if len(values) == 0 {
		return w.emptyList(dst)
	}
	dst = w.beginList(dst, dash)
	for i, v := range values {
		dst = w.item(dst, depth+1, dash && i == 0)
		dst = w.value(dst, v, depth+1, true)
	}
	return w.endList(dst, depth)
}

// value appends the common values itself and leaves the others to function.
func (w *writer) value(dst []byte, v Value, depth int, dash bool) []byte {
	switch v := v.(type) {
	case String:
		return w.string(dst, string(v), depth)
	case Ref:
		return w.text(dst, " !Ref", "Ref", string(v), depth)
	case Sub:
		return w.text(dst, " !Sub", "Fn::Sub", string(v), depth)
	case GetAtt:
		return w.getAtt(dst, v, depth)
	case Object:
		return w.object(dst, v, depth, dash)
	case List:
		return w.list(dst, v, depth, dash)
	case Number:
		return w.number(dst, string(v))
	case Bool:
		if v {
			return w.scalar(dst, "true")
		}
		return w.scalar(dst, "false")
	case Null:
		return w.scalar(dst, "null")
	}
	return w.function(dst, v, depth, dash)
}

func (w *writer) function(dst []byte, v Value, depth int, dash bool) []byte {
	switch v := v.(type) {
	case Join:
		return w.textAnd(dst, " !Join", "Fn::Join", v.Delimiter, v.Values, depth)
	case Split:
		return w.textAnd(dst, " !Split", "Fn::Split", v.Delimiter, v.Text, depth)
	case SubMap:
		return w.subMap(dst, v, depth)
	case Select:
		return w.values(dst, " !Select", "Fn::Select", depth, v.Index, v.List)
	case Cidr:
		if v.Bits == nil {
			return w.values(dst, " !Cidr", "Fn::Cidr", depth, v.Block, v.Count)
		}
		return w.values(dst, " !Cidr", "Fn::Cidr", depth, v.Block, v.Count, v.Bits)
	case FindInMap:
		return w.findInMap(dst, v, depth)
	case GetAZs:
		return w.unary(dst, "Fn::GetAZs", v.Region, depth, dash)
	case ImportValue:
		return w.unary(dst, "Fn::ImportValue", v.Name, depth, dash)
	case Base64:
		return w.unary(dst, "Fn::Base64", v.Text, depth, dash)
	case Length:
		return w.unary(dst, "Fn::Length", v.List, depth, dash)
	case ToJSONString:
		return w.unary(dst, "Fn::ToJsonString", v.Value, depth, dash)
	case GetStackOutput:
		return w.stackOutput(dst, v, depth)
	case Transform:
		return w.transform(dst, v, depth)
	case ForEach:
		return w.forEach(dst, v, depth, dash)
	case Function:
		return w.unary(dst, v.Name, v.Arg, depth, dash)
	}
	return w.condition(dst, v, depth)
}

func (w *writer) condition(dst []byte, v Value, depth int) []byte {
	switch v := v.(type) {
	case If:
		return w.ifElse(dst, v, depth)
	case Equals:
		return w.values(dst, " !Equals", "Fn::Equals", depth, v.Left, v.Right)
	case And:
		return w.values(dst, " !And", "Fn::And", depth, v...)
	case Or:
		return w.values(dst, " !Or", "Fn::Or", depth, v...)
	case Not:
		return w.values(dst, " !Not", "Fn::Not", depth, v.Condition)
	case Condition:
		return w.text(dst, " !Condition", "Condition", string(v), depth)
	}
	w.failed = true // nil
	return w.scalar(dst, "null")
}

func (w *writer) number(dst []byte, s string) []byte {
	if !isDigits(s) {
		ok := false
		if w.json {
			s, ok = jsonNumber(s)
		} else {
			s, ok = yamlNumber(s)
		}
		w.failed = w.failed || !ok
	}
	return w.scalar(dst, s)
}

func (w *writer) text(dst []byte, tag, name, text string, depth int) []byte {
	if w.json {
		dst = emit.AppendJSONString(w.jsonKey(append(dst, '{'), name, depth+1), text)
		return w.close(dst, depth)
	}
	return w.line(append(append(dst, tag...), ' '), text, depth)
}

// values appends a function of a list.
func (w *writer) values(dst []byte, tag, name string, depth int, values ...Value) []byte {
	dst, in := w.open(dst, tag, name, depth)
	return w.close(w.list(dst, values, in, false), depth)
}

// textAnd appends a function of a text and a value.
func (w *writer) textAnd(dst []byte, tag, name, text string, v Value, depth int) []byte {
	dst, in := w.open(dst, tag, name, depth)
	dst = w.beginList(dst, false)
	dst = w.string(w.item(dst, in+1, false), text, in+1)
	dst = w.value(w.item(dst, in+1, false), v, in+1, true)
	return w.close(w.endList(dst, in), depth)
}

func (w *writer) getAtt(dst []byte, v GetAtt, depth int) []byte {
	if w.json {
		dst, in := w.open(dst, "", "Fn::GetAtt", depth)
		dst = w.beginList(dst, false)
		dst = emit.AppendJSONString(w.item(dst, in+1, false), v.Resource)
		dst = emit.AppendJSONString(w.item(dst, in+1, false), v.Attribute)
		return w.close(w.endList(dst, in), depth)
	}
	if !isPlainID(v.Resource) || !isPlainID(v.Attribute) {
		return w.text(dst, " !GetAtt", "", v.Resource+"."+v.Attribute, depth)
	}
	dst = append(append(dst, " !GetAtt "...), v.Resource...)
	dst = append(append(dst, '.'), v.Attribute...)
	return append(dst, '\n')
}

// isPlainID reports whether s is made of letters, digits and dots and begins
// with a letter.
func isPlainID(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '.'):
		default:
			return false
		}
	}
	return s != ""
}

func (w *writer) subMap(dst []byte, v SubMap, depth int) []byte {
	dst, in := w.open(dst, " !Sub", "Fn::Sub", depth)
	dst = w.beginList(dst, false)
	dst = w.string(w.item(dst, in+1, false), v.Text, in+1)
	dst = w.object(w.item(dst, in+1, false), v.Vars, in+1, true)
	return w.close(w.endList(dst, in), depth)
}

func (w *writer) ifElse(dst []byte, v If, depth int) []byte {
	dst, in := w.open(dst, " !If", "Fn::If", depth)
	dst = w.beginList(dst, false)
	dst = w.string(w.item(dst, in+1, false), v.Condition, in+1)
	dst = w.value(w.item(dst, in+1, false), v.Then, in+1, true)
	dst = w.value(w.item(dst, in+1, false), v.Else, in+1, true)
	return w.close(w.endList(dst, in), depth)
}

func (w *writer) findInMap(dst []byte, v FindInMap, depth int) []byte {
	dst, in := w.open(dst, " !FindInMap", "Fn::FindInMap", depth)
	dst = w.beginList(dst, false)
	dst = w.value(w.item(dst, in+1, false), v.Map, in+1, true)
	dst = w.value(w.item(dst, in+1, false), v.Top, in+1, true)
	dst = w.value(w.item(dst, in+1, false), v.Second, in+1, true)
	if v.Default != nil {
		dst = w.beginMap(w.item(dst, in+1, false), true)
		dst = w.name(dst, "DefaultValue", in+2, true)
		dst = w.endMap(w.value(dst, v.Default, in+2, false), in+1)
	}
	return w.close(w.endList(dst, in), depth)
}

func (w *writer) stackOutput(dst []byte, v GetStackOutput, depth int) []byte {
	dst, in := w.open(dst, " !GetStackOutput", "Fn::GetStackOutput", depth)
	dst = w.beginMap(dst, false)
	dst = w.required(dst, "StackName", v.StackName, in+1)
	dst = w.required(dst, "OutputName", v.OutputName, in+1)
	dst = w.optional(dst, "Region", v.Region, in+1)
	dst = w.optional(dst, "RoleArn", v.RoleArn, in+1)
	return w.close(w.endMap(dst, in), depth)
}

func (w *writer) transform(dst []byte, v Transform, depth int) []byte {
	dst, in := w.open(dst, " !Transform", "Fn::Transform", depth)
	dst = w.beginMap(dst, false)
	dst = w.string(w.name(dst, "Name", in+1, false), v.Name, in+1)
	if v.Parameters != nil {
		dst = w.object(w.name(dst, "Parameters", in+1, false), v.Parameters, in+1, false)
	}
	return w.close(w.endMap(dst, in), depth)
}

func (w *writer) forEach(dst []byte, v ForEach, depth int, dash bool) []byte {
	dst = w.beginList(dst, dash)
	dst = w.string(w.item(dst, depth+1, dash), v.Identifier, depth+1)
	dst = w.value(w.item(dst, depth+1, false), v.Collection, depth+1, true)
	dst = w.object(w.item(dst, depth+1, false), v.Body, depth+1, true)
	return w.endList(dst, depth)
}

// unary appends a function of one value. A tag may stand before a text, a list
// or a map. Before another function it may not, and a number behind a tag would
// be read as text: there the long form stands.
func (w *writer) unary(dst []byte, name string, arg Value, depth int, dash bool) []byte {
	if !w.json {
		switch arg.(type) {
		case String, List, Object:
			if tag := shortForm(name); tag != "" {
				dst = append(append(dst, " !"...), tag...)
				return w.value(dst, arg, depth, false)
			}
		}
	}
	dst = w.beginMap(dst, dash)
	dst = w.key(dst, name, depth+1, dash)
	return w.endMap(w.value(dst, arg, depth+1, false), depth)
}

// shortForm returns the tag of a function's full name without its exclamation
// mark, or "" where it has none.
func shortForm(name string) string {
	if name == "Fn::GetAZs" {
		return "GetAZs"
	}
	tag, isFn := strings.CutPrefix(name, "Fn::")
	reserved := tag == "Ref" || tag == "Condition" || strings.HasPrefix(tag, "Rain::")
	if tag == "" || isFn == reserved {
		return ""
	}
	for i := range len(tag) {
		c := tag[i]
		if letter := 'a' <= c|0x20 && c|0x20 <= 'z'; !letter && !('-' <= c && c <= ':' && c != '/') && c != '_' {
			return ""
		}
	}
	return tag
}
