package apply

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// String returns the status as a text for a terminal, without colours.
func (s *Status) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "account %s, region %s\n", s.Target.Account, s.Target.Region)
	for i := range s.Stacks {
		s.Stacks[i].write(&b)
	}
	for i := range s.Services {
		s.Services[i].write(&b)
	}
	for i := range s.Pipelines {
		s.Pipelines[i].write(&b)
	}
	b.WriteString("\ndifferences between the files and AWS:")
	if !s.Drift.HasChanges() {
		b.WriteString(" none\n")
		return b.String()
	}
	b.WriteString("\n\n")
	for _, step := range s.Drift.Steps {
		if step.Action != Nothing {
			step.write(&b)
		}
	}
	return b.String()
}

const missing = "does not exist"

func (s *StackStatus) write(b *strings.Builder) {
	fmt.Fprintf(b, "\nstack %s: %s", s.Name, cmp.Or(s.State, missing))
	if !s.Updated.IsZero() {
		fmt.Fprintf(b, ", changed %s", stamp(s.Updated))
	}
	b.WriteByte('\n')
	line(b, "reason", s.Reason)
	for _, o := range s.Outputs {
		line(b, o.Name, o.Value)
	}
	line(b, "link", s.Link)
}

func (s *ServiceStatus) write(b *strings.Builder) {
	fmt.Fprintf(b, "\nservice %s/%s: %s", s.Cluster, s.Name, cmp.Or(s.State, missing))
	if s.State != "" {
		fmt.Fprintf(b, ", %d of %s running", s.Running, tasks(s.Desired))
		if s.Pending > 0 {
			fmt.Fprintf(b, ", %d pending", s.Pending)
		}
	}
	b.WriteByte('\n')
	line(b, "revision", s.Revision)
	for _, i := range s.Images {
		line(b, "image of "+i.Container, i.Image)
	}
	line(b, "deployment", strings.TrimSpace(s.Rollout+" "+s.Reason))
	line(b, "last event", s.Message)
	line(b, "link", s.Link)
}

func (s *PipelineStatus) write(b *strings.Builder) {
	if s.Version == 0 {
		fmt.Fprintf(b, "\npipeline %s: %s\n", s.Name, missing)
		return
	}
	fmt.Fprintf(b, "\npipeline %s: version %d", s.Name, s.Version)
	if s.First {
		b.WriteString(", its first delivery is not complete")
	}
	b.WriteByte('\n')
	for _, e := range s.Executions {
		text := e.Status
		if e.Revision != "" {
			text += " " + strings.TrimSpace(e.Revision[:min(len(e.Revision), 8)]+" "+e.Summary)
		}
		if e.Trigger != "" {
			text += ", by " + e.Trigger
		}
		line(b, stamp(e.Started), text)
		line(b, "  failed", e.Failed)
	}
	line(b, "link", s.Link)
}

// line writes a name with its text, if there is one.
func line(b *strings.Builder, name, text string) {
	if text != "" {
		fmt.Fprintf(b, "    %s: %s\n", name, text)
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// JSON returns the status as indented JSON with a final newline. Members may be added to
// it; its version changes when a reader of the old form could not read the new one.
func (s *Status) JSON() ([]byte, error) {
	type status Status
	return indented(struct {
		Version int `json:"version"`
		*status
	}{1, (*status)(s)})
}

// indented returns a value as JSON for people too.
func indented(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return buf.Bytes(), err
}
