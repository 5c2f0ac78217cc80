package stackdiff_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// corpus returns the collected files that can be read as templates, whatever they are.
func corpus(t *testing.T) map[string]*cfn.Template {
	t.Helper()
	root := oracle.Shared(t, "corpus")
	out := map[string]*cfn.Template{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if template, err := cfn.ParseLax(filepath.Base(path), data); err == nil {
			rel, _ := filepath.Rel(root, path)
			out[filepath.ToSlash(rel)] = template
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCorpus writes every template and reads it again: nothing differs, in either format.
func TestCorpus(t *testing.T) {
	templates := 0
	for name, template := range corpus(t) {
		if !strings.HasPrefix(name, "cfn-") {
			continue
		}
		templates++
		for _, render := range []func(*cfn.Template) ([]byte, error){(*cfn.Template).Render, (*cfn.Template).RenderJSON} {
			data, err := render(template)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			again, err := cfn.ParseLax(name, data)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			before, after := stackdiff.Side{Template: template}, stackdiff.Side{Template: again}
			if got := report(before, after); got != "same\n" {
				t.Errorf("%s: found\n%s", name, got)
			}
			slices.Reverse(again.Resources)
			slices.Reverse(again.Outputs)
			slices.Reverse(again.Parameters)
			if got := report(before, after); got != "same\n" {
				t.Errorf("%s: in another order: found\n%s", name, got)
			}
		}
	}
	if templates < 100 {
		t.Errorf("only %d templates", templates)
	}
}

// TestCorpusPairs compares each file with the next one, which is as strange as it gets:
// every resource is on one side or the other, and nothing panics.
func TestCorpusPairs(t *testing.T) {
	templates := corpus(t)
	var previous *cfn.Template
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		template := templates[name]
		for _, pair := range [][2]*cfn.Template{{previous, template}, {template, previous}, {template, nil}} {
			before, after := stackdiff.Side{Template: pair[0]}, stackdiff.Side{Template: pair[1]}
			check(t, before, after, stackdiff.Diff(before, after))
			stackdiff.Same(before, after)
		}
		previous = template
	}
}

// check holds what is true of every difference.
func check(t *testing.T, before, after stackdiff.Side, changes []stackdiff.Change) {
	t.Helper()
	declared := func(s stackdiff.Side, id string) *cfn.Resource {
		if s.Template == nil {
			return nil
		}
		return s.Template.Resource(id)
	}
	seen := map[string]bool{}
	for _, c := range changes {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		was, is := declared(before, c.ID), declared(after, c.ID)
		if c.Action != stackdiff.Add && was == nil || c.Action != stackdiff.Remove && is == nil {
			t.Errorf("%v %s: it is not there", c.Action, c.ID)
			continue
		}
		if c.Action != stackdiff.Modify && len(c.Properties)+len(c.Attributes) > 0 {
			t.Errorf("%v %s has properties", c.Action, c.ID)
		}
		checkProperties(t, c, was, is)
	}
}

func checkProperties(t *testing.T, c stackdiff.Change, was, is *cfn.Resource) {
	t.Helper()
	worst := stackdiff.Never
	for _, p := range c.Properties {
		worst = max(worst, p.Replacement)
		if p.Replacement > stackdiff.ReplacementOf(c.Type, p.Path) && p.Path != "" {
			t.Errorf("%s.%s: replaced %v", c.ID, p.Path, p.Replacement)
		}
		if p.Before == nil && p.After == nil || p.Cause == "" && stackdiff.Equal(p.Before, p.After) {
			t.Errorf("%s.%s: %v does not differ", c.ID, p.Path, p.Before)
		}
		if p.Path == "" || p.Cause != "" {
			continue
		}
		// The values stand where the path says. What is removed from an element that has
		// moved stands elsewhere in the old list.
		if p.After != nil && !stackdiff.Equal(is.Get(p.Path), p.After) {
			t.Errorf("%s.%s: is %v, not %v", c.ID, p.Path, is.Get(p.Path), p.After)
		}
		if p.After == nil && !strings.Contains(p.Path, "[") && !stackdiff.Equal(was.Get(p.Path), p.Before) {
			t.Errorf("%s.%s: was %v, not %v", c.ID, p.Path, was.Get(p.Path), p.Before)
		}
	}
	if c.Replacement < worst {
		t.Errorf("%s: replaced %v, a property says %v", c.ID, c.Replacement, worst)
	}
}

// BenchmarkDiff compares two templates of a few resources, which differ in a parameter.
func BenchmarkDiff(b *testing.B) {
	before := stackdiff.Side{Template: parse(b, "before.yml", base)}
	after := stackdiff.Side{Template: parse(b, "after.yml", base), Parameters: map[string]string{"Block": "10.1.0.0/16"}}
	b.ReportAllocs()
	for b.Loop() {
		stackdiff.Diff(before, after)
	}
}

// FuzzDiff holds that a template does not differ from itself, and that any two can be
// compared.
func FuzzDiff(f *testing.F) {
	f.Add([]byte(base), []byte(strings.ReplaceAll(base, "dev", "prod")))
	f.Add([]byte("Resources: {A: 1, Fn::ForEach::B: [C, [d], {e: f}]}"), []byte("Resources: {A: {Type: x, Properties: !Ref B}}"))
	f.Add([]byte("Conditions: {A: !Condition B, B: !Condition A}\nResources: {C: {Type: x, Condition: A}}"), []byte("{}"))
	f.Add([]byte("Resources: {A: {Type: x, Properties: {P: {Fn::Sub: [1, 2]}, Q: !Sub ['${', {}]}}}"), []byte("Mappings: [a]"))
	f.Add([]byte("Mappings: {M: {a: {b: !Sub {c: d}}}}\nResources: {A: {Type: x, Properties: {P: !Join ['', [a, !FindInMap [M, a, b]]]}}}"), []byte("{}"))
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var templates [][]byte
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".yml") {
				templates = append(templates, file.Data)
			}
		}
		f.Add(templates[0], templates[len(templates)-1])
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		one, err := cfn.ParseLax("a.yml", a)
		if err != nil {
			return
		}
		before := stackdiff.Side{Template: one}
		if diff := cmp.Diff("same\n", report(before, before)); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
		two, err := cfn.ParseLax("b.yml", b)
		if err != nil {
			return
		}
		after := stackdiff.Side{Template: two}
		for _, pair := range [][2]stackdiff.Side{{before, after}, {after, before}} {
			check(t, pair[0], pair[1], stackdiff.Diff(pair[0], pair[1]))
			report(pair[0], pair[1])
		}
	})
}
