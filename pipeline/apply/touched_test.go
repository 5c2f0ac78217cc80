package apply_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// reworked gives services another property, so that their stack updates them.
func reworked(t *testing.T, b *bundle.Bundle, ids ...string) {
	t.Helper()
	s := template(t, b, "service.yml")
	for _, id := range ids {
		s.Resource(id).Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
	}
}

// literal gives the service a number of tasks that no parameter gives.
func literal(t *testing.T, b *bundle.Bundle, n cfn.Value) {
	t.Helper()
	s := template(t, b, "service.yml")
	s.Resource("Service").Set("DesiredCount", n)
	s.Parameters = nil
}

// ownTask makes the task definition a resource of the service's stack, of which the
// service takes that. The builds deliver another image by another tag.
func ownTask(t *testing.T, cloud *applytest.Cloud, takes cfn.Value) *bundle.Bundle {
	t.Helper()
	b := minimal(t)
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	c := d.ContainerDefinitions[0].Name
	s := template(t, b, "service.yml")
	s.Conditions = cfn.Object{cfn.Prop("Here", cfn.Equals{Left: cfn.Ref("AWS::StackName"), Right: cfn.String(s.Resource("Service").ID)})}
	s.Resources = append([]*cfn.Resource{{ID: "Task", Type: "AWS::ECS::TaskDefinition", Properties: cfn.Object{
		cfn.Prop("Family", cfn.String(d.Family)), cfn.Prop("Cpu", cfn.String("256")), cfn.Prop("Memory", cfn.String("512")),
		cfn.Prop("RuntimePlatform", cfn.Object{cfn.Prop("CpuArchitecture", cfn.String("ARM64")), cfn.Prop("OperatingSystemFamily", cfn.String("LINUX"))}),
		cfn.Prop("NetworkMode", cfn.String("awsvpc")), cfn.Prop("RequiresCompatibilities", cfn.Strings("FARGATE")),
		cfn.Prop("ExecutionRoleArn", cfn.Sub("arn:aws:iam::${AWS::AccountId}:role/DockerCiCdECSRole")),
		cfn.Prop("ContainerDefinitions", cfn.List{cfn.Object{
			cfn.Prop("Name", cfn.String(c)), cfn.Prop("Image", cfn.String("public.ecr.aws/nginx/nginx:1")),
			cfn.Prop("PortMappings", cfn.List{cfn.Object{cfn.Prop("ContainerPort", cfn.Int(80))}}),
		}}),
	}}}, s.Resources...)
	s.Resource("Service").Set("TaskDefinition", takes)
	for i, a := range b.Artifacts {
		if a.Path == "taskdef.json" {
			b.Artifacts = append(b.Artifacts[:i:i], b.Artifacts[i+1:]...)
			break
		}
	}
	cloud.ScriptBuilds(applytest.Build{Containers: map[string]string{c: "public.ecr.aws/nginx/nginx:2"}})
	return b
}

// half advances until the pipeline has delivered to the first service, and not yet to the
// second.
func half(t *testing.T, cloud *applytest.Cloud) {
	t.Helper()
	old := revisions(cloud)
	for range 2000 {
		cloud.Advance(time.Second)
		if now := revisions(cloud); now[serviceName] != old[serviceName] && now["worker"] == old["worker"] {
			return
		}
	}
	t.Fatal("the first service got nothing before the second")
}

