package emit

import (
	"fmt"
	"slices"
)

// A Model is a [JSON] for structs that have fields of strings and maps and an
// Extra. It keeps the first error. The zero value is ready.
type Model struct {
	JSON
	Err error // of the Extra that could not be written first
}

// Extra writes the members of m, sorted, into the map that is being written, but
// for those of which has says that they were written.
func (w *Model) Extra(m map[string]any, has func(key string) bool) {
	// Any takes an interface, which sends its writer to the heap: a writer of its own
	// and a buffer of its own, so that w and its buffer need not go there.
	c := &JSON{depth: w.depth, open: w.open}
	for _, key := range SortedKeys(nil, m) {
		if has(key) {
			continue
		}
		c.Key(key)
		if err := Any(c, m[key]); err != nil && w.Err == nil {
			w.Err = fmt.Errorf("%s: %w", key, err)
		}
	}
	w.Buf = append(w.Buf, c.Buf...)
	w.open = c.open
}

// WriteStrings writes a list of strings.
func WriteStrings[T ~string](w *Model, items []T) {
	w.BeginList()
	for _, s := range items {
		w.String(string(s))
	}
	w.EndList()
}

// WriteInts writes a list of whole numbers.
func (w *Model) WriteInts(items []int) {
	w.BeginList()
	for _, v := range items {
		w.Int(int64(v))
	}
	w.EndList()
}

// WriteMap writes a map of strings, sorted.
func (w *Model) WriteMap(m map[string]string) {
	var buf [16]string
	w.BeginMap()
	for _, key := range SortedKeys(buf[:0], m) {
		w.Key(key)
		w.String(m[key])
	}
	w.EndMap()
}

// SortedKeys appends the keys of m to keys, which is empty, and sorts them.
func SortedKeys[T any](keys []string, m map[string]T) []string {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
