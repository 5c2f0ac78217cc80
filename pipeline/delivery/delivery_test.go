package delivery_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn/network"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// minimal is the least that a service must say.
func minimal() delivery.Service {
	return delivery.Service{
		Name:   "shop",
		Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
	}
}

// rich uses what minimal does not.
func rich() delivery.Service {
	return delivery.Service{
		Name: "ledger",
		Source: pipeline.ConnectionSource{
			ConnectionARN: "arn:${AWS_PARTITION}:codeconnections:${AWS_REGION}:${AWS_ACCOUNT_ID}:connection/8b1c2d3e",
			Repository:    "books/ledger", Branch: "main", FullClone: true,
		},
		Network:    network.Network{Zones: 3, CIDR: "10.20.0.0/16"},
		Repository: delivery.Repository{Keep: 5, Mutable: true},
		Roles: delivery.Roles{
			Task: delivery.Role{Statements: []delivery.Statement{{
				Actions:   []string{"dynamodb:GetItem", "dynamodb:PutItem"},
				Resources: []string{"arn:${AWS_PARTITION}:dynamodb:${AWS_REGION}:${AWS_ACCOUNT_ID}:table/ledger"},
			}}},
			Build: delivery.Role{Managed: []string{"PowerUserAccess"}},
		},
		Logs: delivery.Logs{RetentionDays: 365},
		Task: taskdef.Definition{
			CPU: "512", Memory: "1024",
			RuntimePlatform: &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64},
			ContainerDefinitions: []taskdef.Container{
				{
					Name:         "app",
					PortMappings: []taskdef.PortMapping{{ContainerPort: new(8080)}},
					Secrets: []taskdef.Secret{
						{Name: "DSN", ValueFrom: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf:dsn::"},
						{Name: "TOKEN", ValueFrom: "/ledger/token"},
					},
					EnvironmentFiles: []taskdef.EnvironmentFile{{Type: "s3", Value: "arn:aws:s3:::ledger-env/prod.env"}},
				},
				{
					Name: "proxy", Essential: new(false),
					Image: "${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.${AWS_URL_SUFFIX}/platform/proxy:1.2",
				},
			},
		},
		Build:    delivery.Build{Recipe: buildspec.DockerImage{Before: []string{"make test"}}},
		Pipeline: delivery.Pipeline{Approval: true},
		Tags:     map[string]string{"team": "books", "cost": "17"},
	}
}

// bucketed takes its source from a bucket.
func bucketed() delivery.Service {
	s := minimal()
	s.Name = "batch"
	s.Source = pipeline.S3Source{Bucket: "batch-source-${AWS_ACCOUNT_ID}", Key: "source.zip"}
	return s
}

var goldens = map[string]func() delivery.Service{"minimal": minimal, "rich": rich, "bucketed": bucketed}

func TestGolden(t *testing.T) {
	for name, service := range goldens {
		t.Run(name, func(t *testing.T) {
			files := render(t, service())
			dir := filepath.Join("testdata", name)
			if *update {
				if _, err := files.Write(dir); err != nil {
					t.Fatal(err)
				}
			}
			changes, err := files.Compare(os.DirFS(dir))
			if err != nil {
				t.Fatal(err)
			}
			if err := bundle.Drift(changes); err != nil {
				t.Error(err)
			}
		})
	}
}

func render(t *testing.T, s delivery.Service) bundle.Files {
	t.Helper()
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSameBytesAgain(t *testing.T) {
	for name, service := range goldens {
		first := render(t, service())
		for range 5 {
			if diff := cmp.Diff(first, render(t, service())); diff != "" {
				t.Fatalf("%s: mismatch (-first +again):\n%s", name, diff)
			}
		}
	}
}

// What is computed from one value agrees: the rules across files find nothing,
// although Bundle does not ask them.
func TestComputedFilesAgree(t *testing.T) {
	for name, service := range goldens {
		for _, arm := range []bool{false, true} {
			s := service()
			if arm {
				s.Task.RuntimePlatform = &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64}
			}
			b, err := s.Bundle()
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Validate(); err != nil {
				t.Errorf("%s, arm %v: %v", name, arm, err)
			}
		}
	}
}

// No file holds what only AWS knows, and none is for one partition alone.
func TestNoAccountNoPartition(t *testing.T) {
	bad := regexp.MustCompile(`arn:aws[:-]|amazonaws\.com/|\b\d{12}\b`)
	for _, file := range render(t, minimal()) {
		if found := bad.Find(file.Data); found != nil {
			t.Errorf("%s holds %q", file.Path, found)
		}
	}
}

