package apply_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: mismatch (-want +got):\n%s", file, diff)
	}
}

// What people and programs read: a first plan, one that changes everything, one that
// loses data, the state, the list of what is deleted, and the events.
func TestTexts(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	var rec recorder
	a := on(cloud, apply.Options{Events: rec.record})
	b := minimal(t)
	plan := func(name string) *apply.Plan {
		t.Helper()
		p, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := p.JSON()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", p.String())
		golden(t, name+".json", string(data))
		return p
	}
	status := func(name string) {
		t.Helper()
		s, err := a.Status(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := s.JSON()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", s.String())
		golden(t, name+".json", string(data))
	}
	first := plan("plan-first")
	status("status-nothing")
	rec.reset()
	mustApply(t, a, first)
	var events strings.Builder
	for _, e := range rec.reset() {
		events.WriteString(e.String())
		events.WriteByte('\n')
	}
	golden(t, "events-first.txt", events.String())
	status("status-delivered")

	change(b)
	task, _, _ := bundle.Find[*taskdef.Definition](b)
	task.ContainerDefinitions[0].Environment = []taskdef.KeyValue{{Name: "MODE", Value: new("fast")}, {Name: "DB_PASSWORD", Value: new("hunter2")}}
	task.Tags = []taskdef.Tag{{Key: "team", Value: new("shop")}}
	p, _, _ := bundle.Find[*pipeline.Definition](b)
	p.Tags = []pipeline.Tag{{Key: "team", Value: new("shop")}}
	project := template(t, b, "platform.yml").Resource("BuildProject")
	project.Set("Environment.EnvironmentVariables", cfn.List{
		cfn.Object{cfn.Prop("Name", cfn.String("MODE")), cfn.Prop("Value", cfn.String("fast"))},
		cfn.Object{cfn.Prop("Name", cfn.String("DEPLOY_TOKEN")), cfn.Prop("Value", cfn.String("hunter2"))},
	})
	everything := plan("plan-change")
	mustApply(t, a, everything)

	network := template(t, b, "network.yml")
	network.Resource("VPC").Set("CidrBlock", cfn.String("10.1.0.0/16"))
	network.Resource("PublicSubnet1").Set("CidrBlock", cfn.String("10.1.0.0/24"))
	network.Resource("PublicSubnet2").Set("CidrBlock", cfn.String("10.1.1.0/24"))
	platform := template(t, b, "platform.yml")
	platform.Resource("Repository").Set("RepositoryName", cfn.String("other"))
	platform.Resource("Cluster").Set("ClusterName", cfn.String("Other"))
	platform.Resource("BuildRole").Set("Path", cfn.String("/build/"))
	losing := plan("plan-loss")
	if err := a.Discard(t.Context(), losing); err != nil {
		t.Fatal(err)
	}
	cloud.ScriptBuilds(applytest.Build{Fail: "docker build .", Log: []string{"no space left"}})
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(10 * time.Minute)
	cloud.Scale(cluster, serviceName, 3)
	cloud.Advance(10 * time.Minute)
	status("status-drift")

	d, err := a.PlanDestroy(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "destroy.txt", d.String())
	golden(t, "destroy.json", string(data))
	for _, name := range []string{"plan-change.txt", "plan-change.json", "status-drift.json", "destroy.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "hunter2") {
			t.Errorf("%s has a secret", name)
		}
	}
}
