package buildspec_test

import (
	"encoding"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
)

var _ encoding.TextAppender = (*buildspec.Spec)(nil)

// full returns a spec in which every field is set.
func full() *buildspec.Spec {
	env := &buildspec.BatchEnv{
		ComputeType: "BUILD_GENERAL1_SMALL", Fleet: "fleet", Image: "aws/codebuild/standard:7.0", PrivilegedMode: new(true),
		Type: "LINUX_CONTAINER", Variables: []buildspec.Variable{{Name: "A", Value: "1"}, {Name: "B", Value: "2", Plain: true}},
		Extra: map[string]any{"x": "batch env"},
	}
	builds := func(graph bool) []buildspec.BatchBuild {
		b := buildspec.BatchBuild{
			Identifier: "one", Buildspec: "one.yml", DebugSession: new(false), Env: env, IgnoreFailure: new(true),
			Extra: map[string]any{"x": "build"},
		}
		if graph {
			b.DependOn = []string{"two"}
		}
		return []buildspec.BatchBuild{b, {Identifier: "two"}}
	}
	phase := func(name string) *buildspec.Phase {
		p := &buildspec.Phase{
			RunAs: "user", OnFailure: buildspec.Retry(3, "timed out"), Commands: []string{"echo " + name, "a: b", "one\n  two\n", "x\ny", "true", "1", ""},
			Finally: []string{"echo done"}, Extra: map[string]any{"x": name},
		}
		if name == buildspec.Install {
			p.RuntimeVersions = []buildspec.Runtime{{Name: "python", Version: "3.10"}, {Name: "golang", Version: "1.20", Plain: true}, {Name: "java", Version: "corretto21"}}
		}
		return p
	}
	return &buildspec.Spec{
		Version: "0.2", QuoteVersion: true, RunAs: "root",
		Env: &buildspec.Env{
			Shell: "bash",
			Variables: []buildspec.Variable{
				{Name: "Z", Value: "8080"}, {Name: "A", Value: "8080", Plain: true}, {Name: "yes", Value: "no"},
				{Name: "N", Plain: true}, {Name: "E"}, {Name: "T", Value: "True", Plain: true}, {Name: "C", Value: "x: y\nz"},
			},
			ParameterStore:      []buildspec.Variable{{Name: "P", Value: "/p"}},
			SecretsManager:      []buildspec.Variable{{Name: "S", Value: "app:key"}},
			ExportedVariables:   []string{"Z"},
			GitCredentialHelper: new(true),
			Extra:               map[string]any{"x": "env"},
		},
		EnvironmentVariables: &buildspec.EnvironmentVariables{
			Plaintext: []buildspec.Variable{{Name: "OLD", Value: "1"}}, Extra: map[string]any{"x": "old"},
		},
		Proxy: &buildspec.Proxy{UploadArtifacts: new(true), Logs: new(false), Extra: map[string]any{"x": "proxy"}},
		Batch: &buildspec.Batch{
			FastFail: new(true), BuildList: builds(false), BuildGraph: builds(true),
			BuildMatrix: &buildspec.BuildMatrix{
				Static: &buildspec.MatrixStatic{IgnoreFailure: new(false), Env: env, Extra: map[string]any{"x": "static"}},
				Dynamic: &buildspec.MatrixDynamic{
					Buildspec: []string{"a.yml"},
					Env: &buildspec.MatrixEnv{
						ComputeType: []string{"BUILD_GENERAL1_SMALL"}, Image: []string{"a", "b"},
						Variables: []buildspec.MatrixVariable{{Name: "V", Values: []string{"1", "b"}}}, Extra: map[string]any{"x": "matrix env"},
					},
					Extra: map[string]any{"x": "dynamic"},
				},
				Extra: map[string]any{"x": "matrix"},
			},
			BuildFanout: &buildspec.BuildFanout{Parallelism: 3, IgnoreFailure: new(true), Extra: map[string]any{"x": "fanout"}},
			Extra:       map[string]any{"x": "batch"},
		},
		Phases: buildspec.Phases{
			Install: phase(buildspec.Install), PreBuild: phase(buildspec.PreBuild), Build: phase(buildspec.Build),
			PostBuild: phase(buildspec.PostBuild), Extra: map[string]any{"x": "phases"},
		},
		Reports: []buildspec.Report{{
			Name: "z", Files: []string{"*.xml"}, FileFormat: "JUNITXML", BaseDirectory: "out", DiscardPaths: new(true),
			Extra: map[string]any{"x": "report"},
		}, {Name: "arn:aws:codebuild:eu-west-1:123456789012:report-group/a", Files: []string{"b"}}},
		Artifacts: &buildspec.Artifacts{
			Type: "zip", Files: []string{"a", "**/*"}, Name: "app-$(date +%F)", DiscardPaths: new(false), BaseDirectory: "out*",
			ExcludePaths: []string{"*.tmp"}, EnableSymlinks: new(true), S3Prefix: "p",
			SecondaryArtifacts: []buildspec.Artifacts{{Identifier: "two", Files: []string{"b"}, Extra: map[string]any{"x": "secondary"}}, {Identifier: "1", Files: []string{}}},
			Extra:              map[string]any{"x": "artifacts"},
		},
		Cache: &buildspec.Cache{Paths: []string{"/root/.m2/**/*"}, Key: "k", FallbackKeys: []string{"f"}, Action: "save", Extra: map[string]any{"x": "cache"}},
		Extra: map[string]any{"x": "spec", "list": []any{"a", true, nil}},
	}
}

