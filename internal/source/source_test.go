package source_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

func TestLocate(t *testing.T) {
	n, problems := source.YAML("x.yml", []byte("a:\n  - b: !Ref C\n    'd.e': 1\nf: !Join\n  - ','\n  - [x]\n"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]slipway.Position{
		"":                  {Line: 1, Column: 1},
		"a":                 {Line: 1, Column: 1},
		"a[0]":              {Line: 2, Column: 5},
		"a[0].b":            {Line: 2, Column: 5},
		`a[0]["d.e"]`:       {Line: 3, Column: 5},
		"a[0].b.missing[3]": {Line: 2, Column: 5},
		"f.Fn::Join":        {Line: 4, Column: 1},
		"f.Fn::Join[1][0]":  {Line: 6, Column: 6},
		"f.missing":         {Line: 4, Column: 1},
	} {
		if got := n.Locate(path); got != want {
			t.Errorf("Locate(%q) = %v, want %v", path, got, want)
		}
	}
	if got := n.Get("a").Items[0].Get("b"); got.Tag != "!Ref" || got.Text != "C" {
		t.Errorf("tag and text are %q %q", got.Tag, got.Text)
	}
}
