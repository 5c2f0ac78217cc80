package taskdef

import (
	"strings"
)

// checkImages looks at the characters and the length of an image's name; of a name
// with a digest, only what stands before the @ counts.
func checkImages(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		path := "image"
		switch name, _, _ := strings.Cut(c.Image, "@"); {
		case lacks(c.Image, c.Extra, path):
			r.Addf(container(i, path), "missing; a container has an image")
		case c.Image == "" || isPlaceholder(c.Image):
		case !isImage(c.Image):
			r.Addf(container(i, path), "found %q, allowed are letters, digits and - _ : . / # @", c.Image)
		case len(name) > 255:
			r.Addf(container(i, path), "the image's name has %d characters, at most 255 are allowed", len(name))
		}
	}
}

// isImage reports whether s has no other character than the API allows.
func isImage(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && strings.IndexByte("-_:./#@", c) < 0 {
			return false
		}
	}
	return true
}
