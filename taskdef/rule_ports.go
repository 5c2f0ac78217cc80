package taskdef

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// A port is one that was seen before, of all containers of a task.
type port struct {
	first, last     int
	protocol        Protocol
	container, item int
}

// checkPorts looks at each mapping, and in network mode awsvpc at those of all
// containers together, because they share one interface. Two that meet are only a
// warning: whether both programs listen is not written here.
func checkPorts(d *Definition, r *report) {
	var buf [16]port
	seen := buf[:0]
	for i := range d.ContainerDefinitions {
		ranges := 0
		for j := range d.ContainerDefinitions[i].PortMappings {
			m := &d.ContainerDefinitions[i].PortMappings[j]
			if m.ContainerPortRange != "" {
				if ranges++; ranges == 101 {
					r.Addf(container(i, "portMappings", j, "containerPortRange"), "more than 100 ranges; a container has at most 100")
				}
			}
			p, ok := checkPort(d, m, r, i, j)
			if !ok || d.NetworkMode != NetworkModeAwsvpc {
				continue
			}
			for k := range seen {
				if s := &seen[k]; s.protocol == p.protocol && s.first <= p.last && p.first <= s.last {
					w := r.Warnf(container(i, "portMappings", j), "meets port mapping %d of container %d; the containers of a task share their ports in network mode awsvpc", s.item+1, s.container+1)
					w.Related = []slipway.Place{related(d, container(s.container, "portMappings", s.item), "the other one")}
					break
				}
			}
			seen = append(seen, p)
		}
	}
}

// checkPort checks one mapping and returns its ports where they are known.
func checkPort(d *Definition, m *PortMapping, r *report, i, j int) (p port, ok bool) {
	protocol := m.Protocol
	if protocol != ProtocolUDP {
		protocol = ProtocolTCP
	}
	p = port{protocol: protocol, container: i, item: j}
	if m.ContainerPortRange != "" {
		return checkPortRange(d, m, r, p)
	}
	if m.ContainerPort == nil {
		if !hides(m.Extra, "containerPort") && !hides(m.Extra, "containerPortRange") {
			r.Addf(container(i, "portMappings", j, "containerPort"), "missing; a port mapping has a containerPort or a containerPortRange")
		}
		return p, false
	}
	n := *m.ContainerPort
	if n < 1 || n > 65535 {
		r.Addf(container(i, "portMappings", j, "containerPort"), "found %d, allowed are 1 to 65535", n)
		return p, false
	}
	switch {
	case m.HostPort == nil:
	case *m.HostPort < 0 || *m.HostPort > 65535:
		r.Addf(container(i, "portMappings", j, "hostPort"), "found %d, allowed are 0 to 65535", *m.HostPort)
	case d.NetworkMode == NetworkModeAwsvpc && *m.HostPort != n && *m.HostPort != 0:
		r.Addf(container(i, "portMappings", j, "hostPort"), "found %d, must be containerPort, %d, in network mode awsvpc; or leave it out", *m.HostPort, n)
	case d.NetworkMode == NetworkModeAwsvpc && *m.HostPort != n:
		r.Warnf(container(i, "portMappings", j, "hostPort"), "found 0, should be containerPort, %d, in network mode awsvpc; or leave it out", n)
	}
	p.first, p.last = n, n
	return p, true
}

// checkPortRange checks a mapping of a range and returns its ports where they are
// known.
func checkPortRange(d *Definition, m *PortMapping, r *report, p port) (port, bool) {
	path := container(p.container, "portMappings", p.item, "containerPortRange")
	if m.ContainerPort != nil || m.HostPort != nil {
		r.Addf(path, "not allowed together with containerPort or hostPort")
	}
	if d.NetworkMode == NetworkModeHost || d.NetworkMode == NetworkModeNone {
		r.Addf(path, "not allowed in network mode %s; use awsvpc or bridge", d.NetworkMode)
	}
	if isPlaceholder(m.ContainerPortRange) {
		return p, false
	}
	from, to, _ := strings.Cut(m.ContainerPortRange, "-")
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || first < 1 || last > 65535 || first >= last {
		r.Addf(path, "found %q, want a range within 1 to 65535, such as 8000-8010", m.ContainerPortRange)
		return p, false
	}
	p.first, p.last = first, last
	return p, true
}
