package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

func service() *cfn.Resource {
	return &cfn.Resource{ID: "Service", Type: "AWS::ECS::Service", Properties: cfn.Object{
		cfn.Prop("Cluster", cfn.Ref("Cluster")),
		cfn.Prop("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("a")), cfn.Prop("Value", cfn.String("1"))}}),
	}}
}

func TestSet(t *testing.T) {
	got := service().
		Set("DesiredCount", cfn.Ref("Count")).
		Set("NetworkConfiguration.AwsvpcConfiguration.Subnets[0]", cfn.Ref("SubnetA")).
		Set("NetworkConfiguration.AwsvpcConfiguration.Subnets[1]", cfn.Ref("SubnetB")).
		Set("Tags[0].Value", cfn.String("2")).
		Set(`Labels["com.example"]`, cfn.Bool(true)).
		Set("Cluster", nil).
		Set("Missing.Too", nil).
		Set("Tags[7]", nil)
	want := cfn.Object{
		cfn.Prop("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("a")), cfn.Prop("Value", cfn.String("2"))}}),
		cfn.Prop("DesiredCount", cfn.Ref("Count")),
		cfn.Prop("NetworkConfiguration", cfn.Object{cfn.Prop("AwsvpcConfiguration", cfn.Object{
			cfn.Prop("Subnets", cfn.List{cfn.Ref("SubnetA"), cfn.Ref("SubnetB")}),
		})}),
		cfn.Prop("Labels", cfn.Object{cfn.Prop("com.example", cfn.Bool(true))}),
	}
	if diff := cmp.Diff(want, got.Properties); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if got := (&cfn.Resource{}).Set("A", nil).Set("B[0]", cfn.Int(1)); len(got.Properties) != 1 {
		t.Errorf("properties of an empty resource are %v", got.Properties)
	}
}

func TestSetLeavesSharedValues(t *testing.T) {
	shared := cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("a")), cfn.Prop("Value", cfn.String("1"))}}
	a := (&cfn.Resource{ID: "A"}).Set("Tags", shared)
	b := (&cfn.Resource{ID: "B"}).Set("Tags", shared)
	a.Set("Tags[0].Value", cfn.String("2")).Set("Tags[1]", cfn.Object{}).Set("Tags[0].Key", nil)
	if diff := cmp.Diff(cfn.Value(shared), b.Get("Tags")); diff != "" {
		t.Errorf("b changed with a: mismatch (-want +got):\n%s", diff)
	}
	if got := b.Get("Tags[0].Value"); got != cfn.String("1") {
		t.Errorf("Tags[0].Value is %v", got)
	}
}

func TestPutErrors(t *testing.T) {
	for path, want := range map[string]string{
		"":                "resource Service: the path of a property is empty",
		"[0]":             "resource Service: [0]: Properties is an object, want a list",
		"Cluster.Name":    "resource Service: Cluster.Name: Cluster is the function cfn.Ref, want an object",
		"Cluster[0]":      "resource Service: Cluster[0]: Cluster is the function cfn.Ref, want a list",
		"Tags.Key":        "resource Service: Tags.Key: Tags is a list, want an object",
		"Tags[0].Key.Sub": "resource Service: Tags[0].Key.Sub: Tags[0].Key is a string, want an object",
		"Tags[2]":         "resource Service: Tags[2]: Tags has 1 elements; the next has the index 1",
	} {
		r := service()
		if err := r.Put(path, cfn.Null{}); err == nil || err.Error() != want {
			t.Errorf("Put(%q) = %v, want %s", path, err, want)
		}
		if diff := cmp.Diff(service(), r); diff != "" {
			t.Errorf("Put(%q) failed and changed: mismatch (-want +got):\n%s", path, diff)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Set does not panic where Put fails")
		}
	}()
	service().Set("Cluster.Name", cfn.String("x"))
}

func TestGet(t *testing.T) {
	for path, want := range map[string]cfn.Value{
		"Cluster": cfn.Ref("Cluster"), "Tags[0].Key": cfn.String("a"),
		"Cluster.X": nil, "Tags[1]": nil, "Tags.Key": nil, "No": nil, "[0]": nil,
	} {
		if got := service().Get(path); got != want {
			t.Errorf("Get(%q) = %v, want %v", path, got, want)
		}
	}
}
