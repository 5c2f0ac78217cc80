package applytest_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// world is a cloud with its clients, driven by hand.
type world struct {
	t     testing.TB
	cloud *applytest.Cloud
	apply.Clients
	clock apply.Clock
}

func newWorld(t testing.TB, opts applytest.Options) *world {
	cloud := applytest.New(opts)
	return &world{t: t, cloud: cloud, Clients: cloud.Clients(), clock: cloud.Clock()}
}

// sleep lets time pass.
func (w *world) sleep(d time.Duration) {
	w.t.Helper()
	if err := w.clock.Sleep(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
}

// until asks every five seconds, for two hours at most.
func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	for range 12 * 120 {
		if done() {
			return
		}
		w.sleep(5 * time.Second)
	}
	w.t.Fatalf("never: %s", what)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (w *world) stack(name string) cfntypes.Stack {
	w.t.Helper()
	out, err := w.CloudFormation.DescribeStacks(w.t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Stacks[0]
}

// settled waits until nothing goes on in a stack, and returns its status.
func (w *world) settled(name string) string {
	w.t.Helper()
	var status string
	w.until(name+" settles", func() bool {
		status = string(w.stack(name).StackStatus)
		return !strings.HasSuffix(status, "_IN_PROGRESS")
	})
	return status
}

// plan makes a change set, and waits for it.
func (w *world) plan(in *cloudformation.CreateChangeSetInput) *cloudformation.DescribeChangeSetOutput {
	w.t.Helper()
	out, err := w.CloudFormation.CreateChangeSet(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	var set *cloudformation.DescribeChangeSetOutput
	w.until("change set", func() bool {
		set, err = w.CloudFormation.DescribeChangeSet(w.t.Context(), &cloudformation.DescribeChangeSetInput{
			ChangeSetName: out.Id, IncludePropertyValues: aws.Bool(true),
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return set.Status != cfntypes.ChangeSetStatusCreatePending && set.Status != cfntypes.ChangeSetStatusCreateInProgress
	})
	return set
}

// deploy creates or updates a stack, and returns its status.
func (w *world) deploy(name, body string, parameters map[string]string) string {
	w.t.Helper()
	in := &cloudformation.CreateChangeSetInput{
		StackName: &name, ChangeSetName: aws.String("deploy"), TemplateBody: &body,
		Capabilities: []cfntypes.Capability{cfntypes.CapabilityCapabilityNamedIam},
	}
	if !w.exists(name) {
		in.ChangeSetType = cfntypes.ChangeSetTypeCreate
	}
	for k, v := range parameters {
		in.Parameters = append(in.Parameters, cfntypes.Parameter{ParameterKey: &k, ParameterValue: &v})
	}
	set := w.plan(in)
	if set.Status != cfntypes.ChangeSetStatusCreateComplete {
		w.t.Fatalf("change set of %s: %s: %s", name, set.Status, aws.ToString(set.StatusReason))
	}
	if _, err := w.CloudFormation.ExecuteChangeSet(w.t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId}); err != nil {
		w.t.Fatal(err)
	}
	return w.settled(name)
}

func (w *world) exists(name string) bool {
	_, err := w.CloudFormation.DescribeStacks(w.t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	return err == nil
}

func (w *world) service() ecstypes.Service {
	w.t.Helper()
	out, err := w.ECS.DescribeServices(w.t.Context(), &ecs.DescribeServicesInput{
		Cluster: aws.String("DockerCiCdAppCluster"), Services: []string{"docker-cicd-app-service"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Services[0]
}

// execution waits for the latest execution of the pipeline.
func (w *world) execution() cptypes.PipelineExecutionSummary {
	w.t.Helper()
	var latest cptypes.PipelineExecutionSummary
	w.until("execution", func() bool {
		out, err := w.CodePipeline.ListPipelineExecutions(w.t.Context(), &codepipeline.ListPipelineExecutionsInput{
			PipelineName: aws.String("docker-cicd-pipeline"),
		})
		if err != nil {
			w.t.Fatal(err)
		}
		latest = out.PipelineExecutionSummaries[0]
		return latest.Status != cptypes.PipelineExecutionStatusInProgress
	})
	return latest
}

func (w *world) actions(execution *string) []cptypes.ActionExecutionDetail {
	w.t.Helper()
	out, err := w.CodePipeline.ListActionExecutions(w.t.Context(), &codepipeline.ListActionExecutionsInput{
		PipelineName: aws.String("docker-cicd-pipeline"), Filter: &cptypes.ActionExecutionFilter{PipelineExecutionId: execution},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.ActionExecutionDetails
}

// minimal is the delivery of examples/minimal, bound to the account of the cloud.
type minimal struct {
	network, platform, service string
	task                       *ecs.RegisterTaskDefinitionInput
	pipeline                   *codepipeline.CreatePipelineInput
}

func loadMinimal(cloud *applytest.Cloud) minimal {
	b := must(bundle.Load(os.DirFS(filepath.Join("..", "..", "..", "examples", "minimal"))))
	b = must(b.Bind(bundle.Target{Account: cloud.Account(), Region: cloud.Region()}))
	m := minimal{task: &ecs.RegisterTaskDefinitionInput{}, pipeline: &codepipeline.CreatePipelineInput{}}
	for _, a := range b.Artifacts {
		text := string(must(a.Model.AppendText(nil)))
		switch a.Model.(type) {
		case *cfn.Template:
			*map[string]*string{"network.yml": &m.network, "platform.yml": &m.platform, "service.yml": &m.service}[a.Path] = text
		case *taskdef.Definition:
			must(0, json.Unmarshal([]byte(text), m.task))
		case *pipeline.Definition:
			must(0, json.Unmarshal([]byte(text), m.pipeline))
		}
	}
	return m
}

const (
	networkStack  = "docker-cicd-formation"
	platformStack = "docker-cicd-app-platform"
	serviceStack  = "docker-cicd-app-service"
)

// up brings the delivery up to a service without tasks, and a pipeline.
func (w *world) up(m minimal) {
	w.t.Helper()
	for _, s := range []struct{ name, body string }{{networkStack, m.network}, {platformStack, m.platform}} {
		if status := w.deploy(s.name, s.body, nil); status != "CREATE_COMPLETE" {
			w.t.Fatalf("%s: %s\n%s", s.name, status, w.story(s.name))
		}
	}
	must(w.ECS.RegisterTaskDefinition(w.t.Context(), m.task))
	if status := w.deploy(serviceStack, m.service, nil); status != "CREATE_COMPLETE" {
		w.t.Fatalf("%s: %s\n%s", serviceStack, status, w.story(serviceStack))
	}
	must(w.CodePipeline.CreatePipeline(w.t.Context(), m.pipeline))
}

// story tells the events of a stack, the first one first.
func (w *world) story(name string) string {
	w.t.Helper()
	var lines []string
	p := cloudformation.NewDescribeStackEventsPaginator(w.CloudFormation.(*cloudformation.Client), &cloudformation.DescribeStackEventsInput{
		StackName: &name,
	})
	for p.HasMorePages() {
		out, err := p.NextPage(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range out.StackEvents {
			line := aws.ToString(e.LogicalResourceId) + " " + string(e.ResourceStatus)
			if e.ResourceStatusReason != nil {
				line += ": " + *e.ResourceStatusReason
			}
			lines = append([]string{line}, lines...)
		}
	}
	return strings.Join(lines, "\n")
}

// The first deployment of examples/minimal, in the order of its README.
func TestMinimal(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	m := loadMinimal(w.cloud)
	w.up(m)

	// There is no commit yet, so that the first execution fails.
	first := w.execution()
	if first.Status != cptypes.PipelineExecutionStatusFailed || first.Trigger.TriggerType != cptypes.TriggerTypeCreatePipeline {
		t.Errorf("got first execution %s by %s, want one that the creation has started and that fails", first.Status, first.Trigger.TriggerType)
	}
	if got := len(w.service().Deployments); got != 1 || w.service().DesiredCount != 0 {
		t.Errorf("got %d deployments and %d tasks, want one without tasks", got, w.service().DesiredCount)
	}

	commit := w.cloud.Push("gitlab-mirror-repo", "master")
	second := w.execution()
	if second.Status != cptypes.PipelineExecutionStatusSucceeded || second.Trigger.TriggerType != cptypes.TriggerTypeCloudWatchEvent {
		t.Fatalf("got second execution %s by %s, want one that the rule has started and that succeeds: %+v", second.Status, second.Trigger.TriggerType, w.actions(second.PipelineExecutionId))
	}
	if status := w.deploy(serviceStack, m.service, map[string]string{"DesiredCount": "1"}); status != "UPDATE_COMPLETE" {
		t.Fatalf("%s: %s\n%s", serviceStack, status, w.story(serviceStack))
	}
	svc := w.service()
	if svc.RunningCount != 1 || svc.DesiredCount != 1 {
		t.Errorf("got %d of %d tasks, want one", svc.RunningCount, svc.DesiredCount)
	}
	d := must(w.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: svc.TaskDefinition})).TaskDefinition
	want := "123456789012.dkr.ecr.us-east-1.amazonaws.com/gitlab-pipeline-repo:build-1-" + commit
	if got := *d.ContainerDefinitions[0].Image; got != want {
		t.Errorf("got image %s, want %s", got, want)
	}
	if d.Revision != 2 {
		t.Errorf("got revision %d, want the pipeline's, 2", d.Revision)
	}
}
