package cfn_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
)

var update = flag.Bool("update", false, "write what the tests find into testdata")

// findings returns what is found in a template, one problem a line.
func findings(t *testing.T, name string, data []byte) string {
	t.Helper()
	template, err := cfn.ParseLax(name, data)
	if err != nil {
		t.Fatal(err)
	}
	found := template.Check()
	if len(found) == 0 {
		return ""
	}
	for _, p := range found {
		if p.File != name || !p.Pos.IsValid() || p.Rule == "" {
			t.Errorf("%v: a problem lacks its file, its position or its rule", p)
		}
	}
	return found.Error() + "\n"
}

// TestCheck reads the archives of testdata/check: the template x.yml is followed
// by x.txt, what is found in it; where that is missing, nothing may be.
func TestCheck(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	all := ""
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found := &txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				base, isTemplate := strings.CutSuffix(f.Name, ".yml")
				if !isTemplate {
					continue
				}
				found.Files = append(found.Files, f)
				if text := findings(t, f.Name, f.Data); text != "" {
					found.Files = append(found.Files, txtar.File{Name: base + ".txt", Data: []byte(text)})
					all += text
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(found), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(found))); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
	for _, rule := range cfn.Rules() {
		if strings.HasPrefix(rule.Name, "cfn/") && !strings.Contains(all, "("+rule.Name+")") {
			t.Errorf("no archive breaks %s", rule.Name)
		}
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range cfn.Rules() {
		if seen[rule.Name] {
			t.Errorf("%s stands twice", rule.Name)
		}
		seen[rule.Name] = true
		if !strings.HasSuffix(rule.Doc, ".") || strings.HasPrefix(rule.Name, "cfn/") && !strings.HasPrefix(rule.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("%s lacks a sentence or a source: %q, %q", rule.Name, rule.Doc, rule.Source)
		}
	}
}

