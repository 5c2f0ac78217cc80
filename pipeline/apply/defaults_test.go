package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

const written = `{
  "family": "shop", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": ".5 vCPU", "memory": "1 GB",
  "taskRoleArn": "shop-task", "executionRoleArn": "arn:aws:iam::123456789012:role/shop-execution",
  "containerDefinitions": [
    {
      "name": "web", "image": "example/web:1",
      "portMappings": [{"containerPort": 80}],
      "environment": [{"name": "MODE", "value": "fast"}, {"name": "DB_PASSWORD", "value": "hunter2"}],
      "healthCheck": {"command": ["CMD", "true"]}
    },
    {"name": "log", "image": "example/log:1", "essential": false, "memory": 64}
  ],
  "volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]
}`

// registered is what ECS answers to that: see the responses of DescribeTaskDefinition in
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
const registered = `{
  "family": "shop", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "512", "memory": "1024",
  "taskRoleArn": "arn:aws:iam::123456789012:role/shop-task", "executionRoleArn": "arn:aws:iam::123456789012:role/shop-execution",
  "placementConstraints": [],
  "containerDefinitions": [
    {
      "name": "log", "image": "example/log:1", "essential": false, "cpu": 0, "memory": 64,
      "portMappings": [], "environment": [], "mountPoints": [], "volumesFrom": [], "systemControls": []
    },
    {
      "name": "web", "image": "example/web:1", "essential": true, "cpu": 0,
      "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
      "environment": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "fast"}],
      "healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3},
      "mountPoints": [], "volumesFrom": [], "systemControls": []
    }
  ],
  "volumes": [{"name": "data", "host": {}, "efsVolumeConfiguration": {"fileSystemId": "fs-1", "rootDirectory": "/", "transitEncryption": "DISABLED"}}]
}`

