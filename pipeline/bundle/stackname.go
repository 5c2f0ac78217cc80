package bundle

import "github.com/seed-b1f00840/slipway/cfn"

// Where a template says which stack it is for, in its section Metadata.
const (
	metadataKey = "Slipway"
	stackKey    = "Stack"
)

// NameStack notes in the metadata of a template which stack it is for, so that its file
// says so: [Load] reads it back into [Artifact.Stack]. CloudFormation passes over it.
func NameStack(t *cfn.Template, stack string) {
	note, _ := t.Metadata.Get(metadataKey).(cfn.Object)
	t.Metadata = t.Metadata.Set(metadataKey, note.Set(stackKey, cfn.String(stack)))
}

// stackOf returns what [NameStack] has noted, or nothing.
func stackOf(m Model) string {
	t, ok := m.(*cfn.Template)
	if !ok {
		return ""
	}
	note, _ := t.Metadata.Get(metadataKey).(cfn.Object)
	name, _ := note.Get(stackKey).(cfn.String)
	return string(name)
}