// TestBuilt checks what only a template that was built in Go can have.
func TestBuilt(t *testing.T) {
	bucket := func(id string) *cfn.Resource { return &cfn.Resource{ID: id, Type: "AWS::S3::Bucket"} }
	many := func(n int) (rs []*cfn.Resource) {
		for i := range n {
			rs = append(rs, bucket(fmt.Sprintf("Bucket%d", i)))
		}
		return rs
	}
	text := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name   string
		change func(*cfn.Template)
		want   string
	}{
		{"nothing", func(*cfn.Template) {}, ""},
		{"twice", func(t *cfn.Template) { t.Add(bucket("Bucket")) }, "Resources.Bucket: the name stands twice in Resources (cfn/duplicate)"},
		{"output twice", func(t *cfn.Template) {
			o := &cfn.Output{Name: "A", Value: cfn.String("a")}
			t.Outputs = []*cfn.Output{o, o}
		}, "Outputs.A: the name stands twice in Outputs (cfn/duplicate)"},
		{"condition twice", func(t *cfn.Template) {
			m := cfn.Prop("A", cfn.Equals{Left: cfn.String("a"), Right: cfn.String("b")})
			t.Conditions = cfn.Object{m, m}
		}, "Conditions.A: the name stands twice in Conditions (cfn/duplicate)"},
		{"no name", func(t *cfn.Template) { t.Resources[0].ID = "" }, "Resources: a name is empty; it has 1 to 255 letters and digits (cfn/name)"},
		{"long name", func(t *cfn.Template) { t.Resources[0].ID = text(256) }, "Resources." + text(256) + ": the name has 256 characters, at most 255 are allowed (cfn/name)"},
		{"long enough", func(t *cfn.Template) { t.Resources[0].ID = text(255) }, ""},
		{"description", func(t *cfn.Template) { t.Description = text(1024) }, ""},
		{"long description", func(t *cfn.Template) { t.Description = text(1025) }, "Description: found 1025 bytes, at most 1024 are allowed (cfn/limit)"},
		{"long description of an output", func(t *cfn.Template) {
			t.Outputs = []*cfn.Output{{Name: "A", Description: text(1025), Value: cfn.String("a")}}
		}, "Outputs.A.Description: found 1025 bytes, at most 1024 are allowed (cfn/limit)"},
		{"long description of a parameter", func(t *cfn.Template) {
			t.Parameters = []*cfn.Parameter{{Name: "A", Type: "String", Description: text(4001)}}
		}, "Parameters.A.Description: found 4001 characters, at most 4000 are allowed (cfn/parameter)"},
		{"500 resources", func(t *cfn.Template) { t.Resources = many(500) }, ""},
		{"501 resources", func(t *cfn.Template) { t.Resources = many(501) }, "Resources: found 501, at most 500 are allowed; split the template (cfn/limit)"},
		{"60 dynamic references", func(t *cfn.Template) { t.Resources[0].Properties = resolves(60) }, ""},
		{"strange name", func(t *cfn.Template) { t.Resources[0].DependsOn = []string{"my-vpc"} },
			"Resources.Bucket.DependsOn: there is no resource my-vpc (cfn/reference)"},
		{"placeholder", func(t *cfn.Template) { t.Resources[0].DependsOn = []string{"<VPC>"} }, ""},
		{"61 dynamic references", func(t *cfn.Template) { t.Resources[0].Properties = resolves(61) },
			"found 61 dynamic references {{resolve:...}}, at most 60 are allowed (cfn/limit)"},
		{"short enough", func(t *cfn.Template) { t.Resources[0].Metadata = cfn.String(text(51_000)) }, ""},
		{"too long for the call", func(t *cfn.Template) { t.Resources[0].Metadata = cfn.String(text(51_200)) },
			"info: the rendering has 51262 bytes; more than 51200 must be handed over through an S3 bucket (cfn/limit)"},
		{"too long", func(t *cfn.Template) { t.Resources[0].Metadata = cfn.String(text(1_000_000)) },
			"the rendering has 1000062 bytes, at most 1000000 are allowed; split the template (cfn/limit)"},
		{"long metadata", func(t *cfn.Template) { t.Metadata = cfn.Object{cfn.Prop("Text", cfn.String(text(51_200)))} },
			"info: the rendering has 51267 bytes; more than 51200 must be handed over through an S3 bucket (cfn/limit)"},
		{"default too long", func(t *cfn.Template) {
			t.Parameters = []*cfn.Parameter{{Name: "A", Type: "String", Default: cfn.String(text(4097))}}
		}, "Parameters.A.Default: found 4097 bytes, at most 4096 are allowed (cfn/parameter)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			template := &cfn.Template{Resources: many(1)}
			template.Resources[0].ID = "Bucket"
			test.change(template)
			if diff := cmp.Diff(test.want, template.Check().Error()); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func resolves(n int) cfn.Object {
	list := make(cfn.List, n)
	for i := range list {
		list[i] = cfn.Sub("{{resolve:ssm:/a}}")
	}
	return cfn.Object{cfn.Prop("Tags", list)}
}

// TestConcurrent checks templates at the same time: none finds what is another's.
func TestConcurrent(t *testing.T) {
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			name := fmt.Sprintf("Missing%d", i)
			for range 100 {
				template := &cfn.Template{Resources: []*cfn.Resource{{ID: "A", Type: "AWS::S3::Bucket", DependsOn: []string{name}}}}
				want := "Resources.A.DependsOn: there is no resource " + name + " (cfn/reference)"
				if got := template.Check().Error(); got != want {
					t.Errorf("found %q, want %q", got, want)
				}
			}
		})
	}
	wait.Wait()
}

// FuzzCheck holds the rules to take whatever a file may bring, and to find the
// same in it each time.
func FuzzCheck(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		template, err := cfn.ParseLax("x.yml", data)
		if err != nil {
			return
		}
		if diff := cmp.Diff(template.Check().Error(), template.Check().Error()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestValidate tells errors from the rest.
func TestValidate(t *testing.T) {
	template := &cfn.Template{Parameters: []*cfn.Parameter{{Name: "A", Type: "AWS::New::Type"}}}
	if errs := template.Check(); len(errs) != 2 {
		t.Errorf("found %v, want a warning and an error", errs)
	}
	var p *slipway.Problem
	if err := template.Validate(); !errors.As(err, &p) || p.Rule != "cfn/resource" {
		t.Errorf("found %v, want that there are no resources", err)
	}
	template.Add(&cfn.Resource{ID: "A1", Type: "AWS::S3::Bucket"})
	if err := template.Validate(); err != nil {
		t.Errorf("found %v, want nil", err)
	}
}
