package cli

import (
	"encoding/json"
	"io"

	"github.com/seed-b1f00840/slipway"
)

// jsonFormat writes one JSON object, described by [jsonReport].
type jsonFormat struct{}

// A jsonReport is what --format json writes. Version changes when a reader of the
// old form could not read the new one; members may be added without that.
type jsonReport struct {
	Version  int           `json:"version"` // 1
	Problems []jsonProblem `json:"problems"`
	Summary  jsonSummary   `json:"summary"`
}

type jsonProblem struct {
	File     string      `json:"file,omitempty"`
	Line     int         `json:"line,omitempty"`     // starting at 1; absent when unknown
	Column   int         `json:"column,omitempty"`   // in characters, starting at 1; absent when unknown
	Path     string      `json:"path,omitempty"`     // where in the value
	Severity string      `json:"severity,omitempty"` // error, warning or info
	Message  string      `json:"message"`
	Rule     string      `json:"rule,omitempty"`
	URL      string      `json:"url,omitempty"`     // of the rule's documentation
	Related  []jsonPlace `json:"related,omitempty"` // other places that take part
	Cause    string      `json:"cause,omitempty"`   // the error beneath, such as that of a file system
}

type jsonPlace struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message,omitempty"`
}

type jsonSummary struct {
	Files    int `json:"files"` // that were checked
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Ignored  int `json:"ignored"` // problems that files say are to be ignored
}

func (jsonFormat) write(w io.Writer, r *report) error {
	out := jsonReport{Version: 1, Problems: []jsonProblem{}, Summary: jsonSummary{
		Files: r.files, Errors: r.counts[slipway.Error], Warnings: r.counts[slipway.Warning],
		Infos: r.counts[slipway.Info], Ignored: r.ignored,
	}}
	for _, p := range r.problems {
		out.Problems = append(out.Problems, problemOf(p, r.rules))
	}
	return writeJSON(w, out)
}

// problemOf returns a problem as JSON has it.
func problemOf(p *slipway.Problem, rules rules) jsonProblem {
	j := jsonProblem{
		File: p.File, Line: p.Pos.Line, Column: p.Pos.Column, Path: p.Path,
		Severity: p.Severity.String(), Message: p.Message, Rule: p.Rule,
	}
	if _, ok := rules()[p.Rule]; ok {
		j.URL = RuleURL(p.Rule)
	}
	if p.Err != nil {
		j.Cause = p.Err.Error()
	}
	for _, at := range p.Related {
		j.Related = append(j.Related, jsonPlace{
			File: at.File, Line: at.Pos.Line, Column: at.Pos.Column, Path: at.Path, Message: at.Message,
		})
	}
	return j
}

// writeJSON writes a value as people can read it.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
