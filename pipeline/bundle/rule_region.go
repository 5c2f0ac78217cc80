package bundle

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var roleAccountRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/account", Source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html", Severity: slipway.Warning,
		Doc: "The roles of a task, and the pipeline's own, are of one account, and regions that must agree do.",
	},
	Check: func(v *view, r *check.Report) {
		for _, t := range v.Tasks {
			checkAccounts(t, r)
		}
		for _, p := range v.Pipelines {
			checkRegions(v, p, r)
		}
	},
}

func checkAccounts(t *Part[*taskdef.Definition], r *check.Report) {
	execution, task := arnPart(t.Model.ExecutionRoleARN, 4), arnPart(t.Model.TaskRoleARN, 4)
	if execution != "" && task != "" && execution != task {
		p := addf(r, t, "taskRoleArn", "the role is of account %s, and the execution role of %s; a task takes roles of its own account only", task, execution)
		relate(p, t.Place("executionRoleArn", "the other role"))
	}
}

// arnPart returns a literal part of an ARN, counted from 0, or "".
func arnPart(arn string, n int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || !IsKnown(parts[n]) {
		return ""
	}
	return parts[n]
}

// checkRegions compares the regions that can be told of what must be in the region
// of the pipeline: its bucket, the bucket's key, and the task that it deploys.
func checkRegions(v *view, p *Part[*pipeline.Definition], r *check.Report) {
	store := p.Model.ArtifactStore
	for region, s := range p.Model.ArtifactStores {
		checkStore(p, slipway.Path("artifactStores", region), &s, region, r)
	}
	if store == nil {
		return
	}
	bucket := regionIn(store.Location)
	checkStore(p, "artifactStore", store, bucket, r)
	if bucket == "" {
		return
	}
	for i := range v.groups {
		g := &v.groups[i]
		if g.Pipeline != p {
			continue
		}
		for j := range g.Deploys {
			task := g.Deploys[j].Task
			if task == nil || g.Deploys[j].Action == nil || g.Deploys[j].Action.Region != "" {
				continue
			}
			for k, c := range task.Model.ContainerDefinitions {
				if c.LogConfiguration == nil {
					continue
				}
				if region := c.LogConfiguration.Options["awslogs-region"]; IsKnown(region) && region != bucket {
					f := addf(r, p, "artifactStore.location", "the bucket is in %s by its name, and the task logs to %s; a pipeline, its bucket and its builds are in one region", bucket, region)
					relate(f, task.Place(slipway.Path("containerDefinitions", k, "logConfiguration", "options", "awslogs-region"), "the region of the task's logs"))
				}
			}
		}
	}
}

// checkStore compares a bucket with its key.
func checkStore(p *Part[*pipeline.Definition], where string, s *pipeline.ArtifactStore, region string, r *check.Report) {
	if named := regionIn(s.Location); named != "" && region != "" && named != region && IsKnown(region) {
		addf(r, p, where+".location", "the bucket is in %s by its name, but it is the store of %s", named, region)
	}
	if s.EncryptionKey == nil || region == "" {
		return
	}
	if key := arnPart(s.EncryptionKey.ID, 3); key != "" && key != region && IsKnown(region) {
		addf(r, p, where+".encryptionKey.id", "the key is in %s, and the bucket in %s; a key must be in the region of its bucket", key, region)
	}
}

// regionIn returns the region that a name holds, such as eu-central-1 in
// artifacts-eu-central-1, or "".
func regionIn(name string) string {
	if !IsKnown(name) {
		return ""
	}
	words := strings.Split(name, "-")
	for i := 0; i+2 < len(words); i++ {
		area, place, n := words[i], words[i+1], words[i+2]
		if i+3 < len(words) && area == "us" && place == "gov" {
			place, n = "gov-"+words[i+2], words[i+3]
		}
		if isArea(area) && isPlace(strings.TrimPrefix(place, "gov-")) && len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
			return area + "-" + place + "-" + n
		}
	}
	return ""
}

func isArea(s string) bool {
	switch s {
	case "us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx", "cn", "eusc":
		return true
	}
	return false
}

func isPlace(s string) bool {
	switch s {
	case "east", "west", "central", "north", "south", "northeast", "northwest", "southeast", "southwest":
		return true
	}
	return false
}
