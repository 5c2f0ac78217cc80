package bundle

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// look returns the value under keys in v, and what is known of it.
func look(v cfn.Value, keys ...string) (cfn.Value, Status) {
	for _, key := range keys {
		if isNoValue(v) {
			return nil, Absent
		}
		o, ok := v.(cfn.Object)
		if !ok {
			return nil, Unknown
		}
		inner := o.Get(key)
		if inner == nil && !isPlain(o) {
			return nil, Unknown
		}
		v = inner
	}
	if isNoValue(v) {
		return nil, Absent
	}
	return v, Known
}

// textOf returns the text under keys.
func textOf(v cfn.Value, keys ...string) Field[string] {
	v, status := look(v, keys...)
	if status != Known {
		return Field[string]{Status: status}
	}
	text, literal, ok := symbol(v)
	if !ok || !literal {
		status = Unknown
	}
	return Field[string]{Value: text, Status: status}
}

// intOf returns the whole number under keys, which may stand in quotes.
func intOf(v cfn.Value, keys ...string) Field[int] {
	text := textOf(v, keys...)
	n, err := strconv.Atoi(text.Value)
	if text.Status == Known && err != nil {
		return Field[int]{Status: Unknown}
	}
	if text.Status != Known {
		n = 0
	}
	return Field[int]{Value: n, Status: text.Status}
}

// boolOf returns the boolean under keys, which may stand in quotes.
func boolOf(v cfn.Value, keys ...string) Field[bool] {
	text := textOf(v, keys...)
	switch {
	case text.Status != Known:
		return Field[bool]{Status: text.Status}
	case strings.EqualFold(text.Value, "true"):
		return Field[bool]{Value: true, Status: Known}
	case strings.EqualFold(text.Value, "false"):
		return Field[bool]{Status: Known}
	}
	return Field[bool]{Status: Unknown}
}

// listOf returns what make makes of each item of the list under keys. One value that
// is no list stands for a list of it, as CloudFormation takes it. The list is unknown
// when there may be other items.
func listOf[T any](v cfn.Value, item func(cfn.Value) T, keys ...string) Field[[]T] {
	v, status := look(v, keys...)
	if status != Known {
		return Field[[]T]{Status: status}
	}
	list, ok := v.(cfn.List)
	switch v := v.(type) {
	case cfn.String, cfn.Number, cfn.Object:
		list, ok = cfn.List{v}, true
	}
	if !ok {
		return Field[[]T]{Status: Unknown}
	}
	out := Field[[]T]{Status: Known}
	for _, v := range list {
		switch v.(type) {
		case cfn.If, cfn.Function, cfn.Transform:
			out.Status = Unknown
		}
		if !isNoValue(v) {
			out.Value = append(out.Value, item(v))
		}
	}
	return out
}

// texts returns the list of texts under keys; an item that is not known is a symbol.
func texts(v cfn.Value, keys ...string) Field[[]string] {
	return listOf(v, func(v cfn.Value) string { return textOf(v).Value }, keys...)
}