func TestBind(t *testing.T) {
	b, err := minimal().Bundle()
	if err != nil {
		t.Fatal(err)
	}
	bound, err := b.Bind(bundle.Target{Account: "123456789012", Region: "cn-north-1"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := bound.Files()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		delivery.TaskFile:      `"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop:not-yet-built"`,
		delivery.PipelineFile:  `"roleArn": "arn:aws-cn:iam::123456789012:role/shop-pipeline-cn-north-1"`,
		delivery.BuildspecFile: `"$AWS_DEFAULT_REGION"`,
		delivery.PlatformFile:  `${AWS::AccountId}`,
	} {
		if text := string(files.Get(path)); !strings.Contains(text, want) {
			t.Errorf("%s has no %s:\n%s", path, want, text)
		}
	}
}

func TestBundleRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *delivery.Service)
		want   []string
	}{
		{"no name", func(s *delivery.Service) { s.Name = "" }, []string{"Service.Name: found \"\" with 0 characters"}},
		{"a name that ECR refuses", func(s *delivery.Service) { s.Name = "Shop" }, []string{`Service.Name: found "Shop"`}},
		{"no source", func(s *delivery.Service) { s.Source = nil }, []string{"Service.Source: missing"}},
		{"a source that is none", func(s *delivery.Service) { s.Source = pipeline.ECSDeploy{} }, []string{"Service.Source: found pipeline.ECSDeploy"}},
		{"a repository name", func(s *delivery.Service) { s.Repository.Name = "a--_b" }, []string{`Service.Repository.Name: found "a--_b"`}},
		{"a role name", func(s *delivery.Service) { s.Roles.Task.Name = "a b" }, []string{`Service.Roles.Task.Name: found "a b"`}},
		{"a role name that is too long", func(s *delivery.Service) {
			s.Roles.Build.Name = strings.Repeat("b", 55) + "${AWS_REGION}"
		}, []string{"Service.Roles.Build.Name: found", "with 69 characters"}},
		{"two roles of one name", func(s *delivery.Service) {
			s.Roles.Build.Name, s.Roles.Pipeline.Name = "Same", "same"
		}, []string{"Service.Roles.Pipeline.Name: found same, which Roles.Build has too"}},
		{"a bucket name", func(s *delivery.Service) { s.Pipeline.Bucket = "Bucket" }, []string{`Service.Pipeline.Bucket: found "Bucket"`}},
		{"two stacks of one name", func(s *delivery.Service) {
			s.Stacks.Platform, s.Stacks.Service = "one", "one"
		}, []string{"Service.Stacks: two stacks are named one"}},
		{"a Fargate size", func(s *delivery.Service) { s.Task.CPU, s.Task.Memory = "300", "512" },
			[]string{"taskdef.json: cpu: found 300", "taskdef/fargate-size"}},
		{"a Fargate memory", func(s *delivery.Service) { s.Task.CPU, s.Task.Memory = "1 vCPU", "1 GB" },
			[]string{"taskdef.json: memory: ", "taskdef/fargate-size"}},
		{"overlapping subnets", func(s *delivery.Service) {
			s.Network.PublicSubnets = []string{"10.0.0.0/24", "10.0.0.128/25"}
		}, []string{"Service.Network.PublicSubnets[1]: 10.0.0.128/25 overlaps"}},
		{"two containers of one name", func(s *delivery.Service) {
			s.Task.ContainerDefinitions = []taskdef.Container{{Name: "app"}, {Name: "app", Image: "nginx"}}
		}, []string{"taskdef.json: containerDefinitions[1].name: "}},
		{"two containers to build", func(s *delivery.Service) {
			s.Task.ContainerDefinitions = []taskdef.Container{{Name: "app"}, {Name: "sidecar"}}
		}, []string{"Service.Task.ContainerDefinitions[1].Image: missing"}},
		{"no container to build", func(s *delivery.Service) {
			s.Task.ContainerDefinitions = []taskdef.Container{{Name: "app", Image: "nginx"}}
		}, []string{"Service.Task.ContainerDefinitions: every container has an image"}},
		{"an ARM64 task with an x86 build", func(s *delivery.Service) {
			s.Task.RuntimePlatform = &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64}
			s.Build.Image = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
		}, []string{"Service.Build.Image: aws/codebuild/amazonlinux-x86_64-standard:5.0 builds for another processor than the task's ARM64"}},
		{"an x86 task with an ARM64 build", func(s *delivery.Service) {
			s.Build.Image = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
		}, []string{"Service.Build.Image: "}},
		{"an image for another platform", func(s *delivery.Service) { s.Build.Recipe.Platform = "linux/arm64" },
			[]string{"Service.Build.Recipe.Platform: found linux/arm64, the task runs on linux/amd64"}},
		{"a container that is not in the task", func(s *delivery.Service) {
			s.Build.Recipe.Containers = []string{"next-container-task"}
		}, []string{`Service.Build.Recipe.Containers: found "next-container-task", the task has no container of that name`}},
		{"a file that the pipeline does not read", func(s *delivery.Service) { s.Build.Recipe.File = "images.json" },
			[]string{"imagedefinitions.json", "bundle/definition-file"}},
		{"the file of another deploy provider", func(s *delivery.Service) { s.Build.Recipe.CodeDeploy = true },
			[]string{"imagedefinitions.json", "bundle/definition-file"}},
		{"a buildspec that names another container", func(s *delivery.Service) {
			spec, err := buildspec.DockerImage{Containers: []string{"next-container-task"}}.Spec()
			if err != nil {
				panic(err)
			}
			s.Build.Spec = spec
		}, []string{`"next-container-task"`, "bundle/container-name"}},
		{"a build argument", func(s *delivery.Service) { s.Build.Recipe.BuildArgs = []string{"=x"} },
			[]string{"Service.Build.Recipe.BuildArgs[0]: "}},
		{"a retention that CloudWatch lacks", func(s *delivery.Service) { s.Logs.RetentionDays = 31 },
			[]string{"Service.Logs.RetentionDays: found 31, want one of 1 3 5"}},
		{"a role by its short name", func(s *delivery.Service) { s.Task.TaskRoleARN = "app" },
			[]string{`Service.Task.TaskRoleARN: found "app", want the ARN of a role`}},
		{"a tag of AWS's", func(s *delivery.Service) { s.Tags = map[string]string{"AWS:x": ""} }, []string{`Service.Tags.AWS:x: `}},
		{"everything at once", func(s *delivery.Service) {
			s.Name, s.Source, s.Deploy.DesiredCount, s.Task.CPU = "A", nil, -1, "3"
		}, []string{"Service.Name", "Service.Source", "Service.Deploy.DesiredCount", "taskdef/fargate-size"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := minimal()
			tt.change(&s)
			b, err := s.Bundle()
			if err == nil {
				t.Fatal("the service was not refused")
			}
			if b != nil {
				t.Error("a bundle came with the error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in\n%v", want, err)
				}
			}
		})
	}
}
