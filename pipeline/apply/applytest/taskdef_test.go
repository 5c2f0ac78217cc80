package applytest_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// webTask is a valid task definition of Fargate.
func webTask() *ecs.RegisterTaskDefinitionInput {
	return &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("web"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
		ContainerDefinitions:    []types.ContainerDefinition{{Name: aws.String("web"), Image: aws.String("nginx:1")}},
	}
}

// What ECS refuses. The sources of the words are in rules/taskdef.md (ISS and DG).
func TestRegisterRefuses(t *testing.T) {
	const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"
	tests := []struct {
		name   string
		change func(*ecs.RegisterTaskDefinitionInput)
		want   string
	}{
		{"a size that there is not", func(in *ecs.RegisterTaskDefinitionInput) { in.Memory = aws.String("4096") }, "No Fargate configuration exists for given values."},
		{"no cpu", func(in *ecs.RegisterTaskDefinitionInput) { in.Cpu = nil }, "Fargate requires that 'cpu' be defined at the task level."},
		{"a cpu that is no number", func(in *ecs.RegisterTaskDefinitionInput) { in.Cpu = aws.String("much") }, "Invalid 'cpu' setting for task."},
		{"another network", func(in *ecs.RegisterTaskDefinitionInput) { in.NetworkMode = types.NetworkModeBridge }, "Fargate only supports network mode ‘awsvpc’."},
		{"no name", func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Name = nil }, "Container.name should not be null or empty."},
		{"a bad name", func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Name = aws.String("a b") }, "Container.name contains invalid characters."},
		{"no image", func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Image = nil }, "Container.image should not be null or empty."},
		{"a name twice", func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions = append(in.ContainerDefinitions, in.ContainerDefinitions[0])
		}, "Container names must be unique within a Task Definition"},
		{"too many containers", func(in *ecs.RegisterTaskDefinitionInput) {
			for i := range 10 {
				in.ContainerDefinitions = append(in.ContainerDefinitions, types.ContainerDefinition{Name: aws.String(fmt.Sprint("c", i)), Image: aws.String("x")})
			}
		}, "Too many containers."},
		{"other ports outside", func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].PortMappings = []types.PortMapping{{ContainerPort: aws.Int32(80), HostPort: aws.Int32(81)}}
		}, "When networkMode=awsvpc, the host ports and container ports in port mappings must match."},
		{"a private image without a role", func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Image = aws.String(image) },
			"Fargate requires task definition to have execution role ARN to support ECR images."},
		{"a log without a role", func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].LogConfiguration = &types.LogConfiguration{LogDriver: types.LogDriverAwslogs}
		}, "Fargate requires task definition to have execution role ARN to support log driver awslogs."},
	}
	w := newWorld(t, applytest.Options{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := webTask()
			test.change(in)
			_, err := w.ECS.RegisterTaskDefinition(t.Context(), in)
			checkAnswer(t, "ClientException: "+test.want, err)
		})
	}
}

