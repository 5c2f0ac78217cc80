package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
)

// The page that is checked in is what the tables say.
func TestUpToDate(t *testing.T) {
	want, err := render(cli.Rules())
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/rules.md is not what internal/gen/rules makes; run go generate ./internal/gen/rules (-want +got)\n%s", diff)
	}
}

// Each rule has its heading once, and its anchor leads there.
func TestAnchors(t *testing.T) {
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	headings := make(map[string]int)
	for line := range strings.Lines(string(page)) {
		if heading, ok := strings.CutPrefix(line, "### "); ok {
			headings[githubAnchor(strings.TrimSpace(heading))]++
		}
	}
	for _, r := range cli.Rules() {
		if n := headings[anchor(r.Name)]; n != 1 {
			t.Errorf("%s: %d headings have the anchor %s, want 1", r.Name, n, anchor(r.Name))
		}
	}
}

// githubAnchor is how GitHub makes an anchor of a heading: lower case, blanks to
// dashes, without what is neither a letter, a digit, a dash nor an underscore.
func githubAnchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(heading))
}

// A rule of a group that the page does not know is an error, not a rule left out.
func TestUnknownGroup(t *testing.T) {
	if _, err := render([]slipway.Rule{{Name: "kitchen/sink"}}); err == nil {
		t.Error("a rule without a group was rendered")
	}
}

// commonSense are the rules that nobody's document needs to say.
var commonSense = map[string]bool{
	"buildspec/duplicate-name": true,
	"bundle/drift":             true,
	"bundle/path":              true,
	"bundle/readable":          true,
	"cli/unused-ignore":        true,
	"delivery/service":         true,
	"file/empty-string":        true,
	"file/null":                true,
	"file/type":                true,
	"file/unknown-key":         true,
}

// Every rule says what must hold, and who says so.
func TestSentences(t *testing.T) {
	for _, r := range cli.Rules() {
		model, topic, ok := strings.Cut(r.Name, "/")
		if !ok || model == "" || topic == "" || strings.Trim(topic, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%s: is no name of a rule: want model/topic", r.Name)
		}
		if len(r.Doc) < 20 || !strings.HasSuffix(r.Doc, ".") || strings.ContainsAny(r.Doc, "\n") {
			t.Errorf("%s: %q is no sentence", r.Name, r.Doc)
		}
		if (r.Source == "") != commonSense[r.Name] {
			t.Errorf("%s: source %q, common sense %t", r.Name, r.Source, commonSense[r.Name])
		}
		if r.Source != "" && !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("%s: source %q is no address", r.Name, r.Source)
		}
	}
}
