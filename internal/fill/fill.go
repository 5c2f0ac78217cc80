// Package fill makes values for tests that must not forget a field.
package fill

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// Value sets every exported field under the pointer p, however deep, to
// something of its own that is not its zero value, an enumeration to one of what
// its method Values returns. Slices get two items and maps
// two members. A field named Source stays as it is.
func Value(p any) {
	n := 0
	fill(reflect.ValueOf(p).Elem(), &n)
}

func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("v" + strconv.Itoa(*n))
		if values := v.MethodByName("Values"); values.IsValid() { // an enumeration
			all := values.Call(nil)[0]
			v.Set(all.Index(*n % all.Len()))
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Interface:
		v.Set(reflect.ValueOf(any(json.Number(strconv.Itoa(*n)))))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			item := reflect.New(v.Type().Elem()).Elem()
			fill(item, n)
			v.SetMapIndex(reflect.ValueOf("k"+strconv.Itoa(*n)), item)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Source" {
				fill(v.Field(i), n)
			}
		}
	}
}
