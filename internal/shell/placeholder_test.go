package shell_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/internal/shell"
)

// What stands in brackets for the name of a repository is no pattern of files.
func TestBracketsWithColon(t *testing.T) {
	r := shell.Read(shell.Script{Commands: []shell.Command{
		{Path: "a", Text: "URI=[repository]"},
		{Path: "b", Text: `printf '[{"name":"web","imageUri":"%s"}]' $URI:latest > imagedefinitions.json`},
		{Path: "c", Text: "echo [ab].txt > list"},
	}})
	got := r.File("imagedefinitions.json").Content.String()
	if want := `[{"name":"web","imageUri":"[repository]:latest"}]`; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	if text, ok := r.File("list").Content.Known(); ok {
		t.Errorf("found %q, but the pattern may match files", text)
	}
}
