package bundle

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/taskdef"
)

const serviceReference = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html"

var loadBalancerRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/load-balancer", Source: serviceReference,
		Doc: "A service sends traffic to a container of its task definition, on a port that this maps.",
	},
	Check: func(v *view, r *check.Report) {
		for d := range v.serviceTasks() {
			for i, lb := range d.Service.Model.LoadBalancers.Value {
				where := slipway.Path("LoadBalancers", i)
				checkTraffic(d.Task, traffic{lb.ContainerName, lb.ContainerPort}, func(key, format string, args ...any) *slipway.Problem {
					return addf(r, d.Service, where+"."+key, format, args...)
				})
				checkClassic(d, i, lb, r)
			}
		}
	},
}

// serviceTasks yields the deployments of which both the service and the task
// definition are known.
func (v *view) serviceTasks() func(yield func(*Deploy) bool) {
	return func(yield func(*Deploy) bool) {
		for i := range v.groups {
			for j := range v.groups[i].Deploys {
				d := &v.groups[i].Deploys[j]
				if d.Service != nil && d.Task != nil && !yield(d) {
					return
				}
			}
		}
	}
}

// traffic is where a load balancer sends it.
type traffic struct {
	container Field[string]
	port      Field[int]
}

// checkTraffic compares a load balancer's target with the containers of a task.
func checkTraffic(task *Part[*taskdef.Definition], to traffic, add func(key, format string, args ...any) *slipway.Problem) {
	names, ok := containers(task.Model)
	if !ok || !to.container.Known() || !IsKnown(to.container.Value) {
		return
	}
	i := slices.Index(names, to.container.Value)
	if i < 0 {
		p := add("ContainerName", "found %q, but the task definition has %s; %s", to.container.Value, listed(names), remedy(to.container.Value, names))
		relate(p, containerPlaces(task)...)
		return
	}
	ports, ok := mapped(&task.Model.ContainerDefinitions[i])
	if !ok || !to.port.Known() || slices.ContainsFunc(ports, func(p portRange) bool { return p.low <= to.port.Value && to.port.Value <= p.high }) {
		return
	}
	where := slipway.Path("containerDefinitions", i, "portMappings")
	if len(ports) == 0 {
		p := add("ContainerPort", "found %d, but the container %q maps no port; add %d to its port mappings", to.port.Value, names[i], to.port.Value)
		relate(p, task.Place(slipway.Path("containerDefinitions", i, "name"), "the container "+strconv.Quote(names[i])))
		return
	}
	p := add("ContainerPort", "found %d, but the container %q maps %s; use that port, or map %d", to.port.Value, names[i], portList(ports), to.port.Value)
	relate(p, task.Place(where, "maps "+portList(ports)))
}

type portRange struct{ low, high int }

// mapped returns the container ports that a container maps; ok is false where one
// is not known.
func mapped(c *taskdef.Container) (ports []portRange, ok bool) {
	if _, unread := c.Extra["portMappings"]; unread {
		return nil, false
	}
	for i := range c.PortMappings {
		m := &c.PortMappings[i]
		switch {
		case m.ContainerPort != nil:
			ports = append(ports, portRange{*m.ContainerPort, *m.ContainerPort})
		case m.ContainerPortRange != "":
			low, high, _ := strings.Cut(m.ContainerPortRange, "-")
			a, errA := strconv.Atoi(low)
			b, errB := strconv.Atoi(high)
			if errA != nil || errB != nil {
				return nil, false
			}
			ports = append(ports, portRange{a, b})
		default:
			return nil, false
		}
	}
	return ports, true
}

func portList(ports []portRange) string {
	list := make([]string, len(ports))
	for i, p := range ports {
		list[i] = strconv.Itoa(p.low)
		if p.high != p.low {
			list[i] += "-" + strconv.Itoa(p.high)
		}
	}
	return strings.Join(list, ", ")
}

// checkClassic holds a service with a classic load balancer to what that needs: a
// fixed port of the host.
func checkClassic(d *Deploy, i int, lb LoadBalancer, r *check.Report) {
	task := d.Task.Model
	if lb.Name.Status == Absent || lb.TargetGroup.Status != Absent {
		return
	}
	where := slipway.Path("LoadBalancers", i)
	if task.NetworkMode == taskdef.NetworkModeAwsvpc {
		p := addf(r, d.Service, where+".LoadBalancerName", "a classic load balancer cannot reach tasks of network mode awsvpc; give a target group of target type ip")
		relate(p, d.Task.Place("networkMode", "the network mode of the task"))
		return
	}
	if task.NetworkMode != "" && task.NetworkMode != taskdef.NetworkModeBridge || task.Extra["networkMode"] != nil || !lb.ContainerPort.Known() {
		return
	}
	c := task.Container(lb.ContainerName.Value)
	if c == nil || !lb.ContainerName.Known() {
		return
	}
	for j := range c.PortMappings {
		m := &c.PortMappings[j]
		if m.ContainerPort != nil && *m.ContainerPort == lb.ContainerPort.Value && m.Extra["hostPort"] == nil && (m.HostPort == nil || *m.HostPort == 0) {
			p := addf(r, d.Service, where+".ContainerPort", "a classic load balancer needs a fixed port of the host for container port %d; give its port mapping a hostPort", lb.ContainerPort.Value)
			for k := range task.ContainerDefinitions {
				if &task.ContainerDefinitions[k] == c {
					relate(p, d.Task.Place(slipway.Path("containerDefinitions", k, "portMappings", j), "the port mapping"))
				}
			}
		}
	}
}

var targetTypeRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/target-type", Source: serviceReference,
		Doc: "The target group of a service in network mode awsvpc has target type ip.",
	},
	Check: func(v *view, r *check.Report) {
		for d := range v.serviceTasks() {
			if d.Task.Model.NetworkMode != taskdef.NetworkModeAwsvpc {
				continue
			}
			for i, lb := range d.Service.Model.LoadBalancers.Value {
				target := v.target(d.Service, lb.TargetGroup)
				if target == nil {
					continue
				}
				if kind, ok := target.Model.TargetType.Get("instance"); ok && kind == "instance" {
					p := addf(r, target, "TargetType", "the target type is instance, and tasks of network mode awsvpc are reached by address; set TargetType: ip")
					relate(p, d.Service.Place(slipway.Path("LoadBalancers", i, "TargetGroupArn"), "the service that uses it"),
						d.Task.Place("networkMode", "the network mode of the task"))
				}
			}
		}
	},
}

// target returns the target group of the same template that a field refers to.
func (v *view) target(service *Part[*Service], f Field[string]) *Part[*TargetGroup] {
	if f.Status != Unknown {
		return nil
	}
	for _, t := range v.Targets {
		if t.Template == service.Template && t.ID == symbolID(f.Value) {
			return t
		}
	}
	return nil
}

// symbolID returns the logical id of a symbol such as ${Role} or ${Role.Arn}, or "".
func symbolID(symbol string) string {
	id, _ := referred(symbol)
	return id
}

var appSpecRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/appspec", Source: "https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html",
		Doc: "The appspec sends traffic to a container of the task definition, on a port that this maps.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].Deploys {
				d := &v.groups[i].Deploys[j]
				if d.AppSpec == nil || d.Task == nil {
					continue
				}
				for k, res := range d.AppSpec.Model.Resources {
					info := res.Properties.LoadBalancerInfo
					if info == nil {
						continue
					}
					to := traffic{container: Field[string]{Value: info.ContainerName, Status: Known}}
					if info.ContainerPort != 0 {
						to.port = Field[int]{Value: info.ContainerPort, Status: Known}
					}
					checkTraffic(d.Task, to, func(key, format string, args ...any) *slipway.Problem {
						return addf(r, d.AppSpec, slipway.Path("Resources", k, res.Name, "Properties", "LoadBalancerInfo", key), format, args...)
					})
				}
			}
		}
	},
}

var imagePlaceholderRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/image-placeholder", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html",
		Doc: "The placeholders of images in the task definition are those that the action CodeDeployToECS replaces.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			g := &v.groups[i]
			for j := range g.Deploys {
				if d := &g.Deploys[j]; d.is("CodeDeployToECS") && d.Task != nil {
					checkPlaceholders(g, d, r)
				}
			}
		}
	},
}

func checkPlaceholders(g *group, d *Deploy, r *check.Report) {
	var given []string
	for n := 1; n <= 4; n++ {
		key := "Image" + strconv.Itoa(n) + "ContainerName"
		name, there := d.Action.Configuration[key]
		if !there {
			continue
		}
		if !IsKnown(name) {
			return
		}
		given = append(given, name)
		if !slices.ContainsFunc(d.Task.Model.ContainerDefinitions, func(c taskdef.Container) bool { return strings.Contains(c.Image, "<"+name+">") }) {
			p := warnf(r, g.Pipeline, d.path("configuration", key), "no image of the task definition is <%s>, so that the image that the build pushed is put nowhere", name)
			relate(p, d.Task.Place("containerDefinitions", "the containers"))
		}
	}
	for i, c := range d.Task.Model.ContainerDefinitions {
		name, ok := strings.CutPrefix(c.Image, "<")
		if name, closed := strings.CutSuffix(name, ">"); ok && closed && !slices.Contains(given, name) {
			what := "names none"
			if len(given) > 0 {
				what = "replaces " + listed(given)
			}
			p := addf(r, d.Task, slipway.Path("containerDefinitions", i, "image"), "nothing replaces %s: the action %s %s; give it in Image1ContainerName, without the brackets", c.Image, d.Action.Name, what)
			relate(p, g.Pipeline.Place(d.path("configuration"), "the configuration of the action"))
		}
	}
}

var controllerRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/deployment-controller", Source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentController.html",
		Doc: "The provider ECS deploys services with the deployment controller ECS, and CodeDeployToECS those with CODE_DEPLOY.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			g := &v.groups[i]
			for j := range g.Deploys {
				if d := &g.Deploys[j]; d.Service != nil && d.Action != nil {
					checkController(g, d, r)
				}
			}
		}
	},
}

func checkController(g *group, d *Deploy, r *check.Report) {
	controller, ok := d.Service.Model.Controller.Get("ECS")
	if !ok {
		return
	}
	want := ""
	switch {
	case d.is("ECS") && controller != "ECS":
		want = "deploys only services of the controller ECS; use CodeDeployToECS, or take DeploymentController out of the service"
		if controller == "EXTERNAL" {
			want = "deploys only services of the controller ECS"
		}
	case d.is("CodeDeployToECS") && controller != "CODE_DEPLOY":
		want = "deploys only services of the controller CODE_DEPLOY; use the provider ECS, or set DeploymentController: {Type: CODE_DEPLOY}"
	default:
		return
	}
	p := addf(r, g.Pipeline, d.path("actionTypeId", "provider"), "the service %s has the deployment controller %s, and %s %s",
		d.Service.ID, controller, d.Action.ActionTypeID.Provider, want)
	relate(p, d.Service.Place("DeploymentController.Type", "the controller of the service, "+controller))
}
