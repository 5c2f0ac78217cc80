package applytest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

const webService = `
Parameters:
  Count: {Type: Number, Default: 1}
  Breaker: {Type: String, Default: "true"}
  Rollback: {Type: String, Default: "true"}
Resources:
  Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Service:
    Type: AWS::ECS::Service
    DependsOn: Cluster
    Properties:
      ServiceName: web
      Cluster: main
      TaskDefinition: web
      DesiredCount: !Ref Count
      DeploymentConfiguration:
        DeploymentCircuitBreaker: {Enable: !Ref Breaker, Rollback: !Ref Rollback}
`

// serviceWorld is a world with a service of n tasks.
func serviceWorld(t *testing.T, n int, parameters ...string) *world {
	w := newWorld(t, applytest.Options{})
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	values := map[string]string{"Count": fmt.Sprint(n)}
	for i := 0; i < len(parameters); i += 2 {
		values[parameters[i]] = parameters[i+1]
	}
	if status := w.deploy("service", webService, values); status != "CREATE_COMPLETE" {
		t.Fatalf("%s\n%s", status, w.story("service"))
	}
	return w
}

func (w *world) web() types.Service {
	w.t.Helper()
	return must(w.ECS.DescribeServices(w.t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String("main"), Services: []string{"web"}})).Services[0]
}

// roll makes the service run another revision, with another image.
func (w *world) roll(image string) {
	in := webTask()
	in.ContainerDefinitions[0].Image = &image
	must(w.ECS.RegisterTaskDefinition(w.t.Context(), in))
	must(w.ECS.UpdateService(w.t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("main"), Service: aws.String("web"), TaskDefinition: aws.String("web"),
	}))
}

// rollouts tells the deployments of the service: status, revision, rollout, running, failed.
func (w *world) rollouts() string {
	var out []string
	for _, d := range w.web().Deployments {
		out = append(out, fmt.Sprintf("%s %s %s running=%d failed=%d", *d.Status, (*d.TaskDefinition)[strings.LastIndex(*d.TaskDefinition, "/")+1:], d.RolloutState, d.RunningCount, d.FailedTasks))
	}
	return strings.Join(out, "\n")
}

func (w *world) stopped() []types.Task {
	w.t.Helper()
	arns := must(w.ECS.ListTasks(w.t.Context(), &ecs.ListTasksInput{
		Cluster: aws.String("main"), ServiceName: aws.String("web"), DesiredStatus: types.DesiredStatusStopped,
	})).TaskArns
	if len(arns) == 0 {
		return nil
	}
	return must(w.ECS.DescribeTasks(w.t.Context(), &ecs.DescribeTasksInput{Cluster: aws.String("main"), Tasks: arns})).Tasks
}

// A new revision takes the place of the old one, task by task.
func TestRollingUpdate(t *testing.T) {
	w := serviceWorld(t, 2)
	before := *w.web().Deployments[0].Id
	w.roll("nginx:2")
	var seen []string
	for range 20 {
		if now := w.rollouts(); len(seen) == 0 || seen[len(seen)-1] != now {
			seen = append(seen, now)
		}
		if w.web().RunningCount < 2 {
			t.Errorf("got %d running tasks, want 2 at least", w.web().RunningCount)
		}
		w.sleep(5 * time.Second)
	}
	want := []string{
		"PRIMARY web:2 IN_PROGRESS running=0 failed=0\nACTIVE web:1 COMPLETED running=2 failed=0",
		"PRIMARY web:2 IN_PROGRESS running=2 failed=0\nACTIVE web:1 COMPLETED running=0 failed=0",
		"PRIMARY web:2 IN_PROGRESS running=2 failed=0",
		"PRIMARY web:2 COMPLETED running=2 failed=0",
	}
	if diff := gocmp.Diff(want, seen); diff != "" {
		t.Errorf("rollouts mismatch (-want +got):\n%s", diff)
	}
	d := w.web().Deployments[0]
	if *d.Id == before || *d.RolloutStateReason != "ECS deployment "+*d.Id+" completed." {
		t.Errorf("got deployment %s: %s", *d.Id, *d.RolloutStateReason)
	}
	var messages []string
	for _, e := range w.web().Events[:2] {
		messages = append(messages, *e.Message)
	}
	wantMessages := []string{"(service web) (deployment " + *d.Id + ") deployment completed.", "(service web) has reached a steady state."}
	if diff := gocmp.Diff(wantMessages, messages); diff != "" {
		t.Errorf("events mismatch (-want +got):\n%s", diff)
	}
	for _, task := range w.stopped() {
		if task.StopCode != types.TaskStopCodeServiceSchedulerInitiated || *task.StoppedReason != "Scaling activity initiated by (deployment "+*d.Id+")" {
			t.Errorf("got stopped task %s: %s", task.StopCode, *task.StoppedReason)
		}
	}
	w.sleep(time.Hour) // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
	if n := len(w.stopped()); n > 0 {
		t.Errorf("got %d stopped tasks after an hour, want none", n)
	}
}