// What happens to a service between the plan and the update is not undone by the update.
func TestTouchedSincePlan(t *testing.T) {
	deliver := func(t *testing.T, cloud *applytest.Cloud) {
		cloud.Push(sourceRepository, sourceBranch)
		cloud.Advance(time.Hour)
	}
	scale := func(t *testing.T, cloud *applytest.Cloud) {
		cloud.Scale(cluster, serviceName, 5)
		cloud.Advance(10 * time.Minute)
	}
	own := func(t *testing.T, cloud *applytest.Cloud) *bundle.Bundle { return ownTask(t, cloud, cfn.Ref("Task")) }
	plain := func(t *testing.T, _ *applytest.Cloud) *bundle.Bundle { return minimal(t) }
	for _, tt := range []struct {
		name      string
		readOnly  bool
		begin     func(*testing.T, *applytest.Cloud) *bundle.Bundle
		change    func(*testing.T, *applytest.Cloud, *bundle.Bundle)
		meanwhile func(*testing.T, *applytest.Cloud)
		want      string
	}{
		{"a pinned revision", false, plain, func(t *testing.T, cloud *applytest.Cloud, b *bundle.Bundle) {
			template(t, b, "service.yml").Resource("Service").Set("TaskDefinition", cfn.String(revisions(cloud)[serviceName]))
			reworked(t, b, "Service")
		}, deliver, "would lose the image that the pipeline has deployed"},
		{"a revision of the stack", false, own, func(t *testing.T, cloud *applytest.Cloud, b *bundle.Bundle) {
			deploys(t, cloud, serviceName, "docker-cicd-app-fargate:1")
			reworked(t, b, "Service")
		}, deliver, "would lose the image that the pipeline has deployed"},
		{"one of two", false, func(t *testing.T, _ *applytest.Cloud) *bundle.Bundle { return twoServices(t) }, func(t *testing.T, _ *applytest.Cloud, b *bundle.Bundle) {
			reworked(t, b, "Service", "Worker")
		}, func(t *testing.T, cloud *applytest.Cloud) {
			cloud.Push(sourceRepository, sourceBranch)
			half(t, cloud)
		}, "they run different images"},
		{"a literal number", false, plain, func(t *testing.T, _ *applytest.Cloud, b *bundle.Bundle) {
			literal(t, b, cfn.Int(1))
			reworked(t, b, "Service")
		}, scale, "sets 1 task, and 5 run"},
		{"a literal number, read only", true, plain, func(t *testing.T, _ *applytest.Cloud, b *bundle.Bundle) {
			literal(t, b, cfn.Int(1))
			reworked(t, b, "Service")
		}, scale, "sets 1 task, and 5 run"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := applytest.New(applytest.Options{})
			b := tt.begin(t, cloud)
			cloud.Push(sourceRepository, sourceBranch)
			a := on(cloud, apply.Options{ReadOnly: tt.readOnly})
			if err := attempt(t, on(cloud, apply.Options{}), b); err != nil {
				t.Fatal(err)
			}
			tt.change(t, cloud, b)
			plan, err := a.Plan(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.Needs()) > 0 {
				t.Fatalf("the plan needs %v", plan.Needs())
			}
			tt.meanwhile(t, cloud)
			before, count := images(cloud), service(t, cloud).Desired
			err = a.Apply(t.Context(), plan)
			if !errors.Is(err, apply.ErrStale) {
				t.Errorf("got error %v, want ErrStale", err)
			}
			wantError(t, err, tt.want)
			if after := images(cloud); !maps.Equal(before, after) || service(t, cloud).Desired != count {
				t.Errorf("the services ran %v and run %v; %d tasks, and now %d", before, after, count, service(t, cloud).Desired)
			}
		})
	}
}

// A service that takes the task definition of its own stack keeps what the pipeline has
// delivered: its tasks are raised beside the stack, and an update has to be allowed.
func TestOwnTaskDefinition(t *testing.T) {
	for name, takes := range map[string]cfn.Value{
		"Ref":            cfn.Ref("Task"),
		"GetAtt":         cfn.GetAtt{Resource: "Task", Attribute: "TaskDefinitionArn"},
		"Sub":            cfn.Sub("${Task}"),
		"If":             cfn.If{Condition: "Here", Then: cfn.String("docker-cicd-app-fargate"), Else: cfn.Ref("Task")},
		"what is chosen": cfn.Select{Index: cfn.Int(0), List: cfn.List{cfn.Ref("Task"), cfn.String("x")}},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := applytest.New(applytest.Options{})
			b := ownTask(t, cloud, takes)
			cloud.Push(sourceRepository, sourceBranch)
			var rec recorder
			a := on(cloud, apply.Options{Events: rec.record})
			if err := attempt(t, a, b); err != nil {
				t.Fatal(err)
			}
			if got := images(cloud)[serviceName]; got != "public.ecr.aws/nginx/nginx:2" || service(t, cloud).Running != 1 {
				t.Errorf("after the first delivery %d tasks run %s", service(t, cloud).Running, got)
			}
			planned(t, a, b, map[string]apply.Action{})
			reworked(t, b, "Service")
			wantError(t, attempt(t, a, b), "loses the image that the pipeline has deployed: the template takes docker-cicd-app-fargate:1, and docker-cicd-app-fargate:2 runs", "--allow-image-rollback")
			if got := images(cloud)[serviceName]; got != "public.ecr.aws/nginx/nginx:2" {
				t.Errorf("the service runs %s", got)
			}
		})
	}
}

