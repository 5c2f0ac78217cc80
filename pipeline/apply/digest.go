package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Digest is a name of what the plan does, 32 hexadecimal digits: two plans of one digest
// do the same to the same, so that one which was agreed to can be made again and compared.
// All that would be submitted counts, also what is not shown, such as a tag or the value of
// an environment variable, but for values of parameters with NoEcho. What goes on by itself
// does not: how many tasks run, which image, and whether a deployment is in progress.
func (p *Plan) Digest() string {
	content := []any{p.Target}
	for _, s := range p.Steps {
		if s.isUnderWay() {
			continue
		}
		content = append(content, s.Subject, s.Action, s.Needs, len(s.Blocked))
		switch w := s.work.(type) {
		case *stackWork:
			content = append(content, w.digest(s))
		case *taskWork:
			content = append(content, w.digest())
		case *pipelineWork:
			content = append(content, rendered(w.item.definition), w.tags, s.Changes)
		case *countWork:
			content = append(content, w.desired)
		}
	}
	data, err := json.Marshal(content)
	if err != nil {
		return "" // none of the types can fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// rendered returns what a model renders; it did when the plan was made.
func rendered(m interface{ Render() ([]byte, error) }) []byte {
	data, _ := m.Render()
	return data
}

// digest returns what counts of a stack: what is submitted, and what that changes.
func (w *stackWork) digest(s *Step) any {
	type value struct {
		Value    *string
		Previous *bool
	}
	parameters := make(map[string]value)
	for _, p := range w.submission.parameters {
		name := aws.ToString(p.ParameterKey)
		if _, counts := w.counts[name]; counts {
			continue
		}
		v := value{p.ParameterValue, p.UsePreviousValue}
		if param := parameter(w.item.template, name); param != nil && isNoEcho(param) {
			v.Value = nil
		}
		parameters[name] = v
	}
	var changes []Change
	for _, c := range s.Changes {
		had := len(c.Properties)
		c.Properties = slices.DeleteFunc(slices.Clone(c.Properties), func(p Property) bool {
			_, counts := w.counts[p.Cause]
			return counts
		})
		if had > 0 && len(c.Properties) == 0 && c.Action == Update {
			continue // nothing but its number of tasks
		}
		c.Physical = ""
		changes = append(changes, c)
	}
	return []any{w.submission.body, parameters, w.submission.tags, w.submission.role, w.skip, changes}
}

// digest returns what counts of a task definition: what it is, and in what that differs
// from what runs, whatever the revisions.
func (w *taskWork) digest() any {
	content := []any{rendered(w.item.definition)}
	seen := make(map[string]bool)
	for _, v := range w.variants {
		data, _ := json.Marshal([]any{v.properties, v.tags}) // they cannot fail
		seen[string(data)] = true
	}
	return append(content, slices.Sorted(maps.Keys(seen)))
}
