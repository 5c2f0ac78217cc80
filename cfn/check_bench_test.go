package cfn_test

import (
	"strconv"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	build "github.com/seed-b1f00840/slipway/cfn/network"
)

func BenchmarkCheckNetwork(b *testing.B) {
	t, err := build.Network{Zones: 6}.Template() // 18 resources
	if err != nil {
		b.Fatal(err)
	}
	benchmarkCheck(b, t)
}

func BenchmarkCheckPlatform(b *testing.B) { benchmarkCheck(b, platform()) }

func benchmarkCheck(b *testing.B, t *cfn.Template) {
	b.ReportAllocs()
	for b.Loop() {
		if problems := t.Check(); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

// platform has 25 resources, some 300 values and 75 references, as the template
// of a pipeline's roles, buckets and projects has.
func platform() *cfn.Template {
	t := &cfn.Template{Parameters: []*cfn.Parameter{
		{Name: "Service", Type: "String", Default: cfn.String("shop")},
		{Name: "Network", Type: "String"},
	}}
	previous := cfn.Value(cfn.Ref("Service"))
	for i := range 25 {
		id := "Role" + strconv.Itoa(i)
		t.Add(&cfn.Resource{ID: id, Type: "AWS::IAM::Role", DeletionPolicy: cfn.String("Retain"), Properties: cfn.Object{
			cfn.Prop("RoleName", cfn.Sub("${AWS::StackName}-${Service}-"+id)),
			cfn.Prop("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("after")), cfn.Prop("Value", previous)}}),
			cfn.Prop("AssumeRolePolicyDocument", cfn.Object{
				cfn.Prop("Version", cfn.String("2012-10-17")),
				cfn.Prop("Statement", cfn.List{cfn.Object{
					cfn.Prop("Effect", cfn.String("Allow")),
					cfn.Prop("Principal", cfn.Object{cfn.Prop("Service", cfn.String("codebuild.amazonaws.com"))}),
					cfn.Prop("Action", cfn.Strings("sts:AssumeRole")),
				}}),
			}),
		}})
		t.Outputs = append(t.Outputs[:min(i, 3)], &cfn.Output{Name: "Arn" + strconv.Itoa(i), Value: cfn.Att(id, "Arn")})
		previous = cfn.Att(id, "Arn")
	}
	return t
}
