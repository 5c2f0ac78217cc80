package taskdef

import (
	"strings"
)

// checkCredentialSpecs holds credential specs to their number and prefix. Their ARNs
// may be of S3 or of Systems Manager, and are not looked at.
func checkCredentialSpecs(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		specs := d.ContainerDefinitions[i].CredentialSpecs
		if len(specs) > 1 {
			r.Addf(container(i, "credentialSpecs"), "found %d credential specs, at most 1 is allowed", len(specs))
		}
		for j, spec := range specs {
			if !strings.HasPrefix(spec, "credentialspec:") && !strings.HasPrefix(spec, "credentialspecdomainless:") && !isPlaceholder(spec) {
				r.Addf(container(i, "credentialSpecs", j), "found %q, want credentialspec:ARN or credentialspecdomainless:ARN", spec)
			}
		}
	}
}
