package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkResources finds resources whose type cannot be one.
func checkResources(g *graph, r *check.Report) {
	if len(g.Resources) == 0 && !g.generated {
		r.Addf("Resources", "there are no resources; a template has at least one")
	}
	for _, res := range g.Resources {
		switch {
		case res.Raw != nil, g.generated:
		case res.Type == "":
			r.Addf(slipway.Path("Resources", res.ID), "there is no Type, such as AWS::ECS::Cluster")
		case !isType(res.Type) && !isPlaceholder(res.Type):
			r.Addf(slipway.Path("Resources", res.ID, "Type"), "%q is no type, want one such as AWS::ECS::Cluster or Custom::Name", res.Type)
		}
	}
}

// isType reports whether name has the form of a resource type: three parts, four
// for a module, or a custom resource.
func isType(name string) bool {
	if custom, ok := strings.CutPrefix(name, "Custom::"); ok {
		return custom != "" && len(custom) <= 60 && !strings.ContainsFunc(custom, func(c rune) bool {
			return c > '~' || !isAlphanumeric(byte(c)) && c != '_' && c != '@' && c != '-' && c != ':'
		})
	}
	name = strings.TrimSuffix(name, "::MODULE")
	parts := 0
	for more := true; more; parts++ {
		var part string
		part, name, more = strings.Cut(name, "::")
		if !isLogicalID(part) {
			return false
		}
	}
	return parts == 3
}

// isPlaceholder reports whether a text holds what a person or a program is to
// replace: <Name>, {{name}}, $NAME, %name%.
func isPlaceholder(s string) bool { return strings.ContainsAny(s, "<>{}$%") }

// checkPolicies judges the literal deletion policies.
func checkPolicies(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	for _, res := range g.Resources {
		if res.DeletionPolicy != nil {
			checkPolicy(r, res, "DeletionPolicy", res.DeletionPolicy)
		}
		if res.UpdateReplacePolicy != nil {
			checkPolicy(r, res, "UpdateReplacePolicy", res.UpdateReplacePolicy)
		}
	}
}

func checkPolicy(r *check.Report, res *Resource, attribute string, policy Value) {
	name, ok := policy.(String)
	if !ok {
		return
	}
	path := func() string { return slipway.Path("Resources", res.ID, attribute) }
	switch {
	case name == "Delete", name == "Retain":
	case name == "Snapshot":
		if !hasSnapshots(res.Type) {
			r.Addf(path(), "%s has no snapshots; use Delete or Retain", res.Type)
		}
	case name == "RetainExceptOnCreate" && attribute == "DeletionPolicy":
	case isPlaceholder(string(name)):
	case attribute == "DeletionPolicy":
		r.Addf(path(), "found %q, want Delete, Retain, RetainExceptOnCreate or Snapshot", string(name))
	default:
		r.Addf(path(), "found %q, want Delete, Retain or Snapshot", string(name))
	}
}

// hasSnapshots reports whether a snapshot of the type can be kept.
func hasSnapshots(kind string) bool {
	switch kind {
	case "AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster",
		"AWS::ElastiCache::ReplicationGroup", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster",
		"AWS::RDS::DBInstance", "AWS::Redshift::Cluster":
		return true
	}
	return !strings.HasPrefix(kind, "AWS::")
}
