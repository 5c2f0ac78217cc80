package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

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

func checkVolumes(d *Definition, r *report) {
	atLaunch := 0
	for i := range d.Volumes {
		v := &d.Volumes[i]
		kinds := v.kinds()
		if len(kinds) > 1 {
			r.Warnf(slipway.Path("volumes", i), "is of several kinds, %s; a volume is of one", oneOf(kinds)[len("are "):])
		}
		checkVolumeName(d, v, r, i)
		if isTrue(v.ConfiguredAtLaunch) {
			if atLaunch++; atLaunch > 1 {
				r.Addf(slipway.Path("volumes", i, "configuredAtLaunch"), "at most one volume is configured at launch")
			}
		}
		if x := v.DockerVolumeConfiguration; x != nil && isTrue(x.Autoprovision) && (x.Scope == VolumeScopeTask || x.Scope == "" && !hides(x.Extra, "scope")) {
			r.Addf(slipway.Path("volumes", i, "dockerVolumeConfiguration", "autoprovision"), "allowed only with scope shared")
		}
		if v.S3FilesVolumeConfiguration != nil && lacks(d.TaskRoleARN, d.Extra, "taskRoleArn") {
			r.Warnf("taskRoleArn", "missing; the S3 Files volume %s is mounted with the task role", v.Name)
		}
	}
}

// kinds returns what the volume is, by the names of its members.
func (v *Volume) kinds() []string {
	var kinds []string
	add := func(is bool, key string) {
		if is {
			kinds = append(kinds, key)
		}
	}
	add(isTrue(v.ConfiguredAtLaunch), "configuredAtLaunch")
	add(v.Host != nil && v.Host.SourcePath != "", "host")
	add(v.EFSVolumeConfiguration != nil, "efsVolumeConfiguration")
	add(v.DockerVolumeConfiguration != nil, "dockerVolumeConfiguration")
	add(v.FSxWindowsFileServerVolumeConfiguration != nil, "fsxWindowsFileServerVolumeConfiguration")
	add(v.S3FilesVolumeConfiguration != nil, "s3filesVolumeConfiguration")
	return kinds
}

func checkVolumeName(d *Definition, v *Volume, r *report, i int) {
	path := func() string { return slipway.Path("volumes", i, "name") }
	switch {
	case lacks(v.Name, v.Extra, "name"):
		if v.EFSVolumeConfiguration != nil || v.S3FilesVolumeConfiguration != nil || isTrue(v.ConfiguredAtLaunch) {
			r.Addf(path(), "missing; such a volume has a name")
		}
		return
	case v.Name == "" || isPlaceholder(v.Name):
		return
	case !isName(v.Name, 255):
		r.Addf(path(), "found %q, allowed are 1 to 255 letters, digits, hyphens and underscores", v.Name)
	}
	for j := range d.Volumes[:i] {
		if d.Volumes[j].Name == v.Name {
			p := r.Addf(path(), "%q is also the name of volume %d; names are unique in a task", v.Name, j+1)
			p.Related = []slipway.Place{related(d, slipway.Path("volumes", j, "name"), "the other one")}
			break
		}
	}
}

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
