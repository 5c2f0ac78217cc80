// Package scalar is the one table of what YAML readers make of a scalar that
// stands without quotes. The reader resolves by it, the writer decides by it
// where quotes are needed.
//
// There is no one answer. PyYAML (the AWS CLI, cfn-lint) reads YAML 1.1 by
// regular expressions of its own, the text of YAML 1.1 says something else, YAML
// 1.2 something else again, and the readers of Go, Ruby and JavaScript lie in
// between. [Resolve] is PyYAML's answer; [IsPlain] wants them all to agree.
package scalar

import "strings"

// Class is what a plain scalar is read as.
type Class uint8

// The classes. A date, a time stamp, = and << are Strings here, although some
// readers make something else of them: see [IsPlain].
const (
	String Class = iota
	Null
	Bool
	Number
)

// String returns the name of the class: "string", "null", "bool" or "number".
func (c Class) String() string {
	return [...]string{"string", "null", "bool", "number"}[c]
}

// Resolve returns what PyYAML, a reader of YAML 1.1, makes of a plain scalar: yes
// is a Bool and y is not, 1e+3 is a String and 1.e+3 is not, 0o17 is a String and
// 017, 0x1F, 0b11, 1_000 and 12:30 are Numbers.
//
// Source: https://github.com/yaml/pyyaml/blob/6.0.2/lib/yaml/resolver.py
func Resolve(s string) Class {
	if s == "" {
		return Null
	}
	switch lead(s[0]) {
	case leadWord:
		return resolveWord(s)
	case leadNumber:
		if isNumberPyYAML(s) {
			return Number
		}
	}
	return String
}

// resolveWord is [Resolve] for what begins like a word that means something.
func resolveWord(s string) Class {
	switch s {
	case "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE",
		"yes", "Yes", "YES", "no", "No", "NO",
		"on", "On", "ON", "off", "Off", "OFF":
		return Bool
	}
	return String
}

// isWord reports whether some reader takes s for something else than its text.
// The readers differ in the letter case that they want; Ruby wants none.
func isWord(s string) bool {
	switch s[0] | 0x20 {
	case 'y':
		return len(s) == 1 || strings.EqualFold(s, "yes")
	case 'n':
		return len(s) == 1 || strings.EqualFold(s, "no") || strings.EqualFold(s, "null")
	case 't':
		return strings.EqualFold(s, "true")
	case 'f':
		return strings.EqualFold(s, "false")
	case 'o':
		return strings.EqualFold(s, "on") || strings.EqualFold(s, "off")
	}
	return s == "~" || s == "=" || s == "<<"
}

// The values of the table [leads].
const (
	leadNever  = 'x' // no plain scalar begins so
	leadAny    = '.' // what follows decides
	leadWord   = 'w' // a word such as yes may begin so
	leadNumber = 'n' // a number, a date or a document marker may begin so
)

// leads says for each ASCII character what a plain scalar is that begins with
// it. A constant, so that it is neither built at start nor ever changed. A colon
// and a question mark could stand before a letter; Ruby reads :a as a symbol.
const leads = "" +
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + // controls
	"xxxx.xxx..xnxnn.nnnnnnnnnnx.wwxx" + //  !"#$%&'()*+,-./0123456789:;<=>?
	"x.....w.......ww....w....w.x.x.." + // @ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_
	"x.....w.......ww....w....w.xxxwx" //   `abcdefghijklmnopqrstuvwxyz{|}~ DEL

func lead(c byte) byte {
	if c < 0x80 {
		return leads[c]
	}
	return leadAny
}
