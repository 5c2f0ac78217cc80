package apply_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// motoPipelines is moto's CodePipeline with the executions that it lacks: each pipeline
// has one that succeeded.
type motoPipelines struct {
	apply.CodePipeline

	mu    sync.Mutex
	asked map[string]bool // operations that moto lacks
}

func (m *motoPipelines) lacking(op string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked[op] = true
}

func (m *motoPipelines) ListPipelineExecutions(context.Context, *codepipeline.ListPipelineExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListPipelineExecutionsOutput, error) {
	m.lacking("codepipeline:ListPipelineExecutions")
	return &codepipeline.ListPipelineExecutionsOutput{PipelineExecutionSummaries: []cptypes.PipelineExecutionSummary{
		{PipelineExecutionId: aws.String("1"), Status: cptypes.PipelineExecutionStatusSucceeded},
	}}, nil
}

func (m *motoPipelines) ListActionExecutions(context.Context, *codepipeline.ListActionExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListActionExecutionsOutput, error) {
	m.lacking("codepipeline:ListActionExecutions")
	return &codepipeline.ListActionExecutionsOutput{}, nil
}

// motoServices is moto's ECS, whose services keep a family as it was given instead of its
// latest revision, and whose deployments name the first revision for ever.
type motoServices struct {
	apply.ECS

	mu       sync.Mutex
	resolved map[string]*string // service to the revision that its family meant
}

func (m *motoServices) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput, opts ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	out, err := m.ECS.DescribeServices(ctx, in, opts...)
	if err != nil {
		return out, err
	}
	for i := range out.Services {
		s := &out.Services[i]
		if err := m.resolve(ctx, s); err != nil {
			return nil, err
		}
		for j := range s.Deployments {
			d := &s.Deployments[j]
			d.TaskDefinition, d.DesiredCount, d.RunningCount, d.PendingCount = s.TaskDefinition, s.DesiredCount, s.DesiredCount, 0
		}
	}
	return out, nil
}

// resolve gives a service the revision that its family meant when it was first seen.
func (m *motoServices) resolve(ctx context.Context, s *ecstypes.Service) error {
	if strings.Contains(aws.ToString(s.TaskDefinition), ":task-definition/") {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	arn := aws.ToString(s.ServiceArn)
	if m.resolved[arn] == nil {
		latest, err := m.ECS.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: s.TaskDefinition})
		if err != nil {
			return err
		}
		m.resolved[arn] = latest.TaskDefinition.TaskDefinitionArn
	}
	s.TaskDefinition = m.resolved[arn]
	return nil
}

// motoDates is an HTTP client that gives GetPipeline's answer numbers for its times, where
// moto has texts.
type motoDates struct{ client aws.HTTPClient }

var motoTime = regexp.MustCompile(`"(created|updated)": "[^"]*"`)

func (m motoDates) Do(r *http.Request) (*http.Response, error) {
	resp, err := m.client.Do(r)
	if err != nil || !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetPipeline") {
		return resp, err
	}
	data, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(motoTime.ReplaceAll(data, []byte(`"$1": 0`))))
	return resp, err
}

// motoStacks is moto's CloudFormation, which loses resources of stacks that are made at the
// same time: they are made one after the other.
type motoStacks struct {
	apply.CloudFormation
	mu sync.Mutex
}

func (m *motoStacks) ExecuteChangeSet(ctx context.Context, in *cloudformation.ExecuteChangeSetInput, opts ...func(*cloudformation.Options)) (*cloudformation.ExecuteChangeSetOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.CloudFormation.ExecuteChangeSet(ctx, in, opts...)
}

// onMoto returns the clients of a moto, bent, and what moto was found to lack.
func onMoto(url string, client aws.HTTPClient) (apply.Clients, *motoPipelines) {
	c := sdk(url, client)
	c.CloudFormation = &motoStacks{CloudFormation: c.CloudFormation}
	c.CodePipeline = codepipeline.New(c.CodePipeline.(*codepipeline.Client).Options(), func(o *codepipeline.Options) { o.HTTPClient = motoDates{client} })
	p := &motoPipelines{CodePipeline: c.CodePipeline, asked: make(map[string]bool)}
	c.CodePipeline, c.ECS = p, &motoServices{ECS: c.ECS, resolved: make(map[string]*string)}
	return c, p
}

