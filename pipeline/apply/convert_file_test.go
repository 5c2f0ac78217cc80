package apply

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A wire is the network that the SDK's clients have: it keeps the body of the last
// request, and answers it.
type wire struct{ sent, answer string }

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	w.sent = string(body)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(w.answer))}, err
}

// errIncomplete is a model that the SDK does not send because something is missing.
var errIncomplete = errors.New("incomplete")

// taskOverWire returns the request that registers d, and what comes back when it is
// asked for.
func taskOverWire(t *testing.T, d *taskdef.Definition) (sent string, back *taskdef.Definition, err error) {
	in, err := toTaskDefinitionInput(d)
	if err != nil {
		return "", nil, err
	}
	w := &wire{answer: "{}"}
	client := ecs.New(ecs.Options{Region: "eu-central-1", HTTPClient: w})
	if _, err := client.RegisterTaskDefinition(t.Context(), in); err != nil {
		return "", nil, fmt.Errorf("%w: %w", errIncomplete, err)
	}
	sent = w.sent
	w.answer = `{"taskDefinition":` + sent + `,` + sent[1:] // the SDK passes over all beside it but the tags
	out, err := client.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: new("web")})
	if err != nil {
		return "", nil, err
	}
	return sent, fromTaskDefinition(out.TaskDefinition, out.Tags), nil
}

// pipelineOverWire is taskOverWire for a pipeline.
func pipelineOverWire(t *testing.T, d *pipeline.Definition) (sent string, back *pipeline.Definition, err error) {
	v, tags, err := toPipelineDeclaration(d)
	if err != nil {
		return "", nil, err
	}
	w := &wire{answer: "{}"}
	client := codepipeline.New(codepipeline.Options{Region: "eu-central-1", HTTPClient: w})
	if _, err := client.CreatePipeline(t.Context(), &codepipeline.CreatePipelineInput{Pipeline: v, Tags: tags}); err != nil {
		return "", nil, fmt.Errorf("%w: %w", errIncomplete, err)
	}
	sent = w.sent
	w.answer = sent // GetPipeline reads the one half, ListTagsForResource the other
	got, err := client.GetPipeline(t.Context(), &codepipeline.GetPipelineInput{Name: new("app")})
	if err != nil {
		return "", nil, err
	}
	listed, err := client.ListTagsForResource(t.Context(), &codepipeline.ListTagsForResourceInput{ResourceArn: new("arn")})
	if err != nil {
		return "", nil, err
	}
	return sent, fromPipelineDeclaration(got.Pipeline, listed.Tags), nil
}

type model interface{ Render() ([]byte, error) }

// checkWire lets the SDK judge: what it sends of d must be what the file of d says,
// and what it reads of that must be d again.
func checkWire[D model](t *testing.T, d D, overWire func(*testing.T, D) (string, D, error)) error {
	t.Helper()
	sent, back, err := overWire(t, d)
	if err != nil {
		return err
	}
	text, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decode(t, text), decode(t, []byte(sent))); diff != "" {
		t.Errorf("the SDK sends something else than the file says (-file +sent)\n%s", diff)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Errorf("mismatch after the way there and back (-want +got)\n%s", diff)
	}
	return nil
}

// TestConvertWire lets the SDK send models in which every field is set.
func TestConvertWire(t *testing.T) {
	if err := checkWire(t, full[taskdef.Definition](), taskOverWire); err != nil {
		t.Error(err)
	}
	if err := checkWire(t, full[pipeline.Definition](), pipelineOverWire); err != nil {
		t.Error(err)
	}
}

