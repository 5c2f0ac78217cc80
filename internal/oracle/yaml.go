package oracle

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What PyYAML reads becomes nil, bool, string, []any, map[string]any (if all keys
// are strings) or one of these types, so that 1, 1.0, "1" and 2001-01-01 differ.
type (
	Int    string // a whole number in decimal digits
	Float  string // a floating point number in Python's spelling: 0.2, 1e+16, inf, nan
	Time   string // a date or a time in ISO 8601: 2001-01-01
	Binary string // !!binary, still in base64
	Set    []any  // !!set
	Pairs  []Pair // a map with a key that is no string
)

// A Pair is a key of [Pairs] with its value.
type Pair struct{ Key, Value any }

// LoadYAML reads one YAML document with PyYAML's safe_load, which the AWS CLI uses,
// except that a key given twice is an error. The error has PyYAML's own words.
func LoadYAML(t testing.TB, text []byte) (any, error) {
	t.Helper()
	return load(t, "yaml", text)
}

// LoadTemplate reads a CloudFormation template in YAML or JSON with the AWS CLI's
// own reader, which expands the short forms: !Ref x is {"Ref": "x"}.
func LoadTemplate(t testing.TB, text []byte) (any, error) {
	t.Helper()
	return load(t, "template", text)
}

// EqualYAML reports an error unless PyYAML reads from text just the value want: a
// tree of nil, bool, int, int64, float64, string, []any, []string,
// map[string]any, map[string]string and the types of this package.
func EqualYAML(t testing.TB, text []byte, want any) {
	t.Helper()
	got, err := LoadYAML(t, text)
	if err != nil {
		t.Errorf("PyYAML: %v\n%s", err, text)
		return
	}
	if diff := cmp.Diff(normal(want), got); diff != "" {
		t.Errorf("PyYAML: mismatch (-want +got):\n%s\n%s", diff, text)
	}
}

func load(t testing.TB, op string, text []byte) (any, error) {
	t.Helper()
	var value any
	if err := ask(t, op, map[string]any{"text": string(text)}, &value); err != nil {
		return nil, err
	}
	return decode(value), nil
}

// decode is the inverse of encode in worker.py.
func decode(value any) any {
	switch value := value.(type) {
	case []any:
		for i, v := range value {
			value[i] = decode(v)
		}
	case map[string]any:
		for kind, v := range value {
			return decodeKind(kind, v)
		}
	}
	return value
}

func decodeKind(kind string, value any) any {
	switch kind {
	case "!int":
		return Int(value.(string))
	case "!float":
		return Float(value.(string))
	case "!time":
		return Time(value.(string))
	case "!binary":
		return Binary(value.(string))
	case "!set":
		return Set(decode(value).([]any))
	case "!map":
		return decodeMap(value.([]any))
	}
	panic("oracle: unknown kind " + kind)
}

func decodeMap(list []any) any {
	m := make(map[string]any, len(list))
	pairs := make(Pairs, len(list))
	for i, item := range list {
		pair := decode(item).([]any)
		pairs[i] = Pair{pair[0], pair[1]}
		if key, ok := pair[0].(string); ok {
			m[key] = pair[1]
		}
	}
	if len(m) < len(pairs) {
		return pairs
	}
	return m
}

// normal gives a Go value the types that decode gives.
func normal(value any) any {
	switch value := value.(type) {
	case int:
		return Int(strconv.Itoa(value))
	case int64:
		return Int(strconv.FormatInt(value, 10))
	case *big.Int:
		return Int(value.String())
	case json.Number:
		return normalNumber(value)
	case float64:
		return pythonFloat(value)
	case []string:
		list := make([]any, len(value))
		for i, v := range value {
			list[i] = v
		}
		return list
	case []any:
		list := make([]any, len(value))
		for i, v := range value {
			list[i] = normal(v)
		}
		return list
	case map[string]string:
		m := make(map[string]any, len(value))
		for k, v := range value {
			m[k] = v
		}
		return m
	case map[string]any:
		m := make(map[string]any, len(value))
		for k, v := range value {
			m[k] = normal(v)
		}
		return m
	case nil, bool, string, Int, Float, Time, Binary, Set, Pairs:
		return value
	}
	panic(fmt.Sprintf("oracle.EqualYAML: value of type %T", value))
}

func normalNumber(n json.Number) any {
	if _, ok := new(big.Int).SetString(n.String(), 10); ok {
		return Int(n.String())
	}
	f, err := n.Float64()
	if err != nil {
		panic("oracle.EqualYAML: " + err.Error())
	}
	return pythonFloat(f)
}
