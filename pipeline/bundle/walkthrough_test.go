package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// likeWalkthrough is what the two files of the walkthrough are at heart: a build
// that names a container that its task definition does not have, and deploys latest.
var likeWalkthrough = repository{
	"taskdef.json": `{
  "requiresCompatibilities": ["FARGATE"],
  "family": "app",
  "containerDefinitions": [
    {"name": "app-task", "image": "ACCOUNT.dkr.ecr.REGION.amazonaws.com/app:tag", "essential": true}
  ],
  "executionRoleArn": "arn:aws:iam::123456789012:role/app",
  "networkMode": "awsvpc",
  "memory": "3 GB",
  "cpu": "1 vCPU"
}
`,
	"buildspec.yml": `version: 0.2

phases:
  pre_build:
    commands:
      - REPOSITORY_URI=registry.example.com/app
      - IMAGE_TAG=$(echo $CODEBUILD_RESOLVED_SOURCE_VERSION | cut -c 1-7)
  build:
    commands:
      - docker build -t $REPOSITORY_URI:latest .
      - docker tag $REPOSITORY_URI:latest $REPOSITORY_URI:$IMAGE_TAG
  post_build:
    commands:
      - docker push $REPOSITORY_URI:latest
      - docker push $REPOSITORY_URI:$IMAGE_TAG
      - printf '[{"name":"other-task","imageUri":"%s"}]' $REPOSITORY_URI:latest > imagedefinitions.json
artifacts:
  files: imagedefinitions.json
`,
}

// want is a problem that must be found, by its rule, and what its message and its
// related places must hold.
type want struct {
	rule     string
	severity slipway.Severity
	file     string
	parts    []string
}

func (w want) in(t *testing.T, problems slipway.Problems) {
	t.Helper()
	for _, p := range problems {
		text := p.Message
		for _, place := range p.Related {
			text += "\n" + place.File + ": " + place.Message
		}
		found := p.Rule == w.rule && p.Severity == w.severity && p.File == w.file && p.Pos.IsValid()
		for _, part := range w.parts {
			found = found && strings.Contains(text, part)
		}
		if found {
			return
		}
	}
	t.Errorf("want %+v, found\n%v", w, problems)
}

func TestLikeWalkthrough(t *testing.T) {
	problems := likeWalkthrough.all()
	want{"bundle/container-name", slipway.Error, "buildspec.yml", []string{`"other-task"`, `"app-task"`, "taskdef.json"}}.in(t, problems)
	want{"bundle/latest-image", slipway.Warning, "buildspec.yml", []string{"latest"}}.in(t, problems)
	if n := len(problems.Errors()); n != 1 {
		t.Errorf("want one error, found\n%v", problems.Errors())
	}
}

// TestWalkthrough reads the files of the walkthrough as they stand in it.
func TestWalkthrough(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(moduleRoot(t), "..", "shared", "seed", "walkthrough.txt"))
	if err != nil {
		t.Skip("the walkthrough is not here: ../shared/seed/walkthrough.txt")
	}
	blocks := fenced(string(data))
	if len(blocks) != 2 {
		t.Fatalf("found %d blocks in the walkthrough, want the task definition and the buildspec", len(blocks))
	}
	d := repository{"taskdef.json": blocks[0], "buildspec.yml": blocks[1]}
	problems := d.all()
	want{"bundle/container-name", slipway.Error, "buildspec.yml", []string{`"next-container-task"`, `"docker-cicd-app-task"`, "taskdef.json"}}.in(t, problems)
	want{"bundle/latest-image", slipway.Warning, "buildspec.yml", []string{"latest", "pushes"}}.in(t, problems)
	if n := len(problems.Errors()); n != 1 {
		t.Errorf("want one error, found\n%v", problems.Errors())
	}
}

// fenced returns what stands between lines of three backticks, without its indent.
func fenced(text string) []string {
	var blocks []string
	var block strings.Builder
	inside, indent := false, 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "```" {
			if inside = !inside; !inside {
				blocks = append(blocks, block.String())
			}
			indent = strings.Index(line, "`")
			block.Reset()
			continue
		}
		if inside {
			block.WriteString(line[min(indent, len(line)-len(strings.TrimLeft(line, " "))):])
		}
	}
	return blocks
}

func TestMinimalIsClean(t *testing.T) {
	b, err := bundle.Load(os.DirFS(filepath.Join(moduleRoot(t), "examples", "minimal")))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range b.Check() {
		if p.Severity != slipway.Info {
			t.Errorf("want neither error nor warning, found %v", p)
		}
	}
}
