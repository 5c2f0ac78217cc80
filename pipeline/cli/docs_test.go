package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// documented returns the table of docs/apply.md whose head is that.
func documented(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(oracle.Root(t), "docs", "apply.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "\n"+head+"\n")
	if !ok {
		t.Fatalf("docs/apply.md has no table %s", head)
	}
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		rows = append(rows, strings.Split(strings.Trim(line, "|\n"), "|"))
	}
	return rows[1:]
}

// quotedWords returns what stands between backquotes, but for what stands in brackets.
func quotedWords(cell string) (words []string) {
	cell = regexp.MustCompile(`\(.*?\)`).ReplaceAllString(cell, "")
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

// members returns the members that the JSON of a type has.
func members(of reflect.Type) (names []string) {
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			names = append(names, members(f.Type)...)
		case name != "-":
			names = append(names, name)
		}
	}
	return names
}

// The codes and their exit statuses are those that docs/apply.md lists.
func TestCodesAreDocumented(t *testing.T) {
	got := make(map[code]int)
	for _, row := range documented(t, "| status | code | what it says |") {
		status, err := strconv.Atoi(strings.TrimSpace(row[0]))
		if err != nil {
			t.Fatal(err)
		}
		got[code(quotedWords(row[1])[0])] = status
	}
	if diff := cmp.Diff(statuses, got); diff != "" {
		t.Errorf("mismatch (-code +docs)\n%s", diff)
	}
}

// The events and their members are those that docs/apply.md lists.
func TestEventsAreDocumented(t *testing.T) {
	want := map[string][]string{"plan": {"plan", "demo"}, "done": nil, "failed": {"errors"}}
	for _, e := range []apply.Event{
		apply.StepStarted{}, apply.StackEvent{}, apply.ActionChanged{}, apply.DeploymentChanged{}, apply.ServiceEvent{},
		apply.TaskStopped{}, apply.Waiting{}, apply.Retrying{}, apply.Note{},
	} {
		want[e.Kind()] = members(reflect.TypeOf(e))
	}
	want["step-ended"] = members(reflect.TypeFor[jsonStepEnded]())
	got := make(map[string][]string)
	for _, row := range documented(t, "| when | event | members |") {
		got[quotedWords(row[1])[0]] = quotedWords(row[2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-code +docs)\n%s", diff)
	}

	source, err := os.ReadFile(filepath.Join(oracle.Root(t), "pipeline", "apply", "event.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\) Kind\(\) string +\{ return "([a-z-]+)" \}`).FindAllStringSubmatch(string(source), -1) {
		if _, ok := got[m[1]]; !ok {
			t.Errorf("the event %s is not documented", m[1])
		}
	}
}

// The members of an error are named in docs/apply.md.
func TestErrorsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(oracle.Root(t), "docs", "apply.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, about, _ := strings.Cut(string(text), "Of an error there are ")
	about, _, _ = strings.Cut(about, ", as `lint` has them")
	got, want := quotedWords(about), members(reflect.TypeFor[jsonError]())
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-code +docs)\n%s", diff)
	}
}
