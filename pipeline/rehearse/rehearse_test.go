package rehearse_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

var minimal = filepath.Join("..", "..", "examples", "minimal")

// load loads the bundle of examples/minimal.
func load(t testing.TB) *bundle.Bundle {
	t.Helper()
	b, err := bundle.Load(os.DirFS(minimal))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run rehearses, with the scratch directory below one that must be empty after.
func run(t testing.TB, b *bundle.Bundle, opts rehearse.Options) *rehearse.Report {
	t.Helper()
	opts.Dir = t.TempDir()
	opts.Timeout = 30 * time.Second
	report, err := rehearse.Run(t.Context(), b, opts)
	if err != nil {
		t.Fatal(err)
	}
	checkEmpty(t, opts.Dir)
	return report
}

func checkEmpty(t testing.TB, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("left behind: %s", e.Name())
	}
}

const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/gitlab-pipeline-repo:build-1-0123456789abcdef0123456789abcdef01234567"

func TestMinimal(t *testing.T) {
	report := run(t, load(t), rehearse.Options{Source: os.DirFS(minimal)})
	if report.State != rehearse.Succeeded {
		t.Fatalf("the rehearsal %s:\n%s", report.State, report)
	}
	build := report.Action("Build", "Build")
	if diff := cmp.Diff([]string{image}, build.Build.Pushed); diff != "" {
		t.Errorf("pushed mismatch (-want +got):\n%s", diff)
	}
	files := build.Artifacts[0].Files
	if len(files) != 1 || files[0].Path != "imagedefinitions.json" {
		t.Errorf("got files %v", files)
	}
	want := `--- docker-cicd-app-fargate (now)
+++ docker-cicd-app-fargate (next)
@@ -14,7 +14,7 @@
   "containerDefinitions": [
     {
       "name": "docker-cicd-app-task",
-      "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/gitlab-pipeline-repo:not-yet-built",
+      "image": "` + image + `",
       "essential": true,
       "portMappings": [
         {
`
	deployments := report.Deployments()
	if len(deployments) != 1 {
		t.Fatalf("got %d deployments, want 1", len(deployments))
	}
	if diff := cmp.Diff(want, deployments[0].Diff); diff != "" {
		t.Errorf("diff mismatch (-want +got):\n%s", diff)
	}
	if got := deployments[0].Next.Container("docker-cicd-app-task").Image; got != image {
		t.Errorf("got image %s, want %s", got, image)
	}
}

func BenchmarkMinimal(b *testing.B) {
	set, source := load(b), os.DirFS(minimal)
	opts := rehearse.Options{Source: source, Dir: b.TempDir()}
	b.ReportAllocs()
	for b.Loop() {
		report, err := rehearse.Run(b.Context(), set, opts)
		if err != nil || report.State != rehearse.Succeeded {
			b.Fatal(err, report)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func mustParse(t *testing.T, text string) *cfn.Template {
	t.Helper()
	template, err := cfn.Parse("platform.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return template
}