func task(t *testing.T, text string) *taskdef.Definition {
	t.Helper()
	d, err := taskdef.Parse("taskdef.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTaskDifferences(t *testing.T) {
	container := func(d *taskdef.Definition, i int) *taskdef.Container { return &d.ContainerDefinitions[i] }
	tests := []struct {
		name   string
		change func(*taskdef.Definition)
		want   []Property
	}{
		{"what ECS fills in", func(*taskdef.Definition) {}, nil},
		{"tags, which are put on a revision", func(d *taskdef.Definition) { d.Tags = []taskdef.Tag{{Key: "team"}} }, nil},
		{"memory", func(d *taskdef.Definition) { d.Memory = "2048" }, []Property{{Path: "memory", Before: "1024", After: "2048"}}},
		{"the same size in other words", func(d *taskdef.Definition) { d.CPU, d.Memory = "512", "1024" }, nil},
		{"image", func(d *taskdef.Definition) { container(d, 0).Image = "example/web:2" },
			[]Property{{Path: "containerDefinitions.web.image", Before: "example/web:1", After: "example/web:2"}}},
		{"essential", func(d *taskdef.Definition) { container(d, 1).Essential = nil },
			[]Property{{Path: "containerDefinitions.log.essential", Before: "false"}}},
		{"a variable", func(d *taskdef.Definition) { container(d, 0).Environment[0].Value = new("slow") },
			[]Property{{Path: "containerDefinitions.web.environment.MODE.value", Before: hidden, After: hidden}}},
		{"a secret variable", func(d *taskdef.Definition) { container(d, 0).Environment[1].Value = new("hunter3") },
			[]Property{{Path: "containerDefinitions.web.environment.DB_PASSWORD.value", Before: hidden, After: hidden}}},
		{"a variable more", func(d *taskdef.Definition) {
			c := container(d, 0)
			c.Environment = append(c.Environment, taskdef.KeyValue{Name: "NEW", Value: new("x")})
		}, []Property{{Path: "containerDefinitions.web.environment.NEW", After: `{"name":"NEW","value":"(hidden)"}`}}},
		{"a secret variable more", func(d *taskdef.Definition) {
			c := container(d, 0)
			c.Environment = append(c.Environment, taskdef.KeyValue{Name: "API_TOKEN", Value: new("x")})
		}, []Property{{Path: "containerDefinitions.web.environment.API_TOKEN", After: `{"name":"API_TOKEN","value":"(hidden)"}`}}},
		{"a container less", func(d *taskdef.Definition) { d.ContainerDefinitions = d.ContainerDefinitions[:1] },
			[]Property{{Path: "containerDefinitions.log", Before: `{"essential":"false","image":"example/log:1","memory":64,"name":"log"}`}}},
		{"another port", func(d *taskdef.Definition) { container(d, 0).PortMappings[0].ContainerPort = new(8080) }, []Property{
			{Path: "containerDefinitions.web.portMappings.80", Before: `{"containerPort":80}`},
			{Path: "containerDefinitions.web.portMappings.8080", After: `{"containerPort":8080}`},
		}},
		{"interval", func(d *taskdef.Definition) { container(d, 0).HealthCheck.Interval = new(10) },
			[]Property{{Path: "containerDefinitions.web.healthCheck.interval", After: "10"}}},
		{"processor", func(d *taskdef.Definition) {
			d.RuntimePlatform = &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64}
		}, []Property{{Path: "runtimePlatform", After: `{"cpuArchitecture":"ARM64"}`}}},
		{"the default processor", func(d *taskdef.Definition) {
			d.RuntimePlatform = &taskdef.RuntimePlatform{CPUArchitecture: "X86_64", OperatingSystemFamily: "LINUX"}
		}, nil},
		{"another role", func(d *taskdef.Definition) { d.TaskRoleARN = "task" },
			[]Property{{Path: "taskRoleArn", Before: "arn:aws:iam::123456789012:role/shop-task", After: "task"}}},
	}
	for _, tt := range tests {
		want := task(t, written)
		tt.change(want)
		got, err := taskDifferences(task(t, registered), want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestPipelineDifferences(t *testing.T) {
	const text = `{"pipeline": {
  "name": "shop", "roleArn": "arn:aws:iam::123456789012:role/shop", "artifactStore": {"type": "S3", "location": "shop-artifacts"},
  "stages": [
    {"name": "Source", "actions": [{"name": "Source", "outputArtifacts": [{"name": "App"}],
      "actionTypeId": {"category": "Source", "owner": "ThirdParty", "provider": "GitHub", "version": "1"},
      "configuration": {"Owner": "o", "Repo": "r", "Branch": "main", "OAuthToken": "gho_secret"}}]},
    {"name": "Build", "actions": [{"name": "Build", "inputArtifacts": [{"name": "App"}],
      "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
      "configuration": {"ProjectName": "shop", "EnvironmentVariables": "[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]"}}]}
  ]}}`
	parse := func() *pipeline.Definition {
		d, err := pipeline.ParseLax("pipeline.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	answered := func() *pipeline.Definition { // what GetPipeline makes of it
		d := parse()
		d.Version, d.ExecutionMode, d.PipelineType = new(3), pipeline.ExecutionModeSuperseded, pipeline.TypeV1
		d.Stages[0].Actions[0].RunOrder = new(1)
		d.Stages[0].Actions[0].InputArtifacts = []pipeline.InputArtifact{}
		d.Stages[0].Actions[0].Configuration["OAuthToken"] = masked
		return d
	}
	tests := []struct {
		name   string
		change func(*pipeline.Definition)
		want   []Property
	}{
		{"what CodePipeline fills in", func(*pipeline.Definition) {}, nil},
		{"type", func(d *pipeline.Definition) { d.PipelineType = pipeline.TypeV2 }, []Property{{Path: "pipelineType", Before: "V1", After: "V2"}}},
		{"branch", func(d *pipeline.Definition) { d.Stages[0].Actions[0].Configuration["Branch"] = "next" },
			[]Property{{Path: "stages[0].actions.Source.configuration.Branch", Before: "main", After: "next"}}},
		{"secret", func(d *pipeline.Definition) {
			d.Stages[1].Actions[0].Configuration["EnvironmentVariables"] = `[{"name":"DB_PASSWORD","value":"hunter3"}]`
		}, []Property{{Path: "stages[1].actions.Build.configuration.EnvironmentVariables",
			Before: `[{"name":"DB_PASSWORD","value":"(hidden)"}]`, After: `[{"name":"DB_PASSWORD","value":"(hidden)"}]`}}},
		{"stage less", func(d *pipeline.Definition) { d.Stages = d.Stages[:1] }, []Property{{Path: "stages[1]",
			Before: `{"actions":[{"actionTypeId":{"category":"Build","owner":"AWS","provider":"CodeBuild","version":"1"},"configuration":` +
				`{"EnvironmentVariables":"[{\"name\":\"DB_PASSWORD\",\"value\":\"(hidden)\"}]","Proje…`}}},
	}
	for _, tt := range tests {
		want := parse()
		tt.change(want)
		got, err := pipelineDifferences(answered(), want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", tt.name, diff)
		}
	}
}
