package pipeline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline"
)

// TestLimits changes one thing in a valid definition, to just what is allowed and
// to just more.
func TestLimits(t *testing.T) {
	if p := app().Check(); len(p) > 0 {
		t.Fatalf("the definition to start from has findings:\n%v", p)
	}
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, tt := range []struct {
		name   string
		change func(d *pipeline.Definition)
		want   string // empty for no finding
	}{
		{"name of 100", func(d *pipeline.Definition) { d.Name = long(100) }, ""},
		{"name of 101", func(d *pipeline.Definition) { d.Name = long(101) }, "pipeline/name"},
		{"50 stages", stages(50), ""},
		{"51 stages", stages(51), "pipeline/limits"},
		{"50 actions in a stage", actions(50), ""},
		{"51 actions in a stage", actions(51), "warning pipeline/limits"},
		{"101 actions in a stage", actions(101), "pipeline/limits"},
		{"value of 1000", value(long(1000)), ""},
		{"value of 1001", value(long(1001)), "pipeline/configuration-size"},
		{"value of 1000 letters that are not ASCII", value(strings.Repeat("é", 1000)), ""},
		{"key of 51", func(d *pipeline.Definition) {
			d.Stages[1].Actions[0].ActionTypeID.Owner = pipeline.ActionOwnerCustom
			d.Stages[1].Actions[0].Configuration[long(51)] = "x"
		}, "pipeline/configuration-size"},
		{"50 tags", tags(50), ""},
		{"51 tags", tags(51), "pipeline/tags"},
		{"50 variables", variables(50), ""},
		{"51 variables", variables(51), "pipeline/variables"},
		{"default of 1001", func(d *pipeline.Definition) {
			d.Variables = []pipeline.Variable{{Name: "A", DefaultValue: long(1001)}}
		}, "pipeline/variables"},
		{"50 commands", commands(50, "make"), ""},
		{"51 commands", commands(51, "make"), "pipeline/commands"},
		{"command of 1000", commands(1, long(1000)), ""},
		{"command of 1001", commands(1, long(1001)), "pipeline/commands"},
		{"11 environment variables", func(d *pipeline.Definition) {
			for i := range 11 {
				a := &d.Stages[1].Actions[0]
				a.EnvironmentVariables = append(a.EnvironmentVariables, pipeline.EnvironmentVariable{Name: fmt.Sprint("A", i), Value: "a"})
			}
		}, "pipeline/environment"},
		{"build variables over 1000", func(d *pipeline.Definition) {
			d.Stages[1].Actions[0] = pipeline.CodeBuild{Name: "Build", Project: "app", Input: "Source", Output: "Build",
				Environment: []pipeline.BuildVariable{{Name: "A", Value: long(980)}}}.Action()
		}, "pipeline/configuration-size"},
		{"role of a partition", func(d *pipeline.Definition) { d.RoleARN = "arn:aws-us-gov:iam::123456789012:role/a/b" }, ""},
		{"role without a name's colon", func(d *pipeline.Definition) { d.RoleARN = "arn:aws:iam::123456789012:user/a" }, "pipeline/role"},
		{"bucket of 63", func(d *pipeline.Definition) { d.ArtifactStore.Location = long(63) }, ""},
		{"bucket of 64", func(d *pipeline.Definition) { d.ArtifactStore.Location = long(64) }, "pipeline/artifact-store"},
		{"nothing", func(d *pipeline.Definition) { *d = pipeline.Definition{PipelineType: pipeline.TypeV2} },
			"pipeline/artifact-store pipeline/name pipeline/role pipeline/stages"},
	} {
		d := app()
		tt.change(d)
		var got []string
		for _, p := range d.Check() {
			rule := p.Rule
			if p.Severity.String() != "error" {
				rule = p.Severity.String() + " " + rule
			}
			got = append(got, rule)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: mismatch (-want +got)\n%s", tt.name, diff)
		}
	}
}

func stages(n int) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) {
		for i := len(d.Stages); i < n; i++ {
			d.Stages = append(d.Stages, pipeline.Stage{Name: fmt.Sprint("Stage", i), Actions: pipeline.Actions(pipeline.ManualApproval{Name: "Ask"})})
		}
	}
}

func actions(n int) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) {
		for i := len(d.Stages[2].Actions); i < n; i++ {
			d.Stages[2].Actions = append(d.Stages[2].Actions, pipeline.ManualApproval{Name: fmt.Sprint("Ask", i)}.Action())
		}
	}
}

func value(text string) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) { d.Stages[1].Actions[0].Configuration["BuildspecOverride"] = text }
}

func tags(n int) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) {
		for i := range n {
			d.Tags = append(d.Tags, pipeline.Tag{Key: fmt.Sprint("key", i), Value: new("")})
		}
	}
}

func variables(n int) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) {
		for i := range n {
			d.Variables = append(d.Variables, pipeline.Variable{Name: fmt.Sprint("V", i)})
		}
	}
}

func commands(n int, command string) func(*pipeline.Definition) {
	return func(d *pipeline.Definition) {
		c := pipeline.Commands{Name: "Make", Input: "Source"}
		for range n {
			c.Commands = append(c.Commands, command)
		}
		d.Stages[1].Actions = append(d.Stages[1].Actions, c.Action())
	}
}
