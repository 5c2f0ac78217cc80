package applytest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Snapshot returns all that stands now.
func (c *Cloud) Snapshot() *State {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &State{}
	if len(c.data.parameters) > 0 {
		s.Parameters = maps.Clone(c.data.parameters)
	}
	for _, st := range c.cfn.stacks {
		if st.gone() {
			continue
		}
		s.Stacks = append(s.Stacks, c.stackState(st))
		for _, o := range st.outputs {
			if o.ExportName != nil {
				s.Exports = append(s.Exports, ExportState{*o.ExportName, *o.OutputValue, st.name})
			}
		}
	}
	c.containersState(s)
	c.storageState(s)
	c.pipelinesState(s)
	slices.SortFunc(s.Stacks, func(a, b StackState) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Exports, func(a, b ExportState) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

func (c *Cloud) stackState(s *stack) StackState {
	out := StackState{
		Name: s.name, ID: s.id, Status: string(s.status), Reason: s.reason, Protected: s.protected, Role: s.role, Imports: slices.Clone(s.imports),
		Parameters: map[string]string{}, Tags: map[string]string{}, Outputs: map[string]string{},
	}
	if s.body != "" {
		out.Template = hashOf([]byte(s.body))
	}
	for _, p := range s.parameters {
		out.Parameters[p.name] = p.value
	}
	for _, t := range s.tags {
		out.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	for _, o := range s.outputs {
		out.Outputs[*o.OutputKey] = *o.OutputValue
	}
	for _, r := range s.resources {
		out.Resources = append(out.Resources, ResourceState{r.id, r.typ, r.physical, string(r.status)})
	}
	slices.SortFunc(out.Resources, func(a, b ResourceState) int { return cmp.Compare(a.ID, b.ID) })
	for _, set := range s.sets {
		if !set.done() {
			out.ChangeSets = append(out.ChangeSets, ChangeSetState{set.name, string(set.status), string(set.execution)})
		}
	}
	return out
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

func (c *Cloud) containersState(s *State) {
	for _, d := range c.ecs.definitions {
		r := RevisionState{Family: *d.Family, Revision: int(d.Revision), Status: string(d.Status), Tags: tagMap(d.tags)}
		for _, container := range d.ContainerDefinitions {
			r.Images = append(r.Images, aws.ToString(container.Image))
		}
		s.Revisions = append(s.Revisions, r)
	}
	for _, cl := range c.ecs.clusters {
		state := ClusterState{Name: cl.name}
		for _, svc := range cl.services {
			if svc.status != "INACTIVE" {
				state.Services = append(state.Services, svc.state())
			}
		}
		s.Clusters = append(s.Clusters, state)
	}
	slices.SortFunc(s.Clusters, func(a, b ClusterState) int { return cmp.Compare(a.Name, b.Name) })
}

func tagMap(tags []ecstypes.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

func (svc *service) state() ServiceState {
	shown := svc.describe()
	out := ServiceState{
		Name: svc.name, Status: svc.status, TaskDefinition: lastPart(svc.spec.TaskDefinition), Desired: int(shown.DesiredCount),
		Running: int(shown.RunningCount), Pending: int(shown.PendingCount), Tags: tagMap(svc.tags), LoadBalancers: len(svc.spec.LoadBalancers),
	}
	for _, d := range svc.deployments {
		out.Deployments = append(out.Deployments, DeploymentState{d.id, lastPart(d.definition), string(d.state), int(d.failed)})
	}
	for _, t := range svc.cluster.tasks {
		if t.service == svc && t.last == "STOPPED" {
			out.StoppedTasks++
		}
	}
	return out
}

func (c *Cloud) storageState(s *State) {
	for _, r := range c.data.roles {
		s.Roles = append(s.Roles, r.name)
	}
	slices.Sort(s.Roles)
	for _, r := range c.data.repositories {
		state := RepositoryState{Name: r.name}
		for _, i := range r.images {
			state.Images = append(state.Images, ImageState{i.digest, slices.Clone(i.tags)})
		}
		s.Repositories = append(s.Repositories, state)
	}
	for _, b := range c.data.buckets {
		state := BucketState{Name: b.name, Versioned: b.versioned}
		for _, v := range b.listed("") {
			state.Objects = append(state.Objects, ObjectState{v.key, v.id, len(v.data), v.deletion})
		}
		s.Buckets = append(s.Buckets, state)
	}
	for _, t := range c.data.things {
		s.Things = append(s.Things, ThingState{t.typ, t.physical, c.owner(t)})
	}
	for _, g := range c.data.logGroups {
		state := LogGroupState{Name: g.name}
		if t := c.thing("AWS::Logs::LogGroup", g.name); t != nil {
			state.Stack = c.owner(t)
		}
		s.LogGroups = append(s.LogGroups, state)
	}
	slices.SortFunc(s.Repositories, func(a, b RepositoryState) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Buckets, func(a, b BucketState) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.LogGroups, func(a, b LogGroupState) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Things, func(a, b ThingState) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Physical, b.Physical))
	})
}

// owner returns the name of the living stack that has a thing, or nothing.
func (c *Cloud) owner(t *thing) string {
	s := c.stackNamed(t.stack)
	if s == nil || s.gone() {
		return ""
	}
	for _, r := range s.resources {
		stands := r.status != types.ResourceStatusDeleteComplete && r.status != types.ResourceStatusDeleteSkipped
		if stands && r.typ == t.typ && r.physical == t.physical {
			return s.name
		}
	}
	return ""
}

func (c *Cloud) pipelinesState(s *State) {
	for _, p := range c.cicd.pipelines {
		definition, _ := json.Marshal(p.now()) // a declaration can always be written
		state := PipelineState{Name: p.name(), Version: len(p.versions), Definition: hashOf(definition), Tags: map[string]string{}}
		for _, t := range p.tags {
			state.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
		for _, e := range p.executions {
			commit := ""
			for _, r := range e.revisions {
				commit = aws.ToString(r.RevisionId)
			}
			state.Executions = append(state.Executions, ExecutionState{e.id, string(e.status), string(e.trigger), commit})
		}
		s.Pipelines = append(s.Pipelines, state)
	}
	slices.SortFunc(s.Pipelines, func(a, b PipelineState) int { return cmp.Compare(a.Name, b.Name) })
}

// Normalized is [Cloud.Snapshot] with every identifier that the cloud has made, wherever
// it stands, replaced by its number: two clouds in which the same stands are then equal,
// however it came about.
func (c *Cloud) Normalized() *State {
	s := c.Snapshot()
	known := c.ids.all()
	names := map[string]string{}
	rename := func(text string) string {
		for _, id := range known {
			if !strings.Contains(text, id) {
				continue
			}
			if names[id] == "" {
				names[id] = "<" + itoa(len(names)+1) + ">"
			}
			text = strings.ReplaceAll(text, id, names[id])
		}
		return text
	}
	renameAll(reflect.ValueOf(s).Elem(), rename)
	return s
}

// renameAll changes the texts in a value.
func renameAll(v reflect.Value, rename func(string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(rename(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			renameAll(v.Field(i), rename)
		}
	case reflect.Slice:
		for i := range v.Len() {
			renameAll(v.Index(i), rename)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, k := range keys {
			v.SetMapIndex(k, reflect.ValueOf(rename(v.MapIndex(k).String())))
		}
	}
}
