package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// Several services give what each of them gives alone, in their order.
func TestFiles(t *testing.T) {
	var want bundle.Files
	var services []delivery.Service
	for _, service := range []func() delivery.Service{rich, minimal, bucketed} {
		s := service()
		services = append(services, s)
		for _, f := range render(t, s) {
			f.Path = s.Name + "/" + f.Path
			want = append(want, f)
		}
	}
	got, err := delivery.Files(services...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if none, err := delivery.Files(); err != nil || len(none) != 0 {
		t.Errorf("no service gives %v, %v", none, err)
	}
}

// What two services would both create is refused, and so is what one of them has wrong.
func TestFilesRefuses(t *testing.T) {
	a, b, c := minimal(), minimal(), minimal()
	a.Name, b.Name, c.Name = "a1", "b1", "c1"
	b.Deploy.Cluster = "a1"
	c.Task.CPU, c.Task.Memory = "300", "512"
	b.Task.ExecutionRoleARN = "arn:aws:iam::123456789012:role/shared"
	c.Task.ExecutionRoleARN = "arn:aws:iam::123456789012:role/shared"
	_, err := delivery.Files(a, b, c)
	if err == nil {
		t.Fatal("the services were not refused")
	}
	want := `b1: Service.Deploy.Cluster: found "a1", a cluster that service a1 creates too (delivery/service)`
	if lines := strings.Split(err.Error(), "\n"); lines[0] != want {
		t.Errorf("found %s, want %s", lines[0], want)
	}
	if !strings.Contains(err.Error(), "c1/taskdef.json: cpu: found 300") || strings.Contains(err.Error(), "role") {
		t.Errorf("error is\n%v", err)
	}
	if _, err := delivery.Files(a, a); err == nil || !strings.Contains(err.Error(), `a1: Service.Name: found "a1", a service that service a1 creates too`) {
		t.Errorf("the same service twice: %v", err)
	}
}
