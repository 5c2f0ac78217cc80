package apply

import (
	"fmt"
	"strings"
)

// marks are the signs before what an action is for.
var marks = map[Action]string{Nothing: " ", Create: "+", Update: "~", Replace: "±", Delete: "-", Await: "…"}

// String returns the plan as a text for a terminal, without colours: a line for each
// step, under it what changes and why, and a summary.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "account %s, region %s\n\n", p.Target.Account, p.Target.Region)
	for _, s := range p.Steps {
		s.write(&b)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	if !strings.HasSuffix(b.String(), "\n\n") {
		b.WriteByte('\n')
	}
	b.WriteString(p.Summary())
	b.WriteByte('\n')
	return b.String()
}

// Headline is the step on one line: "create stack shop-network (11 resources)".
func (s *Step) Headline() string {
	text := string(s.Action) + " " + s.Subject.String()
	if s.Action == Nothing {
		text = s.Subject.String()
	}
	if s.Subject.Kind == StackSubject && s.Action == Create {
		text += " (" + counted(len(s.Changes), "resource") + ")"
	}
	return text
}

// counted is "1 resource" or "3 resources".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (s *Step) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s %s", marks[s.Action], s.Headline())
	if s.Artifact != "" {
		fmt.Fprintf(b, "  %s", s.Artifact)
	}
	if s.Action == Nothing && s.Reason == "" {
		b.WriteString("  unchanged")
	}
	b.WriteByte('\n')
	if s.Reason != "" {
		fmt.Fprintf(b, "      %s\n", s.Reason)
	}
	for i := range s.Changes {
		s.Changes[i].write(b, s)
	}
	for _, text := range s.Blocked {
		fmt.Fprintf(b, "      BLOCKED: %s\n", text)
	}
	for _, n := range s.Notes {
		fmt.Fprintf(b, "      note: %s\n", n)
	}
	if s.Reason != "" || len(s.Changes) > 0 || len(s.Blocked) > 0 || len(s.Notes) > 0 {
		b.WriteByte('\n')
	}
}

func (c *Change) write(b *strings.Builder, s *Step) {
	if c.Resource != "" {
		fmt.Fprintf(b, "      %s %s (%s)", marks[c.Action], c.Resource, c.Type)
		if c.Physical != "" && (c.Action == Delete || c.Action == Replace) {
			fmt.Fprintf(b, " %s", c.Physical)
		}
		if c.Action == Replace {
			b.WriteString(map[bool]string{true: " may be replaced", false: " is replaced"}[c.Maybe])
		}
		b.WriteByte('\n')
	}
	for _, p := range c.Properties {
		b.WriteString("          ")
		p.write(b)
		b.WriteByte('\n')
	}
	if c.Loss != "" {
		fmt.Fprintf(b, "          LOSES %s\n", c.Loss)
	}
}

func (p *Property) write(b *strings.Builder) {
	b.WriteString(strings.TrimPrefix(p.Path, "Properties."))
	switch {
	case p.Before == hidden && p.After == hidden:
		b.WriteString(": " + hidden)
	case p.Before == p.After: // the same words mean something else
	case p.Before != "" && p.After != "":
		fmt.Fprintf(b, ": %s -> %s", p.Before, p.After)
	case p.After != "":
		fmt.Fprintf(b, ": + %s", p.After)
	case p.Before != "":
		fmt.Fprintf(b, ": - %s", p.Before)
	}
	if p.Cause != "" {
		fmt.Fprintf(b, ", because of %s", p.Cause)
	}
	switch p.Replaces {
	case "always":
		b.WriteString(", which replaces it")
	case "maybe":
		b.WriteString(", which may replace it")
	}
}

// Summary is the last line of the plan: "3 to create, 1 to update", "nothing to do", and
// what it needs to be allowed.
func (p *Plan) Summary() string {
	counts := make(map[Action]int)
	blocked := 0
	for _, s := range p.Steps {
		counts[s.Action]++
		if len(s.Blocked) > 0 {
			blocked++
		}
	}
	var parts []string
	for _, a := range [...]Action{Create, Update, Replace, Delete, Await} {
		if n := counts[a]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", n, a))
		}
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "nothing to do"
	}
	if needs := p.Needs(); len(needs) > 0 {
		text += "; it needs to be allowed: " + joinWords(needs)
	}
	if blocked > 0 {
		text += fmt.Sprintf("; %d blocked", blocked)
	}
	return text
}

// Needs returns the permissions that the steps need, each once.
func (p *Plan) Needs() []Permission {
	var all Step
	for _, s := range p.Steps {
		for _, n := range s.Needs {
			all.need(n)
		}
	}
	return all.Needs
}

func joinWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// JSON returns the plan as indented JSON with a final newline. Members may be added to
// it; its version changes when a reader of the old form could not read the new one.
func (p *Plan) JSON() ([]byte, error) {
	type plan Plan
	digest := ""
	if !p.ReadOnly { // CloudFormation may tell more than the templates do
		digest = p.Digest()
	}
	return indented(struct {
		Version int    `json:"version"`
		Digest  string `json:"digest,omitempty"`
		Summary string `json:"summary"`
		*plan
	}{1, digest, p.Summary(), (*plan)(p)})
}
