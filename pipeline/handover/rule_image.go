package handover

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

func checkImageDefinitions(d *ImageDefinitions, r *check.Report) {
	if len(d.Images) == 0 {
		r.Warnf("", "the list is empty, so that a deployment changes no image")
	}
	first := make(map[string]int, len(d.Images))
	for i := range d.Images {
		image := &d.Images[i]
		need(r, image.Name, image.Extra, slipway.Path(i), "name", "the name of a container of the task definition")
		need(r, image.ImageURI, image.Extra, slipway.Path(i), "imageUri", "the image")
		checkURI(r, slipway.Path(i, "imageUri"), image.ImageURI)
		if image.Name == "" {
			continue
		}
		if before, ok := first[image.Name]; ok {
			r.Warnf(slipway.Path(i, "name"), "container %q stands twice, first at [%d]; keep one", image.Name, before)
		} else {
			first[image.Name] = i
		}
	}
}

func checkImageDetail(d *ImageDetail, r *check.Report) {
	need(r, d.ImageURI, d.Extra, "", "ImageURI", "the image")
	checkURI(r, "ImageURI", d.ImageURI)
}

// need reports a member that is absent or empty. A value of another type was
// reported when it was read.
func need(r *check.Report, value string, extra map[string]any, path, key, what string) {
	if value != "" {
		return
	}
	kept, ok := extra[key]
	if ok && kept != nil && kept != "" {
		return
	}
	at := key
	if path != "" {
		at = path + "." + key
	}
	if ok {
		r.Addf(at, "empty, want %s", what)
		return
	}
	for other := range extra {
		if strings.EqualFold(other, key) {
			r.Addf(at, "missing; write %s instead of %s", key, other)
			return
		}
	}
	r.Addf(at, "missing, want %s", what)
}

// checkURI reports what cannot be the name of an image.
func checkURI(r *check.Report, path, uri string) {
	if i := strings.IndexAny(uri, " \t\r\n\"'"); i >= 0 {
		r.Addf(path, "found %q, the name of an image has no %q", uri, uri[i])
	}
}
