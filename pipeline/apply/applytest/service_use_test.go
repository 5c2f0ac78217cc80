package applytest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What CloudFormation says of a service that does not become stable. The words:
// aws/copilot-cli#5296 and #2584; HandlerErrorCode NotStabilized is of the resource handler.
func TestServiceInStackFails(t *testing.T) {
	tests := []struct {
		name, want string
		breaker    string
	}{
		{"breaker", `Service CREATE_FAILED: Resource handler returned message: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'." (RequestToken: `, "true"},
		{"no breaker", `Service CREATE_FAILED: Resource handler returned message: "Exceeded attempts to wait" (RequestToken: `, "false"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, applytest.Options{})
			must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
			w.cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskCrashes})
			in := creation("service", webService)
			in.Parameters = parameters("Breaker", test.breaker)
			set := w.plan(in)
			must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(set.ChangeSetId)))
			start := w.clock.Now()
			for range 4 {
				w.sleep(time.Hour)
			}
			if status := w.settled("service"); status != "ROLLBACK_COMPLETE" || !strings.Contains(w.story("service"), test.want) {
				t.Errorf("%s after %s\n%s", status, w.clock.Now().Sub(start), w.story("service"))
			}
			if left := w.cloud.Snapshot(); len(left.Things)+len(left.Clusters) > 0 {
				t.Errorf("left: %v", left.Things)
			}
		})
	}
	t.Run("no task definition", func(t *testing.T) {
		w := newWorld(t, applytest.Options{})
		if status := w.deploy("service", webService, nil); status != "ROLLBACK_COMPLETE" || !strings.Contains(w.story("service"),
			`Service CREATE_FAILED: Resource handler returned message: "Invalid request provided: TaskDefinition not found. (Service: AmazonECS; Status Code: 400; Error Code: ClientException; Request ID: `) {
			t.Errorf("%s\n%s", status, w.story("service"))
		}
	})
}

// A stack update takes the latest revision of the family, and else changes only the number of tasks.
func TestServiceInStackUpdates(t *testing.T) {
	w := serviceWorld(t, 1)
	first := *w.web().Deployments[0].Id
	w.deploy("service", webService, map[string]string{"Count": "2"})
	if d := w.web().Deployments[0]; *d.Id != first || d.RunningCount != 2 {
		t.Errorf("got deployment %s with %d tasks, want %s with 2", *d.Id, d.RunningCount, first)
	}
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	w.deploy("service", webService, map[string]string{"Count": "1"})
	if got, want := w.rollouts(), "PRIMARY web:2 COMPLETED running=1 failed=0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w.cloud.Scale("main", "web", 3)
	w.until("scaled", func() bool { return w.web().RunningCount == 3 })
}

// What ECS refuses of clusters, services and tasks (botocore's model for the codes).
func TestServiceRefuses(t *testing.T) {
	w := serviceWorld(t, 1)
	none, main := aws.String("none"), aws.String("main")
	_, err := w.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: none, Services: []string{"web"}})
	checkAnswer(t, "ClusterNotFoundException: Cluster not found.", err)
	_, err = w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: main, Service: none})
	checkAnswer(t, "ServiceNotFoundException: Service not found.", err)
	_, err = w.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: main, ServiceName: none})
	checkAnswer(t, "ServiceNotFoundException: Service not found.", err)
	_, err = w.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: main, Service: aws.String("web"), TaskDefinition: none})
	checkAnswer(t, "ClientException: TaskDefinition not found.", err)
	out := must(w.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: main, Services: []string{"none", "web"}}))
	if len(out.Services) != 1 || len(out.Failures) != 1 || *out.Failures[0].Reason != "MISSING" || *out.Failures[0].Arn != "arn:aws:ecs:us-east-1:123456789012:service/main/none" {
		t.Errorf("got %d services and failures %v", len(out.Services), out.Failures)
	}
	tasks := must(w.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: main, Tasks: []string{"none"}}))
	if len(tasks.Failures) != 1 || *tasks.Failures[0].Reason != "MISSING" {
		t.Errorf("got failures %v", tasks.Failures)
	}
	must(0, w.remove("service"))
	w.gone(*w.stack("service").StackId)
	_, err = w.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: main, Services: []string{"web"}})
	checkAnswer(t, "ClusterNotFoundException: Cluster not found.", err)
}

