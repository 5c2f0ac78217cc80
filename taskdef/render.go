package taskdef

import (
	"github.com/seed-b1f00840/slipway/internal/emit"
)

// AppendText appends the definition as JSON, as [Definition.Render] returns it. On
// an error it returns dst as it was.
func (d *Definition) AppendText(dst []byte) ([]byte, error) {
	w := emit.Model{JSON: emit.JSON{Buf: dst}}
	d.write(&w)
	if w.Err != nil {
		return dst, w.Err
	}
	return w.Buf, nil
}

// Render returns the definition as JSON, indented by two spaces, with a final
// newline. Members stand in the order of the fields, map keys sorted; the same
// value always gives the same bytes. The only error is a value in an Extra that
// JSON does not have.
func (d *Definition) Render() ([]byte, error) {
	return emit.Render(d)
}
