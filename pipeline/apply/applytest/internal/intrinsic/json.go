package intrinsic

import (
	"bytes"
	"encoding/json"

	"github.com/seed-b1f00840/slipway/cfn"
)

// JSON returns an evaluated value as JSON on one line, with all scalars as texts: the
// form in which CloudFormation shows the properties of a resource.
func JSON(v cfn.Value) string {
	var b bytes.Buffer
	writeJSON(&b, v)
	return b.String()
}

func writeJSON(b *bytes.Buffer, v cfn.Value) {
	switch v := v.(type) {
	case nil, cfn.Null:
		b.WriteString("null")
	case cfn.List:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, e)
		}
		b.WriteByte(']')
	case cfn.Object:
		b.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, m.Key)
			b.WriteByte(':')
			writeJSON(b, m.Value)
		}
		b.WriteByte('}')
	default:
		text, _ := Scalar(v)
		writeText(b, text)
	}
}

func writeText(b *bytes.Buffer, text string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)    // a text can always be written, and a Buffer takes all
	b.Truncate(b.Len() - 1) // the line break
}
