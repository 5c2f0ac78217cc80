package cli

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// sarifFormat writes SARIF 2.1.0, which code scanners and editors read.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type sarifFormat struct{}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string      `json:"id"`
	ShortDescription sarifText   `json:"shortDescription"`
	HelpURI          string      `json:"helpUri"`
	Help             sarifText   `json:"help"`
	Configuration    sarifConfig `json:"defaultConfiguration"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId,omitempty"`
	RuleIndex *int            `json:"ruleIndex,omitempty"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
}

type sarifLocation struct {
	ID       int            `json:"id,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

func (sarifFormat) write(w io.Writer, r *report) error {
	rules, index := sarifRules(r)
	results := make([]sarifResult, len(r.problems))
	for i, p := range r.problems {
		results[i] = sarifResult{
			RuleID: p.Rule, Level: sarifLevel(p.Severity), Message: sarifText{withPath(p)},
			Locations: sarifLocations(p.File, p.Pos, p.Path),
		}
		if n, ok := index[p.Rule]; ok {
			results[i].RuleIndex = &n
		}
		for n, at := range p.Related {
			for _, location := range sarifLocations(at.File, at.Pos, at.Path) {
				location.ID = n + 1
				location.Message = &sarifText{relatedText(at)}
				results[i].Related = append(results[i].Related, location)
			}
		}
	}
	return writeJSON(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{
				Name: "slipway", Version: moduleVersion(), InformationURI: "https://" + module, Rules: rules,
			}},
			ColumnKind: "unicodeCodePoints",
			Results:    results,
		}},
	})
}

// sarifRules returns the rules of the problems, sorted, and the index of each.
func sarifRules(r *report) ([]sarifRule, map[string]int) {
	var names []string
	for _, p := range r.problems {
		if _, ok := r.rules()[p.Rule]; ok {
			names = append(names, p.Rule)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	rules, index := make([]sarifRule, len(names)), make(map[string]int, len(names))
	for i, name := range names {
		rule := r.rules()[name]
		help := rule.Doc
		if rule.Source != "" {
			help += " See " + rule.Source
		}
		rules[i] = sarifRule{
			ID: name, ShortDescription: sarifText{rule.Doc}, HelpURI: RuleURL(name), Help: sarifText{help},
			Configuration: sarifConfig{sarifLevel(rule.Severity)},
		}
		index[name] = i
	}
	return rules, index
}

func sarifLevel(s slipway.Severity) string {
	return [...]string{"error", "warning", "note"}[min(s, slipway.Info)]
}

// sarifLocations returns the one location of a place, or none when it has no file
// and no path.
func sarifLocations(file string, pos slipway.Position, at string) []sarifLocation {
	var l sarifLocation
	if file != "" {
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{fileURI(file)}}
		if pos.IsValid() {
			l.Physical.Region = &sarifRegion{pos.Line, pos.Column}
		}
	}
	if at != "" {
		l.Logical = []sarifLogical{{at}}
	}
	if l.Physical == nil && l.Logical == nil {
		return nil
	}
	return []sarifLocation{l}
}

// fileURI returns a relative reference, or a file URI for an absolute path.
func fileURI(file string) string {
	if path.IsAbs(file) {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	uri := (&url.URL{Path: file}).EscapedPath()
	if first, _, _ := strings.Cut(uri, "/"); strings.Contains(first, ":") {
		return "./" + uri // or its first part would be a scheme
	}
	return uri
}
