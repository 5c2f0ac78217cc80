package taskdef

// checkProxy looks for the container that is to be the proxy. App Mesh works with an
// interface of its own for each task, and so with awsvpc only.
func checkProxy(d *Definition, r *report) {
	p := d.ProxyConfiguration
	if p == nil {
		return
	}
	if p.ContainerName != "" && !isPlaceholder(p.ContainerName) && !d.mayHave(p.ContainerName) {
		r.Addf("proxyConfiguration.containerName", "there is no container %q", p.ContainerName)
	}
	if d.NetworkMode != NetworkModeAwsvpc && !isPlaceholder(string(d.NetworkMode)) && !hides(d.Extra, "networkMode") {
		r.Addf("proxyConfiguration", "a proxy needs the network mode awsvpc")
	}
}
