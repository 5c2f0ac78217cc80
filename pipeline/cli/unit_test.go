package cli

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestSnippet(t *testing.T) {
	long := strings.Repeat("あ", 100) + "key: value" + strings.Repeat("x", 100)
	for _, test := range []struct {
		name, line string
		column     int
		want       string
	}{
		{"word", "  name: shop", 3, "  name: shop\n  ^~~~"},
		{"quoted", `"na me": "shop"`, 10, "\"na me\": \"shop\"\n         ^~~~~~"},
		{"open quote", `x: "shop`, 4, "x: \"shop\n   ^~~~~"},
		{"tab", "\tname: x", 2, "    name: x\n    ^~~~"},
		{"wide", "名前: 東京 x", 5, "名前: 東京 x\n      ^~~~"},
		{"combining", "e\u0301: x", 5, "e\u0301: x\n   ^"},
		{"blank", "a  b", 2, "a  b\n ^"},
		{"picture", "🚢 ship", 3, "🚢 ship\n   ^~~~"},
		{"control", "a\x1b[2J: b", 8, `a\x1b[2J: b` + "\n          ^"},
		{"bidirectional", "a\u202e b", 4, `a\u202e b` + "\n        ^"},
		{"no UTF-8", "a\xff b", 4, `a\xff b` + "\n      ^"},
		{"end of line", "name:", 6, "name:\n     ^"},
		{"after the end", "name:", 9, "name:"},
		{"no column", "name: x", 0, "name: x"},
		{"empty", "", 1, "\n^"},
		{"long", long, 101, "…" + strings.Repeat("あ", 25) + "key: value" + strings.Repeat("x", 40) + "…\n" + strings.Repeat(" ", 51) + "^~~"},
	} {
		t.Run(test.name, func(t *testing.T) {
			shown, carets := snippet(test.line, test.column)
			if carets != "" {
				shown += "\n" + carets
			}
			if diff := cmp.Diff(test.want, shown); diff != "" {
				t.Errorf("mismatch (-want +got)\n%s", diff)
			}
		})
	}
}

