// Package emit writes JSON and YAML by appending to a byte slice.
//
// [JSON] and [YAML] have the same verbs, so that a model describes itself once:
//
//	w := emit.YAML{Buf: dst}
//	w.BeginMap()
//	w.Key("version")
//	w.Scalar("0.2")
//	w.Key("phases")
//	w.BeginMap()
//	...
//	w.EndMap()
//	w.EndMap()
//	return w.Buf
//
// The form is fixed: two spaces, LF, a final newline after the document, block
// style, literals for text of several lines, no folding, and quotes exactly
// where a reader of YAML 1.1 or of YAML 1.2 would otherwise read something else
// than the string. Control characters, DEL, NEL, LS, PS, the byte order mark and
// non-characters are escaped, in JSON too, because readers of YAML read JSON. A
// key of more than 1,024 bytes has "? " before it in YAML; JSON has no such thing,
// and PyYAML does not read it there. What is not UTF-8 becomes U+FFFD, each byte
// for itself, as in encoding/json.
//
// A writer does not check that the calls make sense: a value without a key in a
// map, or an End without its Begin, writes nonsense.
package emit

// A Writer is what [JSON] and [YAML] have in common.
type Writer interface {
	// BeginMap and EndMap surround the keys of a map. One without keys is {}.
	BeginMap()
	EndMap()
	// BeginList and EndList surround the values of a list. One without values is [].
	BeginList()
	EndList()
	// Name writes a key that is known to need neither quotes nor escapes.
	Name(name string)
	// Key writes any key.
	Key(key string)
	// String writes a string, which reads back as that string.
	String(s string)
	// Scalar writes text as it is: a number, true, false or null.
	Scalar(text string)
	// Int writes a whole number.
	Int(n int64)
	// Bool writes true or false.
	Bool(b bool)
}
