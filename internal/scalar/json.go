package scalar

import "strings"

// IsJSONNumber reports whether s is a number as JSON writes it.
func IsJSONNumber(s string) bool {
	digits := func(s string) string { return s[skip(s, 0, digit):] }
	s = strings.TrimPrefix(s, "-")
	rest := digits(s)
	if rest == s || s[0] == '0' && len(s)-len(rest) > 1 {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		if rest = digits(fraction); rest == fraction {
			return false
		}
	}
	return isExponentAnywhere(rest)
}

// YAMLNumber returns a number of JSON as every reader of YAML reads it: PyYAML
// wants a point and a sign where there is an exponent, 1e3 is 1.0e+3.
func YAMLNumber(s string) string {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e")
	if !ok {
		return s
	}
	if strings.IndexByte(mantissa, '.') < 0 {
		mantissa += ".0"
	}
	if !isSign(exponent[0]) {
		exponent = "+" + exponent
	}
	return mantissa + "e" + exponent
}
