package taskdef

import "github.com/seed-b1f00840/slipway"

// needs reports a member that the API requires and that is absent or empty.
func needs[T ~string](r *report, value T, extra map[string]any, path func(...any) string, key string) {
	if value == "" && lacks("", extra, key) {
		r.Addf(path(key), "missing; the API requires it")
	}
}

// under returns a function that joins paths below those elements.
func under(elem ...any) func(...any) string {
	return func(more ...any) string { return slipway.Path(append(elem[:len(elem):len(elem)], more...)...) }
}

// checkRequired looks at what the other rules do not look at: names, images and
// sizes have rules of their own.
func checkRequired(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		requireOfContainer(&d.ContainerDefinitions[i], r, i)
	}
	for i := range d.Volumes {
		requireOfVolume(&d.Volumes[i], r, i)
	}
	for i := range d.Tags {
		needs(r, d.Tags[i].Key, d.Tags[i].Extra, under("tags", i), "key")
	}
	if p := d.ProxyConfiguration; p != nil {
		needs(r, p.ContainerName, p.Extra, under("proxyConfiguration"), "containerName")
	}
}

// requireOfContainer looks at what stands in one container.
func requireOfContainer(c *Container, r *report, i int) {
	for j := range c.DependsOn {
		x := &c.DependsOn[j]
		if x.ContainerName == "" || x.Condition == "" {
			path := under("containerDefinitions", i, "dependsOn", j)
			needs(r, x.ContainerName, x.Extra, path, "containerName")
			needs(r, x.Condition, x.Extra, path, "condition")
		}
	}
	for j := range c.EnvironmentFiles {
		x := &c.EnvironmentFiles[j]
		if x.Type == "" || x.Value == "" {
			path := under("containerDefinitions", i, "environmentFiles", j)
			needs(r, x.Type, x.Extra, path, "type")
			needs(r, x.Value, x.Extra, path, "value")
		}
	}
	requireOfSecrets(c.Secrets, r, "containerDefinitions", i, "secrets")
	for j := range c.Ulimits {
		if x := &c.Ulimits[j]; x.Name == "" {
			needs(r, x.Name, x.Extra, under("containerDefinitions", i, "ulimits", j), "name")
		}
	}
	for j := range c.ResourceRequirements {
		if x := &c.ResourceRequirements[j]; x.Type == "" {
			needs(r, x.Type, x.Extra, under("containerDefinitions", i, "resourceRequirements", j), "type")
		}
	}
	for j := range c.ExtraHosts {
		x := &c.ExtraHosts[j]
		if x.Hostname == "" || x.IPAddress == "" {
			path := under("containerDefinitions", i, "extraHosts", j)
			needs(r, x.Hostname, x.Extra, path, "hostname")
			needs(r, x.IPAddress, x.Extra, path, "ipAddress")
		}
	}
	requireOfSettings(c, r, i)
}

// requireOfSettings looks at what a container has one of.
func requireOfSettings(c *Container, r *report, i int) {
	if x := c.RepositoryCredentials; x != nil && x.CredentialsParameter == "" {
		needs(r, x.CredentialsParameter, x.Extra, under("containerDefinitions", i, "repositoryCredentials"), "credentialsParameter")
	}
	if x := c.FirelensConfiguration; x != nil && x.Type == "" {
		needs(r, x.Type, x.Extra, under("containerDefinitions", i, "firelensConfiguration"), "type")
	}
	if x := c.HealthCheck; x != nil && len(x.Command) == 0 && !hides(x.Extra, "command") {
		r.Addf(container(i, "healthCheck", "command"), "missing; a health check has a command")
	}
	if x := c.LogConfiguration; x != nil {
		if x.LogDriver == "" {
			needs(r, x.LogDriver, x.Extra, under("containerDefinitions", i, "logConfiguration"), "logDriver")
		}
		requireOfSecrets(x.SecretOptions, r, "containerDefinitions", i, "logConfiguration", "secretOptions")
	}
	if c.LinuxParameters != nil {
		requireOfLinux(c.LinuxParameters, r, i)
	}
}

// requireOfLinux looks at the devices and file systems of one container.
func requireOfLinux(l *LinuxParameters, r *report, i int) {
	for j := range l.Devices {
		if x := &l.Devices[j]; x.HostPath == "" {
			needs(r, x.HostPath, x.Extra, under("containerDefinitions", i, "linuxParameters", "devices", j), "hostPath")
		}
	}
	for j := range l.Tmpfs {
		if x := &l.Tmpfs[j]; x.ContainerPath == "" {
			needs(r, x.ContainerPath, x.Extra, under("containerDefinitions", i, "linuxParameters", "tmpfs", j), "containerPath")
		}
	}
}

// requireOfSecrets looks at the secrets at the path of elem.
func requireOfSecrets(secrets []Secret, r *report, elem ...any) {
	for j := range secrets {
		x := &secrets[j]
		if x.Name == "" || x.ValueFrom == "" {
			path := under(append(elem[:len(elem):len(elem)], j)...)
			needs(r, x.Name, x.Extra, path, "name")
			needs(r, x.ValueFrom, x.Extra, path, "valueFrom")
		}
	}
}

// requireOfVolume looks at the kinds of a volume that have required members.
func requireOfVolume(v *Volume, r *report, i int) {
	if x := v.EFSVolumeConfiguration; x != nil {
		needs(r, x.FileSystemID, x.Extra, under("volumes", i, "efsVolumeConfiguration"), "fileSystemId")
	}
	if x := v.S3FilesVolumeConfiguration; x != nil {
		needs(r, x.FileSystemARN, x.Extra, under("volumes", i, "s3filesVolumeConfiguration"), "fileSystemArn")
	}
	if x := v.FSxWindowsFileServerVolumeConfiguration; x != nil {
		path := under("volumes", i, "fsxWindowsFileServerVolumeConfiguration")
		needs(r, x.FileSystemID, x.Extra, path, "fileSystemId")
		needs(r, x.RootDirectory, x.Extra, path, "rootDirectory")
		if x.AuthorizationConfig == nil && !hides(x.Extra, "authorizationConfig") {
			r.Addf(path("authorizationConfig"), "missing; the API requires it")
		} else if a := x.AuthorizationConfig; a != nil {
			needs(r, a.CredentialsParameter, a.Extra, under("volumes", i, "fsxWindowsFileServerVolumeConfiguration", "authorizationConfig"), "credentialsParameter")
			needs(r, a.Domain, a.Extra, under("volumes", i, "fsxWindowsFileServerVolumeConfiguration", "authorizationConfig"), "domain")
		}
	}
}
