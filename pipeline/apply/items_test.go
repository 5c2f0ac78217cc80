package apply

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

var somewhere = bundle.Target{Account: "123456789012", Region: "eu-central-1", Partition: "aws", URLSuffix: "amazonaws.com"}

func itemsIn(t *testing.T, b *bundle.Bundle) *items {
	t.Helper()
	bound, err := b.Bind(somewhere)
	if err != nil {
		t.Fatal(err)
	}
	items, err := itemsOf(bound, somewhere, nil)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func stackNames(list []*stackItem) (names []string) {
	for _, s := range list {
		names = append(names, s.name)
	}
	return names
}

// A bundle that was loaded says by itself in which order it is applied, and what
// belongs together.
func TestItems(t *testing.T) {
	b, err := bundle.Load(os.DirFS("../../examples/minimal"))
	if err != nil {
		t.Fatal(err)
	}
	items := itemsIn(t, b)
	want := []string{"docker-cicd-formation", "docker-cicd-app-platform", "docker-cicd-app-service"}
	if diff := cmp.Diff(want, stackNames(items.stacks)); diff != "" || items.ground() != 2 {
		t.Errorf("%d stacks are the ground of (-want +got):\n%s", items.ground(), diff)
	}
	service := items.stacks[2].services[0]
	service.resolve(newResolver(somewhere, items.stacks[2].name, items.stacks[2].template, nil))
	if got, want := service.label()+" "+service.count, "DockerCiCdAppCluster/docker-cicd-app-service DesiredCount"; got != want {
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

// linked is a template for a stack that imports and exports something.
func linked(name, imports, exports, more string) *fstest.MapFile {
	text := "Metadata: {Slipway: {Stack: " + name + "}}\nResources:\n  R:\n    Type: AWS::SSM::Parameter\n    Properties: {Type: String, Value: "
	if imports == "" {
		text += "x"
	} else {
		text += "!ImportValue " + imports
	}
	text += "}\n" + more
	if exports != "" {
		text += "Outputs:\n  O:\n    Value: !Ref R\n    Export: {Name: !Sub '" + exports + "'}\n"
	}
	return &fstest.MapFile{Data: []byte(text)}
}

const serving = "  S:\n    Type: AWS::ECS::Service\n    Properties: {TaskDefinition: web}\n"

// Stacks stand on those from which they import, whatever their names, and those with a
// service come after the others.
func TestItemsOrder(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fsys   fstest.MapFS
		want   []string
		ground int
	}{
		{"a chain", fstest.MapFS{
			"a.yml": linked("top", "middle-out", "top", ""),
			"b.yml": linked("middle", "base-eu-central-1", "${AWS::StackName}-out", ""),
			"c.yml": linked("base", "", "base-${AWS::Region}", ""),
		}, []string{"base", "middle", "top"}, 3},
		{"a service first by name", fstest.MapFS{
			"a.yml": linked("service", "", "", serving),
			"b.yml": linked("roles", "", "", ""),
		}, []string{"roles", "service"}, 1},
		{"an alarm on what the service exports", fstest.MapFS{
			"a.yml": linked("alarms", "service", "", ""),
			"b.yml": linked("service", "base", "service", serving),
			"c.yml": linked("base", "", "base", ""),
		}, []string{"base", "service", "alarms"}, 1},
	} {
		b, err := bundle.Load(tt.fsys)
		if err != nil {
			t.Fatal(err)
		}
		items := itemsIn(t, b)
		if diff := cmp.Diff(tt.want, stackNames(items.stacks)); diff != "" || items.ground() != tt.ground {
			t.Errorf("%s: ground %d, want %d; mismatch (-want +got):\n%s", tt.name, items.ground(), tt.ground, diff)
		}
	}
}

// The number of tasks is slipway's to keep only where a parameter says nothing else.
func TestCountParameter(t *testing.T) {
	const head = "Parameters: {N: {Type: Number, Default: 0}}\nResources:\n"
	for _, tt := range []struct{ name, template, want string }{
		{"a parameter", head + "  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n", "N"},
		{"none", head + "  S: {Type: AWS::ECS::Service, Properties: {TaskDefinition: x}}\n", ""},
		{"a number", head + "  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: 2}}\n", ""},
		{"two services", head + "  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n  U: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n", ""},
		{"a text too", head + "  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n  U: {Type: AWS::SSM::Parameter, Properties: {Value: !Sub 'at ${N}'}}\n", ""},
		{"a condition too", "Conditions: {C: !Equals [!Ref N, 0]}\n" + head + "  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n", ""},
		{"a resource", "Resources:\n  N: {Type: AWS::SSM::Parameter}\n  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref N}}\n", ""},
	} {
		template, err := cfn.ParseLax("t.yml", []byte(tt.template))
		if err != nil {
			t.Fatal(err)
		}
		if got := countParameter(template, template.Resource("S")); got != tt.want {
			t.Errorf("%s: the parameter is %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestItemsErrors(t *testing.T) {
	const template = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
	const named = "Metadata: {Slipway: {Stack: one}}\n" + template
	for _, tt := range []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"no stack", fstest.MapFS{"t.yml": {Data: []byte(template)}}, "--stack t.yml=NAME"},
		{"one stack twice", fstest.MapFS{"a.yml": {Data: []byte(named)}, "b.yml": {Data: []byte(named)}}, "stack one is in a.yml too"},
		{"a circle", fstest.MapFS{"a.yml": linked("a", "b", "a", ""), "b.yml": linked("b", "a", "b", "")},
			"stack b imports from stack a, which imports from it: neither can be the first"},
		{"a parameter of no stack", fstest.MapFS{"a.yml": {Data: []byte(named)}}, "a value is given for a parameter of stack two, which no template is for"},
	} {
		b, err := bundle.Load(tt.fsys)
		if err != nil {
			t.Fatal(err)
		}
		parameters := map[string]map[string]string{"one": {"A": "b"}}
		if tt.name == "a parameter of no stack" {
			parameters["two"] = map[string]string{"A": "b"}
		}
		if _, err := itemsOf(b, somewhere, parameters); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %v, want one that says %q", tt.name, err, tt.want)
		}
	}
}
