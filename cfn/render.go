package cfn

import (
	"bytes"
	"sync"
)

// AppendText appends the template as YAML: in block style, with short forms
// wherever YAML allows them, a blank line between the sections and between the
// resources. The error names what cannot be written: a value that is nil, or a
// [Number] that is none; dst is then returned as it was.
func (t *Template) AppendText(dst []byte) ([]byte, error) {
	var w writer
	out := w.template(dst, t)
	if w.failed {
		return dst, t.unwritable(yamlNumber)
	}
	return out, nil
}

// Render returns what [Template.AppendText] appends.
func (t *Template) Render() ([]byte, error) { return exact(t.AppendText) }

// AppendJSON appends the template as JSON, with long forms. Numbers that JSON
// does not know are converted (0x1F is 31, 12:30 is 750). The errors are those of
// [Template.AppendText], and a number that JSON cannot express, such as .inf.
func (t *Template) AppendJSON(dst []byte) ([]byte, error) {
	w := writer{json: true}
	out := w.template(dst, t)
	if w.failed {
		return dst, t.unwritable(jsonNumber)
	}
	return out, nil
}

// RenderJSON returns what [Template.AppendJSON] appends.
func (t *Template) RenderJSON() ([]byte, error) { return exact(t.AppendJSON) }

// buffers holds scratch space, so that rendering allocates its result alone.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// exact returns what appendTo appends, in a slice of its exact size.
func exact(appendTo func(dst []byte) ([]byte, error)) ([]byte, error) {
	buf := buffers.Get().(*[]byte)
	out, err := appendTo((*buf)[:0])
	*buf = out
	out = bytes.Clone(out)
	buffers.Put(buf)
	if err != nil {
		return nil, err
	}
	return out, nil
}
