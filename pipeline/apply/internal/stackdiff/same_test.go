package stackdiff_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// TestSame starts from one template and changes one thing, which Diff may have nothing to
// say of.
func TestSame(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*cfn.Template)
		want   bool
	}{
		{"nothing", func(*cfn.Template) {}, true},
		{"format version", func(t *cfn.Template) { t.FormatVersion = "2010-09-09" }, true},
		{"another format version", func(t *cfn.Template) { t.FormatVersion = "2030-01-01" }, false},
		{"description", func(t *cfn.Template) { t.Description = "x" }, false},
		{"transform as a list", func(t *cfn.Template) { t.Transform = cfn.Strings("AWS::LanguageExtensions") }, true},
		{"two transforms", func(t *cfn.Template) { t.Transform = cfn.Strings("AWS::LanguageExtensions", "Mine") }, false},
		{"no transform", func(t *cfn.Template) { t.Transform = nil }, false},
		{"metadata", func(t *cfn.Template) { t.Metadata = object("a", cfn.Int(1)) }, false},
		{"empty metadata", func(t *cfn.Template) { t.Metadata = cfn.Object{} }, true},
		{"rules", func(t *cfn.Template) { t.Rules = object("a", cfn.Int(1)) }, false},
		{"mappings", func(t *cfn.Template) { t.Mappings = object("a", cfn.Int(1)) }, false},
		{"conditions", func(t *cfn.Template) { t.Conditions = object("a", cfn.Int(1)) }, false},
		{"hooks", func(t *cfn.Template) { t.Hooks = object("a", cfn.Int(1)) }, false},
		{"unknown section", func(t *cfn.Template) { t.Extra = object("a", cfn.Int(1)) }, false},

		{"default as a text", func(t *cfn.Template) { t.Parameters[0].Default = cfn.String("1") }, true},
		{"default", func(t *cfn.Template) { t.Parameters[0].Default = cfn.Int(2) }, false},
		{"NoEcho is false", func(t *cfn.Template) { t.Parameters[0].NoEcho = cfn.Bool(false) }, true},
		{"NoEcho", func(t *cfn.Template) { t.Parameters[0].NoEcho = cfn.Bool(true) }, false},
		{"type of a parameter", func(t *cfn.Template) { t.Parameters[0].Type = "String" }, false},
		{"pattern", func(t *cfn.Template) { t.Parameters[0].AllowedPattern = "x" }, false},
		{"length", func(t *cfn.Template) { t.Parameters[0].MinLength = cfn.Int(1) }, false},
		{"no parameter", func(t *cfn.Template) { t.Parameters = nil }, false},
		{"nil parameter", func(t *cfn.Template) { t.Parameters[0] = nil }, false},
		{"raw parameter", func(t *cfn.Template) { t.Parameters[0].Raw = cfn.Int(1) }, false},
		{"name of a parameter", func(t *cfn.Template) { t.Parameters[0].Name = "Q" }, false},

		{"type", func(t *cfn.Template) { t.Resources[0].Type = "AWS::SNS::Topic" }, false},
		{"condition", func(t *cfn.Template) { t.Resources[0].Condition = "C" }, false},
		{"DependsOn", func(t *cfn.Template) { t.Resources[0].DependsOn = []string{"B"} }, false},
		{"DependsOn nothing", func(t *cfn.Template) { t.Resources[0].DependsOn = []string{} }, true},
		{"DeletionPolicy", func(t *cfn.Template) { t.Resources[0].DeletionPolicy = cfn.String("Retain") }, false},
		{"UpdateReplacePolicy", func(t *cfn.Template) { t.Resources[0].UpdateReplacePolicy = cfn.String("Retain") }, false},
		{"CreationPolicy", func(t *cfn.Template) { t.Resources[0].CreationPolicy = object() }, false},
		{"UpdatePolicy", func(t *cfn.Template) { t.Resources[0].UpdatePolicy = object() }, false},
		{"metadata of a resource", func(t *cfn.Template) { t.Resources[0].Metadata = object() }, false},
		{"property", func(t *cfn.Template) { t.Resources[0].Set("BucketName", cfn.String("y")) }, false},
		{"unknown attribute", func(t *cfn.Template) { t.Resources[0].Extra = object("a", cfn.Int(1)) }, false},
		{"resource", func(t *cfn.Template) { t.Add(&cfn.Resource{ID: "C"}) }, false},
		{"nil resource", func(t *cfn.Template) { t.Add(nil) }, false},
		{"order", func(t *cfn.Template) { t.Resources[0], t.Resources[1] = t.Resources[1], t.Resources[0] }, true},
		{"twice", func(t *cfn.Template) { t.Resources[1] = t.Resources[0] }, false},

		{"output", func(t *cfn.Template) { t.Outputs[0].Value = cfn.String("y") }, false},
		{"Ref as Sub", func(t *cfn.Template) { t.Outputs[0].Value = cfn.Sub("${A}") }, true},
		{"export", func(t *cfn.Template) { t.Outputs[0].Export = cfn.String("y") }, false},
		{"condition of an output", func(t *cfn.Template) { t.Outputs[0].Condition = "C" }, false},
		{"description of an output", func(t *cfn.Template) { t.Outputs[0].Description = "y" }, false},
	} {
		template := func() *cfn.Template {
			return &cfn.Template{
				Transform:  cfn.String("AWS::LanguageExtensions"),
				Parameters: []*cfn.Parameter{{Name: "P", Type: "Number", Default: cfn.Int(1)}},
				Resources: []*cfn.Resource{
					{ID: "A", Type: "AWS::S3::Bucket", Properties: object("BucketName", cfn.String("x"))},
					{ID: "B", Type: "AWS::SNS::Topic"},
				},
				Outputs: []*cfn.Output{{Name: "O", Value: cfn.Ref("A"), Export: cfn.String("x")}},
			}
		}
		before, after := stackdiff.Side{Template: template()}, stackdiff.Side{Template: template()}
		test.change(after.Template)
		for _, sides := range [][2]stackdiff.Side{{before, after}, {after, before}} {
			if got := stackdiff.Same(sides[0], sides[1]); got != test.want {
				t.Errorf("%s: got %t", test.name, got)
			}
		}
		if !stackdiff.Same(after, after) || len(stackdiff.Diff(after, after)) > 0 {
			t.Errorf("%s: it differs from itself", test.name)
		}
	}
}

func TestSameValues(t *testing.T) {
	template := &cfn.Template{Parameters: []*cfn.Parameter{{Name: "P", Type: "Number", Default: cfn.Int(1)}, {Name: "Q", Type: "String"}}}
	side := func(values map[string]string) stackdiff.Side {
		return stackdiff.Side{Template: template, Parameters: values}
	}
	for _, test := range []struct {
		before, after map[string]string
		want          bool
	}{
		{nil, nil, true},
		{nil, map[string]string{"P": "1"}, true},
		{nil, map[string]string{"P": "2"}, false},
		{nil, map[string]string{"Q": ""}, false},
		{map[string]string{"Q": "a"}, map[string]string{"Q": "a", "R": "b"}, true},
	} {
		if got := stackdiff.Same(side(test.before), side(test.after)); got != test.want {
			t.Errorf("%v, %v: got %t", test.before, test.after, got)
		}
	}
	if !stackdiff.Same(stackdiff.Side{}, stackdiff.Side{}) || stackdiff.Same(stackdiff.Side{}, side(nil)) {
		t.Error("a stack that does not exist is the same as one that does")
	}
}
