package apply

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

var somewhere = bundle.Target{Account: "123456789012", Region: "eu-central-1", Partition: "aws", URLSuffix: "amazonaws.com"}

func sorted(t *testing.T, b *bundle.Bundle) *items {
	t.Helper()
	bound, err := b.Bind(somewhere)
	if err != nil {
		t.Fatal(err)
	}
	items, err := sortItems(bound, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// A bundle that was loaded says by itself in which order it is applied, and what
// belongs together.
func TestSortMinimal(t *testing.T) {
	b, err := bundle.Load(os.DirFS("../../examples/minimal"))
	if err != nil {
		t.Fatal(err)
	}
	items := sorted(t, b)
	stacks := func(list []*stackItem) (names []string) {
		for _, s := range list {
			names = append(names, s.path+" "+s.name)
		}
		return names
	}
	if diff := cmp.Diff([]string{"network.yml docker-cicd-formation", "platform.yml docker-cicd-app-platform"}, stacks(items.ground)); diff != "" {
		t.Errorf("ground: mismatch (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"service.yml docker-cicd-app-service"}, stacks(items.services)); diff != "" {
		t.Errorf("services: mismatch (-want +got):\n%s", diff)
	}
	service := items.services[0].services[0]
	if got, want := service.label()+" "+service.family+" "+service.count, "DockerCiCdAppCluster/docker-cicd-app-service docker-cicd-app-fargate DesiredCount"; got != want {
		t.Errorf("the service is %s, want %s", got, want)
	}
	task := items.tasks[0]
	if len(task.services) != 1 || task.services[0] != service || !slices.Equal(task.delivered, []string{"docker-cicd-app-task"}) {
		t.Errorf("the task definition is run by %v, and a pipeline delivers %q", task.services, task.delivered)
	}
	if p := items.pipelines[0]; len(p.services) != 1 || p.services[0] != service {
		t.Errorf("the pipeline deploys %v", p.services)
	}
	if !slices.Equal(items.others, []string{"buildspec.yml"}) {
		t.Errorf("others are %q", items.others)
	}
}

// Stacks stand on those from which they import, whatever their names.
func TestSortImports(t *testing.T) {
	stack := func(name, imports, exports string) *fstest.MapFile {
		text := "Metadata: {Slipway: {Stack: " + name + "}}\nResources:\n  R:\n    Type: AWS::SSM::Parameter\n    Properties: {Type: String, Value: "
		if imports == "" {
			text += "x"
		} else {
			text += "!ImportValue " + imports
		}
		text += "}\nOutputs:\n  O:\n    Value: !Ref R\n    Export: {Name: !Sub '" + exports + "'}\n"
		return &fstest.MapFile{Data: []byte(text)}
	}
	b, err := bundle.Load(fstest.MapFS{
		"a.yml": stack("top", "middle-out", "top"),
		"b.yml": stack("middle", "base-eu-central-1", "${AWS::StackName}-out"),
		"c.yml": stack("base", "", "base-${AWS::Region}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range sorted(t, b).ground {
		names = append(names, s.name)
	}
	if diff := cmp.Diff([]string{"base", "middle", "top"}, names); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestSortErrors(t *testing.T) {
	const template = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
	const named = "Metadata: {Slipway: {Stack: one}}\n" + template
	for _, tt := range []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"no stack", fstest.MapFS{"t.yml": {Data: []byte(template)}}, "--stack t.yml=NAME"},
		{"one stack twice", fstest.MapFS{"a.yml": {Data: []byte(named)}, "b.yml": {Data: []byte(named)}}, "stack one is in a.yml too"},
	} {
		b, err := bundle.Load(tt.fsys)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sortItems(b, somewhere); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %v, want one that says %q", tt.name, err, tt.want)
		}
	}
}
