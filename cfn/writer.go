package cfn

import (
	"github.com/seed-b1f00840/slipway/internal/emit"
	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// A writer appends the parts of a template to a slice, as YAML or as JSON. Where
// it fails it goes on, and what it wrote is thrown away.
//
// Its methods hand the slice on instead of keeping it, and are told where they
// write instead of remembering it, which makes them twice as fast as [emit.YAML].
// depth is the number of maps and lists around a value; dash tells that a dash
// stands before it in YAML, so that its first key follows on the same line. In
// YAML a value ends its line; in JSON a member begins one.
type writer struct {
	json   bool
	failed bool
}

const sixteen = "                "

// indent appends the indentation of a depth.
func indent(dst []byte, depth int) []byte {
	n := 2 * depth
	for ; n > len(sixteen); n -= len(sixteen) {
		dst = append(dst, sixteen...)
	}
	return append(dst, sixteen...)[:len(dst)+n]
}

func newline(dst []byte, depth int) []byte { return indent(append(dst, '\n'), depth) }

// beginMap begins a map that has members.
func (w *writer) beginMap(dst []byte, dash bool) []byte {
	switch {
	case w.json:
		return append(dst, '{')
	case dash:
		return append(dst, ' ')
	}
	return append(dst, '\n')
}

func (w *writer) endMap(dst []byte, depth int) []byte {
	if w.json {
		return append(newline(dst, depth), '}')
	}
	return dst
}

// emptyMap appends a map without members.
func (w *writer) emptyMap(dst []byte) []byte {
	if w.json {
		return append(dst, "{}"...)
	}
	return append(dst, " {}\n"...)
}

// name appends a key that needs no quotes. depth counts the map that it is in;
// same tells that it stands behind a dash.
func (w *writer) name(dst []byte, name string, depth int, same bool) []byte {
	if w.json {
		return w.jsonKey(dst, name, depth)
	}
	if !same {
		dst = indent(dst, depth-1)
	}
	return append(append(dst, name...), ':')
}

// maxKey is the number of characters that a key of YAML may have without the
// indicator "? " before it.
const maxKey = 1024

// key appends any key.
func (w *writer) key(dst []byte, key string, depth int, same bool) []byte {
	if w.json {
		return w.jsonKey(dst, key, depth)
	}
	if !same {
		dst = indent(dst, depth-1)
	}
	if len(key) <= maxKey && scalar.IsPlain(key) {
		return append(append(dst, key...), ':')
	}
	start := len(dst)
	dst = append(emit.AppendYAMLKey(dst, key), ':')
	if len(dst)-start <= maxKey {
		return dst
	}
	dst = emit.AppendYAMLKey(append(dst[:start], "? "...), key)
	return append(newline(dst, depth-1), ':')
}

// jsonKey begins the line of a member of JSON.
func (w *writer) jsonKey(dst []byte, key string, depth int) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = emit.AppendJSONString(newline(dst, depth), key)
	return append(dst, ": "...)
}

func (w *writer) string(dst []byte, s string, depth int) []byte {
	if w.json {
		return emit.AppendJSONString(dst, s)
	}
	return w.line(append(dst, ' '), s, depth)
}

// line appends a string and the end of its line. It asks itself whether the
// string is plain, as most are, to save a call.
func (w *writer) line(dst []byte, s string, depth int) []byte {
	if scalar.IsPlain(s) {
		return append(append(dst, s...), '\n')
	}
	return append(emit.AppendYAMLString(dst, s, depth), '\n')
}

// scalar appends text as it is.
func (w *writer) scalar(dst []byte, text string) []byte {
	if w.json {
		return append(dst, text...)
	}
	dst = append(append(dst, ' '), text...)
	return append(dst, '\n')
}

// beginList begins a list that has items.
func (w *writer) beginList(dst []byte, dash bool) []byte {
	switch {
	case w.json:
		return append(dst, '[')
	case dash:
		return append(dst, ' ')
	}
	return append(dst, '\n')
}

// item begins an item of a list; depth counts the list.
func (w *writer) item(dst []byte, depth int, same bool) []byte {
	switch {
	case w.json:
		if dst[len(dst)-1] != '[' {
			dst = append(dst, ',')
		}
		return newline(dst, depth)
	case !same:
		dst = indent(dst, depth-1)
	}
	return append(dst, '-')
}

func (w *writer) endList(dst []byte, depth int) []byte {
	if w.json {
		return append(newline(dst, depth), ']')
	}
	return dst
}

// emptyList appends a list without items.
func (w *writer) emptyList(dst []byte) []byte {
	if w.json {
		return append(dst, "[]"...)
	}
	return append(dst, " []\n"...)
}

// open begins a function: a tag in YAML, with a blank before it, and a map with
// one key in JSON. It returns the depth of its argument.
func (w *writer) open(dst []byte, tag, name string, depth int) ([]byte, int) {
	if w.json {
		return w.jsonKey(append(dst, '{'), name, depth+1), depth + 1
	}
	return append(dst, tag...), depth
}

// close ends what open began.
func (w *writer) close(dst []byte, depth int) []byte { return w.endMap(dst, depth) }