func TestRoundTrip(t *testing.T) {
	want := full()
	text, err := want.Render()
	if err != nil {
		t.Fatal(err)
	}
	got, err := buildspec.ParseLax("buildspec.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s\n%s", diff, text)
	}
	if errs := got.Source.Notes.Errors(); len(errs) > 0 {
		t.Errorf("notes: %v", errs)
	}
	again, err := got.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(again)); diff != "" {
		t.Errorf("mismatch (-first +second):\n%s", diff)
	}
}

// TestTextIsKept reads what is easily read as something else, and writes it as it
// stood.
func TestTextIsKept(t *testing.T) {
	const text = `version: 0.2
env:
  variables:
    PORT: 8080
    VERSION: 3.10
    QUOTED: '3.10'
    DEBUG: true
    EMPTY: ''
    NOTHING: null
  git-credential-helper: yes
batch:
  fast-fail: true
phases:
  install:
    runtime-versions:
      python: 3.10
      golang: '1.20'
      nodejs: 22
  build:
    commands:
      - 'echo a: b'
      - |
        if true; then
          echo yes
        fi
artifacts:
  files: []
  discard-paths: no
`
	spec, err := buildspec.Parse("buildspec.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := spec.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(got)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// TestLaxKeeps reads a file in which much does not fit, and writes it back.
func TestLaxKeeps(t *testing.T) {
	const text = `version: 0.2
phases:
  build:
    commands:
      - make
      - echo status: $STATUS
reports: none
env:
  variables:
    A: [x]
artifacts:
  discard-paths: maybe
  name: ''
  where: there
`
	if _, err := buildspec.Parse("buildspec.yml", []byte(text)); err == nil {
		t.Error("Parse takes it")
	}
	spec, err := buildspec.ParseLax("buildspec.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := &buildspec.Spec{
		Version: "0.2",
		Phases: buildspec.Phases{Build: &buildspec.Phase{Extra: map[string]any{
			"commands": []any{"make", map[string]any{"echo status": "$STATUS"}},
		}}},
		Env: &buildspec.Env{Extra: map[string]any{"variables": map[string]any{"A": []any{"x"}}}},
		Artifacts: &buildspec.Artifacts{
			Extra: map[string]any{"discard-paths": "maybe", "name": "", "where": "there"},
		},
		Extra: map[string]any{"reports": "none"},
	}
	if diff := cmp.Diff(want, spec); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	rendered, err := spec.Render()
	if err != nil {
		t.Fatal(err)
	}
	again, err := buildspec.ParseLax("buildspec.yml", rendered)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestJSON(t *testing.T) {
	spec, err := buildspec.Parse("inline", []byte("{\n\t\"version\": \"0.2\",\n\t\"env\": {\"variables\": {\"PORT\": 8080, \"S\": \"1\"}},\n\t\"phases\": {\"build\": {\"commands\": [\"make: all\"]}}\n}"))
	if err != nil {
		t.Fatal(err)
	}
	want := &buildspec.Spec{
		Version: "0.2", QuoteVersion: true,
		Env:    &buildspec.Env{Variables: []buildspec.Variable{{Name: "PORT", Value: "8080", Plain: true}, {Name: "S", Value: "1"}}},
		Phases: buildspec.Phases{Build: &buildspec.Phase{Commands: []string{"make: all"}}},
	}
	if diff := cmp.Diff(want, spec); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if _, err := buildspec.Parse("inline", []byte("{version: 0.2, phases: {build: {commands: [make]}}}")); err != nil {
		t.Errorf("YAML in flow style: %v", err)
	}
}

func TestAppendTextFails(t *testing.T) {
	for name, spec := range map[string]*buildspec.Spec{
		"a type that YAML has not":  {Extra: map[string]any{"x": struct{}{}}},
		"a key of a field in Extra": {RunAs: "root", Extra: map[string]any{"run-as": "root"}},
		"such a key further in":     {Phases: buildspec.Phases{Build: &buildspec.Phase{Commands: []string{"a"}, Extra: map[string]any{"commands": nil}}}},
	} {
		got, err := spec.AppendText([]byte("before"))
		if err == nil || string(got) != "before" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if text, err := spec.Render(); err == nil || text != nil {
			t.Errorf("%s: Render returned %q, %v", name, text, err)
		}
	}
	got, err := (&buildspec.Spec{}).AppendText([]byte("before\n"))
	if want := "before\nversion: 0.2\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestValidate checks what a file cannot have and a value built in Go can.
func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		want   string
		change func(s *buildspec.Spec)
	}{
		{"", func(*buildspec.Spec) {}},
		{"env.variables.A: A stands twice", func(s *buildspec.Spec) {
			s.Env = &buildspec.Env{Variables: []buildspec.Variable{{Name: "A"}, {Name: "A"}}}
		}},
		{"the name is empty", func(s *buildspec.Spec) { s.Reports = []buildspec.Report{{Files: []string{"a"}}} }},
		{"artifacts.secondary-artifacts.a: a stands twice", func(s *buildspec.Spec) {
			a := buildspec.Artifacts{Identifier: "a", Files: []string{"a"}}
			s.Artifacts = &buildspec.Artifacts{Files: []string{"a"}, SecondaryArtifacts: []buildspec.Artifacts{a, a}}
		}},
		{"the primary artifact has no identifier", func(s *buildspec.Spec) {
			s.Artifacts = &buildspec.Artifacts{Identifier: "a", Files: []string{"a"}}
		}},
		{"a secondary artifact has no secondary ones", func(s *buildspec.Spec) {
			a := buildspec.Artifacts{Identifier: "a", Files: []string{"a"}, SecondaryArtifacts: []buildspec.Artifacts{}}
			s.Artifacts = &buildspec.Artifacts{Files: []string{"a"}, SecondaryArtifacts: []buildspec.Artifacts{a}}
		}},
		{"phases.install.runtime-versions.go: go stands twice", func(s *buildspec.Spec) {
			s.Phases.Install = &buildspec.Phase{RuntimeVersions: []buildspec.Runtime{{Name: "go", Version: "1"}, {Name: "go", Version: "2"}}}
		}},
		{"batch.build-fanout.parallelism: found -1", func(s *buildspec.Spec) {
			s.Batch = &buildspec.Batch{BuildFanout: &buildspec.BuildFanout{Parallelism: -1}}
		}},
	} {
		spec := &buildspec.Spec{Phases: buildspec.Phases{Build: &buildspec.Phase{Commands: []string{"make"}}}}
		tt.change(spec)
		err := spec.Validate()
		if tt.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var p *slipway.Problem
		if !errors.As(err, &p) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

// TestCheckWarns checks what is no error and no file has.
func TestCheckWarns(t *testing.T) {
	spec := &buildspec.Spec{Phases: buildspec.Phases{Build: &buildspec.Phase{
		Commands: []string{"make"}, RuntimeVersions: []buildspec.Runtime{{Name: "go", Version: "1.26"}},
	}}}
	want := "warning: phases.build.runtime-versions: only the phase install can have runtime-versions (buildspec/runtime-version)"
	if got := spec.Check().Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := spec.Validate(); err != nil {
		t.Error(err)
	}
}

func TestOnFailure(t *testing.T) {
	type want struct {
		count   int
		pattern string
		ok      bool
	}
	for text, want := range map[buildspec.OnFailure]want{
		"":                            {},
		"ABORT":                       {},
		"RETRY":                       {3, ".*", true},
		"Retry-5":                     {5, ".*", true},
		"RETRY-5-a-b":                 {5, "a-b", true},
		"retry-a-5":                   {3, "a-5", true},
		"RETRY-5-":                    {3, "5-", true},
		"RETRY-":                      {},
		"RETRYING":                    {},
		buildspec.Retry(7, ""):        {7, ".*", true},
		buildspec.Retry(0, "^a$"):     {0, "^a$", true},
		"RETRY-999999999999999999999": {101, ".*", true},
	} {
		count, pattern, ok := text.Retry()
		if count != want.count || pattern != want.pattern || ok != want.ok {
			t.Errorf("%q: got %d %q %t, want %v", text, count, pattern, ok, want)
		}
	}
}

func TestSecretRef(t *testing.T) {
	const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf"
	for text, want := range map[string]buildspec.SecretRef{
		"app":            {ID: "app"},
		"app:key":        {ID: "app", JSONKey: "key"},
		"app:key:stage":  {ID: "app", JSONKey: "key", VersionStage: "stage"},
		"app:key::id":    {ID: "app", JSONKey: "key", VersionID: "id"},
		"app:::id":       {ID: "app", VersionID: "id"},
		arn:              {ID: arn},
		arn + ":key":     {ID: arn, JSONKey: "key"},
		arn + ":::id":    {ID: arn, VersionID: "id"},
		arn + ":k:stage": {ID: arn, JSONKey: "k", VersionStage: "stage"},
		"arnold:key":     {ID: "arnold", JSONKey: "key"},
	} {
		got, err := buildspec.ParseSecretRef(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("String() = %q, want %q", got.String(), text)
		}
	}
	for _, text := range []string{"", ":key", "arn", "arn:aws:ssm:a:b:c:d", "a:b:c:d:e"} {
		if got, err := buildspec.ParseSecretRef(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}

func TestAllCommands(t *testing.T) {
	spec := full()
	n := 0
	for c := range spec.AllCommands() {
		if c.Finally && (c.Path() != "phases."+c.Phase+".finally[0]" || c.Text != "echo done") {
			t.Errorf("got %+v at %s", c, c.Path())
		}
		n++
	}
	if n != 4*8 {
		t.Errorf("got %d commands", n)
	}
	phases := maps.Collect(spec.Phases.All())
	if len(phases) != 4 || phases[buildspec.PostBuild] != spec.Phases.PostBuild {
		t.Errorf("got %v", phases)
	}
	for c := range spec.AllCommands() {
		if c.Index == 1 {
			break
		}
	}
}
