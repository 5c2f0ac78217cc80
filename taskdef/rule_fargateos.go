package taskdef

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// checkWindows looks at tasks on Fargate only; on EC2 ECS ignores most of this.
func checkWindows(d *Definition, r *report) {
	if !d.IsFargate() || !d.IsWindows() {
		return
	}
	const os = "runtimePlatform.operatingSystemFamily"
	switch family := string(d.RuntimePlatform.OperatingSystemFamily); {
	case strings.HasPrefix(family, "WINDOWS_SERVER_2025"):
		r.Warnf(os, "found %s; not all documents of AWS say that Fargate has it", family)
	case d.RuntimePlatform.OperatingSystemFamily.IsKnown() && !strings.Contains(family, "_2019_") && !strings.Contains(family, "_2022_"):
		r.Addf(os, "found %s, Fargate has Windows Server 2019 and 2022", family)
	}
	if d.RuntimePlatform.CPUArchitecture == CPUArchitectureARM64 {
		r.Addf("runtimePlatform.cpuArchitecture", "found ARM64, Windows needs X86_64")
	}
	if d.PIDMode != "" {
		r.Addf("pidMode", "Windows does not have pidMode")
	}
	if d.ProxyConfiguration != nil {
		r.Addf("proxyConfiguration", "Windows does not have a proxy configuration")
	}
	for i := range d.Volumes {
		if d.Volumes[i].EFSVolumeConfiguration != nil {
			r.Addf(slipway.Path("volumes", i, "efsVolumeConfiguration"), "Windows on Fargate does not have EFS volumes")
		}
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		refuse := func(is bool, key string) {
			if is {
				r.Addf(container(i, key), "Windows does not have %s", key)
			}
		}
		refuse(len(c.Ulimits) > 0, "ulimits")
		refuse(len(c.SystemControls) > 0, "systemControls")
		refuse(c.LinuxParameters != nil, "linuxParameters")
		refuse(isTrue(c.ReadonlyRootFilesystem), "readonlyRootFilesystem")
		if len(c.EnvironmentFiles) > 0 {
			r.Warnf(container(i, "environmentFiles"), "the documents of AWS disagree on whether Windows on Fargate has environment files")
		}
		for j := range c.PortMappings {
			if p := c.PortMappings[j].ContainerPort; p != nil && *p == 3150 {
				r.Addf(container(i, "portMappings", j, "containerPort"), "3150 is reserved by Windows on Fargate")
			}
		}
	}
}