// The ends of tasks, and what becomes of the service when its circuit breaker is closed.
// The words: rules and public outputs of describe-tasks.
func TestTaskEnds(t *testing.T) {
	tests := []struct {
		name    string
		script  applytest.Tasks
		code    types.TaskStopCode
		reason  string
		exit    int32 // -1 for none
		because string
	}{
		{"crash", applytest.Tasks{Do: applytest.TaskCrashes, ExitCode: 3}, types.TaskStopCodeEssentialContainerExited, "Essential container in task exited", 3, ""},
		{"out of memory", applytest.Tasks{Do: applytest.TaskCrashes, ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage"},
			types.TaskStopCodeEssentialContainerExited, "Essential container in task exited", 137, "OutOfMemoryError: Container killed due to memory usage"},
		{"no image", applytest.Tasks{Do: applytest.TaskCannotPull}, types.TaskStopCodeTaskFailedToStart,
			"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref nginx:2: nginx:2: not found", -1,
			"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref nginx:2: nginx:2: not found"},
		{"unhealthy", applytest.Tasks{Do: applytest.TaskUnhealthy}, types.TaskStopCodeServiceSchedulerInitiated, "Task failed container health checks", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serviceWorld(t, 1)
			test.script.Image = "nginx:2"
			w.cloud.ScriptTasks(test.script)
			w.roll("nginx:2")
			w.until("rolled back", func() bool { return w.rollouts() == "PRIMARY web:1 COMPLETED running=1 failed=0" })
			n := 0
			for _, task := range w.stopped() {
				if !strings.HasSuffix(*task.TaskDefinitionArn, "web:2") {
					continue
				}
				n++
				c := task.Containers[0]
				exit := int32(-1)
				if c.ExitCode != nil {
					exit = *c.ExitCode
				}
				if task.StopCode != test.code || *task.StoppedReason != test.reason || exit != test.exit || aws.ToString(c.Reason) != test.because {
					t.Errorf("got %s: %s; exit code %d: %s", task.StopCode, *task.StoppedReason, exit, aws.ToString(c.Reason))
				}
			}
			if n != 3 { // max(3, 0.5 * 1): deployment-circuit-breaker.html
				t.Errorf("got %d failed tasks, want 3", n)
			}
		})
	}
}

// The circuit breaker with rollback, without, and none at all.
func TestCircuitBreaker(t *testing.T) {
	const failed = "ECS deployment circuit breaker: tasks failed to start."
	t.Run("rollback", func(t *testing.T) {
		w := serviceWorld(t, 1)
		first := *w.web().Deployments[0].Id
		w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Image: "nginx:2"})
		w.roll("nginx:2")
		w.until("failed", func() bool { return strings.Contains(w.rollouts(), "FAILED") })
		svc := w.web()
		if got := *svc.Deployments[0].RolloutStateReason; *svc.Deployments[0].Id != first || got != "ECS deployment circuit breaker: rolling back to deploymentId "+first+"." {
			t.Errorf("got %s: %s", *svc.Deployments[0].Id, got)
		}
		if got := *svc.Deployments[1].RolloutStateReason; got != failed {
			t.Errorf("got %s, want %s", got, failed)
		}
		if !strings.HasSuffix(*svc.TaskDefinition, "web:1") {
			t.Errorf("the service still runs %s", *svc.TaskDefinition)
		}
	})
	t.Run("no rollback", func(t *testing.T) {
		w := serviceWorld(t, 1, "Rollback", "false")
		w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Image: "nginx:2"})
		w.roll("nginx:2")
		w.sleep(30 * time.Minute)
		if got, want := w.rollouts(), "PRIMARY web:2 FAILED running=0 failed=3\nACTIVE web:1 COMPLETED running=1 failed=0"; got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
		if got := *w.web().Deployments[0].RolloutStateReason; got != failed {
			t.Errorf("got %s, want %s", got, failed)
		}
	})
	t.Run("none", func(t *testing.T) {
		w := serviceWorld(t, 1, "Breaker", "false")
		w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes, Image: "nginx:2"})
		w.roll("nginx:2")
		w.sleep(30 * time.Minute)
		if got := w.rollouts(); !strings.HasPrefix(got, "PRIMARY web:2 IN_PROGRESS") {
			t.Errorf("got:\n%s", got)
		}
	})
}

