package apply

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// taskDifferences returns what differs between a revision that stands and a definition,
// but for what ECS fills in by itself, and tags.
func taskDifferences(have, want *taskdef.Definition) ([]Property, error) {
	before, err := plainTask(have)
	if err != nil {
		return nil, err
	}
	after, err := plainTask(want)
	if err != nil {
		return nil, err
	}
	sameRole(before, after, "taskRoleArn")
	sameRole(before, after, "executionRoleArn")
	return differences(before, after), nil
}

// plainTask returns a definition as a tree without anything that is a default.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
// and the pages that it leads to.
func plainTask(d *taskdef.Definition) (map[string]any, error) {
	t, err := treeOf(d)
	if err != nil {
		return nil, err
	}
	delete(t, "tags")
	if n, ok := d.CPUUnits(); ok {
		t["cpu"] = strconv.Itoa(n)
	}
	if n, ok := d.MemoryMiB(); ok {
		t["memory"] = strconv.Itoa(n)
	}
	drop(t, "networkMode", "bridge")
	if p, ok := t["runtimePlatform"].(map[string]any); ok {
		drop(p, "operatingSystemFamily", "LINUX")
		drop(p, "cpuArchitecture", "X86_64")
	}
	for c := range objects(t, "containerDefinitions") {
		plainContainer(c, d.NetworkMode == taskdef.NetworkModeAwsvpc || d.NetworkMode == taskdef.NetworkModeHost)
	}
	for v := range objects(t, "volumes") {
		if efs, ok := v["efsVolumeConfiguration"].(map[string]any); ok {
			drop(efs, "rootDirectory", "/")
			drop(efs, "transitEncryption", "DISABLED")
			if auth, ok := efs["authorizationConfig"].(map[string]any); ok {
				drop(auth, "iam", "DISABLED")
			}
		}
	}
	prune(t)
	return t, nil
}

func plainContainer(c map[string]any, samePorts bool) {
	if c["essential"] == true || c["essential"] == nil {
		delete(c, "essential")
	} else {
		c["essential"] = "false" // prune takes false for what is not there
	}
	for port := range objects(c, "portMappings") {
		drop(port, "protocol", "tcp")
		if samePorts && port["hostPort"] == port["containerPort"] {
			delete(port, "hostPort")
		}
	}
	if h, ok := c["healthCheck"].(map[string]any); ok {
		drop(h, "interval", json.Number("30"))
		drop(h, "timeout", json.Number("5"))
		drop(h, "retries", json.Number("3"))
	}
	if r, ok := c["restartPolicy"].(map[string]any); ok {
		drop(r, "restartAttemptPeriod", json.Number("300"))
	}
	if l, ok := c["linuxParameters"].(map[string]any); ok {
		for _, name := range [...]string{"swappiness", "maxSwap"} {
			if l[name] != nil { // 0 is not the default
				l[name] = compact(l[name])
			}
		}
	}
	drop(c, "versionConsistency", "enabled")
}

// objects yields the items of a list that are maps.
func objects(t map[string]any, name string) func(yield func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		list, _ := t[name].([]any)
		for _, item := range list {
			if m, ok := item.(map[string]any); ok && !yield(m) {
				return
			}
		}
	}
}

// drop removes a member that has its default.
func drop(t map[string]any, name string, def any) {
	if t[name] == def {
		delete(t, name)
	}
}

// prune removes what means the same as its absence: null, false, 0, and what is empty.
// It reports whether nothing is left of v.
func prune(v any) (empty bool) {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case json.Number:
		return v == "0"
	case string:
		return v == ""
	case map[string]any:
		for key, member := range v {
			if prune(member) {
				delete(v, key)
			}
		}
		return len(v) == 0
	case []any:
		for _, item := range v {
			prune(item)
		}
		return len(v) == 0
	}
	return false
}

// sameRole lets a role that is given by its short name agree with its ARN.
func sameRole(before, after map[string]any, name string) {
	arn, _ := before[name].(string)
	short, _ := after[name].(string)
	if short != "" && !strings.HasPrefix(short, "arn:") && strings.HasSuffix(arn, ":role/"+short) {
		after[name] = arn
	}
}

// pipelineDifferences returns what differs between a pipeline that stands and a
// definition, but for its version, what CodePipeline fills in by itself, and tags.
func pipelineDifferences(have, want *pipeline.Definition) ([]Property, error) {
	before, err := plainPipeline(have)
	if err != nil {
		return nil, err
	}
	after, err := plainPipeline(want)
	if err != nil {
		return nil, err
	}
	if want.PipelineType == "" {
		delete(before, "pipelineType")
	}
	unmask(before, after)
	return differences(before, after), nil
}

func plainPipeline(d *pipeline.Definition) (map[string]any, error) {
	file, err := treeOf(d)
	if err != nil {
		return nil, err
	}
	t, ok := file["pipeline"].(map[string]any)
	if !ok {
		t = file
	}
	delete(t, "version")
	drop(t, "executionMode", "SUPERSEDED")
	for stage := range objects(t, "stages") {
		for action := range objects(stage, "actions") {
			drop(action, "runOrder", json.Number("1"))
			if c, ok := action["configuration"].(map[string]any); ok && len(c) == 0 {
				delete(action, "configuration")
			}
		}
	}
	prune(t)
	return t, nil
}

// masked is what CodePipeline answers in place of a secret value.
const masked = "****"

// unmask takes what is masked in a tree for what the other one has in its place:
// nobody can tell.
func unmask(before, after any) {
	switch b := before.(type) {
	case map[string]any:
		a, _ := after.(map[string]any)
		for key, v := range b {
			if v == masked && a[key] != nil {
				b[key] = a[key]
			} else {
				unmask(v, a[key])
			}
		}
	case []any:
		a, _ := after.([]any)
		for i := range min(len(a), len(b)) {
			unmask(b[i], a[i])
		}
	}
}