// forMoto leaves out of a delivery what moto cannot make: the network, which it cannot
// delete, and the build project, of which its CloudFormation knows nothing.
func forMoto(t testing.TB, b *bundle.Bundle) *bundle.Bundle {
	t.Helper()
	platform := template(t, b, "platform.yml")
	platform.Resources = slices.DeleteFunc(platform.Resources, func(r *cfn.Resource) bool {
		return r.Type == "AWS::CodeBuild::Project" || r.Type == "AWS::S3::BucketPolicy"
	})
	role := platform.Resource("PipelineRole")
	list, _ := role.Get("Policies[0].PolicyDocument.Statement").(cfn.List)
	role.Set("Policies[0].PolicyDocument.Statement", slices.DeleteFunc(slices.Clone(list), func(v cfn.Value) bool {
		att, ok := v.(cfn.Object).Get("Resource").(cfn.GetAtt)
		return ok && att.Resource == "BuildProject"
	}))
	service := template(t, b, "service.yml").Resource("Service")
	service.Set("NetworkConfiguration.AwsvpcConfiguration.Subnets", cfn.Strings("subnet-12345678"))
	service.Set("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups", cfn.Strings("sg-12345678"))
	b.Artifacts = slices.DeleteFunc(b.Artifacts, func(a bundle.Artifact) bool { return a.Path == "network.yml" || a.Path == "buildspec.yml" })
	return b
}

var motoLacks = []string{
	"a way to delete the stack of a network: network.yml is left out (TestMinistack applies it)",
	"CodeBuild projects and bucket policies in stacks: they are taken out of platform.yml",
	"stacks that are made at the same time: some of their resources are lost, so that they are made one after the other",
	"the outputs of stacks that a change set has made",
	"services and deployments that name the revision which runs: they are bent",
	"the deletion of clusters with their stack: the cluster is not looked for",
	"change sets without changes: a plan that needs one would never be empty",
	"the times of codepipeline:GetPipeline in the form that the SDK reads: they are bent",
}

