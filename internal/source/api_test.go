package source_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/source"
)

type thing struct {
	Name  string
	Text  *string
	Count *int
	Must  int
	On    *bool
	Args  []string
	Opts  map[string]string
	Inner *thing
	Extra map[string]any
}

func decodeThing(d *source.APIDecoder, t *thing, n *source.Node) bool {
	known := []string{"name", "text", "count", "must", "on", "args", "opts", "inner"}
	ok := d.Object(n, known, &t.Extra, func(m source.Member) bool {
		switch m.Key {
		case "name":
			return source.ReadText(d, &t.Name, m.Value)
		case "text":
			return source.ReadTextPointer(d, &t.Text, m.Value)
		case "count":
			return source.ReadPointer(d, &t.Count, m.Value, source.ReadInt)
		case "must":
			return source.ReadInt(d, &t.Must, m.Value)
		case "on":
			return source.ReadPointer(d, &t.On, m.Value, source.ReadBool)
		case "args":
			return source.ReadSlice(d, &t.Args, m.Value, source.ReadAnyText)
		case "opts":
			return source.ReadMap(d, &t.Opts, m.Value, source.ReadAnyText)
		case "inner":
			return source.ReadPointer(d, &t.Inner, m.Value, decodeThing)
		}
		return false
	})
	d.Missing(n, "must", "a whole number")
	return ok
}

func TestAPIDecoder(t *testing.T) {
	tests := []struct {
		name, in string
		want     thing
		problems []string
	}{
		{name: "all", in: `{"name":"a","text":"","count":0,"must":1,"on":false,"args":["x",""],"opts":{"k":""},"inner":{"must":2}}`,
			want: thing{Name: "a", Text: new(""), Count: new(0), Must: 1, On: new(false), Args: []string{"x", ""},
				Opts: map[string]string{"k": ""}, Inner: &thing{Must: 2}}},
		{name: "nulls", in: `{"must":1,"name":null,"args":[null,"x"],"opts":{"k":null},"inner":null}`,
			want:     thing{Must: 1, Args: []string{"x"}, Opts: map[string]string{}},
			problems: []string{"f:1:18: info: 4 members are null and were dropped, the first here (file/null)"}},
		{name: "empty string", in: `{"must":1,"name":""}`,
			want:     thing{Must: 1, Extra: map[string]any{"name": ""}},
			problems: []string{"f:1:18: warning: name: empty string; leave the member out (file/empty-string)"}},
		{name: "wrong types", in: `{"must":1,"count":"80","args":["x",1],"opts":{"k":true},"inner":[]}`,
			want: thing{Must: 1, Extra: map[string]any{"count": "80", "args": []any{"x", json.Number("1")},
				"opts": map[string]any{"k": true}, "inner": []any{}}},
			problems: []string{
				`f:1:19: count: found a string "80", want a whole number (file/type)`,
				`f:1:36: args[1]: found a number "1", want a string (file/type)`,
				`f:1:51: opts.k: found a boolean "true", want a string (file/type)`,
				`f:1:65: inner: found a list, want a map (file/type)`,
			}},
		{name: "too large", in: `{"must":2147483648}`,
			want:     thing{Extra: map[string]any{"must": json.Number("2147483648")}},
			problems: []string{`f:1:9: must: found a number "2147483648", want a whole number (file/type)`}},
		{name: "placeholder", in: `{"must":1,"count":"${N}"}`,
			want:     thing{Must: 1, Extra: map[string]any{"count": "${N}"}},
			problems: []string{`f:1:19: warning: count: found the placeholder "${N}" in quotes, want a whole number without (file/type)`}},
		{name: "missing", in: `{"inner":{}}`,
			want: thing{Inner: &thing{}},
			problems: []string{
				`f:1:10: inner: must is missing, want a whole number (file/type)`,
				`f:1:1: must is missing, want a whole number (file/type)`,
			}},
		{name: "unknown", in: `{"must":1,"Name":"a"}`,
			want:     thing{Must: 1, Extra: map[string]any{"Name": "a"}},
			problems: []string{`f:1:11: Name: unknown key; did you mean name? (file/unknown-key)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, problems := source.JSON("f", []byte(tt.in))
			if n == nil {
				t.Fatal(problems)
			}
			d := source.APIDecoder{Decoder: source.Decoder{File: "f"}}
			var got thing
			decodeThing(&d, &got, n)
			var lines []string
			for _, p := range d.Done() {
				lines = append(lines, p.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mismatch (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, lines); diff != "" {
				t.Errorf("problems mismatch (-want +got)\n%s", diff)
			}
		})
	}
}
