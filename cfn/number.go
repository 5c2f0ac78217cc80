package cfn

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/internal/scalar"
)

// maxNumber is the longest number that is converted between notations.
const maxNumber = 256

// yamlNumber returns a number as readers of YAML 1.1 and 1.2 take it for one,
// which is its text but for exponents: 1e3 is text in YAML 1.1, 1.0e+3 is not.
func yamlNumber(text string) (string, bool) {
	if isDigits(text) {
		return text, true
	}
	if scalar.IsJSONNumber(text) {
		return scalar.YAMLNumber(text), true
	}
	return text, scalar.Resolve(text) == scalar.Number
}

// isDigits reports whether s is a decimal without a sign and a leading zero.
func isDigits(s string) bool {
	if s == "" || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// jsonNumber returns a number of YAML 1.1 as JSON writes it: 0x1F is 31, 012 is
// 10, 1_000 is 1000, 12:30 is 750 and .5 is 0.5. There is none for .inf and .nan,
// and none for what is no decimal and has more than 64 bits.
func jsonNumber(text string) (string, bool) {
	if scalar.IsJSONNumber(text) {
		return text, true
	}
	if len(text) > maxNumber || scalar.Resolve(text) != scalar.Number {
		return "", false
	}
	if n, ok := scalar.Int(text); ok {
		return strconv.FormatInt(n, 10), true
	}
	s, sign := strings.ReplaceAll(text, "_", ""), ""
	switch s[0] {
	case '-':
		sign, s = "-", s[1:]
	case '+':
		s = s[1:]
	}
	whole, fraction, isFloat := strings.Cut(s, ".")
	if strings.Contains(whole, ":") {
		n, ok := scalar.Int(whole)
		if !ok {
			return "", false
		}
		whole = strconv.FormatInt(n, 10)
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if isFloat {
		if fraction == "" || fraction[0]|0x20 == 'e' {
			fraction = "0" + fraction
		}
		whole += "." + fraction
	}
	out := sign + whole
	return out, scalar.IsJSONNumber(out)
}
