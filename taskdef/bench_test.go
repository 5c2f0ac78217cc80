package taskdef_test

import (
	"testing"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// typical is a definition as delivery makes it: one container on Fargate.
func typical() *taskdef.Definition {
	return &taskdef.Definition{
		Family:                  "web-service",
		RequiresCompatibilities: []taskdef.Compatibility{taskdef.CompatibilityFargate},
		NetworkMode:             taskdef.NetworkModeAwsvpc,
		CPU:                     "256",
		Memory:                  "512",
		RuntimePlatform: &taskdef.RuntimePlatform{
			OperatingSystemFamily: taskdef.OSFamilyLinux,
			CPUArchitecture:       taskdef.CPUArchitectureX8664,
		},
		ExecutionRoleARN: "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/web-service-execution",
		TaskRoleARN:      "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/web-service-task",
		ContainerDefinitions: []taskdef.Container{{
			Name:         "web",
			Image:        "${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.amazonaws.com/web-service:latest",
			Essential:    new(true),
			PortMappings: []taskdef.PortMapping{{Name: "http", ContainerPort: new(8080), Protocol: taskdef.ProtocolTCP}},
			Environment:  []taskdef.KeyValue{{Name: "LOG_LEVEL", Value: new("info")}, {Name: "PORT", Value: new("8080")}},
			Secrets:      []taskdef.Secret{{Name: "DB_PASSWORD", ValueFrom: "/web-service/db-password"}},
			LogConfiguration: &taskdef.LogConfiguration{
				LogDriver: taskdef.LogDriverAwslogs,
				Options: map[string]string{
					"awslogs-group": "/ecs/web-service", "awslogs-region": "${AWS_REGION}", "awslogs-stream-prefix": "web",
				},
			},
		}},
	}
}

func BenchmarkRender(b *testing.B) {
	d := typical()
	text, err := d.Render()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Render(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendText(b *testing.B) {
	d := typical()
	buf := make([]byte, 0, 4096)
	text, err := d.AppendText(buf)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.AppendText(buf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := typical().Render()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := taskdef.Parse("taskdef.json", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	d := typical()
	if found := d.Check(); len(found) > 0 {
		b.Fatal(found)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.Check()
	}
}
