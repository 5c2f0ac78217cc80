package apply

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// toTaskDefinitionInput returns what registers d, with its tags. What is absent in d
// is absent there, and nothing is shared with d. What the SDK cannot hold is not
// dropped: the error is then [slipway.Problems], with the path of each.
//
// One thing cannot be told apart: the SDK has 0 for the cpu of a container that
// has none.
func toTaskDefinitionInput(d *taskdef.Definition) (*ecs.RegisterTaskDefinitionInput, error) {
	c := converter{source: d.Source}
	in := toECSDefinition(&c, d)
	if err := c.err(); err != nil {
		return nil, err
	}
	return &in, nil
}

// fromTaskDefinition returns what was registered, without what ECS has added, such
// as the revision. DescribeTaskDefinition answers the tags beside the definition.
func fromTaskDefinition(v *ecstypes.TaskDefinition, tags []ecstypes.Tag) *taskdef.Definition {
	d := fromECSDefinition(v)
	d.Tags = fromList(tags, fromECSTag)
	return &d
}

// toPipelineDeclaration is [toTaskDefinitionInput] for a pipeline. The tags stand
// beside the pipeline: CreatePipeline takes both, UpdatePipeline only the pipeline.
func toPipelineDeclaration(d *pipeline.Definition) (*cptypes.PipelineDeclaration, []cptypes.Tag, error) {
	c := converter{source: d.Source}
	v := toCodePipelineDefinition(&c, d)
	m := c.members(d.Beside)
	m.member("pipeline", true)
	tags := toList(m, "tags", d.Tags, toCodePipelineTag)
	m.end()
	if err := c.err(); err != nil {
		return nil, nil, err
	}
	return &v, tags, nil
}

// fromPipelineDeclaration returns the pipeline that GetPipeline answers, with the
// tags that ListTagsForResource does.
func fromPipelineDeclaration(v *cptypes.PipelineDeclaration, tags []cptypes.Tag) *pipeline.Definition {
	d := fromCodePipelineDefinition(v)
	d.Tags = fromList(tags, fromCodePipelineTag)
	return &d
}

// A converter turns a model into the SDK's types, and collects what they cannot hold.
type converter struct {
	source   *slipway.Source // of the model, or nil
	path     []any           // of the value at hand
	problems slipway.Problems
}

func (c *converter) enter(elem any) { c.path = append(c.path, elem) }
func (c *converter) leave()         { c.path = c.path[:len(c.path)-1] }

// addf reports a problem with the value at hand.
func (c *converter) addf(format string, args ...any) {
	p := &slipway.Problem{Path: slipway.Path(c.path...), Message: fmt.Sprintf(format, args...)}
	if c.source != nil {
		p.File, p.Pos = c.source.File, c.source.Position(p.Path)
	}
	c.problems = append(c.problems, p)
}

func (c *converter) err() error { return c.problems.Sorted().Err() }

// members are those of a struct of the model. Each field of it is announced by
// [members.member]; of its Extra, nothing may then be left.
type members struct {
	*converter
	extra map[string]any
	known []string // the keys of extra that have a field
}

func (c *converter) members(extra map[string]any) *members {
	return &members{converter: c, extra: extra}
}

// member announces a field, and whether it has a value. One that has hides the
// member of Extra, as it does in the file; one that has not, because what stood in
// the file did not fit, loses it.
func (m *members) member(key string, has bool) {
	v, ok := m.extra[key]
	if !ok {
		return
	}
	m.known = append(m.known, key)
	if !has {
		m.enter(key)
		m.addf("found %s, which does not fit and cannot be sent; correct it, or leave it out", shown(v))
		m.leave()
	}
}

// end reports the members of Extra that no field was announced for.
func (m *members) end() {
	for key := range m.extra {
		if !slices.Contains(m.known, key) {
			m.enter(key)
			m.addf("the AWS SDK of this version has no member %s; it cannot be sent", key)
			m.leave()
		}
	}
}

// endUnion is end for a union of which n members have a value.
func (m *members) endUnion(n int) {
	m.end()
	if n != 1 && len(m.extra) == 0 {
		m.addf("found %d members, the API takes exactly one", n)
	}
}

// shown returns a value of an Extra as a message has it.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case bool, json.Number:
		return fmt.Sprint(v)
	case []any:
		return "a list"
	}
	return "a map"
}
