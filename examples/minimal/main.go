// Command minimal writes the six files of a small delivery beside its source: a
// container on Fargate, built from a CodeCommit repository. The README beside it
// says what each of them replaces.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

//go:generate go run .

// service is the whole delivery. Everything that it does not say is a default.
var service = delivery.Service{
	Name:       "docker-cicd-app",
	Source:     pipeline.CodeCommitSource{Repository: "gitlab-mirror-repo", Branch: "master"},
	Stacks:     delivery.Stacks{Network: "docker-cicd-formation"},
	Repository: delivery.Repository{Name: "gitlab-pipeline-repo"},
	Roles: delivery.Roles{
		Execution: delivery.Role{Name: "DockerCiCdECSRole", Managed: []string{"service-role/AmazonECSTaskExecutionRolePolicy"}},
		Task:      delivery.Role{Name: "DockerCiCdECSRole"},
	},
	Task: taskdef.Definition{
		Family: "docker-cicd-app-fargate",
		CPU:    "1 vCPU",
		Memory: "3 GB",
		RuntimePlatform: &taskdef.RuntimePlatform{
			CPUArchitecture: taskdef.CPUArchitectureARM64,
		},
		ContainerDefinitions: []taskdef.Container{{
			Name:      "docker-cicd-app-task",
			Essential: new(true),
			PortMappings: []taskdef.PortMapping{{
				Name:          "docker-cicd-app-80-tcp",
				ContainerPort: new(80),
				HostPort:      new(80),
				Protocol:      taskdef.ProtocolTCP,
			}},
		}},
	},
	Logs: delivery.Logs{TaskOff: true, BuildOff: true},
	Build: delivery.Build{
		Project: "docker-cicd-app-project",
		Image:   "aws/codebuild/amazonlinux2-aarch64-standard:3.0",
		Recipe:  buildspec.DockerImage{},
	},
	Deploy: delivery.Deploy{
		Cluster:              "DockerCiCdAppCluster",
		Service:              "docker-cicd-app-service",
		DefaultSecurityGroup: true,
	},
	Pipeline: delivery.Pipeline{Name: "docker-cicd-pipeline"},
}

func main() {
	dir := flag.String("dir", "", "write to this `directory` instead of beside the source")
	flag.Parse()
	if err := run(*dir, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", args[0])
	}
	if dir == "" {
		var err error
		if dir, err = sourceDir(); err != nil {
			return err
		}
	}
	b, err := service.Bundle()
	if err != nil {
		return err
	}
	files, err := b.Files()
	if err != nil {
		return err
	}
	changes, err := files.Write(dir)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Printf("%-9s %s\n", c.State, c.Path)
	}
	return nil
}

// sourceDir is where this file stands.
func sourceDir() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(dir, "main.go")); err != nil {
		return "", errors.New("cannot tell where the source is; say where to write with -dir")
	}
	return dir, nil
}
