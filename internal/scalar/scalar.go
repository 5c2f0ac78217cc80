// Package scalar is the one table of what a YAML reader makes of a scalar that
// stands without quotes. The reader uses it to resolve, the writer to decide
// where quotes are needed.
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

// words are the plain scalars that YAML 1.1 or 1.2 reads as something else than
// their text, with what they are in YAML 1.1.
var words = map[string]Class{
	"": Null, "~": Null, "null": Null, "Null": Null, "NULL": Null,
	"true": Bool, "True": Bool, "TRUE": Bool, "false": Bool, "False": Bool, "FALSE": Bool,
	"yes": Bool, "Yes": Bool, "YES": Bool, "no": Bool, "No": Bool, "NO": Bool,
	"on": Bool, "On": Bool, "ON": Bool, "off": Bool, "Off": Bool, "OFF": Bool,
}

// Resolve returns what PyYAML, a reader of YAML 1.1, makes of a plain scalar.
func Resolve(s string) Class {
	if c, ok := words[s]; ok {
		return c
	}
	if isNumber11(s) {
		return Number
	}
	return String
}

// IsPlain reports whether s, written without quotes in block context, is read
// as the string s by every reader of YAML 1.1 and 1.2.
func IsPlain(s string) bool {
	if s == "" || len(s) > 256 {
		return false
	}
	if _, word := words[s]; word {
		return false
	}
	c := s[0]
	if !(c == '/' || c == '$' || c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') || len(s) == 1 && strings.Contains("yYnN", s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return !strings.Contains(s, ": ") && !strings.Contains(s, " #") && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ")
}

func isNumber11(s string) bool {
	digits := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits = true
		case c == '.' && i > 0:
		default:
			return false
		}
	}
	return digits
}