// What ECS fills in.
func TestRegisterFills(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	in := webTask()
	in.Cpu, in.Memory, in.ExecutionRoleArn = aws.String("1 vCPU"), aws.String("3 GB"), aws.String("short")
	in.ContainerDefinitions[0].PortMappings = []types.PortMapping{{ContainerPort: aws.Int32(80)}}
	in.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}}
	in.ContainerDefinitions[0].Environment = []types.KeyValuePair{{Name: aws.String("B"), Value: aws.String("2")}, {Name: aws.String("A"), Value: aws.String("1")}}
	got := must(w.ECS.RegisterTaskDefinition(t.Context(), in)).TaskDefinition
	if *got.Cpu != "1024" || *got.Memory != "3072" || *got.ExecutionRoleArn != "arn:aws:iam::123456789012:role/short" || got.Revision != 1 || got.Status != "ACTIVE" {
		t.Errorf("got %+v", got)
	}
	want := types.ContainerDefinition{
		Name: aws.String("web"), Image: aws.String("nginx:1"), Essential: aws.Bool(true),
		PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80), HostPort: aws.Int32(80), Protocol: types.TransportProtocolTcp}},
		HealthCheck:  &types.HealthCheck{Command: []string{"CMD", "true"}, Interval: aws.Int32(30), Timeout: aws.Int32(5), Retries: aws.Int32(3)},
		Environment:  []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("1")}, {Name: aws.String("B"), Value: aws.String("2")}},
		MountPoints:  []types.MountPoint{}, VolumesFrom: []types.VolumeFrom{}, SystemControls: []types.SystemControl{},
	}
	if diff := gocmp.Diff(want, got.ContainerDefinitions[0], cmpopts.IgnoreUnexported(
		types.ContainerDefinition{}, types.PortMapping{}, types.HealthCheck{}, types.KeyValuePair{},
	)); diff != "" {
		t.Errorf("container mismatch (-want +got):\n%s", diff)
	}
	if *in.Cpu != "1 vCPU" || *in.ContainerDefinitions[0].Environment[0].Name != "B" {
		t.Error("the input of the caller has changed")
	}
	*got.Family = "changed"
	if again := must(w.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: aws.String("web"),
	})); *again.TaskDefinition.Family != "web" {
		t.Error("the output is shared with the cloud")
	}
}

// Revisions are found by family, by family:revision and by ARN; the family is the latest active one.
func TestRevisions(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	for range 3 {
		must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
	}
	other := webTask()
	other.Family, other.Tags = aws.String("web2"), []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	arn := must(w.ECS.RegisterTaskDefinition(t.Context(), other)).TaskDefinition.TaskDefinitionArn
	describe := func(name string) (string, error) {
		out, err := w.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &name})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s:%d %s", *out.TaskDefinition.Family, out.TaskDefinition.Revision, out.TaskDefinition.Status), nil
	}
	deregister := func(name string) error {
		_, err := w.ECS.DeregisterTaskDefinition(t.Context(), &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &name})
		return err
	}
	must(0, deregister("web:3"))
	for name, want := range map[string]string{"web": "web:2 ACTIVE", "web:1": "web:1 ACTIVE", "web:3": "web:3 INACTIVE", *arn: "web2:1 ACTIVE"} {
		if got := must(describe(name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	_, err := describe("web:4")
	checkAnswer(t, "ClientException: Unable to describe task definition.", err)
	checkAnswer(t, "ClientException: Invalid revision number. Number: web", deregister("web"))
	checkAnswer(t, "ClientException: The specified task definition does not exist. Specify a valid account, family, revision and try again.", deregister("web:9"))

	list := func(in *ecs.ListTaskDefinitionsInput) []string {
		var out []string
		for p := ecs.NewListTaskDefinitionsPaginator(w.ECS.(*ecs.Client), in); p.HasMorePages(); {
			for _, arn := range must(p.NextPage(t.Context())).TaskDefinitionArns {
				out = append(out, arn[len("arn:aws:ecs:us-east-1:123456789012:task-definition/"):])
			}
		}
		return out
	}
	tests := []struct {
		in   ecs.ListTaskDefinitionsInput
		want []string
	}{
		{ecs.ListTaskDefinitionsInput{MaxResults: aws.Int32(2)}, []string{"web:1", "web:2", "web2:1"}},
		{ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String("web"), Sort: types.SortOrderDesc}, []string{"web:2", "web:1"}},
		{ecs.ListTaskDefinitionsInput{Status: types.TaskDefinitionStatusInactive}, []string{"web:3"}},
	}
	for _, test := range tests {
		if diff := gocmp.Diff(test.want, list(&test.in)); diff != "" {
			t.Errorf("list mismatch (-want +got):\n%s", diff)
		}
	}

	must(w.ECS.TagResource(t.Context(), &ecs.TagResourceInput{
		ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("w")}, {Key: aws.String("l"), Value: aws.String("x")}},
	}))
	tagged := must(w.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: arn, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	}))
	if len(tagged.Tags) != 2 || *tagged.Tags[0].Value != "w" {
		t.Errorf("got tags %v", tagged.Tags)
	}
}
