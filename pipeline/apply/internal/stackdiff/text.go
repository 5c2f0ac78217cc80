package stackdiff

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// maxText is the longest text of a value, in characters; tail of them are kept of its
// end, which tells documents apart as well as their beginning.
const (
	maxText = 120
	tail    = 39
)

// Text returns a value on one line, for a reader: scalars as they are, but quoted as in
// JSON where they would mislead; lists and objects in one line, functions in their short
// forms. A long one is cut in its middle to 120 characters. Nil is the empty text.
func Text(v cfn.Value) string {
	if v == nil {
		return ""
	}
	text := string(appendText(nil, v, false))
	if utf8.RuneCountInString(text) <= maxText {
		return text
	}
	runes := []rune(text)
	head := strings.TrimRight(string(runes[:maxText-tail-1]), `\`) // half an escape
	return head + "…" + string(runes[len(runes)-tail:])
}

// Line returns a text on one line, for a reader: as it is or, where it holds what would not
// be seen for what it is (line breaks, control characters, blanks at its ends), quoted as
// in JSON.
func Line(text string) string {
	if text == strings.TrimSpace(text) && !hasUnseen(text) {
		return text
	}
	return string(appendQuoted(nil, text))
}

// appendText appends a value. Within another one, flow, a text must not look like more
// than one.
func appendText(dst []byte, v cfn.Value, flow bool) []byte {
	switch v := v.(type) {
	case nil, cfn.Null:
		return append(dst, "null"...)
	case cfn.String:
		return appendString(dst, string(v), flow)
	case cfn.Number:
		return appendString(dst, string(v), flow)
	case cfn.Bool:
		return strconv.AppendBool(dst, bool(v))
	case cfn.List:
		return appendList(dst, v)
	case cfn.Object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(appendString(dst, m.Key, true), ": "...)
			dst = appendText(dst, m.Value, true)
		}
		return append(dst, '}')
	}
	return appendFunction(dst, v, flow)
}

func appendList(dst []byte, items []cfn.Value) []byte {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendText(dst, item, true)
	}
	return append(dst, ']')
}

func appendFunction(dst []byte, v cfn.Value, flow bool) []byte {
	name, args, _ := parts(v)
	if name != "Fn::ForEach" { // it has its name in its key
		dst = append(append(dst, '!'), strings.TrimPrefix(name, "Fn::")...)
		dst = append(dst, ' ')
	}
	switch v := v.(type) {
	case cfn.If:
		args = []cfn.Value{cfn.String(v.Condition), v.Then, v.Else}
	case cfn.FindInMap:
		if args = args[:3]; v.Default != nil {
			args = append(args, cfn.Object{cfn.Prop("DefaultValue", v.Default)})
		}
	case cfn.Cidr:
		if v.Bits == nil {
			args = args[:2]
		}
	case cfn.GetStackOutput:
		args = []cfn.Value{members("StackName", v.StackName, "OutputName", v.OutputName, "Region", v.Region, "RoleArn", v.RoleArn)}
	case cfn.Transform:
		o := members("Name", args[0])
		if len(v.Parameters) > 0 {
			o = append(o, cfn.Prop("Parameters", v.Parameters))
		}
		args = []cfn.Value{o}
	case cfn.And, cfn.Or, cfn.Not:
		return appendList(dst, args)
	}
	if len(args) == 1 {
		return appendText(dst, args[0], flow)
	}
	return appendList(dst, args)
}

// members returns an object of keys and values, without those that are nil.
func members(pairs ...any) cfn.Object {
	var o cfn.Object
	for i := 0; i < len(pairs); i += 2 {
		if v, ok := pairs[i+1].(cfn.Value); ok {
			o = append(o, cfn.Prop(pairs[i].(string), v))
		}
	}
	return o
}

func appendString(dst []byte, s string, flow bool) []byte {
	if !misleads(s, flow) {
		return append(dst, s...)
	}
	return appendQuoted(dst, s)
}

// appendQuoted appends a text as in JSON, with what is not seen escaped.
func appendQuoted(dst []byte, s string) []byte {
	for _, r := range string(emit.AppendJSONString(nil, s)) {
		if !unicode.Is(unicode.Cf, r) {
			dst = utf8.AppendRune(dst, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			dst = fmt.Appendf(dst, `\u%04x`, unit)
		}
	}
	return dst
}

// misleads reports whether a text would not be seen for what it is.
func misleads(s string, flow bool) bool {
	if s == "" || s == "null" || strings.ContainsRune(`!"[{`, rune(s[0])) || s != strings.TrimSpace(s) {
		return true
	}
	if flow && (strings.ContainsAny(s, `,[]{}"`) || strings.Contains(s, ": ") || strings.HasSuffix(s, ":")) {
		return true
	}
	return hasUnseen(s)
}

// hasUnseen reports whether a text has characters that are not seen for what they are.
func hasUnseen(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !scalar.IsBare(r) || unicode.Is(unicode.Cf, r) })
}