// What only CloudFormation knows may be anything.
func TestTaskDefinitionIsNotKnown(t *testing.T) {
	for _, takes := range []cfn.Value{
		cfn.ImportValue{Name: cfn.String("somebody-Task")},
		cfn.If{Condition: "Other", Then: cfn.Ref("Task"), Else: cfn.Ref("OtherTask")},
	} {
		cloud := applytest.New(applytest.Options{})
		b := ownTask(t, cloud, cfn.Ref("Task"))
		cloud.Push(sourceRepository, sourceBranch)
		if err := attempt(t, on(cloud, apply.Options{}), b); err != nil {
			t.Fatal(err)
		}
		s := template(t, b, "service.yml")
		s.Parameters = append(s.Parameters, &cfn.Parameter{Name: "Which", Type: "AWS::SSM::Parameter::Value<String>", Default: cfn.String("/which")})
		s.Conditions = cfn.Object{cfn.Prop("Other", cfn.Equals{Left: cfn.Ref("Which"), Right: cfn.String("other")})}
		s.Resources = append([]*cfn.Resource{{ID: "OtherTask", Type: "AWS::ECS::TaskDefinition", Properties: s.Resource("Task").Properties}}, s.Resources...)
		s.Resource("Service").Set("TaskDefinition", takes)
		plan, err := on(cloud, apply.Options{ReadOnly: true}).Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if text := plan.String(); len(plan.Needs()) != 1 || !strings.Contains(text, "LOSES maybe the image that the pipeline has deployed: only CloudFormation knows which task definition") {
			t.Errorf("the plan needs %v:\n%s", plan.Needs(), text)
		}
	}
}

// Without a pipeline the template says which revision runs, but what was deployed beside
// the stack is not undone by another change.
func TestPinnedWithoutPipeline(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	var rest []bundle.Artifact
	for _, artifact := range b.Artifacts {
		if artifact.Path == "network.yml" || artifact.Path == "platform.yml" || artifact.Path == "service.yml" {
			rest = append(rest, artifact)
		}
	}
	b.Artifacts = rest
	s := template(t, b, "service.yml").Resource("Service")
	cloud.PushImage("gitlab-pipeline-repo", "not-yet-built")
	for _, revision := range []string{"docker-cicd-app-fargate:1", "docker-cicd-app-fargate:2"} {
		s.Set("TaskDefinition", cfn.String(revision))
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		if got := revisions(cloud)[serviceName]; got != revision {
			t.Errorf("%s runs, the template says %s", got, revision)
		}
	}
	deploys(t, cloud, serviceName, "docker-cicd-app-fargate:1")
	reworked(t, b, "Service")
	wantError(t, attempt(t, a, b), "loses what was deployed beside the stack: the template takes docker-cicd-app-fargate:2, and docker-cicd-app-fargate:1 runs", "--allow-image-rollback")
}

