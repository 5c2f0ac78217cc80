package applytest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// Failing tasks open the circuit breaker when there are as many as it is told.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
func TestThresholds(t *testing.T) {
	tests := []struct {
		name          string
		desired, want int32
		more          string // of the circuit breaker
	}{
		{"at least three", 1, 3, ""},
		{"half of them", 10, 5, ""},
		{"a percentage", 10, 8, ", ThresholdConfiguration: {Type: BOUNDED_PERCENT, Value: 80}"},
		{"a percentage without bounds", 2, 1, ", ThresholdConfiguration: {Type: UNBOUNDED_PERCENT, Value: 50}"},
		{"a number", 1, 2, ", ThresholdConfiguration: {Type: COUNT, Value: 2}"},
		{"a healthy task in between", 2, 5, ""},
		{"a healthy task that does not count", 2, 3, ", ResetOnHealthyTask: false"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
			body := strings.Replace(webService, "Rollback: !Ref Rollback", "Rollback: !Ref Rollback"+test.more, 1)
			w.deploy("service", body, map[string]string{"Count": "0"})
			w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
			if strings.Contains(test.name, "healthy") {
				w.cloud.ScriptTasks(applytest.Tasks{Times: 1})
				w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Times: 2})
			}
			must(w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
				Cluster: aws.String("main"), Service: aws.String("web"), DesiredCount: &test.desired, ForceNewDeployment: true,
			}))
			got := int32(0)
			w.until("the breaker is open", func() bool {
				for _, d := range w.web().Deployments {
					if d.RolloutState == types.DeploymentRolloutStateFailed {
						got = d.FailedTasks
					}
				}
				return got > 0
			})
			if got != test.want {
				t.Errorf("got %d failed tasks, want %d", got, test.want)
			}
		})
	}
}
