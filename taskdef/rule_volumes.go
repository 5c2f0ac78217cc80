package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

// checkVolumes looks at names and kinds. A volume with an empty host and a kind is of
// that kind: describe-task-definition writes it so.
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
		if x := v.S3FilesVolumeConfiguration; x != nil && x.FileSystemARN != "" && !isPlaceholder(x.FileSystemARN) && arnField(x.FileSystemARN, 2) != "s3files" {
			r.Addf(slipway.Path("volumes", i, "s3filesVolumeConfiguration", "fileSystemArn"), "found %q, want arn:aws:s3files:REGION:ACCOUNT:file-system/ID", x.FileSystemARN)
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

// checkVolumeName looks at the i-th volume. Only some kinds require a name; without
// one, no container can mount the volume.
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
