package apply

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// noRevisions is an ECS that knows no task definition.
type noRevisions struct{ ECS }

func (noRevisions) DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error) {
	return nil, errors.New("there is none")
}

// Only the tasks of the deployment that is to stay tell that it cannot.
func TestCrashing(t *testing.T) {
	live := &ecstypes.Service{Deployments: []ecstypes.Deployment{
		{Id: aws.String("ecs-svc/2"), Status: aws.String("PRIMARY"), DesiredCount: 1},
		{Id: aws.String("ecs-svc/1"), Status: aws.String("ACTIVE"), DesiredCount: 1},
	}}
	for _, tt := range []struct {
		by   []string
		want bool
	}{
		{[]string{"ecs-svc/2", "ecs-svc/2", "ecs-svc/2"}, true},
		{[]string{"", "", ""}, true}, // of an emulator
		{[]string{"ecs-svc/2", "ecs-svc/2"}, false},
		{[]string{"ecs-svc/1", "ecs-svc/1", "ecs-svc/1", "ecs-svc/2"}, false},
	} {
		w := New(Clients{ECS: noRevisions{}}, Options{}).watchService(&serviceItem{cluster: "c", name: "s"})
		for _, by := range tt.by {
			w.stopped = append(w.stopped, ecstypes.Task{StartedBy: &by})
		}
		if got := isCrash(w.crashing(t.Context(), live)); got != tt.want {
			t.Errorf("tasks of %q: got %t, want %t", tt.by, got, tt.want)
		}
	}
}
