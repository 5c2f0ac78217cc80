package handover

import (
	"bytes"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// ParseAppSpec reads an application specification for Amazon ECS, in YAML or JSON.
// The file name is used in messages only. When a problem has severity
// [slipway.Error] it returns nil and [slipway.Problems].
func ParseAppSpec(file string, data []byte) (*AppSpec, error) {
	a, err := ParseAppSpecLax(file, data)
	return strict(a, func(a *AppSpec) *slipway.Source { return a.Source }, err)
}

// ParseAppSpecLax reads as [ParseAppSpec] does, but fails only where the file is not
// well-formed or is no map.
func ParseAppSpecLax(file string, data []byte) (*AppSpec, error) {
	read := source.YAML
	if bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \t\r\n"), []byte("{")) {
		read = source.JSON
	}
	n, problems := read(file, data)
	if n == nil {
		return nil, problems.Sorted()
	}
	r := reader{source.Decoder{File: file, Problems: problems}}
	a := new(AppSpec)
	if !r.appSpec(a, n) {
		return nil, r.Problems.Sorted()
	}
	a.Source = n.Source(file, r.Problems.Sorted())
	return a, nil
}

func (r *reader) appSpec(a *AppSpec, n *source.Node) bool {
	return r.fields(n, &a.Extra, []string{"version", "Resources", "Hooks"}, func(key string, n *source.Node) bool {
		switch key {
		case "version":
			if n.Kind != source.Number && n.Kind != source.String {
				return r.Want(n, "0.0")
			}
			a.Version = n.Text
			return true
		case "Resources":
			return items(r, &a.Resources, n, r.resource)
		}
		return items(r, &a.Hooks, n, r.hook)
	})
}

// single reads a map of one member.
func (r *reader) single(n *source.Node, what string) (source.Member, bool) {
	if n.Kind != source.Map || len(n.Members) != 1 {
		return source.Member{}, r.Want(n, what)
	}
	return n.Members[0], true
}

func (r *reader) resource(v *Resource, n *source.Node) bool {
	m, ok := r.single(n, "a map with the one key TargetService")
	if !ok {
		return false
	}
	r.Enter(m.Key)
	defer r.Leave()
	v.Name = m.Key
	return r.fields(m.Value, &v.Extra, []string{"Type", "Properties"}, func(key string, n *source.Node) bool {
		if key == "Type" {
			return r.text(&v.Type, n)
		}
		return r.properties(&v.Properties, n)
	})
}

var propertyKeys = []string{
	"TaskDefinition", "LoadBalancerInfo", "PlatformVersion", "NetworkConfiguration", "CapacityProviderStrategy",
}

func (r *reader) properties(p *Properties, n *source.Node) bool {
	return r.fields(n, &p.Extra, propertyKeys, func(key string, n *source.Node) bool {
		switch key {
		case "TaskDefinition":
			return r.text(&p.TaskDefinition, n)
		case "LoadBalancerInfo":
			return pointer(&p.LoadBalancerInfo, n, r.loadBalancer)
		case "PlatformVersion":
			return r.text(&p.PlatformVersion, n)
		case "NetworkConfiguration":
			return pointer(&p.NetworkConfiguration, n, r.network)
		}
		return items(r, &p.CapacityProviderStrategy, n, r.capacityProvider)
	})
}

// pointer sets *p to a new value that read fills.
func pointer[T any](p **T, n *source.Node, read func(*T, *source.Node) bool) bool {
	v := new(T)
	if !read(v, n) {
		return false
	}
	*p = v
	return true
}

func (r *reader) loadBalancer(l *LoadBalancerInfo, n *source.Node) bool {
	return r.fields(n, &l.Extra, []string{"ContainerName", "ContainerPort"}, func(key string, n *source.Node) bool {
		if key == "ContainerName" {
			return r.text(&l.ContainerName, n)
		}
		return r.number(&l.ContainerPort, n)
	})
}

// network reads what stands in AwsvpcConfiguration, the only member.
func (r *reader) network(v *NetworkConfiguration, n *source.Node) bool {
	inner, ok := r.single(n, "a map with the one key AwsvpcConfiguration")
	if !ok || inner.Key != "AwsvpcConfiguration" {
		return ok && r.Want(n, "a map with the one key AwsvpcConfiguration")
	}
	r.Enter(inner.Key)
	defer r.Leave()
	return r.fields(inner.Value, &v.Extra, []string{"Subnets", "SecurityGroups", "AssignPublicIp"}, func(key string, n *source.Node) bool {
		switch key {
		case "Subnets":
			return items(r, &v.Subnets, n, r.text)
		case "SecurityGroups":
			return items(r, &v.SecurityGroups, n, r.text)
		}
		return r.text(&v.AssignPublicIP, n)
	})
}

func (r *reader) capacityProvider(c *CapacityProvider, n *source.Node) bool {
	return r.fields(n, &c.Extra, []string{"CapacityProvider", "Base", "Weight"}, func(key string, n *source.Node) bool {
		switch {
		case key == "CapacityProvider":
			return r.text(&c.Name, n)
		case n.Kind == source.Number && n.Text == "0":
			return false // kept as it is: a field cannot tell it from none
		case key == "Base":
			return r.number(&c.Base, n)
		}
		return r.number(&c.Weight, n)
	})
}

func (r *reader) hook(h *Hook, n *source.Node) bool {
	m, ok := r.single(n, "a map such as BeforeInstall: function")
	if !ok {
		return false
	}
	r.Enter(m.Key)
	defer r.Leave()
	h.Event = m.Key
	if m.Value.Kind == source.Null {
		return true // the rules say what is missing
	}
	return r.String(&h.Function, m.Value)
}

// Target returns the service that the specification replaces, and its path.
func (a *AppSpec) Target() (target *Resource, path string) {
	if len(a.Resources) == 0 {
		return nil, ""
	}
	return &a.Resources[0], slipway.Path("Resources", 0, a.Resources[0].Name)
}
