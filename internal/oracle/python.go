package oracle

import (
	"math"
	"strconv"
	"strings"
)

// pythonFloat spells a number as Python's repr does.
func pythonFloat(f float64) Float {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	// repr changes to an exponent below 1e-4 and from 1e16 on.
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return Float(strconv.FormatFloat(f, 'e', -1, 64))
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return Float(s)
}