// An image of the cloud's own registry has to be there, and a log group too.
func TestTaskNeeds(t *testing.T) {
	w := serviceWorld(t, 0)
	in := webTask()
	in.ExecutionRoleArn = aws.String("role")
	in.ContainerDefinitions[0].Image = aws.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/images:v1")
	in.ContainerDefinitions[0].LogConfiguration = &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
		"awslogs-group": "/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app",
	}}
	must(w.ECS.RegisterTaskDefinition(t.Context(), in))
	w.cloud.ScriptTasks(applytest.Tasks{Log: []string{"hello"}})
	must(w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("main"), Service: aws.String("web"), TaskDefinition: aws.String("web"), DesiredCount: aws.Int32(1),
	}))
	because := func(part string) bool {
		tasks := w.stopped()
		return len(tasks) > 0 && strings.Contains(*tasks[0].StoppedReason, part)
	}
	w.until("no image", func() bool { return because("images:v1: not found") })
	w.deploy("images", "Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images}}}", nil)
	w.cloud.PushImage("images", "v1")
	must(w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("main"), Service: aws.String("web"), TaskDefinition: aws.String("web"), ForceNewDeployment: true,
	}))
	w.until("no log group", func() bool { return because("The specified log group does not exist") })
	w.deploy("logs", "Resources: {Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /web}}}", nil)
	must(w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("main"), Service: aws.String("web"), TaskDefinition: aws.String("web"), ForceNewDeployment: true,
	}))
	w.until("running", func() bool { return w.web().RunningCount == 1 })
	arn := must(w.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: aws.String("main")})).TaskArns[0]
	log := must(w.Logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String("/web"), LogStreamName: aws.String("app/web/" + arn[strings.LastIndex(arn, "/")+1:]),
	}))
	if len(log.Events) != 1 || *log.Events[0].Message != "hello" {
		t.Errorf("got log %v", log.Events)
	}
}

// A service whose tasks fail the checks of a load balancer says so.
func TestUnhealthyTarget(t *testing.T) {
	body := strings.Replace(webService, "DesiredCount:", "LoadBalancers: [{TargetGroupArn: group, ContainerName: web, ContainerPort: 80}]\n      DesiredCount:", 1)
	w := newWorld(t, applytest.Options{})
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskUnhealthy})
	if status := w.deploy("service", body, nil); status != "ROLLBACK_COMPLETE" {
		t.Fatal(w.story("service"))
	}
	w = newWorld(t, applytest.Options{})
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	w.deploy("service", body, map[string]string{"Count": "0"})
	w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskUnhealthy, Times: 1})
	w.cloud.Scale("main", "web", 1)
	w.until("the second task runs", func() bool { return w.web().RunningCount == 1 && len(w.stopped()) == 1 })
	if got := *w.stopped()[0].StoppedReason; got != "Task failed ELB health checks in (target-group group)" {
		t.Errorf("got %q", got)
	}
	if got := w.cloud.Snapshot().Clusters[0].Services[0]; got.StoppedTasks != 1 || got.LoadBalancers != 1 {
		t.Errorf("got %d stopped tasks and %d load balancers", got.StoppedTasks, got.LoadBalancers)
	}
}