func TestLines(t *testing.T) {
	s := sources{"f": &text{data: []byte("\ufeffa\r\nb\rc\n\nd")}, "empty": new(text), "nil": nil}
	for n, want := range []string{1: "a", 2: "b", 3: "c", 4: "", 5: "d"} {
		if got, ok := s.line("f", n); got != want || ok != (n > 0) {
			t.Errorf("line %d: got %q, %t, want %q", n, got, ok, want)
		}
	}
	for _, file := range []string{"f", "empty", "nil", "other"} {
		if got, ok := s.line(file, 6); ok {
			t.Errorf("line 6 of %s: got %q", file, got)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain ß 東京":       "plain ß 東京",
		"a\nb\tc":          `a\nb\tc`,
		"\x1b[31m\x9b\x7f": `\x1b[31m\x9b\x7f`,
		"\u0085\u2028":     `\u0085\u2028`,
		"\u2066\ufeff":     `\u2066\ufeff`,
	} {
		if got := escape(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

// Lines of others do not pass for lines of the program.
func TestEscapeText(t *testing.T) {
	const want = "no\n        slipway: all is well\n        \\x1b[2J"
	if got := escapeText("no\nslipway: all is well\r\n\x1b[2J"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		rule, file    bool
	}{
		{"taskdef/*", "taskdef/size", true, true},
		{"*", "taskdef/size", true, false},
		{"**", "taskdef/size", true, true},
		{"*/size", "taskdef/size", true, true},
		{"*size", "taskdef/fargate-size", true, false},
		{"a/**/z", "a/b/c/z", true, true},
		{"a/*/z", "a/b/c/z", true, false},
		{"**/z", "z", false, true},
		{"a?c", "abc", true, true},
		{"a?c", "a/c", false, false},
		{"", "a", false, false},
		{"a", "", false, false},
		{"*a*a*a*a*a*a*b", strings.Repeat("a", 100), false, false},
		{"a/*b*c", "a/xbxbxc", true, true},
		{"**/a*z", "x/ab/az", true, true},
		{"**/a*z", "x/ab/bz", true, false},
		{"**/*.json", "deploy/a/taskdef.json", true, true},
		{"deploy/**", "deploy/a/b", true, true},
		{"deploy/*", "deploy/a/b", true, false},
		{strings.Repeat("**/a*", 20) + "b", strings.Repeat("a/", 500), false, false},
	} {
		if got := matchRule(test.pattern, test.name); got != test.rule {
			t.Errorf("rule %q, %q: got %t", test.pattern, test.name, got)
		}
		if got := matchFile(test.pattern, test.name); got != test.file {
			t.Errorf("file %q, %q: got %t", test.pattern, test.name, got)
		}
	}
}

// What a comment is about.
func TestNodeAfter(t *testing.T) {
	lines := strings.Split(`#
a:
  b: 1

# at the margin
  c:
  - d
  - e: 1
    f: 2
  g: 1
h:
- i`, "\n")
	for _, test := range []struct{ after, from, to int }{
		{1, 2, 10}, // a, with the comment in it
		{5, 6, 9},  // c, with a list as deep as it is
		{7, 8, 9},  // an item
		{10, 11, 12},
		{12, 0, 0}, // nothing follows
	} {
		from, to := nodeAfter(lines, test.after-1)
		if from != test.from || to != test.to {
			t.Errorf("after line %d: got %d to %d, want %d to %d", test.after, from, to, test.from, test.to)
		}
	}
}

func TestDirective(t *testing.T) {
	for line, want := range map[string]string{
		"# slipway:ignore a/b":              "a/b",
		"x: 1 # slipway:ignore a/b why so":  "a/b",
		"x: 1 #slipway:ignore a/b,c/d why":  "a/b c/d",
		"\t#  slipway:ignore a/b , c/d why": "a/b c/d",
		"# slipway:ignore a/b, c/d, e/f":    "a/b c/d e/f",
		"# slipway:ignore-file a/*":         "a/*",
		"x: 1# slipway:ignore a/b":          "-",
		"# see slipway:ignore a/b":          "-",
		"# slipway:ignored a/b":             "-",
		"# slipway:ignore-files a/b":        "-",
		"# slipway:ignore":                  "",
	} {
		got := "-"
		if found := (&text{data: []byte(line)}).ignores("f.yml"); found != nil {
			got = strings.Join(found[0].rules, " ")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	if found := (&text{data: []byte("# slipway:ignore a/b")}).ignores("f.json"); found != nil {
		t.Errorf("JSON has no comments, got %v", found)
	}
}

// A closed file system has files that cannot be read.
type closed struct{ fstest.MapFS }

func (c closed) ReadFile(name string) ([]byte, error) {
	if strings.Contains(name, "closed") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.ReadFile(name)
}

func (c closed) Open(name string) (fs.File, error) {
	if strings.Contains(name, "closed") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.Open(name)
}

func (c closed) ReadDir(name string) ([]fs.DirEntry, error) {
	if strings.Contains(name, "closed") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.ReadDir(name)
}

// What cannot be read is a failure, and no finding; the rest is checked.
func TestUnreadable(t *testing.T) {
	fsys := closed{fstest.MapFS{
		"closed/buildspec.yml": {Data: []byte("version: 0.2\n")},
		"taskdef-closed.json":  {Data: []byte("{}")},
		"taskdef.json":         {Data: []byte("{")},
	}}
	_, problems, failures := (&target{fsys: fsys, shown: "x"}).load()
	want := []string{"x/closed: " + fs.ErrPermission.Error(), "x/taskdef-closed.json: " + fs.ErrPermission.Error()}
	if diff := cmp.Diff(want, failures); diff != "" {
		t.Errorf("failures mismatch (-want +got)\n%s", diff)
	}
	if len(problems) != 1 || problems[0].File != "taskdef.json" {
		t.Errorf("got problems %v, want one of taskdef.json", problems)
	}
}
