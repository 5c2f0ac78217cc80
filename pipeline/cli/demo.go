package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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

// How a demonstration is paced where somebody looks: how many times faster than AWS, how
// long the source is waited for, and how long the plan can be read.
const (
	demoSpeed = 20
	demoPush  = 30 * time.Second / demoSpeed
	demoRead  = 3 * time.Second
)

func newDemo(v *view, region string) *demo {
	o := applytest.Options{Region: region}
	if v.isLive() {
		o.Pace = func(ctx context.Context, d time.Duration) error { return sleep(ctx, d/demoSpeed) }
	}
	return &demo{cloud: applytest.New(o), view: v}
}

// event pushes the source of a bundle's pipelines when it is waited for, and tells it.
func (d *demo) event(ctx context.Context, b *bundle.Bundle, e apply.Event, tell func(apply.Event)) {
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
				tell(apply.Note{Time: d.cloud.Clock().Now(), Text: "the demonstration pushes to " + repository + ", branch " + c["BranchName"]})
				d.cloud.Push(repository, c["BranchName"])
			}
		}
	}
}

// agrees asks what would be asked, and answers in place of a user. Where somebody looks
// there is time to read the plan.
func (d *demo) agrees(ctx context.Context, question string) error {
	if !d.view.isLive() {
		return nil
	}
	d.view.say("", "")
	d.view.say("", question+"y (the demonstration agrees)")
	return sleep(ctx, demoRead)
}

// farewell says what was seen, and what to type to do it for real.
func (s *session) farewell() {
	const text = `
That was a demonstration: an AWS in memory, where time flies, and of which nothing is left.
For real it takes some minutes, in the account of your credentials:

`
	var b strings.Builder
	b.WriteString(text)
	if len(s.args) == 0 && len(s.program.services) == 0 {
		fmt.Fprintf(&b, "    go run %s/examples/minimal@%s -dir deploy   # writes the files that were applied\n", module, versionToRun())
		s.args = []string{"deploy"}
	}
	does := [][2]string{
		{"plan", "shows what would be done, and changes nothing"}, {"apply", "shows it, asks, and does it"}, {"destroy", "deletes it again"},
	}
	longest := 0
	for i := range does {
		does[i][0] = escape(s.commandLine(does[i][0]))
		longest = max(longest, utf8.RuneCountInString(does[i][0]))
	}
	for _, d := range does {
		fmt.Fprintf(&b, "    %-*s  # %s\n", longest, d[0], d[1])
	}
	s.stdout.Write([]byte(b.String()))
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	over, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-over.Done()
	return context.Cause(ctx)
}
