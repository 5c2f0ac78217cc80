package cfn

import "strings"

func (w *writer) object(o Object) {
	w.beginMap()
	w.members(o)
	w.endMap()
}

func (w *writer) members(o Object) {
	for i := range o {
		w.key(o[i].Key)
		w.value(o[i].Value)
	}
}

func (w *writer) list(values []Value) {
	w.beginList()
	for _, v := range values {
		w.value(v)
	}
	w.endList()
}

// value writes the common values itself and leaves the others to function.
func (w *writer) value(v Value) {
	switch v := v.(type) {
	case String:
		w.string(string(v))
	case Ref:
		w.text("!Ref", "Ref", string(v))
	case Sub:
		w.text("!Sub", "Fn::Sub", string(v))
	case GetAtt:
		w.getAtt(v)
	case Object:
		w.object(v)
	case List:
		w.list(v)
	case Number:
		w.number(string(v))
	case Bool:
		if v {
			w.scalar("true")
		} else {
			w.scalar("false")
		}
	case Null:
		w.scalar("null")
	default:
		w.function(v)
	}
}

func (w *writer) function(v Value) {
	switch v := v.(type) {
	case Join:
		w.textAnd("!Join", "Fn::Join", v.Delimiter, v.Values)
	case Split:
		w.textAnd("!Split", "Fn::Split", v.Delimiter, v.Text)
	case SubMap:
		w.subMap(v)
	case Select:
		w.pair("!Select", "Fn::Select", v.Index, v.List)
	case Cidr:
		w.cidr(v)
	case FindInMap:
		w.findInMap(v)
	case GetAZs:
		w.unary("Fn::GetAZs", v.Region)
	case ImportValue:
		w.unary("Fn::ImportValue", v.Name)
	case Base64:
		w.unary("Fn::Base64", v.Text)
	case Length:
		w.unary("Fn::Length", v.List)
	case ToJSONString:
		w.unary("Fn::ToJsonString", v.Value)
	case GetStackOutput:
		w.stackOutput(v)
	case Transform:
		w.transform(v)
	case ForEach:
		w.forEach(v)
	case Function:
		w.unary(v.Name, v.Arg)
	default:
		w.condition(v)
	}
}

func (w *writer) condition(v Value) {
	switch v := v.(type) {
	case If:
		w.open("!If", "Fn::If")
		w.beginList()
		w.string(v.Condition)
		w.value(v.Then)
		w.value(v.Else)
		w.endList()
		w.close()
	case Equals:
		w.pair("!Equals", "Fn::Equals", v.Left, v.Right)
	case And:
		w.open("!And", "Fn::And")
		w.list(v)
		w.close()
	case Or:
		w.open("!Or", "Fn::Or")
		w.list(v)
		w.close()
	case Not:
		w.open("!Not", "Fn::Not")
		w.beginList()
		w.value(v.Condition)
		w.endList()
		w.close()
	case Condition:
		w.text("!Condition", "Condition", string(v))
	default: // nil
		w.failed = true
		w.scalar("null")
	}
}

func (w *writer) number(s string) {
	if !isDigits(s) {
		ok := false
		if w.isJSON {
			s, ok = jsonNumber(s)
		} else {
			s, ok = yamlNumber(s)
		}
		w.failed = w.failed || !ok
	}
	w.scalar(s)
}

func (w *writer) text(tag, name, text string) {
	w.open(tag, name)
	w.string(text)
	w.close()
}

func (w *writer) textAnd(tag, name, text string, v Value) {
	w.open(tag, name)
	w.beginList()
	w.string(text)
	w.value(v)
	w.endList()
	w.close()
}

func (w *writer) pair(tag, name string, a, b Value) {
	w.open(tag, name)
	w.beginList()
	w.value(a)
	w.value(b)
	w.endList()
	w.close()
}

func (w *writer) getAtt(v GetAtt) {
	switch {
	case w.isJSON:
		w.json.BeginMap()
		w.json.Name("Fn::GetAtt")
		w.json.BeginList()
		w.json.String(v.Resource)
		w.json.String(v.Attribute)
		w.json.EndList()
		w.json.EndMap()
	case isPlainID(v.Resource) && isPlainID(v.Attribute):
		// Two plain names make a third; it is put together in the buffer, where
		// the second takes the place of the line's end.
		w.yaml.Tag("!GetAtt")
		w.yaml.Scalar(v.Resource)
		w.yaml.Buf[len(w.yaml.Buf)-1] = '.'
		w.yaml.Buf = append(w.yaml.Buf, v.Attribute...)
		w.yaml.Buf = append(w.yaml.Buf, '\n')
	default:
		w.yaml.Tag("!GetAtt")
		w.yaml.String(v.Resource + "." + v.Attribute)
	}
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

func (w *writer) subMap(v SubMap) {
	w.open("!Sub", "Fn::Sub")
	w.beginList()
	w.string(v.Text)
	w.object(v.Vars)
	w.endList()
	w.close()
}

func (w *writer) cidr(v Cidr) {
	w.open("!Cidr", "Fn::Cidr")
	w.beginList()
	w.value(v.Block)
	w.value(v.Count)
	if v.Bits != nil {
		w.value(v.Bits)
	}
	w.endList()
	w.close()
}

func (w *writer) findInMap(v FindInMap) {
	w.open("!FindInMap", "Fn::FindInMap")
	w.beginList()
	w.value(v.Map)
	w.value(v.Top)
	w.value(v.Second)
	if v.Default != nil {
		w.beginMap()
		w.name("DefaultValue")
		w.value(v.Default)
		w.endMap()
	}
	w.endList()
	w.close()
}

func (w *writer) stackOutput(v GetStackOutput) {
	w.open("!GetStackOutput", "Fn::GetStackOutput")
	w.beginMap()
	w.name("StackName")
	w.value(v.StackName)
	w.name("OutputName")
	w.value(v.OutputName)
	w.optional("Region", v.Region)
	w.optional("RoleArn", v.RoleArn)
	w.endMap()
	w.close()
}

func (w *writer) transform(v Transform) {
	w.open("!Transform", "Fn::Transform")
	w.beginMap()
	w.name("Name")
	w.string(v.Name)
	if v.Parameters != nil {
		w.name("Parameters")
		w.object(v.Parameters)
	}
	w.endMap()
	w.close()
}

func (w *writer) forEach(v ForEach) {
	w.beginList()
	w.string(v.Identifier)
	w.value(v.Collection)
	w.object(v.Body)
	w.endList()
}

// unary writes a function of one value. A tag may stand before a text, a list or
// a map. Before another function it may not, and a number behind a tag would be
// read as text: there the long form stands.
func (w *writer) unary(name string, arg Value) {
	if !w.isJSON {
		switch arg.(type) {
		case String, List, Object:
			if tag := shortForm(name); tag != "" {
				w.yaml.Tag(tag)
				w.value(arg)
				return
			}
		}
	}
	w.beginMap()
	w.key(name)
	w.value(arg)
	w.endMap()
}

// shortForm returns the tag of a function's full name, or "" where it has none.
func shortForm(name string) string {
	switch name {
	case "Fn::GetAZs":
		return "!GetAZs"
	case "Fn::ImportValue":
		return "!ImportValue"
	case "Fn::Base64":
		return "!Base64"
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
	return "!" + tag
}
