package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

// checkEFS knows that an access point and IAM need encryption in transit, which is off
// unless it is switched on.
func checkEFS(d *Definition, r *report) {
	for i := range d.Volumes {
		e := d.Volumes[i].EFSVolumeConfiguration
		if e == nil {
			continue
		}
		within(r, e.TransitEncryptionPort, 1, 65535, "volumes", i, "efsVolumeConfiguration", "transitEncryptionPort")
		a := e.AuthorizationConfig
		if a == nil {
			continue
		}
		plain := e.TransitEncryption == EFSTransitEncryptionDisabled || lacks(string(e.TransitEncryption), e.Extra, "transitEncryption")
		path := func(key string) string { return slipway.Path("volumes", i, "efsVolumeConfiguration", key) }
		switch {
		case plain && a.AccessPointID != "":
			r.Addf(path("transitEncryption"), "must be ENABLED with an access point")
		case plain && a.IAM == EFSIAMEnabled:
			r.Addf(path("transitEncryption"), "must be ENABLED with IAM authorization")
		}
		if root := e.RootDirectory; a.AccessPointID != "" && root != "" && root != "/" && !isPlaceholder(root) {
			r.Addf(path("rootDirectory"), "found %q, must be / or left out with an access point, which has its own", root)
		}
	}
}
