package taskdef

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

var readOnlyRule = slipway.Rule{
	Name:     "taskdef/read-only",
	Doc:      "What only describe-task-definition returns is not in the file: register-task-definition refuses it.",
	Source:   "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html",
	Severity: slipway.Warning,
}

// readOnly are the members of the API's TaskDefinition that its input has not.
var readOnly = []string{
	"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
	"registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt",
}

// Parse reads a task definition in JSON. The name of the file stands in positions
// and problems.
//
// It also reads what describe-task-definition returns: the members that only that
// has are dropped and noted, and so are members that are null. A key that is
// unknown or stands twice, or a value of the wrong type, is an error: Parse then
// returns nil and [slipway.Problems] with all that was found. What it found
// otherwise is in Source.Notes. It does not apply the rules: see
// [Definition.Validate].
func Parse(file string, data []byte) (*Definition, error) {
	d, err := ParseLax(file, data)
	if err != nil {
		return nil, err
	}
	if notes := d.Source.Notes; len(notes.Errors()) > 0 {
		return nil, notes.Sorted().Err()
	}
	return d, nil
}

// ParseLax reads as [Parse] does, and fails only where the file is no JSON or no
// map. Whatever else it finds stands in Source.Notes; members that are unknown or
// of the wrong type are kept in Extra and written back.
func ParseLax(file string, data []byte) (*Definition, error) {
	n, problems := source.JSON(file, data)
	if n == nil {
		return nil, problems.Err()
	}
	d := source.APIDecoder{Decoder: source.Decoder{File: file, Problems: problems}}
	if !d.Map(n) {
		return nil, d.Problems.Err()
	}
	n = strip(&d, unwrap(&d, n))
	t := new(Definition)
	decodeDefinition(&d, t, n)
	t.Source = n.Source(file, d.Done())
	return t, nil
}

// unwrap takes the definition out of the output of describe-task-definition:
// {"taskDefinition": {...}, "tags": [...]}. What stands beside it moves into it.
func unwrap(d *source.APIDecoder, n *source.Node) *source.Node {
	inner := n.Get("taskDefinition")
	if inner == nil || inner.Kind != source.Map || n.Get("containerDefinitions") != nil {
		return n
	}
	d.Addf(&readOnlyRule, n.Pos, "the output of describe-task-definition; register-task-definition wants what stands in taskDefinition, without the rest")
	out := *inner
	out.Members = slices.Clone(inner.Members)
	for _, m := range n.Members {
		if m.Key != "taskDefinition" && m.Key != "ResponseMetadata" && inner.Get(m.Key) == nil {
			out.Members = append(out.Members, m)
		}
	}
	return &out
}

// strip drops the members that are read-only, and notes them.
func strip(d *source.APIDecoder, n *source.Node) *source.Node {
	isReadOnly := func(m source.Member) bool { return slices.Contains(readOnly, m.Key) }
	if !slices.ContainsFunc(n.Members, isReadOnly) {
		return n
	}
	out := *n
	out.Members = nil
	for _, m := range n.Members {
		if !isReadOnly(m) {
			out.Members = append(out.Members, m)
			continue
		}
		d.Enter(m.Key)
		d.Addf(&readOnlyRule, m.Pos, "only describe-task-definition returns this; dropped, because register-task-definition refuses it")
		d.Leave()
	}
	return &out
}