// TestConvertProblems converts well-formed files that hold what cannot be sent.
func TestConvertProblems(t *testing.T) {
	const task = `{
  "family": "web",
  "trustedExecutionConfiguration": {"on": true},
  "containerDefinitions": [
    {"name": "app", "cpu": "${CPU}", "memory": "${MEMORY}", "foo": 1, "dockerLabels": {"a.b": 5}},
    {"name": "gpu", "user": "", "resourceRequirements": [
      {"type": "GPU", "value": "1", "sharingStrategy": {}},
      {"type": "GPU", "value": "1", "sharingStrategy": {"new": {}}},
      {"type": "GPU", "value": "1", "sharingStrategy": {"nvidiaMps": {"memory": true}}}
    ]}
  ]
}`
	d, err := taskdef.ParseLax("taskdef.json", []byte(task))
	if err != nil {
		t.Fatal(err)
	}
	d.ContainerDefinitions[0].Memory = new(512) // hides what stood in the file, as it does when d is written
	_, err = toTaskDefinitionInput(d)
	checkLines(t, err, `
taskdef.json:3:3: trustedExecutionConfiguration: the AWS SDK of this version has no member trustedExecutionConfiguration; it cannot be sent
taskdef.json:5:21: containerDefinitions[0].cpu: found "${CPU}", which does not fit and cannot be sent; correct it, or leave it out
taskdef.json:5:61: containerDefinitions[0].foo: the AWS SDK of this version has no member foo; it cannot be sent
taskdef.json:5:71: containerDefinitions[0].dockerLabels: found a map, which does not fit and cannot be sent; correct it, or leave it out
taskdef.json:6:21: containerDefinitions[1].user: found "", which does not fit and cannot be sent; correct it, or leave it out
taskdef.json:7:37: containerDefinitions[1].resourceRequirements[0].sharingStrategy: found 0 members, the API takes exactly one
taskdef.json:8:57: containerDefinitions[1].resourceRequirements[1].sharingStrategy.new: the AWS SDK of this version has no member new; it cannot be sent
taskdef.json:9:71: containerDefinitions[1].resourceRequirements[2].sharingStrategy.nvidiaMps.memory: found true, which does not fit and cannot be sent; correct it, or leave it out
`)

	const definition = `{
  "pipeline": {
    "name": "app",
    "artifactStores": {"eu-west-1": {"type": "S3", "location": "b", "bucket": "b"}},
    "stages": [{"name": "Source", "actions": [{"name": "Source", "timeout": "5"}]}]
  },
  "tags": [{"key": "a", "color": "red"}],
  "clientToken": "x"
}`
	p, err := pipeline.ParseLax("pipeline.json", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = toPipelineDeclaration(p)
	checkLines(t, err, `
pipeline.json:4:69: artifactStores.eu-west-1.bucket: the AWS SDK of this version has no member bucket; it cannot be sent
pipeline.json:5:66: stages[0].actions[0].timeout: the AWS SDK of this version has no member timeout; it cannot be sent
pipeline.json:7:25: tags[0].color: the AWS SDK of this version has no member color; it cannot be sent
pipeline.json:8:3: clientToken: the AWS SDK of this version has no member clientToken; it cannot be sent
`)
}

// checkLines compares an error of a line for each problem.
func checkLines(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		err = errors.New("nothing")
	}
	if diff := cmp.Diff(strings.TrimSpace(want), err.Error()); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s\n%v", diff, err)
	}
}

// TestConvertCorpus lets the SDK send the real files.
func TestConvertCorpus(t *testing.T) {
	t.Run("taskdef", func(t *testing.T) {
		testCorpus(t, "taskdef", taskdef.ParseLax, func(t *testing.T, d *taskdef.Definition) error {
			for i := range d.ContainerDefinitions {
				if c := &d.ContainerDefinitions[i]; deref(c.CPU) == 0 {
					c.CPU = nil // the same for ECS, and for the SDK
				}
			}
			return checkWire(t, d, taskOverWire)
		})
	})
	t.Run("pipeline", func(t *testing.T) {
		testCorpus(t, "pipeline", pipeline.ParseLax, func(t *testing.T, d *pipeline.Definition) error {
			return checkWire(t, d, pipelineOverWire)
		})
	})
}

func testCorpus[D any](t *testing.T, folder string, parse func(string, []byte) (D, error), check func(*testing.T, D) error) {
	names, err := filepath.Glob(filepath.Join(oracle.Shared(t, "corpus", folder), "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	read, sent, incomplete, refused := 0, 0, 0, 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := parse(filepath.Base(name), data)
		if err != nil {
			continue // no JSON
		}
		read++
		t.Run(filepath.Base(name), func(t *testing.T) {
			var problems slipway.Problems
			switch err := check(t, d); {
			case err == nil:
				sent++
			case errors.Is(err, errIncomplete):
				incomplete++
			case errors.As(err, &problems):
				refused++
				t.Log(err)
			default:
				t.Error(err)
			}
		})
	}
	t.Logf("%d files: %d sent, %d incomplete, %d refused because of an Extra", read, sent, incomplete, refused)
	if sent < read/2 {
		t.Error("too few for a test")
	}
}
