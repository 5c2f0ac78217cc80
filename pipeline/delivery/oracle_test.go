package delivery_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// cfn-lint has nothing to say of any template, in any of its regions, not even a
// hint.
func TestCfnLint(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	minimal, err := filepath.Glob(filepath.Join(oracle.Root(t), "examples", "minimal", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var templates []string
	for _, f := range append(files, minimal...) {
		if filepath.Base(f) != delivery.BuildspecFile {
			templates = append(templates, f)
		}
	}
	if len(templates) != 3*(len(goldens)+1) {
		t.Fatalf("found %d templates: %v", len(templates), templates)
	}
	for _, f := range oracle.CfnLint(t, templates...) {
		t.Error(f)
	}
}

// What becomes the input of an API is what botocore's model of the API takes,
// also the properties of resources.
func TestBotocore(t *testing.T) {
	for name, service := range goldens {
		t.Run(name, func(t *testing.T) {
			b, err := service().Bundle()
			if err != nil {
				t.Fatal(err)
			}
			bound, err := b.Bind(bundle.Target{Account: "123456789012", Region: "eu-central-1"})
			if err != nil {
				t.Fatal(err)
			}
			files, err := bound.Files()
			if err != nil {
				t.Fatal(err)
			}
			found := oracle.CheckShape(t, "ecs", "RegisterTaskDefinition", files.Get(delivery.TaskFile))
			found = append(found, oracle.CheckShape(t, "codepipeline", "CreatePipeline", files.Get(delivery.PipelineFile))...)
			for _, path := range []string{delivery.NetworkFile, delivery.PlatformFile, delivery.ServiceFile} {
				found = append(found, oracle.CheckTemplate(t, files.Get(path))...)
			}
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}

// The real AWS CLI applies the JSON files, and what it reads back is what they say.
func TestByHand(t *testing.T) {
	b, err := minimal().Bundle()
	if err != nil {
		t.Fatal(err)
	}
	b, err = b.Bind(bundle.Target{Account: "123456789012", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := files.Write(dir); err != nil {
		t.Fatal(err)
	}
	server := oracle.Moto(t)
	aws := func(args ...string) []byte {
		t.Helper()
		out, err := oracle.AWS(t, append(args, "--endpoint-url", server.URL, "--region", "us-east-1")...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	file := func(name string) string { return "file://" + filepath.Join(dir, name) }
	aws("ecs", "register-task-definition", "--cli-input-json", file(delivery.TaskFile))
	task, err := taskdef.Parse("described.json", aws("ecs", "describe-task-definition", "--task-definition", "shop"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := bundle.Find[*taskdef.Definition](b)
	if got := task.ContainerDefinitions[0].Image; got != want.ContainerDefinitions[0].Image || task.CPU != want.CPU {
		t.Errorf("the task definition that was registered has image %s and cpu %s", got, task.CPU)
	}

	// moto wants the role to be there and to trust CodePipeline.
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codepipeline.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	aws("iam", "create-role", "--role-name", "shop-pipeline-us-east-1", "--assume-role-policy-document", trust)
	aws("codepipeline", "create-pipeline", "--cli-input-json", file(delivery.PipelineFile))
	got, err := pipeline.Parse("got.json", aws("codepipeline", "get-pipeline", "--name", "shop"))
	if err != nil {
		t.Fatal(err)
	}
	wantPipeline, _, _ := bundle.Find[*pipeline.Definition](b)
	if diff := cmp.Diff(wantPipeline.Stages, got.Stages, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(pipeline.Action{}, "RunOrder")); diff != "" {
		t.Errorf("the pipeline that was created: mismatch (-want +got):\n%s", diff)
	}
}
