package taskdef

// checkUlimits compares the two limits; a hard limit below 0 is none.
func checkUlimits(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		limits := d.ContainerDefinitions[i].Ulimits
		for j := range limits {
			u := &limits[j]
			if len(u.Extra) > 0 {
				continue // a limit may be in there
			}
			if u.HardLimit >= 0 && u.SoftLimit > u.HardLimit {
				r.Addf(container(i, "ulimits", j, "softLimit"), "found %d, more than hardLimit, %d", u.SoftLimit, u.HardLimit)
			}
			if u.Name == UlimitNameNofile && d.IsFargate() && u.HardLimit > 1048576 {
				r.Warnf(container(i, "ulimits", j, "hardLimit"), "found %d, Fargate allows at most 1048576 open files", u.HardLimit)
			}
			for k := range limits[:j] {
				if u.Name != "" && limits[k].Name == u.Name {
					r.Warnf(container(i, "ulimits", j, "name"), "%s is set twice", u.Name)
				}
			}
		}
	}
}
