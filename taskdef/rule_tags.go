package taskdef

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
)

// checkTags holds keys and values to what all of AWS wants of tags.
func checkTags(d *Definition, r *report) {
	if n := len(d.Tags); n > 50 {
		r.Addf("tags", "found %d tags, at most 50 are allowed", n)
	}
	for i := range d.Tags {
		t := &d.Tags[i]
		if t.Key != "" && !isPlaceholder(t.Key) {
			checkTagText(r, slipway.Path("tags", i, "key"), t.Key, 128)
			for j := range d.Tags[:i] {
				if d.Tags[j].Key == t.Key {
					r.Addf(slipway.Path("tags", i, "key"), "%q is also the key of tag %d; keys are unique", t.Key, j+1)
					break
				}
			}
		}
		if t.Value != nil && !isPlaceholder(*t.Value) {
			checkTagText(r, slipway.Path("tags", i, "value"), *t.Value, 256)
		}
	}
}

// checkTagText looks at a key or a value of at most limit characters.
func checkTagText(r *report, path, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		r.Addf(path, "has %d characters, at most %d are allowed", n, limit)
	}
	if len(s) >= 4 && strings.EqualFold(s[:4], "aws:") {
		r.Addf(path, "found %q; what begins with aws: is reserved for AWS", s)
	}
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.Is(unicode.Z, c) && !strings.ContainsRune("_.:/=+-@", c) {
			r.Addf(path, "found the character %q, allowed are letters, digits, blanks and _ . : / = + - @", c)
			break
		}
	}
}
