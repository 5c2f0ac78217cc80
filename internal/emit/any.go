package emit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Any writes what encoding/json makes of a document read with UseNumber: nil,
// bool, string, [json.Number], []any and map[string]any (with its keys sorted),
// and also int, int64 and float64. Anything else is an error.
func Any(w Writer, v any) error {
	switch v := v.(type) {
	case nil:
		w.Scalar("null")
	case bool:
		w.Bool(v)
	case string:
		w.String(v)
	case json.Number:
		w.Scalar(string(v))
	case int:
		w.Int(int64(v))
	case int64:
		w.Int(v)
	case float64:
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		w.Scalar(string(text))
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
	if len(m) == 0 {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		w.Key(key)
		if err := Any(w, m[key]); err != nil {
			return fmt.Errorf("%s: %w", strconv.Quote(key), err)
		}
	}
	return nil
}