// A service and a family get other names, and keep what runs.
func TestRenamed(t *testing.T) {
	rename := func(b *bundle.Bundle) {
		template(t, b, "service.yml").Resource("Service").Set("ServiceName", cfn.String("renamed"))
		deployActions(b, func(_ *pipeline.Stage, a *pipeline.Action) { a.Configuration["ServiceName"] = "renamed" })
	}
	t.Run("service", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskUnhealthy, Times: 20})
		cloud.Push(sourceRepository, sourceBranch) // what comes now does not stay up: the latest revision is bad
		cloud.Advance(time.Hour)
		cloud.ScriptTasks(applytest.Tasks{Do: applytest.TaskRuns})
		cloud.Scale(cluster, serviceName, 5)
		cloud.Advance(10 * time.Minute)
		before := image(t, cloud)
		rename(b)
		plan := planned(t, a, b, map[string]apply.Action{"stack docker-cicd-app-service": apply.Update, "pipeline docker-cicd-pipeline": apply.Update})
		if text := plan.String(); !strings.Contains(text, "which service docker-cicd-app-service runs: a copy of what runs is registered first") {
			t.Errorf("the plan does not say that a copy is registered:\n%s", text)
		}
		mustApply(t, a, plan)
		if after := images(cloud); len(after) != 1 || after["renamed"] != before {
			t.Errorf("%s ran, now %v run", before, after)
		}
		for _, c := range cloud.Snapshot().Clusters {
			for _, s := range c.Services {
				if s.Desired != 5 {
					t.Errorf("%s is to run %d tasks, want 5", s.Name, s.Desired)
				}
			}
		}
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("without a number of tasks", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		literal(t, b, nil)
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		cloud.Scale(cluster, serviceName, 5)
		cloud.Advance(10 * time.Minute)
		rename(b)
		wantError(t, attempt(t, a, b), "the service that takes the place of DockerCiCdAppCluster/renamed begins with 1 task, and 5 run")
	})
	t.Run("family", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		cloud.PushImage("gitlab-pipeline-repo", "not-yet-built") // that of the file is there
		before := image(t, cloud)
		d, _, _ := bundle.Find[*taskdef.Definition](b)
		d.Family = "other-family"
		template(t, b, "service.yml").Resource("Service").Set("TaskDefinition", cfn.String("other-family"))
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		if got := revisions(cloud)[serviceName]; got != "other-family:1" {
			t.Errorf("the service runs %s", got)
		}
		for _, r := range cloud.Snapshot().Revisions {
			if r.Family == "other-family" && r.Images[0] != before {
				t.Errorf("%s ran, and %s runs", before, r.Images[0])
			}
		}
		planned(t, a, b, map[string]apply.Action{})
	})
}

// A pipeline delivers to one of two services of a family: the other one's image does not
// come to the first.
func TestHalfDelivered(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	a, b := on(cloud, apply.Options{}), twoServices(t)
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	d, _, _ := bundle.Find[*pipeline.Definition](b)
	for i := range d.Stages {
		var keep []pipeline.Action
		for _, action := range d.Stages[i].Actions {
			if action.Name != "DeployWorker" {
				keep = append(keep, action)
			}
		}
		d.Stages[i].Actions = keep
	}
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	cloud.Push(sourceRepository, sourceBranch)
	cloud.Advance(time.Hour)
	before := images(cloud)
	reworked(t, b, "Service", "Worker")
	plan, err := a.Plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if text := plan.String(); strings.Contains(text, "a copy of what runs is registered") {
		t.Errorf("no copy is registered for both:\n%s", text)
	}
	wantError(t, a.Apply(t.Context(), plan), "an update of both Service and Worker gives both the latest revision of docker-cicd-app-fargate, and they run different images")
	if after := images(cloud); !maps.Equal(before, after) {
		t.Errorf("the services ran %v and run %v", before, after)
	}
}

// A service that no pipeline of the bundle delivers keeps what runs too, and the plan says
// how.
func TestUndelivered(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	other := minimal(t, "taskdef.json")
	d, _, _ := bundle.Find[*taskdef.Definition](other)
	d.ContainerDefinitions[0].Image = "public.ecr.aws/nginx/nginx:9"
	if err := attempt(t, a, other); err != nil { // somebody registers a revision, and does not deploy it
		t.Fatal(err)
	}
	before := images(cloud)
	var rest []bundle.Artifact
	for _, artifact := range b.Artifacts {
		if strings.HasSuffix(artifact.Path, ".yml") && artifact.Path != "buildspec.yml" {
			rest = append(rest, artifact)
		}
	}
	b.Artifacts = rest
	reworked(t, b, "Service")
	plan := planned(t, a, b, map[string]apply.Action{"stack docker-cicd-app-service": apply.Update})
	if text := plan.String(); !strings.Contains(text, "note: the latest revision, docker-cicd-app-fargate:3, differs from docker-cicd-app-fargate:2, which service docker-cicd-app-service runs: a copy") {
		t.Errorf("the plan does not say that a copy is registered:\n%s", text)
	}
	mustApply(t, a, plan)
	if after := images(cloud); !maps.Equal(before, after) {
		t.Errorf("the service ran %v and runs %v", before, after)
	}
}

