package cfn

import (
	"math/big"
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
	if !isJSONNumber(text) {
		return text, scalar.Resolve(text) == scalar.Number
	}
	mantissa, exponent, ok := strings.Cut(strings.Replace(text, "E", "e", 1), "e")
	if !ok {
		return text, true
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent[0] != '-' && exponent[0] != '+' {
		exponent = "+" + exponent
	}
	return mantissa + "e" + exponent, true
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
// 10, 1_000 is 1000, 12:30 is 750 and .5 is 0.5. There is none for .inf and .nan.
func jsonNumber(text string) (string, bool) {
	if isJSONNumber(text) {
		return text, true
	}
	if len(text) > maxNumber || scalar.Resolve(text) != scalar.Number {
		return "", false
	}
	s := strings.ReplaceAll(text, "_", "")
	sign := ""
	switch {
	case strings.HasPrefix(s, "-"):
		sign, s = "-", s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, fraction, isFloat := strings.Cut(s, ".")
	var n *big.Int
	var ok bool
	switch {
	case strings.Contains(whole, ":"):
		n, ok = sexagesimal(whole)
	case isFloat && whole == "":
		n, ok = new(big.Int), true
	case isFloat:
		n, ok = new(big.Int).SetString(whole, 10)
	default:
		n, ok = new(big.Int).SetString(whole, 0)
	}
	if !ok {
		return "", false
	}
	out := sign + n.String()
	if isFloat {
		if fraction == "" || fraction[0]|0x20 == 'e' {
			fraction = "0" + fraction
		}
		out += "." + fraction
	}
	return out, isJSONNumber(out)
}

// sexagesimal returns 12:30 as 750.
func sexagesimal(s string) (*big.Int, bool) {
	n, sixty := new(big.Int), big.NewInt(60)
	for part := range strings.SplitSeq(s, ":") {
		digit, ok := new(big.Int).SetString(part, 10)
		if !ok {
			return nil, false
		}
		n.Add(n.Mul(n, sixty), digit)
	}
	return n, true
}

// isJSONNumber reports whether s is a number of JSON.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	n := digits(s)
	if n == 0 || s[0] == '0' && n > 1 {
		return false
	}
	s = s[n:]
	if strings.HasPrefix(s, ".") {
		n = digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s == "" {
		return true
	}
	if s[0]|0x20 != 'e' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// digits returns how many decimal digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
