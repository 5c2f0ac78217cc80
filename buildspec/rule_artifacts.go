package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var artifactsRule = slipway.Rule{
	Name: "buildspec/artifacts", Source: refURL + "#build-spec.artifacts.files",
	Doc: "Artifacts have files.",
}

func checkArtifacts(s *Spec, r *check.Report) {
	a := s.Artifacts
	if a == nil {
		return
	}
	const missing = "files is missing; name the files that the build hands on"
	secondary := len(a.SecondaryArtifacts) > 0 || has(a.Extra, "secondary-artifacts")
	switch {
	case len(a.Files) > 0 || has(a.Extra, "files"):
	case secondary: // samples of AWS do without, against the reference
		r.Warnf("artifacts", "files is missing; the reference wants it beside secondary-artifacts, too")
	default:
		r.Addf("artifacts", missing)
	}
	for i := range a.SecondaryArtifacts {
		if x := &a.SecondaryArtifacts[i]; len(x.Files) == 0 && !has(x.Extra, "files") {
			r.Addf(slipway.Path("artifacts", "secondary-artifacts", x.Identifier), missing)
		}
	}
}

var secondaryRule = slipway.Rule{
	Name: "buildspec/artifact-identifier", Source: refURL + "#build-spec.artifacts.secondary-artifacts",
	Doc: "The identifier of a secondary artifact has letters, digits and underscores, fewer than 128.",
}

func checkSecondary(s *Spec, r *check.Report) {
	a := s.Artifacts
	if a == nil {
		return
	}
	if a.Identifier != "" {
		r.Addf("artifacts", "the primary artifact has no identifier, found %q; it is not written", a.Identifier)
	}
	for i := range a.SecondaryArtifacts {
		x := &a.SecondaryArtifacts[i]
		path := slipway.Path("artifacts", "secondary-artifacts", x.Identifier)
		if len(x.Identifier) >= 128 || x.Identifier != "" && !isEnvName("_"+x.Identifier) && !strings.Contains(x.Identifier, "$") {
			r.Addf(path, "found %q, want letters, digits and _, fewer than 128 of them", x.Identifier)
		}
		if x.SecondaryArtifacts != nil {
			r.Addf(path, "a secondary artifact has no secondary ones of its own")
		}
	}
}
