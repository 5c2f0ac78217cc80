package taskdef

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
)

func checkFargateNetwork(d *Definition, r *report) {
	switch {
	case !d.IsFargate() || d.NetworkMode == NetworkModeAwsvpc:
	case lacks(string(d.NetworkMode), d.Extra, "networkMode"):
		r.Addf("networkMode", "missing; Fargate requires awsvpc")
	case d.NetworkMode.IsKnown():
		r.Addf("networkMode", "found %s, Fargate requires awsvpc", d.NetworkMode)
	}
}

// checkFargateUnsupported passes over what is there but asks for nothing, such as
// an empty list: describe-task-definition returns it.
func checkFargateUnsupported(d *Definition, r *report) {
	if !d.IsFargate() {
		return
	}
	refuse := func(is bool, path, what string) {
		if is {
			r.Addf(path, "Fargate does not have %s", what)
		}
	}
	refuse(d.IPCMode.IsKnown(), "ipcMode", "ipcMode")
	refuse(d.PIDMode == PIDModeHost, "pidMode", "pidMode host; task is allowed")
	refuse(len(d.PlacementConstraints) > 0, "placementConstraints", "placement constraints")
	refuse(len(d.InferenceAccelerators) > 0, "inferenceAccelerators", "inference accelerators")
	for i := range d.Volumes {
		v := &d.Volumes[i]
		if v.Host != nil && v.Host.SourcePath != "" {
			r.Addf(slipway.Path("volumes", i, "host", "sourcePath"), "Fargate has no host to mount from; leave sourcePath out")
		}
		if v.DockerVolumeConfiguration != nil {
			r.Addf(slipway.Path("volumes", i, "dockerVolumeConfiguration"), "Fargate does not have Docker volumes")
		}
		if v.FSxWindowsFileServerVolumeConfiguration != nil {
			r.Addf(slipway.Path("volumes", i, "fsxWindowsFileServerVolumeConfiguration"), "Fargate does not have FSx volumes")
		}
	}
	for i := range d.ContainerDefinitions {
		refuseOfContainer(&d.ContainerDefinitions[i], r, i)
	}
}

func refuseOfContainer(c *Container, r *report, i int) {
	refuse := func(is bool, key string) {
		if is {
			r.Addf(container(i, key), "Fargate does not have %s", key)
		}
	}
	refuse(isTrue(c.DisableNetworking), "disableNetworking")
	refuse(isTrue(c.Privileged), "privileged")
	refuse(len(c.DNSSearchDomains) > 0, "dnsSearchDomains")
	refuse(len(c.DNSServers) > 0, "dnsServers")
	refuse(len(c.DockerSecurityOptions) > 0, "dockerSecurityOptions")
	refuse(len(c.ExtraHosts) > 0, "extraHosts")
	refuse(len(c.Links) > 0, "links")
	refuse(c.Hostname != "", "hostname")
	for j := range c.ResourceRequirements {
		if t := c.ResourceRequirements[j].Type; t.IsKnown() {
			r.Addf(container(i, "resourceRequirements", j, "type"), "Fargate does not have %s", t)
		}
	}
	if f := c.FirelensConfiguration; f != nil && f.Options["config-file-type"] == "s3" {
		r.Addf(container(i, "firelensConfiguration", "options", "config-file-type"), "found s3, Fargate allows file")
	}
	if l := c.LinuxParameters; l != nil {
		refuseOfLinux(l, r, i)
	}
}

func refuseOfLinux(l *LinuxParameters, r *report, i int) {
	refuse := func(is bool, key string) {
		if is {
			r.Addf(container(i, "linuxParameters", key), "Fargate does not have %s", key)
		}
	}
	refuse(len(l.Devices) > 0, "devices")
	refuse(isPositive(l.SharedMemorySize), "sharedMemorySize")
	refuse(isPositive(l.MaxSwap), "maxSwap")
	refuse(isPositive(l.Swappiness), "swappiness")
	if len(l.Tmpfs) > 0 {
		r.Warnf(container(i, "linuxParameters", "tmpfs"), "the documents of AWS disagree on whether Fargate has tmpfs")
	}
	if l.Capabilities == nil {
		return
	}
	for j, name := range l.Capabilities.Add {
		if name != "SYS_PTRACE" && !isPlaceholder(name) {
			r.Addf(container(i, "linuxParameters", "capabilities", "add", j), "found %s, Fargate allows SYS_PTRACE", name)
		}
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

func isPositive(n *int) bool { return n != nil && *n > 0 }

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
		for j := range c.PortMappings {
			if p := c.PortMappings[j].ContainerPort; p != nil && *p == 3150 {
				r.Addf(container(i, "portMappings", j, "containerPort"), "3150 is reserved by Windows on Fargate")
			}
		}
	}
}

func checkNetworkMode(d *Definition, r *report) {
	if d.NetworkMode != NetworkModeAwsvpc || d.IsFargate() {
		return
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.Hostname != "" {
			r.Addf(container(i, "hostname"), "not allowed in network mode awsvpc")
		}
		if len(c.Links) > 0 {
			r.Addf(container(i, "links"), "not allowed in network mode awsvpc; containers of a task reach each other at localhost")
		}
		if len(c.ExtraHosts) > 0 {
			r.Addf(container(i, "extraHosts"), "not allowed in network mode awsvpc")
		}
	}
}