// One change of a task definition and of its service registers one revision.
func TestOneRevision(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	d, _, _ := bundle.Find[*taskdef.Definition](b)
	d.ContainerDefinitions = append(d.ContainerDefinitions, taskdef.Container{Name: "sidecar", Image: "public.ecr.aws/x/envoy:1", Essential: new(false)})
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	n := len(cloud.Snapshot().Revisions)
	d.ContainerDefinitions[1].Image = "public.ecr.aws/x/envoy:2"
	reworked(t, b, "Service")
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if got := len(cloud.Snapshot().Revisions) - n; got != 1 {
		t.Errorf("%d revisions were registered", got)
	}
}

// A number of tasks that follows from conditions and mappings is found; one that does not
// is refused, and another one in the template is meant.
func TestCountFollows(t *testing.T) {
	prod := cfn.Prop("Prod", cfn.Equals{Left: cfn.Ref("AWS::Region"), Right: cfn.String("us-east-1")})
	for _, tt := range []struct {
		name    string
		count   cfn.Value
		blocked string // nothing when it may be done
		want    int
	}{
		{"If", cfn.If{Condition: "Prod", Then: cfn.Int(1), Else: cfn.Int(5)}, "sets 1 task, and 5 run", 5},
		{"FindInMap", cfn.FindInMap{Map: cfn.String("Counts"), Top: cfn.Ref("AWS::Region"), Second: cfn.String("Web")}, "sets 1 task, and 5 run", 5},
		{"AWS::NoValue", cfn.If{Condition: "Prod", Then: cfn.Ref("AWS::NoValue"), Else: cfn.Int(1)}, "", 5},
		{"what is imported", cfn.ImportValue{Name: cfn.String(networkStack + "-VpcId")}, "sets a number of tasks that only CloudFormation knows, and 5 run", 5},
		{"meant", cfn.Int(6), "", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud, a, b := delivered(t, apply.Options{})
			s := template(t, b, "service.yml")
			s.Conditions = cfn.Object{prod}
			s.Mappings = cfn.Object{cfn.Prop("Counts", cfn.Object{cfn.Prop("us-east-1", cfn.Object{cfn.Prop("Web", cfn.Int(1))})})}
			literal(t, b, cfn.Int(1))
			if err := attempt(t, a, b); err != nil {
				t.Fatal(err)
			}
			cloud.Scale(cluster, serviceName, 5)
			cloud.Advance(10 * time.Minute)
			literal(t, b, tt.count)
			reworked(t, b, "Service")
			err := attempt(t, a, b)
			if tt.blocked != "" {
				wantError(t, err, tt.blocked)
			} else if err != nil {
				t.Error(err)
			}
			if got := service(t, cloud).Desired; got != tt.want {
				t.Errorf("%d tasks are to run, want %d", got, tt.want)
			}
		})
	}
}

// gone is an ECS without services.
type gone struct{ apply.ECS }

func (gone) DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	return new(ecs.DescribeServicesOutput), nil
}

// A service that was deleted beside its stack is missed.
func TestServiceIsGone(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	a := with(cloud, apply.Options{}, func(c *apply.Clients) { c.ECS = gone{c.ECS} })
	plan := planned(t, a, b, map[string]apply.Action{})
	if text := plan.String(); !strings.Contains(text, "has a service DockerCiCdAppCluster/docker-cicd-app-service that is not there any more: somebody has deleted it") {
		t.Errorf("the plan does not say that the service is gone:\n%s", text)
	}
}