// Roles, repository, cluster, task definition, service and pipeline on moto, with the
// real clients of the SDK: created, unchanged, updated, deleted.
func TestMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	t.Parallel()
	s := oracle.Moto(t)
	clients, pipelines := onMoto(s.URL, http.DefaultClient)
	var rec recorder
	a := apply.New(clients, apply.Options{Poll: quick, Events: rec.record, Allow: apply.Allow{EmptyBuckets: true, DeleteImages: true}})
	b := forMoto(t, minimal(t))

	mustApply(t, a, planned(t, a, b, map[string]apply.Action{
		"stack docker-cicd-app-platform": apply.Create, "stack docker-cicd-app-service": apply.Create,
		"task definition docker-cicd-app-fargate": apply.Create, "pipeline docker-cicd-pipeline": apply.Create,
		"first delivery docker-cicd-pipeline": apply.Await, "task count DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
	}))
	t.Run("what the CLI sees", func(t *testing.T) { seenOnMoto(t, s.URL) })
	t.Run("no change", func(t *testing.T) { planned(t, a, b, map[string]apply.Action{}) })
	t.Run("update of the task definition", func(t *testing.T) {
		task, _, _ := bundle.Find[*taskdef.Definition](b)
		task.Memory = "4 GB"
		mustApply(t, a, planned(t, a, b, map[string]apply.Action{
			"task definition docker-cicd-app-fargate": apply.Update, "service DockerCiCdAppCluster/docker-cicd-app-service": apply.Update,
		}))
		var out struct {
			Services []struct {
				TaskDefinition string
				DesiredCount   int
			}
		}
		awsCLI(t, s.URL, &out, "ecs", "describe-services", "--cluster", "DockerCiCdAppCluster", "--services", "docker-cicd-app-service")
		if got := fmt.Sprint(out.Services); got != "[{arn:aws:ecs:eu-central-1:123456789012:task-definition/docker-cicd-app-fargate:2 1}]" {
			t.Errorf("the services are %s", got)
		}
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("update of the pipeline", func(t *testing.T) {
		setDeployTimeout(t, b, "20")
		plan := planned(t, a, b, map[string]apply.Action{"pipeline docker-cicd-pipeline": apply.Update})
		mustApply(t, a, plan)
		var out struct {
			Pipeline struct {
				Version int
				Stages  []struct {
					Actions []struct{ Configuration map[string]string }
				}
			}
		}
		awsCLI(t, s.URL, &out, "codepipeline", "get-pipeline", "--name", "docker-cicd-pipeline")
		if p := out.Pipeline; p.Version != 2 || p.Stages[2].Actions[0].Configuration["DeploymentTimeout"] != "20" {
			t.Errorf("the pipeline is %+v", p)
		}
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("destroy", func(t *testing.T) {
		d, err := a.PlanDestroy(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Destroy(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		nothingOnMoto(t, s.URL)
	})
	for op := range pipelines.asked {
		motoLacks = append(motoLacks, op+": the pipeline has one execution, which succeeded")
	}
	lacks(t, "moto 5.2.5", motoLacks...)
}

// seenOnMoto checks that the real AWS CLI sees what was planned.
func seenOnMoto(t *testing.T, url string) {
	var roles struct{ Roles []struct{ RoleName string } }
	awsCLI(t, url, &roles, "iam", "list-roles")
	for _, want := range []string{"DockerCiCdECSRole", "docker-cicd-app-build-eu-central-1", "docker-cicd-app-pipeline-eu-central-1", "docker-cicd-app-start-eu-central-1"} {
		if !slices.ContainsFunc(roles.Roles, func(r struct{ RoleName string }) bool { return r.RoleName == want }) {
			t.Errorf("there is no role %s", want)
		}
	}
	var repositories struct {
		Repositories []struct{ RepositoryName string }
	}
	awsCLI(t, url, &repositories, "ecr", "describe-repositories")
	if fmt.Sprint(repositories.Repositories) != "[{gitlab-pipeline-repo}]" {
		t.Errorf("the repositories are %v", repositories.Repositories)
	}
	var services struct {
		Services []struct {
			Status, TaskDefinition string
			DesiredCount           int
		}
	}
	awsCLI(t, url, &services, "ecs", "describe-services", "--cluster", "DockerCiCdAppCluster", "--services", "docker-cicd-app-service")
	if got := fmt.Sprint(services.Services); got != "[{ACTIVE docker-cicd-app-fargate 1}]" { // AWS has the ARN of the revision
		t.Errorf("the services are %s", got)
	}
	var got struct {
		Pipeline struct {
			Name, RoleArn string
			Version       int
		}
	}
	awsCLI(t, url, &got, "codepipeline", "get-pipeline", "--name", "docker-cicd-pipeline")
	if p := got.Pipeline; p.Version != 1 || p.RoleArn != "arn:aws:iam::123456789012:role/docker-cicd-app-pipeline-eu-central-1" {
		t.Errorf("the pipeline is %+v", p)
	}
	var tags struct{ Tags []any }
	awsCLI(t, url, &tags, "codepipeline", "list-tags-for-resource", "--resource-arn", "arn:aws:codepipeline:eu-central-1:123456789012:docker-cicd-pipeline")
	if len(tags.Tags) > 0 {
		t.Errorf("the pipeline still has the tags %v", tags.Tags)
	}
}

// nothingOnMoto checks that nothing is left.
func nothingOnMoto(t *testing.T, url string) {
	var out struct {
		Stacks             []struct{ StackName, StackStatus string }
		TaskDefinitionArns []string
		Pipelines          []any
		Repositories       []any
		Buckets            []any
	}
	for _, args := range [][]string{
		{"cloudformation", "describe-stacks"}, {"ecs", "list-task-definitions", "--status", "ACTIVE"}, {"codepipeline", "list-pipelines"},
		{"ecr", "describe-repositories"}, {"s3api", "list-buckets"},
	} {
		awsCLI(t, url, &out, args...)
	}
	if len(out.Stacks)+len(out.TaskDefinitionArns)+len(out.Pipelines)+len(out.Repositories)+len(out.Buckets) > 0 {
		t.Errorf("what is left: %+v", out)
	}
}

// setDeployTimeout changes the pipeline of a bundle.
func setDeployTimeout(t testing.TB, b *bundle.Bundle, minutes string) {
	t.Helper()
	d, _, ok := bundle.Find[*pipeline.Definition](b)
	if !ok {
		t.Fatal("the bundle has no pipeline")
	}
	for i := range d.Stages {
		for j := range d.Stages[i].Actions {
			if a := &d.Stages[i].Actions[j]; a.ActionTypeID.Provider == "ECS" {
				a.Configuration["DeploymentTimeout"] = minutes
			}
		}
	}
}
