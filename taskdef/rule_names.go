package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

// checkFamily holds the family to what the API takes. ECS makes the ARN of every
// revision of it.
func checkFamily(d *Definition, r *report) {
	switch {
	case lacks(d.Family, d.Extra, "family"):
		r.Addf("family", "missing; a task definition has a family")
	case d.Family != "" && !isPlaceholder(d.Family) && !isName(d.Family, 255):
		r.Addf("family", "found %q, allowed are 1 to 255 letters, digits, hyphens and underscores", d.Family)
	}
}

// isName reports whether s is 1 to limit letters of ASCII, digits, hyphens and
// underscores.
func isName(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isAlnum reports whether c is a letter or a digit of ASCII.
func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// isDigit reports whether c is a digit of ASCII.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// related returns a place in the same file.
func related(d *Definition, path, message string) slipway.Place {
	p := slipway.Place{Pos: d.Source.Position(path), Path: path, Message: message}
	if d.Source != nil {
		p.File = d.Source.File
	}
	return p
}
