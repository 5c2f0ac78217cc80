package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// demoService is what is applied by apply --demo when there is nothing else: the
// delivery of examples/minimal, which a test holds it to.
var demoService = delivery.Service{
	Name:       "docker-cicd-app",
	Source:     pipeline.CodeCommitSource{Repository: "gitlab-mirror-repo", Branch: "master"},
	Stacks:     delivery.Stacks{Network: "docker-cicd-formation"},
	Repository: delivery.Repository{Name: "gitlab-pipeline-repo"},
	Roles: delivery.Roles{
		Execution: delivery.Role{Name: "DockerCiCdECSRole", Managed: []string{"service-role/AmazonECSTaskExecutionRolePolicy"}},
		Task:      delivery.Role{Name: "DockerCiCdECSRole"},
	},
	Task: taskdef.Definition{
		Family:          "docker-cicd-app-fargate",
		CPU:             "1 vCPU",
		Memory:          "3 GB",
		RuntimePlatform: &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64},
		ContainerDefinitions: []taskdef.Container{{
			Name: "docker-cicd-app-task", Essential: new(true),
			PortMappings: []taskdef.PortMapping{{
				Name: "docker-cicd-app-80-tcp", ContainerPort: new(80), HostPort: new(80), Protocol: taskdef.ProtocolTCP,
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
		Cluster: "DockerCiCdAppCluster", Service: "docker-cicd-app-service", DefaultSecurityGroup: true,
	},
	Pipeline: delivery.Pipeline{Name: "docker-cicd-pipeline"},
}

// A demo is an AWS in memory, with somebody who pushes the source when it is waited for.
type demo struct {
	cloud *applytest.Cloud
	view  *view
}

// How a demonstration is paced where somebody looks: how many times faster than AWS, and
// how long the source is waited for.
const (
	demoSpeed = 20
	demoPush  = 30 * time.Second / demoSpeed
)

func newDemo(v *view, region string) *demo {
	o := applytest.Options{Region: region}
	if v.isLive() {
		o.Pace = func(ctx context.Context, d time.Duration) error { return sleep(ctx, d/demoSpeed) }
	}
	return &demo{cloud: applytest.New(o), view: v}
}

// event pushes the source of a bundle's pipelines when it is waited for.
func (d *demo) event(ctx context.Context, b *bundle.Bundle, e apply.Event) {
	w, ok := e.(apply.Waiting)
	if !ok || w.Wait != apply.WaitSource {
		return
	}
	if d.view.isLive() && sleep(ctx, demoPush) != nil {
		return
	}
	for _, a := range b.Artifacts {
		p, ok := a.Model.(*pipeline.Definition)
		if !ok || len(p.Stages) == 0 {
			continue
		}
		for _, action := range p.Stages[0].Actions {
			c := action.Configuration
			if repository := cmp.Or(c["RepositoryName"], c["FullRepositoryId"]); repository != "" {
				d.view.say("2", "  the demonstration pushes to "+repository+", branch "+c["BranchName"])
				d.cloud.Push(repository, c["BranchName"])
			}
		}
	}
}

// farewell says what was seen, and what to type to do it for real. Args are what was
// applied; none are the services of the program or, without such, the example.
func (p *program) farewell(args []string) {
	const text = `
That was a demonstration: an AWS in memory, where time flies, and of which nothing is left.
For real it takes some minutes, in the account of your credentials:

`
	var b strings.Builder
	b.WriteString(text)
	if len(args) == 0 && len(p.services) == 0 {
		b.WriteString("    go run " + module + "/examples/minimal -dir deploy   # writes the files that were applied\n")
		args = []string{"deploy"}
	}
	for _, line := range [][2]string{
		{"plan", "shows what would be done, and changes nothing"}, {"apply", "shows it, asks, and does it"}, {"destroy", "deletes it again"},
	} {
		command := escape(strings.Join(append([]string{p.name, line[0]}, args...), " "))
		fmt.Fprintf(&b, "    %-28s # %s\n", command, line[1])
	}
	p.stdout.Write([]byte(b.String()))
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
