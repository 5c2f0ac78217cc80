package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

// checkEphemeralStorage knows that the default of 20 GiB is not among the sizes that
// can be asked for.
func checkEphemeralStorage(d *Definition, r *report) {
	e := d.EphemeralStorage
	switch {
	case e == nil || hides(e.Extra, "sizeInGiB"):
	case e.SizeInGiB == 20:
		r.Addf("ephemeralStorage.sizeInGiB", "found 20, allowed are 21 to 200; leave ephemeralStorage out to have the default of 20")
	case e.SizeInGiB < 21 || e.SizeInGiB > 200:
		r.Addf("ephemeralStorage.sizeInGiB", "found %d, allowed are 21 to 200", e.SizeInGiB)
	}
}

// within reports a number that is there and not from least to most.
func within(r *report, v *int, least, most int, elem ...any) *slipway.Problem {
	if v == nil || least <= *v && *v <= most {
		return nil
	}
	return r.Addf(slipway.Path(elem...), "found %d, allowed are %d to %d", *v, least, most)
}
