package taskdef

// checkFargateNetwork leaves a value that is none of the API's to the rule on those.
func checkFargateNetwork(d *Definition, r *report) {
	switch {
	case !d.IsFargate() || d.NetworkMode == NetworkModeAwsvpc:
	case lacks(string(d.NetworkMode), d.Extra, "networkMode"):
		r.Addf("networkMode", "missing; Fargate requires awsvpc")
	case d.NetworkMode.IsKnown():
		r.Addf("networkMode", "found %s, Fargate requires awsvpc", d.NetworkMode)
	}
}

// checkNetworkMode looks at awsvpc on EC2, where ECS refuses what would need a network
// of the host's making. For Fargate the rule on what it does not have says the same.
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
