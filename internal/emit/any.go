package emit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// Any writes what encoding/json makes of a document read with UseNumber: nil,
// bool, string, [json.Number], []any and map[string]any (with its keys sorted),
// and also int, int64 and float64. Anything else is an error, and so is a number
// that the format of w does not have: NaN, or in JSON 0x1F.
func Any(w Writer, v any) error {
	switch v := v.(type) {
	case nil:
		w.Scalar("null")
	case bool:
		w.Bool(v)
	case string:
		w.String(v)
	case json.Number:
		return number(w, string(v))
	case int:
		w.Int(int64(v))
	case int64:
		w.Int(v)
	case float64:
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return number(w, string(text))
	case []any:
		w.BeginList()
		for i, item := range v {
			if err := Any(w, item); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		w.EndList()
	case map[string]any:
		w.BeginMap()
		if err := Members(w, v); err != nil {
			return err
		}
		w.EndMap()
	default:
		return fmt.Errorf("cannot write a value of type %T", v)
	}
	return nil
}

// Members writes the members of m, sorted, into the map that is being written.
func Members(w Writer, m map[string]any) error {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		w.Key(key)
		if err := Any(w, m[key]); err != nil {
			return fmt.Errorf("%s: %w", strconv.Quote(key), err)
		}
	}
	return nil
}

// number writes a number as its author wrote it, if readers of the format take it
// for one.
func number(w Writer, text string) error {
	_, yaml := w.(*YAML)
	switch {
	case yaml && scalar.Resolve(text) == scalar.Number:
		w.Scalar(text)
	case scalar.IsJSONNumber(text):
		if yaml {
			text = scalar.YAMLNumber(text)
		}
		w.Scalar(text)
	default:
		return fmt.Errorf("cannot write %q: it is no number of the format", text)
	}
	return nil
}
