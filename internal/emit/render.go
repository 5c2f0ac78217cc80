package emit

import (
	"bytes"
	"encoding"
	"sync"
)

// scratch keeps buffers for renderings whose size is not known before.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch is how large a buffer may be that is kept.
const maxScratch = 64 << 10

// Render returns what t appends, in one allocation of its size.
func Render(t encoding.TextAppender) ([]byte, error) {
	buf := scratch.Get().(*[]byte)
	text, err := t.AppendText((*buf)[:0])
	if err != nil {
		scratch.Put(buf)
		return nil, err
	}
	out := bytes.Clone(text)
	release(buf, text)
	return out, nil
}

// Len returns the length of what t appends.
func Len(t encoding.TextAppender) (int, error) {
	buf := scratch.Get().(*[]byte)
	text, err := t.AppendText((*buf)[:0])
	n := len(text)
	release(buf, text)
	return n, err
}

func release(buf *[]byte, text []byte) {
	if cap(text) > maxScratch {
		return
	}
	*buf = text[:0]
	scratch.Put(buf)
}
