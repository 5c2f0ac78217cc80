package bundle_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

var update = flag.Bool("update", false, "write what the tests find into testdata")

// at returns where a part stands, or "open".
func at[M any](p *bundle.Part[M]) string {
	switch {
	case p == nil:
		return "open"
	case p.ID == "":
		return p.File
	}
	return p.File + " " + p.ID
}

// describe returns groups in a readable form.
func describe(groups []bundle.Group) string {
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteByte('\n')
		}
		if g.Pipeline == nil {
			fmt.Fprintln(&b, "no pipeline")
		} else {
			fmt.Fprintln(&b, "pipeline", at(g.Pipeline))
		}
		for _, x := range g.Builds {
			name := "-"
			if x.Action != nil {
				name = fmt.Sprintf("%d.%d %s", x.Stage, x.Number, x.Action.Name)
			}
			fmt.Fprintf(&b, "  build %s: project %s, buildspec %s", name, at(x.Project), at(x.Buildspec))
			if x.BuildspecPath != "" {
				fmt.Fprintf(&b, " (%s)", x.BuildspecPath)
			}
			b.WriteByte('\n')
		}
		for _, x := range g.Deploys {
			name := "-"
			if x.Action != nil {
				name = fmt.Sprintf("%d.%d %s", x.Stage, x.Number, x.Action.Name)
			}
			fmt.Fprintf(&b, "  deploy %s: service %s, task %s", name, at(x.Service), at(x.Task))
			if x.Action != nil && x.Action.ActionTypeID.Provider != "ECS" {
				fmt.Fprintf(&b, ", appspec %s, deployment %s", at(x.AppSpec), at(x.Deployment))
			}
			b.WriteByte('\n')
		}
		for _, t := range g.Templates {
			fmt.Fprintln(&b, "  template", at(t))
		}
	}
	return b.String()
}

// TestGroups loads the trees of testdata/groups: the comment says what is looked at,
// the file GROUPS what is found.
func TestGroups(t *testing.T) {
	names, err := filepath.Glob("testdata/groups/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys, want := fstest.MapFS{}, ""
			updated := &txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				if f.Name == "GROUPS" {
					want = string(f.Data)
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				updated.Files = append(updated.Files, f)
			}
			b, err := bundle.Load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			got := describe(b.Groups())
			if *update {
				updated.Files = append(updated.Files, txtar.File{Name: "GROUPS", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(updated), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// The example is one group without an open end.
func TestGroupsOfExample(t *testing.T) {
	b, err := bundle.Load(os.DirFS("../../examples/minimal"))
	if err != nil {
		t.Fatal(err)
	}
	want := `pipeline pipeline.json
  build 1.0 Build: project platform.yml BuildProject, buildspec buildspec.yml (buildspec.yml)
  deploy 2.0 Deploy: service service.yml Service, task taskdef.json
  template network.yml
  template platform.yml
  template service.yml
`
	if diff := cmp.Diff(want, describe(b.Groups())); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// A bundle that was built in Go is one group without an open end, too.
func TestGroupsOfDelivery(t *testing.T) {
	s := delivery.Service{Name: "web", Source: pipeline.CodeCommitSource{Repository: "web", Branch: "main"}}
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	groups := b.Groups()
	if len(groups) != 1 || strings.Contains(describe(groups), "open") || len(groups[0].Templates) != 3 {
		t.Errorf("want one group without an open end, got\n%s", describe(groups))
	}
}
