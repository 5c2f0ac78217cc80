package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// The quotas of CloudFormation.
const (
	maxResources         = 500
	maxEntries           = 200 // of the other sections, and keys of a mapping
	maxDescription       = 1024
	maxParameterText     = 4000 // characters of a parameter's description
	maxValue             = 4096 // bytes of a parameter's value
	maxDynamicReferences = 60
	maxInline            = 51_200
	maxBody              = 1_000_000
)

func checkLimits(g *graph, r *check.Report) {
	if g.FormatVersion != "" && g.FormatVersion != "2010-09-09" {
		r.Addf("AWSTemplateFormatVersion", "found %q, there is only 2010-09-09", g.FormatVersion)
	}
	checkDescription(r, "Description", g.Description)
	atMost(r, "Resources", len(g.Resources), maxResources)
	atMost(r, "Parameters", len(g.Parameters), maxEntries)
	atMost(r, "Mappings", len(g.Mappings), maxEntries)
	atMost(r, "Outputs", len(g.Outputs), maxEntries)
	for i := range g.Mappings {
		if mapping, ok := g.Mappings[i].Value.(Object); ok && len(mapping) > maxEntries {
			atMost(r, slipway.Path("Mappings", g.Mappings[i].Key), len(mapping), maxEntries)
		}
	}
	for _, o := range g.Outputs {
		if len(o.Description) > maxDescription {
			checkDescription(r, slipway.Path("Outputs", o.Name, "Description"), o.Description)
		}
	}
	if g.dynamic > maxDynamicReferences {
		r.Addf("", "found %d dynamic references %s...}}, at most %d are allowed", g.dynamic, resolve, maxDynamicReferences)
	}
	g.checkSize(r)
}

func checkDescription(r *check.Report, path, text string) {
	if len(text) > maxDescription {
		r.Addf(path, "found %d bytes, at most %d are allowed", len(text), maxDescription)
	}
}

func atMost(r *check.Report, path string, n, limit int) {
	if n > limit {
		r.Addf(path, "found %d, at most %d are allowed; split the template", n, limit)
	}
}

// checkSize renders the template only where it may be too large.
func (g *graph) checkSize(r *check.Report) {
	if g.size <= maxInline {
		return
	}
	body, err := g.AppendText(nil)
	if err != nil {
		return // rendering says so itself
	}
	switch {
	case len(body) > maxBody:
		r.Addf("", "the rendering has %d bytes, at most %d are allowed; split the template", len(body), maxBody)
	case len(body) > maxInline:
		p := r.Addf("", "the rendering has %d bytes; more than %d must be handed over through an S3 bucket", len(body), maxInline)
		p.Severity = slipway.Info
	}
}
