package taskdef

// checkPlacement counts constraints; their language is the cluster's affair.
func checkPlacement(d *Definition, r *report) {
	if n := len(d.PlacementConstraints); n > 10 {
		r.Addf("placementConstraints", "found %d constraints, at most 10 are allowed", n)
	}
}
