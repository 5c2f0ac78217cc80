package handover

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

func checkVersion(a *AppSpec, r *check.Report) {
	kept, ok := a.Extra["version"]
	switch {
	case a.Version == "" && a.Source != nil && (!ok || kept == nil || kept == ""):
		r.Addf("version", "missing, write version: 0.0")
	case a.Version != "" && a.Version != "0.0" && !source.IsPlaceholder(a.Version):
		r.Addf("version", "found %s, the only version is 0.0", a.Version)
	}
}

func checkResources(a *AppSpec, r *check.Report) {
	if len(a.Resources) == 0 {
		if a.Extra["Resources"] == nil {
			r.Addf("Resources", "missing, want a list with the one item TargetService")
		}
		return
	}
	if len(a.Resources) > 1 {
		r.Warnf(slipway.Path("Resources", 1), "CodeDeploy replaces one service, this is number 2")
	}
	for i := range a.Resources {
		checkResource(&a.Resources[i], r, slipway.Path("Resources", i, a.Resources[i].Name))
	}
}

func checkResource(v *Resource, r *check.Report, path string) {
	if v.Type != "" && v.Type != "AWS::ECS::Service" && !source.IsPlaceholder(v.Type) {
		r.Addf(path+".Type", "found %s, want AWS::ECS::Service", v.Type)
	}
	need(r, v.Type, v.Extra, path, "Type", "AWS::ECS::Service")
	if v.Extra["Properties"] != nil {
		return
	}
	p := &v.Properties
	path += ".Properties"
	need(r, p.TaskDefinition, p.Extra, path, "TaskDefinition", "an ARN, in a pipeline <TASK_DEFINITION>")
	l := p.LoadBalancerInfo
	if l == nil {
		need(r, "", p.Extra, path, "LoadBalancerInfo", "ContainerName and ContainerPort")
		return
	}
	path += ".LoadBalancerInfo"
	need(r, l.ContainerName, l.Extra, path, "ContainerName", "the name of a container of the task definition")
	if l.ContainerPort == 0 {
		need(r, "", l.Extra, path, "ContainerPort", "a port of the container")
	} else if l.ContainerPort < 1 || l.ContainerPort > 65535 {
		r.Addf(path+".ContainerPort", "found %d, a port is 1 to 65535", l.ContainerPort)
	}
}

func checkNetwork(a *AppSpec, r *check.Report) {
	for i := range a.Resources {
		n := a.Resources[i].Properties.NetworkConfiguration
		if n == nil {
			continue
		}
		path := slipway.Path("Resources", i, a.Resources[i].Name, "Properties", "NetworkConfiguration", "AwsvpcConfiguration")
		for _, member := range []struct {
			key  string
			here bool
		}{
			{"Subnets", len(n.Subnets) > 0}, {"SecurityGroups", len(n.SecurityGroups) > 0}, {"AssignPublicIp", n.AssignPublicIP != ""},
		} {
			if _, kept := n.Extra[member.key]; !member.here && !kept {
				r.Warnf(path, "%s is missing; give all of Subnets, SecurityGroups and AssignPublicIp, or none", member.key)
			}
		}
		switch ip := n.AssignPublicIP; {
		case ip == "", ip == "ENABLED", ip == "DISABLED", source.IsPlaceholder(ip):
		default:
			r.Addf(path+".AssignPublicIp", "found %s, want ENABLED or DISABLED", ip)
		}
	}
}

func checkHooks(a *AppSpec, r *check.Report) {
	for i, h := range a.Hooks {
		switch h.Event {
		case "BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic":
		default:
			if !source.IsPlaceholder(h.Event) {
				r.Addf(slipway.Path("Hooks", i, h.Event), "no such moment of a deployment on Amazon ECS; there are BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic and AfterAllowTraffic")
			}
		}
		if h.Function == "" {
			r.Addf(slipway.Path("Hooks", i, h.Event), "empty, want the name or the ARN of a function")
		}
	}
}
