package taskdef

// checkPortNames looks at the names by which Service Connect knows ports. A name that
// stands twice is a warning, since it harms only a service that refers to it.
func checkPortNames(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		for j := range d.ContainerDefinitions[i].PortMappings {
			m := &d.ContainerDefinitions[i].PortMappings[j]
			if m.AppProtocol != "" && m.Protocol == ProtocolUDP {
				r.Warnf(container(i, "portMappings", j, "appProtocol"), "has no effect with the protocol udp")
			}
			if m.Name == "" {
				if m.AppProtocol != "" && !hides(m.Extra, "name") {
					r.Warnf(container(i, "portMappings", j, "appProtocol"), "has no effect without a name of the port mapping")
				}
				continue
			}
			if isPlaceholder(m.Name) {
				continue
			}
			if !isPortName(m.Name) {
				r.Addf(container(i, "portMappings", j, "name"), "found %q, allowed are 1 to 64 small letters, digits, underscores and hyphens, the first no hyphen", m.Name)
			}
			if hasPortName(d, m.Name, i, j) {
				r.Warnf(container(i, "portMappings", j, "name"), "%q stands twice; a service can refer to one port by it", m.Name)
			}
		}
	}
}

// hasPortName reports whether a mapping before the j-th of container i has that name.
func hasPortName(d *Definition, name string, i, j int) bool {
	for a := range d.ContainerDefinitions[:i+1] {
		for b := range d.ContainerDefinitions[a].PortMappings {
			if a == i && b == j {
				return false
			}
			if d.ContainerDefinitions[a].PortMappings[b].Name == name {
				return true
			}
		}
	}
	return false
}

// isPortName reports whether s is 1 to 64 small letters, digits, underscores and
// hyphens, and does not begin with a hyphen.
func isPortName(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z') && !isDigit(c) && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
