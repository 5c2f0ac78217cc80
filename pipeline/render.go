package pipeline

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// AppendText appends the definition as JSON, the input of create-pipeline: the
// member pipeline and, where there are any, the tags beside it. For
// update-pipeline the tags are left nil. The result is the same for equal
// definitions. Where an Extra holds what JSON has no form for, it returns dst as
// it was, and an error.
func (d *Definition) AppendText(dst []byte) ([]byte, error) {
	w := emit.Model{JSON: emit.JSON{Buf: dst}}
	w.BeginMap()
	w.Name("pipeline")
	d.write(&w)
	if d.Tags != nil {
		w.Name("tags")
		w.BeginList()
		for i := range d.Tags {
			d.Tags[i].write(&w)
		}
		w.EndList()
	}
	if len(d.Beside) > 0 {
		w.Extra(d.Beside, func(key string) bool { return key == "pipeline" || key == "tags" && d.Tags != nil })
	}
	w.EndMap()
	if w.Err != nil {
		return dst, fmt.Errorf("pipeline definition: %w", w.Err)
	}
	return w.Buf, nil
}

// Render returns what [Definition.AppendText] appends.
func (d *Definition) Render() ([]byte, error) {
	return d.AppendText(make([]byte, 0, d.size()))
}

// size returns somewhat more bytes than the rendering most likely has, so that it
// is written into memory that is allocated once.
func (d *Definition) size() int {
	n := 1024 + 128*(len(d.Tags)+len(d.Variables)+len(d.ArtifactStores)) + 1024*len(d.Triggers)
	for i := range d.Stages {
		s := &d.Stages[i]
		n += 128 + len(s.Name)
		if s.BeforeEntry != nil || s.OnSuccess != nil || s.OnFailure != nil {
			n += 3072
		}
		for j := range s.Actions {
			n += s.Actions[j].size()
		}
	}
	return n
}

func (a *Action) size() int {
	n := 640 + len(a.Name) + len(a.RoleARN) + 16*len(a.OutputVariables)
	for key, value := range a.Configuration {
		n += 26 + len(key) + len(value) + len(value)/8
	}
	for _, command := range a.Commands {
		n += 20 + len(command) + len(command)/8
	}
	for i := range a.EnvironmentVariables {
		n += 110 + len(a.EnvironmentVariables[i].Name) + len(a.EnvironmentVariables[i].Value)
	}
	for i := range a.InputArtifacts {
		n += 56 + len(a.InputArtifacts[i].Name)
	}
	for i := range a.OutputArtifacts {
		n += 56 + len(a.OutputArtifacts[i].Name) + 40*len(a.OutputArtifacts[i].Files)
	}
	return n
}
