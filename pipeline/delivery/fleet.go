package delivery

import (
	"fmt"
	"path"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// Files returns the rendered files of several services, those of each in a
// directory with its name, in the order of the services. It works on all
// processors. The error has the problems of every service, and the names that two
// services would both create in one account and region.
func Files(services ...Service) (bundle.Files, error) {
	files := make([]bundle.Files, len(services))
	problems := make([]slipway.Problems, len(services))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(len(services), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(services); i = int(next.Add(1)) - 1 {
				files[i], problems[i] = services[i].files()
			}
		})
	}
	wg.Wait()
	all := collisions(services)
	out := make(bundle.Files, 0, 6*len(services))
	for i := range services {
		all = append(all, problems[i]...)
		out = append(out, files[i]...)
	}
	if len(all) > 0 {
		return nil, all.Sorted()
	}
	return out, nil
}

// files returns the files of one service below its name.
func (s Service) files() (bundle.Files, slipway.Problems) {
	a := arenas.Get().(*arena)
	defer a.release()
	b, err := s.checked(a)
	if err != nil {
		return nil, below(s.Name, asProblems(err))
	}
	files, err := b.Files()
	if err != nil {
		return nil, below(s.Name, asProblems(err))
	}
	for i := range files {
		files[i].Path = path.Join(s.Name, files[i].Path)
	}
	return files, nil
}

// below returns the problems of the service of that name with their place among
// several services.
func below(name string, problems slipway.Problems) slipway.Problems {
	out := make(slipway.Problems, len(problems))
	for i, p := range problems {
		q := *p
		if q.File != "" {
			q.File = path.Join(name, q.File)
		} else {
			q.File = name
		}
		out[i] = &q
	}
	return out
}

// collisions returns the names that two services would both create.
func collisions(services []Service) slipway.Problems {
	var problems slipway.Problems
	owners := make(map[[2]string]string, 16*len(services))
	for i := range services {
		p := services[i].names()
		execution, task := p.Roles.Execution.Name, p.Roles.Task.Name
		if p.Task.ExecutionRoleARN != "" {
			execution = "" // others made the role
		}
		if p.Task.TaskRoleARN != "" {
			task = ""
		}
		for _, n := range [...]struct{ path, kind, name string }{
			{"Name", "service", p.Name},
			{"Stacks.Network", "stack", p.Stacks.Network},
			{"Stacks.Platform", "stack", p.Stacks.Platform},
			{"Stacks.Service", "stack", p.Stacks.Service},
			{"Repository.Name", "repository", p.Repository.Name},
			{"Roles.Execution.Name", "role", execution},
			{"Roles.Task.Name", "role", task},
			{"Roles.Build.Name", "role", p.Roles.Build.Name},
			{"Roles.Pipeline.Name", "role", p.Roles.Pipeline.Name},
			{"Roles.Start.Name", "role", p.Roles.Start.Name},
			{"Task.Family", "task definition family", p.Task.Family},
			{"Build.Project", "build project", p.Build.Project},
			{"Deploy.Cluster", "cluster", p.Deploy.Cluster},
			{"Pipeline.Name", "pipeline", p.Pipeline.Name},
			{"Pipeline.Bucket", "bucket", p.Pipeline.Bucket},
		} {
			key := [2]string{n.kind, n.name}
			owner, taken := owners[key]
			if n.name == "" {
				continue
			}
			if !taken {
				owners[key] = p.Name
			} else if owner != p.Name || n.kind == "service" {
				problems = append(problems, &slipway.Problem{
					File: p.Name, Path: "Service." + n.path, Rule: serviceRule.Name,
					Message: fmt.Sprintf("found %q, a %s that service %s creates too", n.name, n.kind, owner),
				})
			}
		}
	}
	return problems
}
