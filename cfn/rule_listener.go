package cfn

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkListeners warns of an ECS service that does not wait until a listener
// ties its target group to a load balancer. ECS refuses a group without one, and
// to refer to the group is not to wait for the listener.
func checkListeners(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	for i, res := range g.Resources {
		if res.Type != "AWS::ECS::Service" {
			continue
		}
		balancers, _ := res.Properties.Get("LoadBalancers").(List)
		for at, balancer := range balancers {
			balancer, _ := balancer.(Object)
			group, ok := balancer.Get("TargetGroupArn").(Ref)
			if target, known := g.symbols[string(group)]; ok && known && target >= 0 {
				path := slipway.Path("Resources", res.ID, "Properties", "LoadBalancers", at, "TargetGroupArn")
				g.checkListened(int32(i), target, path, r)
			}
		}
	}
}

// checkListened reports a service that waits for none of the listeners that
// refer to its target group.
func (g *graph) checkListened(service, group int32, path string, r *check.Report) {
	wanted := toNothing
	for i, res := range g.Resources {
		switch res.Type {
		case "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule":
			if !g.refersTo(int32(i), group) {
				continue
			}
			if g.reaches(service, int32(i)) {
				return
			}
			if wanted == toNothing {
				wanted = int32(i)
			}
		}
	}
	if wanted != toNothing {
		r.Addf(path, "the target group %s may not have a load balancer yet when the service is created; add DependsOn: %s",
			g.Resources[group].ID, g.Resources[wanted].ID)
	}
}

// refersTo reports whether a resource itself refers to another.
func (g *graph) refersTo(from, to int32) bool {
	for i := g.first[from]; i < g.first[from+1]; i++ {
		if ref := &g.refs[i]; ref.target == to && ref.kind != refCondition {
			return true
		}
	}
	return false
}
