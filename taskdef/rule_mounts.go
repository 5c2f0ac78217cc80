package taskdef

// checkMounts looks for the volumes and containers that containers refer to.
func checkMounts(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		for j := range c.MountPoints {
			name := c.MountPoints[j].SourceVolume
			if name != "" && !isPlaceholder(name) && !d.mayHaveVolume(name) {
				r.Addf(container(i, "mountPoints", j, "sourceVolume"), "there is no volume %q", name)
			}
		}
		for j := range c.VolumesFrom {
			name := c.VolumesFrom[j].SourceContainer
			switch {
			case name == "" || isPlaceholder(name):
			case name == c.Name:
				r.Addf(container(i, "volumesFrom", j, "sourceContainer"), "a container cannot take over its own mounts")
			case !d.mayHave(name):
				r.Addf(container(i, "volumesFrom", j, "sourceContainer"), "there is no container %q", name)
			}
		}
	}
}

// mayHaveVolume reports whether there is a volume of that name, or one whose name
// is not known.
func (d *Definition) mayHaveVolume(name string) bool {
	if hides(d.Extra, "volumes") {
		return true
	}
	for i := range d.Volumes {
		v := &d.Volumes[i]
		if v.Name == name || isPlaceholder(v.Name) || hides(v.Extra, "name") {
			return true
		}
	}
	return false
}
