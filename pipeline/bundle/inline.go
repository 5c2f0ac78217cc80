package bundle

import (
	"bytes"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
)

// isInline reports whether the text of a project's or an action's buildspec is a
// whole one, and not the path of a file.
func isInline(text string) bool {
	text = strings.TrimSpace(text)
	return strings.Contains(text, "\n") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "version:")
}

// inline returns the buildspec that stands as text at a path of the template; nil when
// it cannot be read. Unreadable is the reason why, unless it may lie in what only
// the stack knows.
func (h *host) inline(id string, v cfn.Value, path string) (p *Part[*buildspec.Spec], unreadable slipway.Problems) {
	text, literal, _ := symbol(v)
	spec, err := buildspec.ParseLax(h.file, []byte(text))
	at := h.block(path, v)
	if err != nil {
		if !literal {
			return nil, nil
		}
		for _, problem := range asProblems(h.file, err) {
			q := *problem
			q.File, q.Path, q.Pos, q.Related = h.file, join(path, q.Path), at(q.Pos), nil
			unreadable = append(unreadable, &q)
		}
		return nil, unreadable
	}
	inner := spec.Source.Locate
	notes := spec.Source.Notes
	spec.Source = &slipway.Source{
		File: h.file, Locate: func(path string) slipway.Position { return at(inner(path)) },
	}
	for _, note := range notes {
		q := *note
		q.Pos, q.Related = at(q.Pos), nil
		spec.Source.Notes = append(spec.Source.Notes, &q)
	}
	return &Part[*buildspec.Spec]{
		File: h.file, ID: id, Model: spec, Template: h.template, base: path, locate: spec.Source.Position,
	}, nil
}

// block returns how positions in a text that stands at a path of the template become
// positions in the file: exactly for a literal block, and else as the position of
// the whole text.
func (h *host) block(path string, v cfn.Value) func(slipway.Position) slipway.Position {
	switch v.(type) {
	case cfn.Sub:
		path += `["Fn::Sub"]`
	case cfn.SubMap:
		path += `["Fn::Sub"][0]`
	}
	begin := h.template.Source.Position(path)
	indent, ok := blockIndent(h.text, begin)
	return func(pos slipway.Position) slipway.Position {
		if !ok || !pos.IsValid() {
			return begin
		}
		return slipway.Position{Line: begin.Line + pos.Line, Column: indent + pos.Column}
	}
}

// blockIndent returns the columns before each line of the literal block that begins
// after the line of a key or item, and false when there is no such block.
func blockIndent(text []byte, begin slipway.Position) (int, bool) {
	n, isHeader := 0, false
	for line := range bytes.Lines(text) {
		n++
		switch trimmed := bytes.TrimSpace(line); {
		case n < begin.Line:
		case n == begin.Line:
			header, _, _ := bytes.Cut(trimmed, []byte(" #"))
			if i := bytes.LastIndexAny(header, " \t"); i >= 0 {
				header = header[i+1:]
			}
			if len(header) == 0 || header[0] != '|' || bytes.ContainsAny(header, "123456789") {
				return 0, false
			}
			isHeader = true
		case len(trimmed) > 0:
			return len(line) - len(bytes.TrimLeft(line, " ")), isHeader
		}
	}
	return 0, false
}
