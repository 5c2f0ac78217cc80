package taskdef

import (
	"github.com/seed-b1f00840/slipway"
)

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

// refuseOfContainer reports what Fargate does not have of one container.
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

// refuseOfLinux reports what Fargate does not have of the kernel options. A number
// that is 0 asks for nothing.
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

// isTrue reports whether b is there and true.
func isTrue(b *bool) bool { return b != nil && *b }

// isPositive reports whether n is there and above 0.
func isPositive(n *int) bool { return n != nil && *n > 0 }
