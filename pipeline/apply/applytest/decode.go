package applytest

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// decode fills a type of the SDK from the properties of a resource. The names are the
// same but for their case; a number may be written as text. What there is no field for is
// left out.
func decode(v cfn.Value, target any) { decodeInto(v, reflect.ValueOf(target).Elem()) }

func decodeInto(v cfn.Value, out reflect.Value) {
	if out.Kind() == reflect.Pointer {
		if v != nil {
			out.Set(reflect.New(out.Type().Elem()))
			decodeInto(v, out.Elem())
		}
		return
	}
	switch v := v.(type) {
	case nil:
	case cfn.List:
		if out.Kind() != reflect.Slice {
			return
		}
		out.Set(reflect.MakeSlice(out.Type(), len(v), len(v)))
		for i, e := range v {
			decodeInto(e, out.Index(i))
		}
	case cfn.Object:
		decodeObject(v, out)
	default:
		decodeScalar(text(v), out)
	}
}

func decodeObject(o cfn.Object, out reflect.Value) {
	switch out.Kind() {
	case reflect.Struct:
		for _, m := range o {
			field := out.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, m.Key) })
			if field.IsValid() && field.CanSet() {
				decodeInto(m.Value, field)
			}
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(out.Type()))
		for _, m := range o {
			value := reflect.New(out.Type().Elem()).Elem()
			decodeInto(m.Value, value)
			out.SetMapIndex(reflect.ValueOf(m.Key), value)
		}
	}
}

func decodeScalar(text string, out reflect.Value) {
	switch out.Kind() {
	case reflect.String:
		out.SetString(text)
	case reflect.Bool:
		out.SetBool(text == "true")
	case reflect.Int32, reflect.Int64, reflect.Int:
		n, _ := strconv.ParseInt(text, 10, 64) // 0 where it is no number
		out.SetInt(n)
	case reflect.Float64:
		n, _ := strconv.ParseFloat(text, 64)
		out.SetFloat(n)
	}
}
