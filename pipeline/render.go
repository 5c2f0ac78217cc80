package pipeline

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// AppendText appends the definition as JSON, the input of create-pipeline: the
// member pipeline and, where there are any, the tags beside it. For
// update-pipeline the tags are left nil. The result is the same for equal
// definitions. Where an Extra holds what JSON has no form for, it returns dst as
// it was, and an error.
func (d *Definition) AppendText(dst []byte) ([]byte, error) {
	w := emit.Model{JSON: emit.JSON{Buf: dst}}
	w.BeginMap()
	w.Name("pipeline")
	d.write(&w)
	if d.Tags != nil {
		w.Name("tags")
		w.BeginList()
		for i := range d.Tags {
			d.Tags[i].write(&w)
		}
		w.EndList()
	}
	if len(d.Beside) > 0 {
		w.Extra(d.Beside, func(key string) bool { return key == "pipeline" || key == "tags" && d.Tags != nil })
	}
	w.EndMap()
	if w.Err != nil {
		return dst, fmt.Errorf("pipeline definition: %w", w.Err)
	}
	return w.Buf, nil
}

// Render returns what [Definition.AppendText] appends.
func (d *Definition) Render() ([]byte, error) { return emit.Render(d) }
