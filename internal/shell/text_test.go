package shell_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/shell"
)

func TestEqual(t *testing.T) {
	tests := []struct {
		a, b string // as the shell has them
		want shell.Answer
	}{
		{"x", "x", shell.Yes},
		{"x", "y", shell.No},
		{"", "x", shell.No},
		{"$A", "$A", shell.Yes},
		{"$A", "$B", shell.Maybe},
		{"$A", "x", shell.Maybe},
		{"$A", "", shell.Maybe},
		{"$A:latest", "$A:latest", shell.Yes},
		{"$A:latest", "$A:v1", shell.No},
		{"$A:$B", "$A:v1", shell.Maybe},
		{"$A:latest", "$B:v1", shell.No},
		{"$A:latest", "repo:latest", shell.Maybe},
		{"$A:latest", "repo:v1", shell.No},
		{"a/$A:latest", "b/$A:latest", shell.No},
		{"a/$A/b/$B/c", "a/x/b/y/c", shell.Maybe},
		{"a/$A/b/$B/c", "a/x/d/y/c", shell.No},
		{"a$A", "a", shell.Maybe},
		{"a$A", "b", shell.No},
		{"xax$A", "xa", shell.No},
		{"$A${A}x", "${A}x", shell.Maybe},
		{"${A%%:*}", "${A%%:*}", shell.Yes},
		{"$(date)", "$(date)", shell.Maybe},
	}
	for _, test := range tests {
		r := read("", `X="`+test.a+`" Y="`+test.b+`"`)
		x, y := r.Var("X").Value, r.Var("Y").Value
		if got := x.Equal(y); got != test.want {
			t.Errorf("%s = %s: got %s, want %s", x, y, got, test.want)
		}
		if got := y.Equal(x); got != test.want {
			t.Errorf("%s = %s: got %s, want %s", y, x, got, test.want)
		}
	}
}

func TestParts(t *testing.T) {
	x := read("", `X=a/$B:c`).Var("X").Value
	if x.Prefix() != "a/" || x.Suffix() != ":c" || len(x.Parts()) != 3 || x.String() != "a/${B}:c" {
		t.Errorf("got %q %q %v", x.Prefix(), x.Suffix(), x.Parts())
	}
	if _, ok := x.Known(); ok {
		t.Error("known")
	}
	if s, ok := (shell.Text{}).Known(); !ok || s != "" {
		t.Error("the zero value is not the empty text")
	}
}

func TestImageDefinitions(t *testing.T) {
	tests := []struct {
		command string
		want    string // name and URI of each image; or the error
	}{
		{`printf '[{"name":"web","imageUri":"%s"}]' "$URI"`, "web=${URI}"},
		{`echo '[ {"name": "a", "imageUri": "x:1", "more": [1, null, true, {}]} , {"imageUri":"y","name":"b\u0041\n"} ]'`, "a=x:1 bA\n=y"},
		{`echo "[{\"name\":\"$NAME-app\",\"imageUri\":\"$A/$B:$C\"}]"`, "${NAME}-app=${A}/${B}:${C}"},
		{`echo '[]'`, ""},
		{`echo "$JSON"`, "?"},
		{`echo "[$ITEMS]"`, "?"},
		{`echo "[{\"name\":\"a\",\"imageUri\":$URI}]"`, "?"},
		{`echo '[{"name":"a","imageUri":"x"}]'"$MORE"`, "?"},
		{`echo "[{\"$KEY\":\"a\",\"imageUri\":\"x\"}]"`, "?"},
		{`echo "[{\"name\":\"a\",\"imageUri\":\"$X]"`, "?"},
		{`echo ''`, "it is no JSON: it is empty"},
		{`echo '{"name":"a","imageUri":"x"}'`, "it is an object, want an array of objects with name and imageUri"},
		{`echo '[{"name":"a"}]'`, "item 0 has no imageUri"},
		{`echo '[{"name":"a","imageURI":"x"}]'`, "item 0 has imageURI instead of imageUri"},
		{`echo '[{"name":1,"imageUri":"x"}]'`, "item 0 has a number as name, want a text"},
		{`echo '["a"]'`, "item 0 is a text, want an object with name and imageUri"},
		{`echo "[{'name':'a','imageUri':'x'}]"`, `it is no JSON: found "'name':'a','", want a name in double quotes`},
		{`echo [{"name":"a","imageUri":"$URI"}]`, `it is no JSON: found "name:a] [ima", want a value; texts stand in double quotes`},
		{`echo '[{"name":"a","imageUri":"x"}'`, "it is no JSON: found the end, want a comma or ]"},
		{`echo '[{"name":"a","imageUri":"x"},]'`, `it is no JSON: found "]", want a value; texts stand in double quotes`},
		{`echo '[{"name":"a" "imageUri":"x"}]'`, `it is no JSON: found "\"imageUri\":\"", want a comma or }`},
		{`echo '[{"name":"a","imageUri":"x"}] x'`, `it is no JSON: found "x" after the end of the value`},
		{`echo "[{\"name\":\"a\",\"imageUri\":\"x"`, "it is no JSON: found the character '\\n' in a text, which must be escaped there"},
	}
	for _, test := range tests {
		f := read("bash", test.command+" > f").File("f")
		images, err := shell.ImageDefinitions(f.Content)
		var got []string
		for _, i := range images {
			got = append(got, i.Name.String()+"="+i.URI.String())
		}
		s := strings.Join(got, " ")
		if errors.Is(err, shell.ErrUnknown) {
			s = "?"
		} else if err != nil {
			s = err.Error()
		}
		if s != test.want {
			t.Errorf("%s: got %q, want %q", test.command, s, test.want)
		}
	}
}

func TestImageDetail(t *testing.T) {
	tests := []struct{ command, uri, err string }{
		{`printf '{"ImageURI":"%s"}' "$URI"`, "${URI}", ""},
		{`printf '{"imageUri":"%s"}' "$URI"`, "", "it has imageUri instead of ImageURI"},
		{`printf '[{"name":"a","imageUri":"%s"}]' "$URI"`, "", "it is an array, want an object with ImageURI"},
		{`printf '{}'`, "", "it has no ImageURI"},
		{`printf "$X"`, "", shell.ErrUnknown.Error()},
	}
	for _, test := range tests {
		image, err := shell.ImageDetail(read("", test.command+" > f").File("f").Content)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if image.URI.String() != test.uri || message != test.err {
			t.Errorf("%s: got %s, %q", test.command, image.URI, message)
		}
	}
	if err := shell.CheckJSON(shell.Literal(`{"a":[1.5e3,-2]}`)); err != nil {
		t.Error(err)
	}
}
