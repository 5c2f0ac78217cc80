package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var runtimeVersionRule = slipway.Rule{
	Name: "buildspec/runtime-version", Source: refURL + "#build-spec.phases.install.runtime-versions",
	Doc:      "runtime-versions stand only in install, and a version that loses its text as a number stands in quotes.",
	Severity: slipway.Warning,
}

func checkRuntimeVersion(s *Spec, r *check.Report) {
	for name, phase := range s.Phases.All() {
		if phase.RuntimeVersions == nil {
			continue
		}
		path := slipway.Path("phases", name, "runtime-versions")
		if name != Install {
			r.Addf(path, "only the phase install can have runtime-versions")
		}
		if len(phase.RuntimeVersions) == 0 {
			r.Addf(path, "there is no runtime; name one or remove the key")
		}
		for _, v := range phase.RuntimeVersions {
			if short := shortened(v.Version); v.Plain && short != v.Version {
				r.Addf(slipway.Path("phases", name, "runtime-versions", v.Name),
					"%s is a number to a YAML reader, which may make %s of it; write '%s'", v.Version, short, v.Version)
			}
		}
	}
}

// shortened returns a decimal fraction as a reader writes it that has read it as
// a number: 3.10 is 3.1. Other text it returns as it is. That 3.0 may become 3 it
// passes over: both name the same version.
func shortened(s string) string {
	whole, fraction, ok := strings.Cut(s, ".")
	if !ok || !isDigits(whole) || !isDigits(fraction) {
		return s
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return s
	}
	return whole + "." + fraction
}
