package taskdef

import (
	"bytes"
	"encoding/json"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// checkSize measures the definition without the blanks of its indentation.
func checkSize(d *Definition, r *report) {
	const limit = 64 << 10
	if n, err := emit.Len(d); err != nil || n <= limit {
		return
	}
	text, err := d.Render()
	if err != nil {
		return
	}
	var b bytes.Buffer
	if json.Compact(&b, text) == nil && b.Len() > limit {
		r.Addf("", "the definition has %d bytes, at most %d are allowed", b.Len(), limit)
	}
}
