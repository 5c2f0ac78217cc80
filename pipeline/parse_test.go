package pipeline_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/race"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// app is a valid definition that the tests of this package change.
func app() *pipeline.Definition {
	return &pipeline.Definition{
		Name:          "app",
		RoleARN:       "arn:aws:iam::123456789012:role/app-pipeline",
		PipelineType:  pipeline.TypeV2,
		ArtifactStore: &pipeline.ArtifactStore{Type: pipeline.ArtifactStoreTypeS3, Location: "app-artifacts"},
		Stages: []pipeline.Stage{
			{Name: "Source", Actions: pipeline.Actions(pipeline.CodeCommitSource{
				Name: "Source", Repository: "app", Branch: "main", Output: "Source", Namespace: "SourceVariables",
			})},
			{Name: "Build", Actions: pipeline.Actions(pipeline.CodeBuild{
				Name: "Build", Project: "app", Input: "Source", Output: "Build",
				Environment: []pipeline.BuildVariable{{Name: "TAG", Value: "#{SourceVariables.CommitId}"}},
			})},
			{Name: "Deploy", Actions: pipeline.Actions(pipeline.ECSDeploy{
				Name: "Deploy", Cluster: "app", Service: "app", Input: "Build",
			})},
		},
	}
}

func render(t testing.TB, d *pipeline.Definition) []byte {
	t.Helper()
	text, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestForms reads one pipeline in the three forms that there are of it.
func TestForms(t *testing.T) {
	want := app()
	wrapped := string(render(t, want))
	bare := strings.TrimSuffix(strings.TrimPrefix(wrapped, "{\n  \"pipeline\": "), "\n}\n")
	got := strings.TrimSuffix(wrapped, "\n}\n") + `, "metadata": {"created": 1559407567.935}}`
	for name, text := range map[string]string{"wrapped": wrapped, "bare": bare, "get-pipeline": got, "with a BOM": "\ufeff" + wrapped} {
		d, err := pipeline.Parse("p.json", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("%s: mismatch (-want +got)\n%s", name, diff)
		}
		notes := 0
		if name == "get-pipeline" {
			notes = 1
		}
		if len(d.Source.Notes) != notes {
			t.Errorf("%s: the notes are %v, want %d", name, d.Source.Notes, notes)
		}
		if out := render(t, d); string(out) != wrapped {
			t.Errorf("%s: rendered it is\n%s", name, out)
		}
		if pos := d.Source.Position("stages[1].actions[0].name"); !pos.IsValid() {
			t.Errorf("%s: the position of a name is not known", name)
		}
	}
}

// TestStrict reads what is wrong strictly and leniently.
func TestStrict(t *testing.T) {
	wrapped := string(render(t, app()))
	for _, tt := range []struct{ name, old, new, want string }{
		{"unknown key", `"name": "Build",`, `"names": "Build",`, "p.json:37:9: stages[1].names: unknown key; did you mean name?"},
		{"number for text", `"location": "app-artifacts"`, `"location": 1`, "p.json:8:19: artifactStore.location: found a number"},
		{"repeated key", `"version": "1"`, `"version": "1", "version": "1"`, `key "version" stands twice`},
		{"beside", "\n}\n", `, "stages": []}`, "stages: unknown key; known here are pipeline, tags"},
	} {
		text := strings.Replace(wrapped, tt.old, tt.new, 1)
		if text == wrapped {
			t.Fatalf("%s: nothing to replace", tt.name)
		}
		d, err := pipeline.Parse("p.json", []byte(text))
		var problems slipway.Problems
		if d != nil || !errors.As(err, &problems) {
			t.Errorf("%s: Parse returns %v, %v", tt.name, d, err)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %q, want %q", tt.name, err, tt.want)
		}
		lax, err := pipeline.ParseLax("p.json", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if tt.name != "repeated key" {
			if diff := cmp.Diff(meaning(t, []byte(text)), meaning(t, render(t, lax))); diff != "" {
				t.Errorf("%s: mismatch (-want +got)\n%s", tt.name, diff)
			}
		}
		if lax.Validate() == nil {
			t.Errorf("%s: Validate passes over the notes", tt.name)
		}
	}
}

// TestAppendText appends to what is there, and leaves it alone on an error.
func TestAppendText(t *testing.T) {
	d := app()
	text, err := d.AppendText([]byte("before\n"))
	if err != nil || string(text) != "before\n"+string(render(t, d)) {
		t.Errorf("AppendText returns %q, %v", text, err)
	}
	d.Stages[1].Extra = map[string]any{"broken": func() {}}
	if text, err := d.AppendText([]byte("before\n")); err == nil || string(text) != "before\n" {
		t.Errorf("AppendText returns %q, %v, want an error", text, err)
	}
}

// TestRenderOnce holds Render to one allocation, also for what has much of everything.
func TestRenderOnce(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector a pool drops what it is given")
	}
	data := render(t, large(5))
	d, err := pipeline.Parse("large.json", data)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*pipeline.Definition{"small": app(), "large": d} {
		if n := testing.AllocsPerRun(10, func() { _, _ = d.Render() }); n != 1 {
			t.Errorf("%s: %v allocations, want 1", name, n)
		}
	}
}

// large returns a definition with n stages of ten actions each beside a source.
func large(n int) *pipeline.Definition {
	d := app()
	d.Stages = d.Stages[:1]
	artifact := "Source"
	for i := range n {
		stage := pipeline.Stage{Name: "Stage" + string(rune('A'+i))}
		for j := range 10 {
			name := stage.Name + string(rune('0'+j))
			stage.Actions = append(stage.Actions, pipeline.CodeBuild{
				Name: name, Project: "app", Input: artifact, Output: name, RunOrder: j + 1, Namespace: "N" + name,
				Environment: []pipeline.BuildVariable{{Name: "TAG", Value: "#{SourceVariables.CommitId}"}, {Name: "STAGE", Value: stage.Name}},
			}.Action())
			artifact = name
		}
		d.Stages = append(d.Stages, stage)
	}
	return d
}

// FuzzParse reads anything without a panic; and what was read and written reads
// and writes the same again.
func FuzzParse(f *testing.F) {
	f.Add(render(f, app()))
	for _, seed := range []string{
		"", "{", "[]", "null", `{"pipeline":{}}`, `{"pipeline":[]}`, `{"pipeline":{"stages":[{"actions":[{}]}]},"tags":[{}],"x":1}`,
		`{"name":1,"stages":[null,{"actions":[null,{"actionTypeId":{"provider":"AWS CodeBuild"}}]}],"stages":{}}`,
		`{"pipeline":{"name":""},"metadata":null,"tags":{"a":"b"}}`, `{"stages":[{"actions":[{"runOrder":99999999999}]}]}`,
		`{"pipeline":{"artifactStores":{"":{}},"triggers":[{"gitConfiguration":{"push":[{"tags":{}}]}}],"stages":[{"onFailure":{"conditions":[{}]}}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = pipeline.Parse("f.json", data)
		d, err := pipeline.ParseLax("f.json", data)
		if err != nil {
			return
		}
		_ = d.Check()
		text, err := d.Render()
		if err != nil {
			t.Fatal(err)
		}
		again, err := pipeline.ParseLax("f.json", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("mismatch (-first +second)\n%s\n%s", diff, text)
		}
		if text2 := render(t, again); !bytes.Equal(text, text2) {
			t.Errorf("written twice:\n%s\n%s", text, text2)
		}
	})
}
