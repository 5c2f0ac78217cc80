package rehearse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// AppendText appends the report as text: a line for each action, the commands of
// builds with their output, and what changes in the task definition. It never
// fails.
func (r *Report) AppendText(dst []byte) ([]byte, error) {
	b := bytes.NewBuffer(dst)
	fmt.Fprintf(b, "%s: %s\n", r.Pipeline, words(r.State))
	for _, note := range r.Notes {
		fmt.Fprintf(b, "  note: %s\n", note)
	}
	for i := range r.Stages {
		for j := range r.Stages[i].Actions {
			r.Stages[i].Actions[j].write(b, r.Stages[i].Name)
		}
	}
	return b.Bytes(), nil
}

// String returns the report as text.
func (r *Report) String() string {
	text, _ := r.AppendText(nil)
	return string(text)
}

// words are the states as a reader wants them.
func words(s State) string {
	switch s {
	case Succeeded:
		return "succeeded"
	case Failed:
		return "failed"
	case DidNotRun:
		return "did not run"
	}
	return "not rehearsed"
}

func (a *Action) write(b *bytes.Buffer, stage string) {
	fmt.Fprintf(b, "\n%s/%s (%s): %s%s\n", stage, a.Name, a.Provider, words(a.State), took(a.Duration))
	if a.Message != "" {
		indent(b, "  ", a.Message)
	}
	for _, p := range a.Problems {
		indent(b, "  ", p.Error())
	}
	if a.Build != nil {
		a.Build.write(b)
	}
	for _, artifact := range a.Artifacts {
		artifact.write(b)
	}
	for _, v := range a.Variables {
		if a.Build != nil {
			fmt.Fprintf(b, "  exports %s=%s\n", v.Name, v.Value)
		}
	}
	if d := a.Deployment; d != nil {
		for _, image := range d.Images {
			fmt.Fprintf(b, "  %s runs %s\n", image.Container, image.Image)
		}
		indent(b, "  ", d.Diff)
		if d.AppSpec != "" {
			b.WriteString("  appspec\n")
			indent(b, "    ", d.AppSpec)
		}
	}
	for _, note := range a.Notes {
		fmt.Fprintf(b, "  note: %s\n", note)
	}
}

func took(d time.Duration) string {
	if d = d.Round(time.Millisecond); d == 0 {
		return ""
	}
	return fmt.Sprintf(" in %v", d)
}

func indent(b *bytes.Buffer, by, text string) {
	for line := range strings.Lines(text) {
		b.WriteString(by)
		b.WriteString(strings.TrimSuffix(line, "\n"))
		b.WriteByte('\n')
	}
}

func (build *Build) write(b *bytes.Buffer) {
	for _, p := range build.Phases {
		if p.State == Succeeded && len(p.Commands) == 0 {
			continue
		}
		fmt.Fprintf(b, "  %s: %s%s\n", p.Name, words(p.State), took(p.Duration))
		for _, c := range p.Commands {
			command, more, _ := strings.Cut(strings.TrimRight(c.Text, "\n"), "\n")
			fmt.Fprintf(b, "    $ %s\n", command)
			indent(b, "      ", more)
			indent(b, "    ", c.Output)
			if c.Truncated {
				b.WriteString("    ... there was more\n")
			}
			if c.ExitStatus != 0 {
				fmt.Fprintf(b, "    exit status %d\n", c.ExitStatus)
			}
		}
	}
	for _, name := range build.Missing {
		fmt.Fprintf(b, "  there is no stand-in for %s; allow it to run for real, or add a stand-in\n", name)
	}
	for _, image := range build.Pushed {
		fmt.Fprintf(b, "  pushed %s\n", image)
	}
}

// maxListed is how many files of an artifact the text names.
const maxListed = 10

func (artifact *Artifact) write(b *bytes.Buffer) {
	var size int64
	for _, f := range artifact.Files {
		size += f.Size
	}
	fmt.Fprintf(b, "  artifact %s: %s, %d bytes\n", artifact.Name, plural(len(artifact.Files), "file"), size)
	if len(artifact.Files) > maxListed || artifact.Files == nil || artifact.Files[0].SHA256 == "" {
		return
	}
	for _, f := range artifact.Files {
		fmt.Fprintf(b, "    %s\n", f.Path)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// JSON returns the report as JSON, indented, with a final newline.
func (r *Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// MarshalJSON writes the problems of the action as their texts.
func (a Action) MarshalJSON() ([]byte, error) {
	type plain Action
	out := struct {
		plain
		Problems []problem `json:"problems,omitempty"`
	}{plain: plain(a)}
	for _, p := range a.Problems {
		out.Problems = append(out.Problems, problem{p.File, p.Pos.Line, p.Pos.Column, p.Path, p.Message, p.Rule})
	}
	return marshal(out)
}

type problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Rule    string `json:"rule"`
}

// MarshalJSON writes the next task definition as it would be registered.
func (d Deployment) MarshalJSON() ([]byte, error) {
	type plain Deployment
	out := struct {
		plain
		TaskDefinition json.RawMessage `json:"taskDefinition,omitempty"`
	}{plain: plain(d)}
	if d.Next != nil {
		data, err := d.Next.Render()
		if err != nil {
			return nil, err
		}
		out.TaskDefinition = data
	}
	return marshal(out)
}

// marshal is json.Marshal without the escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