// UpdateService changes what it is told, and refuses what cannot be.
func TestUpdateService(t *testing.T) {
	w := serviceWorld(t, 1)
	in := func() *ecs.UpdateServiceInput {
		return &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("web")}
	}
	all := in()
	all.PlatformVersion, all.EnableExecuteCommand, all.HealthCheckGracePeriodSeconds = aws.String("1.4.0"), aws.Bool(true), aws.Int32(30)
	all.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1}}
	all.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-1"}}}
	all.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: aws.String("group"), ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}}
	all.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: aws.Int32(50)}
	before := *w.web().Deployments[0].Id
	got := must(w.ECS.UpdateService(t.Context(), all)).Service
	if *got.PlatformVersion != "1.4.0" || !got.EnableExecuteCommand || *got.HealthCheckGracePeriodSeconds != 30 || got.LaunchType != "" ||
		got.NetworkConfiguration.AwsvpcConfiguration.Subnets[0] != "subnet-1" || *got.DeploymentConfiguration.MinimumHealthyPercent != 50 ||
		*got.LoadBalancers[0].TargetGroupArn != "group" || *got.Deployments[0].Id == before {
		t.Errorf("got %+v", got)
	}
	w.until("the new task runs", func() bool { return len(w.web().Deployments) == 1 && w.web().RunningCount == 1 })
	arns := must(w.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: aws.String("main")})).TaskArns
	task := must(w.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: aws.String("main"), Tasks: arns})).Tasks[0]
	if aws.ToString(task.CapacityProviderName) != "FARGATE_SPOT" {
		t.Errorf("got task of %s", aws.ToString(task.CapacityProviderName))
	}

	few := in()
	few.DesiredCount = aws.Int32(-1)
	_, err := w.ECS.UpdateService(t.Context(), few)
	checkAnswer(t, "InvalidParameterException: desiredCount cannot be less than 0", err)
	must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	must(w.ECS.DeregisterTaskDefinition(t.Context(), &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String("web:2")}))
	old := in()
	old.TaskDefinition = aws.String("web:2")
	_, err = w.ECS.UpdateService(t.Context(), old)
	checkAnswer(t, "ClientException: TaskDefinition is inactive", err)
	many := make([]string, 101)
	_, err = w.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String("main"), Services: many[:11]})
	checkAnswer(t, "InvalidParameterException: Services cannot be more than 10.", err)
	_, err = w.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: aws.String("main"), Tasks: many})
	checkAnswer(t, "InvalidParameterException: Tasks cannot be more than 100.", err)
}

// A stack whose service cannot be created tells what ECS has answered.
func TestServiceInStackRefused(t *testing.T) {
	const body = "Resources: {Service: {Type: AWS::ECS::Service, Properties: {ServiceName: web, Cluster: CLUSTER, TaskDefinition: web, DesiredCount: 0}}}"
	w := serviceWorld(t, 0)
	for cluster, want := range map[string]string{
		"none": `Invalid request provided: Cluster not found. (Service: AmazonECS; Status Code: 400; Error Code: ClusterNotFoundException;`,
		"main": `Service CREATE_FAILED: `,
	} {
		in := creation("other-"+cluster, strings.Replace(body, "CLUSTER", cluster, 1))
		in.DisableValidation = aws.Bool(true)
		must(w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(w.plan(in).ChangeSetId)))
		if status := w.settled(*in.StackName); status != "ROLLBACK_COMPLETE" || !strings.Contains(w.story(*in.StackName), want) {
			t.Errorf("%s: got %s\n%s", cluster, status, w.story(*in.StackName))
		}
	}
	if w.web().Status == nil || *w.web().Status != "ACTIVE" {
		t.Error("the service that was there is gone")
	}
}
