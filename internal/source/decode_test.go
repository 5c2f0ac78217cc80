package source_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-b1f00840/slipway/internal/source"
)

func node(t *testing.T, text string) *source.Node {
	t.Helper()
	n, problems := source.YAML("f", []byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestScalars(t *testing.T) {
	for text, want := range map[string]struct {
		kind  source.Kind
		text  string
		plain bool
		tag   string
	}{
		"yes":               {source.Bool, "yes", true, ""},
		"'yes'":             {source.String, "yes", false, ""},
		"y":                 {source.String, "y", true, ""},
		"3.10":              {source.Number, "3.10", true, ""},
		"0123":              {source.Number, "0123", true, ""},
		"12:30":             {source.Number, "12:30", true, ""},
		"1e3":               {source.String, "1e3", true, ""},
		"2012-10-17":        {source.String, "2012-10-17", true, ""},
		"~":                 {source.Null, "~", true, ""},
		"!Ref 12":           {source.String, "12", true, "!Ref"},
		"!!str 12":          {source.String, "12", true, ""},
		"! 12":              {source.String, "12", true, ""},
		"!!int '12'":        {source.Number, "12", false, ""},
		"!!int twelve":      {source.String, "twelve", true, ""},
		"!!float 1e3":       {source.Number, "1e3", true, ""},
		"!!bool 'on'":       {source.Bool, "on", false, ""},
		"!!bool ''":         {source.String, "", false, ""},
		"!!null ''":         {source.Null, "", false, ""},
		"!!binary YQ==":     {source.String, "YQ==", true, ""},
		"!!timestamp 2001-": {source.String, "2001-", true, ""},
		"|\n  a\n  b\n":     {source.String, "a\nb\n", false, ""},
		">-\n  a\n  b\n":    {source.String, "a b", false, ""},
		"!Sub |\n  1\n":     {source.String, "1\n", false, "!Sub"},
		"&a 1":              {source.Number, "1", true, ""},
	} {
		n := node(t, "a: "+text+"\n").Get("a")
		if n.Kind != want.kind || n.Text != want.text || n.Plain != want.plain || n.Tag != want.tag {
			t.Errorf("%s is %v %q, plain %t, tag %q, want %v", text, n.Kind, n.Text, n.Plain, n.Tag, want)
		}
	}
}

func TestAny(t *testing.T) {
	const text = "a: [1, 2.50, 'x', on, Off, ~]\nb: {c: {}, d: []}\ne: !Ref f\n2: g\n"
	want := map[string]any{
		"a": []any{json.Number("1"), json.Number("2.50"), "x", true, false, nil},
		"b": map[string]any{"c": map[string]any{}, "d": []any{}},
		"e": "f",
		"2": "g",
	}
	if diff := cmp.Diff(want, node(t, text).Any()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestIsTrue(t *testing.T) {
	for text, want := range map[string]bool{
		"true": true, "True": true, "TRUE": true, "yes": true, "Yes": true, "on": true, "ON": true,
		"false": false, "no": false, "No": false, "off": false, "OFF": false, "": false,
	} {
		if got := source.IsTrue(text); got != want {
			t.Errorf("IsTrue(%q) = %t", text, got)
		}
	}
}

// Aliases and merge keys are expanded, and what stands in the map itself wins.
func TestMerge(t *testing.T) {
	const text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{x: 4}, *a], z: *a}\n'<<': d\ne: &e f\n*e : g\n!!str <<: h\n"
	n, problems := source.YAML("f", []byte(text))
	a := map[string]any{"x": json.Number("1"), "y": json.Number("2")}
	want := map[string]any{
		"a": a, "b": map[string]any{"x": json.Number("1"), "y": json.Number("3")},
		"c": map[string]any{"x": json.Number("4"), "y": json.Number("2"), "z": a}, "e": "f", "f": "g", "<<": "h",
	}
	if diff := cmp.Diff(want, n.Any()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if got, want := problems.Error(), `f:7:1: key "<<" stands twice, first at 4:1; keep one (file/duplicate-key)`; got != want {
		t.Errorf("problems are %s, want %s", got, want)
	}
}

func TestDecoder(t *testing.T) {
	n := node(t, "s: text\nb: yes\ni: -0x10\nl: [1]\nm: {k: v}\nr: !Ref x\nbig: 3000000000\nn: 80\nq: '80'\nz:\n")
	d := source.Decoder{File: "f"}
	var s string
	var b bool
	var i int64
	if !d.String(&s, n.Get("s")) || !d.Bool(&b, n.Get("b")) || !d.Int(&i, n.Get("i"), 32) || !d.List(n.Get("l")) || !d.Map(n.Get("m")) {
		t.Errorf("problems: %v", d.Problems)
	}
	if s != "text" || !b || i != -16 {
		t.Errorf("read %q %t %d", s, b, i)
	}
	d.Enter("list")
	d.Enter(2)
	d.Enter("a.b")
	for _, ok := range []bool{
		d.String(&s, n.Get("n")), d.String(&s, n.Get("r")), d.String(&s, n.Get("l")), d.Bool(&b, n.Get("s")),
		d.Int(&i, n.Get("big"), 32), d.Int(&i, n.Get("q"), 32), d.List(n.Get("m")), d.Map(n.Get("z")),
	} {
		if ok {
			t.Error("a value that does not fit was read")
		}
	}
	d.Leave()
	d.Leave()
	d.Leave()
	if s != "text" || !b || i != -16 || d.Path() != "" {
		t.Errorf("a value that does not fit changed something: %q %t %d %q", s, b, i, d.Path())
	}
	const want = `f:8:4: list[2]["a.b"]: found a number "80", want a string (file/type)
f:6:4: list[2]["a.b"]: found !Ref with a string "x", want a string (file/type)
f:4:4: list[2]["a.b"]: found a list, want a string (file/type)
f:1:4: list[2]["a.b"]: found a string "text", want true or false (file/type)
f:7:6: list[2]["a.b"]: found a number "3000000000", want a whole number (file/type)
f:9:4: list[2]["a.b"]: found a string "80", want a whole number (file/type)
f:5:4: list[2]["a.b"]: found a map, want a list (file/type)
f:10:3: list[2]["a.b"]: found null, want a map (file/type)`
	if diff := cmp.Diff(want, d.Problems.Error()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestDecoderUnknown(t *testing.T) {
	known := []string{"containerDefinitions", "taskRoleArn", "install", "pre_build", "build", "cpu"}
	d := source.Decoder{}
	for _, key := range []string{"ContainerDefinitions", "containerdefinition", "pre-build", "prebuild", "biuld", "instal", "cp", "xyz", "é", strings.Repeat("x", 100)} {
		d.Unknown(source.Member{Key: key}, known)
	}
	want := strings.ReplaceAll(`ContainerDefinitions: unknown key; did you mean containerDefinitions?
containerdefinition: unknown key; did you mean containerDefinitions?
pre-build: unknown key; did you mean pre_build?
prebuild: unknown key; did you mean pre_build?
biuld: unknown key; did you mean build?
instal: unknown key; did you mean install?
cp: unknown key; KNOWN
xyz: unknown key; KNOWN
é: unknown key; KNOWN
`+strings.Repeat("x", 100)+`: unknown key; KNOWN`, "KNOWN", "known here are "+strings.Join(known, ", "))
	if got := strings.ReplaceAll(d.Problems.Error(), " (file/unknown-key)", ""); got != want {
		t.Errorf("mismatch (-want +got):\n%s", cmp.Diff(want, got))
	}
}

func TestKeep(t *testing.T) {
	var extra map[string]any
	for _, m := range node(t, "a: [1]\nb: c\n").Members {
		source.Keep(&extra, m)
	}
	if diff := cmp.Diff(map[string]any{"a": []any{json.Number("1")}, "b": "c"}, extra); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// Both readers give the same places, in characters, for the same text.
func TestPositions(t *testing.T) {
	const text = "{\"日本\": \"é\", \"b\": [1,\r\n  {\"c\": true}],\r\n \"😀\": {}}\n"
	y, problems := source.YAML("f", []byte(text))
	j, more := source.JSON("f", []byte(text))
	if err := append(problems, more...).Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(y, j, cmpopts.IgnoreFields(source.Node{}, "Plain"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("YAML and JSON differ (-yaml +json):\n%s", diff)
	}
	for path, want := range map[string]string{"日本": "1:2", "b": "1:13", "b[0]": "1:19", "b[1].c": "2:4", "😀": "3:2"} {
		if got := j.Locate(path).String(); got != want {
			t.Errorf("Locate(%s) = %s, want %s", path, got, want)
		}
	}
}
